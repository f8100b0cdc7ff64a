"""What may be relied on of whoever sells our plans: the fake, Stripe's adapter and Paddle's."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from infra.local import paddle as paddle_double
from infra.local import stripe as stripe_double
from infra.local.paddle import Paddle
from infra.local.paddle_books import ACCOUNT as PADDLE_ACCOUNT
from infra.local.plans import by_plan, prices
from infra.local.stripe import ACCOUNT, Stripe
from sheaf.kernel.errors import CredentialsRefused, VendorRefused, VendorUnavailable
from sheaf.subscription.ports import Checkout, CheckoutOutcome, Subscriber, SubscriptionProvider, Usage
from sheaf.vendors.paddle import PaddleSubscriptions
from sheaf.vendors.stripe_subscriptions import StripeSubscriptions
from tests.builders.doubles import HTTP, paddle_running, stripe_running, submit
from tests.fakes.subscriptions import FakeSubscriptions

METER = "documents"
STRIPE_PRICES = by_plan("price", metered=True)
PADDLE_PRICES = by_plan("pri", metered=False)


@dataclass(frozen=True)
class Seller:
    """``bought`` pays on the page of a checkout; ``used`` counts what is to be charged."""

    provider: SubscriptionProvider
    bought: Callable[[str, str], Subscriber]
    used: Callable[[Subscriber], int]
    is_over: Callable[[Subscriber], bool]


@pytest.fixture(scope="module")
def stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stripe]:
    with stripe_running(tmp_path_factory.mktemp("stripe")) as double:
        double.offer(prices("price"))
        yield double


@pytest.fixture(scope="module")
def paddle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paddle]:
    with paddle_running(tmp_path_factory.mktemp("paddle")) as double:
        double.offer(prices("pri"))
        yield double


def of_fake() -> Seller:
    fake = FakeSubscriptions()
    return Seller(
        fake,
        bought=lambda url, customer_id: Subscriber(
            customer_id, fake.bought.setdefault(url, f"sub_{url[-1]}")
        ),
        used=lambda _: sum(usage.documents for usage in fake.used.values()),
        is_over=lambda subscriber: subscriber.subscription_id in fake.cancelled,
    )


def of_stripe(double: Stripe) -> Seller:
    def bought(url: str, customer_id: str) -> Subscriber:
        assert submit(url, answer="pay", email="ada@example.com").status == 303
        found = double.objects.find("checkout.session", url.rpartition("/")[2])
        assert found is not None
        return Subscriber(customer_id, found[1]["subscription"])

    def used(subscriber: Subscriber) -> int:
        events = double.objects.of(ACCOUNT, "billing.meter_event")
        payloads = [event["payload"] for event in events]
        mine = [each for each in payloads if each["stripe_customer_id"] == subscriber.customer_id]
        return sum(int(payload["value"]) for payload in mine)

    def is_over(subscriber: Subscriber) -> bool:
        found = double.objects.get(ACCOUNT, "subscription", subscriber.subscription_id)
        return found is not None and found["status"] == "canceled"

    return Seller(stripe_at(double.url), bought, used, is_over)


def of_paddle(double: Paddle) -> Seller:
    def bought(url: str, customer_id: str) -> Subscriber:
        assert submit(url, answer="pay").status == 303
        transaction = double.objects.get(PADDLE_ACCOUNT, "transaction", url.rpartition("=")[2])
        assert transaction is not None
        return Subscriber(customer_id, transaction["subscription_id"])

    def used(subscriber: Subscriber) -> int:
        found = double.objects.get(PADDLE_ACCOUNT, "subscription", subscriber.subscription_id)
        bills = double.objects.of(PADDLE_ACCOUNT, "transaction")
        mine = [bill["items"] for bill in bills if bill["subscription_id"] == subscriber.subscription_id]
        items = [item for items in (found["_charges"], *mine) for item in items] if found else []
        return sum(item["quantity"] for item in items if item["product"].get("type") == "custom")

    def is_over(subscriber: Subscriber) -> bool:
        found = double.objects.get(PADDLE_ACCOUNT, "subscription", subscriber.subscription_id)
        return found is not None and found["status"] == "canceled"

    return Seller(paddle_at(double.url), bought, used, is_over)


def stripe_at(url: str, key: str = stripe_double.API_KEY) -> StripeSubscriptions:
    return StripeSubscriptions(key, prices=STRIPE_PRICES, meter=METER, base_url=url)


def paddle_at(url: str, key: str = paddle_double.API_KEY) -> PaddleSubscriptions:
    return PaddleSubscriptions(key, prices=PADDLE_PRICES, base_url=url)


@pytest.fixture(params=["fake", "stripe", "paddle"])
def seller(request: pytest.FixtureRequest, stripe: Stripe, paddle: Paddle) -> Seller:
    makers = {"fake": of_fake, "stripe": lambda: of_stripe(stripe), "paddle": lambda: of_paddle(paddle)}
    return makers[request.param]()


def customer(seller: Seller, key: str = "") -> str:
    name = key or uuid.uuid4().hex
    return seller.provider.create_customer(
        workspace_id="ws_1", name="Ashdown", email=f"{name}@example.com", key=name
    )


def checkout(seller: Seller, customer_id: str, plan: str = "business") -> str:
    return opened(seller, customer_id, plan).url


def opened(
    seller: Seller, customer_id: str, plan: str = "business", *, instead_of: str | None = None
) -> Checkout:
    return seller.provider.checkout(
        customer_id,
        plan,
        workspace_id="ws_1",
        success_url="https://sheaf.invalid/subscription?bought",
        cancel_url="https://sheaf.invalid/subscription",
        key=uuid.uuid4().hex,
        instead_of=instead_of,
    )


def subscriber(seller: Seller) -> Subscriber:
    customer_id = customer(seller)
    return seller.bought(checkout(seller, customer_id), customer_id)


def usage(key: str, documents: int) -> Usage:
    return Usage(key, documents, at=datetime.now(UTC), unit_price=Decimal("0.12"), currency="EUR")


def test_a_customer_is_made_once(seller: Seller) -> None:
    key = uuid.uuid4().hex
    assert customer(seller, key) == customer(seller, key)
    assert customer(seller) != customer(seller)


@pytest.mark.parametrize("plan", ["starter", "business", "scale"])
def test_every_plan_has_a_page_to_buy_it(seller: Seller, plan: str) -> None:
    assert checkout(seller, customer(seller), plan).startswith("http")


def test_what_is_not_for_sale_is_refused(seller: Seller) -> None:
    with pytest.raises(VendorRefused):
        checkout(seller, customer(seller), "trial")


def test_what_became_of_a_checkout(seller: Seller) -> None:
    customer_id = customer(seller)
    page = opened(seller, customer_id)
    open_for = CheckoutOutcome(is_open=True, customer_id=customer_id, plan="business")
    assert seller.provider.outcome_of(page.id) == open_for
    bought = seller.bought(page.url, customer_id)
    assert seller.provider.outcome_of(page.id) == replace(
        open_for, is_open=False, is_bought=True, subscription_id=bought.subscription_id
    )
    assert seller.provider.outcome_of("unknown") == CheckoutOutcome()


def test_of_a_checkout_and_the_one_in_its_place_one_can_be_paid(seller: Seller) -> None:
    customer_id = customer(seller)
    first = opened(seller, customer_id, "starter")
    second = opened(seller, customer_id, "scale", instead_of=first.id)
    before, after = (seller.provider.outcome_of(each.id) for each in (first, second))
    assert (before == after) is (first == second)
    assert (before.is_open, before.is_bought) == (first == second, False)
    assert (after.is_open, after.plan) == (True, "scale")
    seller.bought(second.url, customer_id)
    with pytest.raises(VendorRefused):
        opened(seller, customer_id, "starter", instead_of=second.id)


def test_at_paddle_it_becomes_the_other_one(paddle: Paddle) -> None:
    seller = of_paddle(paddle)
    customer_id, other = customer(seller), customer(seller)
    first = opened(seller, customer_id, "starter")
    second = opened(seller, other, "business", instead_of=first.id)
    page = HTTP.request("GET", first.url).data.decode()
    assert ("Business" in page, "99.00 EUR" in page) == (True, True)
    transaction = paddle.objects.get(PADDLE_ACCOUNT, "transaction", second.id)
    assert transaction is not None
    assert transaction["customer_id"] == other


def test_a_stranger_buys_nothing(seller: Seller) -> None:
    with pytest.raises(VendorRefused):
        checkout(seller, "cus_unknown")


def test_a_customer_looks_after_the_plan(seller: Seller) -> None:
    url = seller.provider.portal(subscriber(seller), return_url="https://sheaf.invalid/subscription")
    assert url.startswith("http")


def test_an_address_s_portal_is_its_owner_s_alone_at_paddle(paddle: Paddle, stripe: Stripe) -> None:
    """It shows whatever was bought with the address; at Stripe a customer is a workspace."""
    name = uuid.uuid4().hex
    at_paddle, at_stripe, at_fake = of_paddle(paddle), of_stripe(stripe), of_fake()
    at_people = replace(at_fake, provider=FakeSubscriptions(sells_to_people=True))
    for seller, others_may in ((at_paddle, False), (at_people, False), (at_stripe, True), (at_fake, True)):
        customer_id = customer(seller, name)
        assert seller.provider.is_looked_after_by(customer_id, f"{name}@example.com")
        assert seller.provider.is_looked_after_by(customer_id, "eve@example.com") is others_may
    assert at_paddle.provider.is_looked_after_by(customer(at_paddle, name), f"{name.upper()}@Example.com")


def test_use_is_counted_once_however_often_it_is_told(seller: Seller) -> None:
    who, key = subscriber(seller), uuid.uuid4().hex
    for told in (usage(f"{key}:5", 5), usage(f"{key}:5", 5), usage(f"{key}:8", 3), usage(f"{key}:5", 5)):
        seller.provider.report_usage(who, told)
    assert seller.used(who) == 8


def test_use_told_again_at_the_next_round_counts_once(seller: Seller) -> None:
    """Whoever was stopped before it was noted tells it again, at another time."""
    who, told = subscriber(seller), usage(f"{uuid.uuid4().hex}:5", 5)
    seller.provider.report_usage(who, replace(told, at=told.at - timedelta(hours=1)))
    seller.provider.report_usage(who, told)
    assert seller.used(who) == 5


def test_an_end_is_an_end_also_when_it_is_told_again(seller: Seller) -> None:
    who = subscriber(seller)
    seller.provider.cancel(who, key="c1")
    seller.provider.cancel(who, key="c2")
    assert seller.is_over(who)
    seller.provider.cancel(Subscriber(who.customer_id, "sub_unknown"), key="c3")


def test_use_told_again_after_the_bill_is_not_billed_again(paddle: Paddle) -> None:
    """The period may end between two tries."""
    seller = of_paddle(paddle)
    who, told = subscriber(seller), usage(uuid.uuid4().hex, 7)
    seller.provider.report_usage(who, told)
    submit(f"{paddle.url}/_local/act", act="renew", id=who.subscription_id)
    seller.provider.report_usage(who, told)
    assert seller.used(who) == 7


@pytest.mark.parametrize("made", [stripe_at, paddle_at])
def test_a_bad_key_is_told_apart_from_a_bad_day(
    made: Callable[..., SubscriptionProvider],
    stripe: Stripe,
    paddle: Paddle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stripe.HTTPClient.INITIAL_DELAY", 0)
    monkeypatch.setattr("stripe.HTTPClient.MAX_DELAY", 0)
    url = stripe.url if made is stripe_at else paddle.url
    for provider, expected in (
        (made(url, "wrong"), CredentialsRefused),
        (made("http://127.0.0.1:9"), VendorUnavailable),
    ):
        with pytest.raises(expected):
            provider.create_customer(workspace_id="ws_1", name="A", email="a@example.com", key="k")


def test_pages_say_what_is_bought(paddle: Paddle) -> None:
    seller = of_paddle(paddle)
    url = checkout(seller, customer(seller), "business")
    page = HTTP.request("GET", url).data.decode()
    assert "Business" in page
    assert "99.00 EUR" in page
    assert submit(url, answer="decline").status == 200
    assert submit(url, answer="cancel").headers["location"] == "https://sheaf.invalid/subscription"
