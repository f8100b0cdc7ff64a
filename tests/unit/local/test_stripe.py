"""Stripe's double keeps Stripe's promises, or careless code would pass."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe as sdk

from infra.local.http import Request
from infra.local.prices import Price
from infra.local.stripe import ACCOUNT, API_KEY, Stripe
from infra.local.webhooks import Fault, Spoiled
from tests.builders.doubles import HTTP, Listener, listening, stripe_running, submit

SECRET = "whsec_local"


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as taking:
        yield taking


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stripe]:
    with stripe_running(tmp_path_factory.mktemp("stripe")) as double:
        double.offer({"price_plan": Price("Plan", 9900), "price_more": Price("More", 12, metered=True)})
        yield double


@pytest.fixture
def stripe(running: Stripe, listener: Listener) -> Stripe:
    running.webhooks.heal()
    assert running.webhooks.settle()
    running.listen(listener.url, SECRET)
    listener.heard.clear()
    return running


@pytest.fixture
def client(stripe: Stripe) -> sdk.StripeClient:
    return at(stripe)


def at(stripe: Stripe, key: str = API_KEY) -> sdk.StripeClient:
    return sdk.StripeClient(
        key, base_addresses={"api": stripe.url}, http_client=sdk.RequestsClient(), max_network_retries=0
    )


def checkout(client: sdk.StripeClient, **more: Any) -> Any:
    line = {
        "price_data": {"currency": "eur", "unit_amount": 11900, "product_data": {"name": "Invoice <1>"}},
        "quantity": 1,
    }
    asked = {
        "mode": "payment",
        "line_items": [line],
        "success_url": "https://sheaf.invalid/done?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://sheaf.invalid/back",
        "metadata": {"document_id": "inv_1"},
        "payment_intent_data": {"metadata": {"document_id": "inv_1"}},
    }
    return client.v1.checkout.sessions.create(asked | more)


def subscription(client: sdk.StripeClient, **more: Any) -> Any:
    lines = [{"price": "price_plan", "quantity": 1}, {"price": "price_more"}]
    data = {"metadata": {"workspace_id": "ws_1"}}
    return checkout(
        client, mode="subscription", line_items=lines, subscription_data=data, payment_intent_data={}, **more
    )


def events(stripe: Stripe, listener: Listener) -> list[Any]:
    """What was heard, each verified by the SDK as it came over the wire."""
    assert stripe.webhooks.settle()
    return [verified(request) for request in listener.heard]


def verified(request: Request) -> Any:
    return sdk.Webhook.construct_event(request.body, request.header("stripe-signature"), SECRET)


def types(stripe: Stripe, listener: Listener) -> list[str]:
    return [event.type for event in events(stripe, listener)]


def act(stripe: Stripe, name: str, object_id: str, **more: str) -> None:
    assert submit(f"{stripe.url}/_local/act", act=name, id=object_id, account=ACCOUNT, **more).status == 303


def paid(stripe: Stripe, client: sdk.StripeClient) -> Any:
    session = checkout(client)
    submit(session.url, answer="pay", email="ada@example.com")
    return client.v1.checkout.sessions.retrieve(session.id)


@pytest.mark.parametrize("key", ["", "sk_live_1", "sk_test_other", f"{API_KEY}x y"])
def test_only_known_keys_open_an_account(stripe: Stripe, key: str) -> None:
    answer = HTTP.request("GET", f"{stripe.url}/v1/account", headers={"authorization": f"Bearer {key}"})
    assert answer.status == 401


def test_accounts_do_not_see_each_other(stripe: Stripe, client: sdk.StripeClient) -> None:
    session = checkout(client)
    with pytest.raises(sdk.InvalidRequestError) as refused:
        at(stripe, f"{API_KEY}_other").v1.checkout.sessions.retrieve(session.id)
    assert refused.value.code == "resource_missing"


def test_a_key_is_for_one_request(client: sdk.StripeClient) -> None:
    keyed: Any = {"idempotency_key": "once"}
    first = client.v1.customers.create({"name": "Ada"}, keyed)
    again = client.v1.customers.create({"name": "Ada"}, keyed)
    assert again.id == first.id
    assert again.last_response.headers["idempotent-replayed"] == "true"
    with pytest.raises(sdk.IdempotencyError):
        client.v1.customers.create({"name": "Bob"}, keyed)


def test_unknown_parameters_are_refused(client: sdk.StripeClient) -> None:
    with pytest.raises(sdk.InvalidRequestError) as refused:
        checkout(client, amount=5)
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "amount")


def test_who_pays_comes_back_and_everybody_hears(
    stripe: Stripe, client: sdk.StripeClient, listener: Listener
) -> None:
    session = checkout(client)
    page = HTTP.request("GET", session.url).data.decode()
    assert "119.00 EUR" in page
    assert "Invoice &lt;1&gt;" in page
    back = submit(session.url, answer="pay", email="ada@example.com")
    assert back.headers["location"] == f"https://sheaf.invalid/done?session={session.id}"
    heard = events(stripe, listener)
    assert [event.type for event in heard] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    completed = heard[-1].data.object
    assert (completed.payment_status, completed.amount_total) == ("paid", 11900)
    assert completed.metadata.document_id == heard[0].data.object.metadata.document_id == "inv_1"
    assert "_lines" not in json.loads(listener.heard[-1].body)["data"]["object"]
    assert submit(session.url, answer="pay", email="ada@example.com").status == 410


def test_a_declined_card_leaves_the_checkout_open(
    stripe: Stripe, client: sdk.StripeClient, listener: Listener
) -> None:
    session = checkout(client)
    assert submit(session.url, answer="decline").status == 200
    assert types(stripe, listener) == ["payment_intent.payment_failed"]
    assert submit(session.url, answer="cancel").headers["location"] == "https://sheaf.invalid/back"
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


@pytest.mark.parametrize(("result", "status"), [("settle", "paid"), ("bounce", "unpaid")])
def test_a_debit_is_settled_later(
    stripe: Stripe, client: sdk.StripeClient, listener: Listener, result: str, status: str
) -> None:
    session = checkout(client)
    submit(session.url, answer="debit", email="ada@example.com")
    session = client.v1.checkout.sessions.retrieve(session.id)
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    act(stripe, result, str(session.payment_intent))
    last = events(stripe, listener)[-1]
    assert last.type == f"checkout.session.async_payment_{'succeeded' if status == 'paid' else 'failed'}"
    assert last.data.object.payment_status == status


def test_a_dispute_takes_the_money_and_its_end_may_bring_it_back(
    stripe: Stripe, client: sdk.StripeClient, listener: Listener
) -> None:
    session = paid(stripe, client)
    [charge] = [
        each for each in client.v1.charges.list().data if each.payment_intent == session.payment_intent
    ]
    listener.heard.clear()
    act(stripe, "dispute", charge.id)
    with pytest.raises(sdk.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_disputed"
    dispute = events(stripe, listener)[0].data.object
    act(stripe, "win", dispute.id)
    assert types(stripe, listener) == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


def test_a_plan_is_bought_changed_and_ended(
    stripe: Stripe, client: sdk.StripeClient, listener: Listener
) -> None:
    client.v1.prices.create(
        {
            "currency": "eur",
            "unit_amount": 100,
            "recurring": {"interval": "month"},
            "product_data": {"name": "P"},
        }
    )
    customer = client.v1.customers.create({"email": "ada@example.com"})
    session = subscription(client, customer=customer.id)
    submit(session.url, answer="pay", email="ada@example.com")
    bought = client.v1.checkout.sessions.retrieve(session.id)
    name = str(bought.subscription)
    assert client.v1.subscriptions.retrieve(name).metadata["workspace_id"] == "ws_1"
    portal = client.v1.billing_portal.sessions.create(
        {"customer": customer.id, "return_url": "https://sheaf.invalid/plan"}
    )
    assert "https://sheaf.invalid/plan" in HTTP.request("GET", portal.url).data.decode()
    submit(portal.url, answer="cancel", subscription=name)
    assert client.v1.subscriptions.retrieve(name).cancel_at_period_end
    act(stripe, "renew", name)
    assert [kind for kind in types(stripe, listener) if "subscription" in kind] == [
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.deleted",
    ]


def test_a_bill_that_cannot_be_paid_is_past_due(
    stripe: Stripe, client: sdk.StripeClient, listener: Listener
) -> None:
    session = subscription(client)
    submit(session.url, answer="pay", email="ada@example.com")
    name = str(client.v1.checkout.sessions.retrieve(session.id).subscription)
    act(stripe, "fail", name)
    heard = events(stripe, listener)
    assert [event.type for event in heard[-2:]] == ["invoice.payment_failed", "customer.subscription.updated"]
    assert heard[-2].data.object.parent.subscription_details.subscription == name
    assert heard[-1].data.object.status == "past_due"


def test_what_is_not_taken_comes_again(stripe: Stripe, client: sdk.StripeClient, listener: Listener) -> None:
    listener.statuses = [500, 302]
    client.v1.customers.create({"name": "Ada"})
    heard = events(stripe, listener)
    assert [event.type for event in heard] == ["customer.created"] * 3
    assert len({event.id for event in heard}) == 1


@pytest.mark.parametrize(("fault", "count"), [(Fault.DUPLICATE, 2), (Fault.DELAY, 1), (Fault.DROP, 0)])
def test_faults_on_demand(
    stripe: Stripe, client: sdk.StripeClient, listener: Listener, fault: Fault, count: int
) -> None:
    told = submit(f"{stripe.url}/_local/faults", fault=fault, types="customer.*", times="1")
    assert told.status == 303
    client.v1.customers.create({"name": "Ada"})
    assert len(events(stripe, listener)) == count
    client.v1.customers.create({"name": "Bob"})
    assert len(events(stripe, listener)) == count + 1


def test_the_second_overtakes_the_first(stripe: Stripe, client: sdk.StripeClient, listener: Listener) -> None:
    stripe.webhooks.spoil(Spoiled(Fault.REORDER))
    for name in ("first", "second"):
        client.v1.customers.create({"name": name})
    assert [event.data.object.name for event in events(stripe, listener)] == ["second", "first"]


def test_a_forgery_comes_before_the_real_one(
    stripe: Stripe, client: sdk.StripeClient, listener: Listener
) -> None:
    stripe.webhooks.spoil(Spoiled(Fault.FORGE))
    client.v1.customers.create({"name": "Ada"})
    assert stripe.webhooks.settle()
    forged, real = listener.heard
    with pytest.raises(sdk.SignatureVerificationError):
        verified(forged)
    assert verified(real).type == "customer.created"
    assert forged.body == real.body


def test_what_was_dropped_is_sent_by_hand(
    stripe: Stripe, client: sdk.StripeClient, listener: Listener
) -> None:
    stripe.webhooks.spoil(Spoiled(Fault.DROP))
    client.v1.customers.create({"name": "Ada"})
    [dropped] = json.loads(HTTP.request("GET", f"{stripe.url}/_local/deliveries").data)["data"][:1]
    assert dropped["note"] == "dropped"
    assert submit(f"{stripe.url}/_local/deliveries/{dropped['id']}/again").status == 303
    assert types(stripe, listener) == ["customer.created"]


def test_nothing_is_forgotten_over_a_restart(tmp_path: Path) -> None:
    with stripe_running(tmp_path) as double:
        double.listen("http://127.0.0.1:9/nobody", SECRET)
        at(double).v1.customers.create({"name": "Ada"})
    with listening() as listener, stripe_running(tmp_path) as double:
        [customer] = at(double).v1.customers.list().data
        assert customer.name == "Ada"
        double.listen(listener.url, SECRET)
        at(double).v1.customers.update(customer.id, {"name": "Bob"})
        while not listener.heard:
            double.webhooks.settle(0.05)
        assert verified(listener.heard[0]).type == "customer.updated"


def test_the_dashboard_shows_what_there_is(stripe: Stripe, client: sdk.StripeClient) -> None:
    session = paid(stripe, client)
    page = HTTP.request("GET", stripe.url).data.decode()
    assert "119.00 EUR" in page
    [charge] = [
        each for each in client.v1.charges.list().data if each.payment_intent == session.payment_intent
    ]
    act(stripe, "refund", charge.id, amount="100")
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 100
