"""What may be relied on of whoever charges cards: the fake and Stripe's adapter promise the same."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from infra.local.stripe import Stripe
from sheaf.billing.payments.checkouts import CheckoutState
from sheaf.billing.payments.ports import CardPayments, Checkout, CheckoutRequest
from sheaf.kernel.errors import CredentialsRefused, VendorRefused, VendorUnavailable
from sheaf.vendors.stripe import StripePayments
from tests.builders.doubles import stripe_running, submit
from tests.fakes.payments import FakePayments

KEY = "sk_test_local_shop"
REQUEST = CheckoutRequest(
    key="k1",
    reference="inv_1",
    amount=Decimal("119.00"),
    currency="EUR",
    description="Invoice 2026-0001",
    success_url="https://sheaf.invalid/pay/done",
    cancel_url="https://sheaf.invalid/pay/t",
    expires_at=datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1),
    email="ada@example.com",
    locale="de",
    metadata={"workspace_id": "ws_1", "document_id": "inv_1"},
)


@dataclass(frozen=True)
class Provider:
    payments: CardPayments
    pay: Callable[[Checkout], str]
    with_bad_key: Callable[[], CardPayments]
    when_down: Callable[[], CardPayments]


@pytest.fixture(scope="module")
def stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stripe]:
    with stripe_running(tmp_path_factory.mktemp("stripe")) as double:
        yield double


@pytest.fixture(params=["fake", "stripe"])
def provider(request: pytest.FixtureRequest, stripe: Stripe) -> Provider:
    if request.param == "fake":
        fake = FakePayments()
        return Provider(
            fake,
            pay=lambda checkout: fake.pay(checkout.id),
            with_bad_key=lambda: FakePayments(key_is_good=False),
            when_down=lambda: FakePayments(is_down=True),
        )

    def pay(checkout: Checkout) -> str:
        submit(checkout.url, answer="pay", email="ada@example.com")
        found = stripe.objects.find("checkout.session", checkout.id)
        assert found is not None
        return str(found[1]["payment_intent"])

    own_account = f"sk_test_local_{uuid.uuid4().hex}"
    return Provider(
        StripePayments(own_account, base_url=stripe.url),
        pay=pay,
        with_bad_key=lambda: StripePayments("sk_test_wrong", base_url=stripe.url),
        when_down=lambda: StripePayments(KEY, base_url="http://127.0.0.1:9"),
    )


def test_an_account_is_looked_at_before_it_is_used(provider: Provider) -> None:
    account = provider.payments.who_am_i()
    assert account.takes_payments
    assert not account.is_live
    assert account.id.startswith("acct_")


def test_a_bad_key_is_told_apart_from_a_bad_day(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stripe.HTTPClient.INITIAL_DELAY", 0)
    monkeypatch.setattr("stripe.HTTPClient.MAX_DELAY", 0)
    with pytest.raises(CredentialsRefused):
        provider.with_bad_key().who_am_i()
    with pytest.raises(VendorUnavailable):
        provider.when_down().who_am_i()


def test_the_same_checkout_twice_is_one(provider: Provider) -> None:
    first = provider.payments.create_checkout(REQUEST)
    assert provider.payments.create_checkout(REQUEST) == first
    other = provider.payments.create_checkout(replace(REQUEST, key="k2"))
    assert other.id != first.id
    assert first.url.startswith("http")


def test_nobody_is_asked_for_another_currency_than_the_invoice_s(stripe: Stripe) -> None:
    payments = StripePayments("sk_test_local_currency", base_url=stripe.url)
    found = stripe.objects.find("checkout.session", payments.create_checkout(REQUEST).id)
    assert found is not None
    assert found[1]["adaptive_pricing"] == {"enabled": False}


def test_a_key_stands_for_one_checkout(provider: Provider) -> None:
    provider.payments.create_checkout(REQUEST)
    with pytest.raises(VendorRefused):
        provider.payments.create_checkout(replace(REQUEST, amount=Decimal("120.00")))


@pytest.mark.parametrize("ahead", [timedelta(minutes=5), timedelta(days=2)])
def test_checkouts_live_half_an_hour_to_a_day(provider: Provider, ahead: timedelta) -> None:
    with pytest.raises(VendorRefused):
        provider.payments.create_checkout(replace(REQUEST, expires_at=datetime.now(UTC) + ahead))


@pytest.mark.parametrize(("amount", "currency"), [("1.005", "EUR"), ("12.345", "TND"), ("10.5", "JPY")])
def test_what_cannot_be_charged_to_the_last_digit_is_refused(
    provider: Provider, amount: str, currency: str
) -> None:
    with pytest.raises(VendorRefused) as refused:
        provider.payments.create_checkout(replace(REQUEST, amount=Decimal(amount), currency=currency))
    assert refused.value.reason == "amount_unsupported"


@pytest.mark.parametrize(("amount", "currency"), [("12.340", "TND"), ("1000", "JPY"), ("500", "ISK")])
def test_every_currency_in_its_own_unit(provider: Provider, amount: str, currency: str) -> None:
    request = replace(REQUEST, amount=Decimal(amount), currency=currency)
    payment = provider.pay(provider.payments.create_checkout(request))
    with pytest.raises(VendorRefused):
        provider.payments.refund(payment, Decimal(amount) + 100, currency, key="too much")
    assert provider.payments.refund(payment, Decimal(amount), currency, key="all")


def test_what_has_run_out_and_what_was_paid_are_told_apart(provider: Provider) -> None:
    over, paid = (provider.payments.create_checkout(replace(REQUEST, key=key)) for key in ("k1", "k2"))
    provider.pay(paid)
    for _ in range(2):
        assert provider.payments.expire_checkout(over.id) is CheckoutState.EXPIRED
        assert provider.payments.expire_checkout(paid.id) is CheckoutState.PAID


def test_a_checkout_that_nobody_has_heard_of_cannot_be_ended(provider: Provider) -> None:
    with pytest.raises(VendorRefused):
        provider.payments.expire_checkout("cs_unknown")


def test_a_debit_that_has_not_arrived_is_no_checkout_that_has_run_out(stripe: Stripe) -> None:
    payments = StripePayments("sk_test_local_debit", base_url=stripe.url)
    checkout = payments.create_checkout(REQUEST)
    submit(checkout.url, answer="debit", email="ada@example.com")
    assert payments.expire_checkout(checkout.id) is CheckoutState.PROCESSING


def test_a_refund_is_found_by_who_asked_for_it(provider: Provider) -> None:
    payment = provider.pay(provider.payments.create_checkout(REQUEST))
    assert provider.payments.find_refund(payment, "rfd_1") is None
    provider.payments.refund(payment, Decimal("1.00"), "EUR", key="r0")
    made = provider.payments.refund(
        payment, Decimal("19.00"), "EUR", key="rfd_1", metadata={"refund": "rfd_1"}
    )
    assert provider.payments.find_refund(payment, "rfd_1") == made
    assert provider.payments.find_refund(payment, "rfd_2") is None


def test_a_payment_goes_back_in_parts_and_no_further(provider: Provider) -> None:
    payment = provider.pay(provider.payments.create_checkout(REQUEST))
    first = provider.payments.refund(payment, Decimal("19.00"), "EUR", key="r1")
    again = provider.payments.refund(payment, Decimal("19.00"), "EUR", key="r1")
    assert again == first
    with pytest.raises(VendorRefused):
        provider.payments.refund(payment, Decimal("100.01"), "EUR", key="r2")
    assert provider.payments.refund(payment, Decimal("100.00"), "EUR", key="r3") != first
    with pytest.raises(VendorRefused):
        provider.payments.refund(payment, Decimal("0.01"), "EUR", key="r4")


def test_nothing_is_refunded_that_was_not_paid(provider: Provider) -> None:
    with pytest.raises(VendorRefused):
        provider.payments.refund("pi_unknown", Decimal(1), "EUR", key="r")


def test_an_endpoint_is_made_once_and_may_be_gone_already(provider: Provider) -> None:
    make = provider.payments.create_webhook_endpoint
    events = ["checkout.session.completed"]
    endpoint = make("https://sheaf.invalid/webhooks/stripe/1", events, key="e1")
    assert endpoint.secret.startswith("whsec_")
    assert make("https://sheaf.invalid/webhooks/stripe/1", events, key="e1") == endpoint
    provider.payments.remove_endpoint(endpoint.id)
    provider.payments.remove_endpoint(endpoint.id)


def test_an_answer_that_was_lost_is_asked_for_again(stripe: Stripe, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK repeats itself with the same key: the money goes back once."""
    monkeypatch.setattr("stripe.HTTPClient.INITIAL_DELAY", 0)
    monkeypatch.setattr("stripe.HTTPClient.MAX_DELAY", 0)
    payments = StripePayments("sk_test_local_lost", base_url=stripe.url)
    checkout = payments.create_checkout(REQUEST)
    submit(checkout.url, answer="pay", email="ada@example.com")
    found = stripe.objects.find("checkout.session", checkout.id)
    assert found is not None
    stripe.lose = 2
    payments.refund(found[1]["payment_intent"], Decimal("119.00"), "EUR", key="r")
    assert len(stripe.objects.of("acct_lost", "refund")) == 1
