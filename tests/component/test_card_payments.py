"""Cards: whatever Stripe tells, in whatever order and however often, and whoever dies meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException

from tests.builders.billing import act, attempt, show
from tests.builders.paying import Shop, disputed, event, invoice, refunded, shop, visit
from tests.builders.world import World, fresh_world
from tests.fakes.network import Fault, Killed


@pytest.fixture
def acme(world: World) -> Shop:
    return shop(world)


def begun(acme: Shop, **said: Any) -> tuple[Any, str]:
    """An invoice, and the id of the checkout somebody was sent to."""
    made = invoice(acme, **said)
    return made, acme.begin(acme.link(made["id"]))


def paid(acme: Shop) -> tuple[Any, str]:
    """An invoice that was paid by card, and the payment's id at Stripe."""
    made, checkout_id = begun(acme)
    payment_id = acme.world.cards.pay(checkout_id)
    acme.hear(*acme.paid(checkout_id, payment_id))
    return show(acme.world, acme.ws, made["id"]), payment_id


# --- paid -------------------------------------------------------------------------------------------------


def test_a_card_payment_is_noted_once(world: World, acme: Shop) -> None:
    made, checkout_id = begun(acme)
    payment_id = world.cards.pay(checkout_id)
    acme.hear(*acme.paid(checkout_id, payment_id))
    seen = show(world, acme.ws, made["id"])
    assert (seen["status"], seen["balance"]["amount"]) == ("paid", "0.00")
    [payment] = seen["payments"]
    assert (payment["method"], payment["source"], payment["reference"]) == ("card", "stripe", payment_id)
    assert (payment["amount"]["amount"], payment["status"]) == ("238.00", "done")
    [entry] = world.audit(acme.ws, action="payment.recorded")
    assert entry["actor"] == {"kind": "system", "id": "stripe-of-workspace"}
    assert entry["subject"] == made["id"]


def test_a_debit_is_paid_when_it_has_arrived(world: World, acme: Shop) -> None:
    made, checkout_id = begun(acme)
    payment_id = world.cards.pay(checkout_id)
    _, session = acme.paid(checkout_id, payment_id, payment_status="unpaid")
    acme.hear(session)
    assert show(world, acme.ws, made["id"])["status"] == "issued"
    token = acme.link(made["id"])
    assert acme.begin(token) != checkout_id, "another link knows nothing of it"
    intent, session = acme.paid(checkout_id, payment_id)
    acme.hear(intent, session | {"id": "evt_async", "type": "checkout.session.async_payment_succeeded"})
    assert show(world, acme.ws, made["id"])["status"] == "paid"


def test_a_debit_that_failed_can_be_tried_again(world: World, acme: Shop) -> None:
    made = invoice(acme)
    token = acme.link(made["id"])
    checkout_id = acme.begin(token)
    payment_id = world.cards.pay(checkout_id)
    _, session = acme.paid(checkout_id, payment_id, payment_status="unpaid")
    acme.hear(session)
    assert "A payment is under way" in visit(world, "GET /pay/{token}", token).text
    assert visit(world, "POST /pay/{token}/checkout", token).status == 409
    acme.hear(session | {"id": "evt_failed", "type": "checkout.session.async_payment_failed"})
    assert acme.begin(token) != checkout_id
    assert show(world, acme.ws, made["id"])["status"] == "issued"


def test_what_comes_in_for_something_void_is_noted_and_to_be_given_back(world: World, acme: Shop) -> None:
    made, checkout_id = begun(acme)
    act(world, acme.ws, "void", made)
    acme.hear(*acme.paid(checkout_id))
    seen = show(world, acme.ws, made["id"])
    assert (seen["status"], seen["paid"]["amount"], seen["attention"]) == ("void", "238.00", ["refund_due"])
    [payment] = seen["payments"]
    seen = act(world, acme.ws, "refunds", seen, amount="238", payment_id=payment["id"])
    assert seen["attention"] == []


def test_paid_twice_over_two_links(world: World, acme: Shop) -> None:
    made = invoice(acme)
    checkouts = [acme.begin(acme.link(made["id"])) for _ in range(2)]
    for checkout_id in checkouts:
        acme.hear(*acme.paid(checkout_id))
    seen = show(world, acme.ws, made["id"])
    assert (seen["balance"]["amount"], len(seen["payments"])) == ("-238.00", 2)
    assert seen["attention"] == ["refund_due"]


@pytest.mark.parametrize(
    "said",
    [
        {"metadata": {}},
        {"metadata": {"checkout": "chk_00000000000000000000000000"}},
        {"metadata": {"checkout": "doc_x"}},
        {"currency": "usd"},
        {"currency": "euros"},
        {"amount_received": -1, "amount_total": -1},
        {"amount_received": "238", "amount_total": True},
        {"amount_received": 0, "amount_total": 0},
        {"id": {"id": None}},
        {"id": "x" * 500},
        {"metadata": "none"},
    ],
)
def test_what_was_not_asked_for_like_this_changes_nothing(
    world: World, acme: Shop, said: dict[str, Any]
) -> None:
    made, checkout_id = begun(acme)
    acme.hear(*acme.paid(checkout_id, "pi_1", **said))
    seen = show(world, acme.ws, made["id"])
    assert (seen["status"], seen["payments"]) == ("issued", [])


def test_another_session_does_not_pay_for_ours(world: World, acme: Shop) -> None:
    made, checkout_id = begun(acme)
    _, session = acme.paid(checkout_id, "pi_1")
    session["data"]["object"]["id"] = "cs_another"
    acme.hear(session)
    assert show(world, acme.ws, made["id"])["status"] == "issued"


def test_nobody_pays_another_workspace_s_invoices(world: World, acme: Shop) -> None:
    """Its owner signs whatever they like: with their own secret, at their own address."""
    made, checkout_id = begun(acme)
    mallory = shop(world, "Mallory")
    told = acme.paid(checkout_id, "pi_1")
    mallory.hear(*told, refunded("re_1", "pi_1", "1.00", "succeeded", world.clock.now()))
    for each in told:
        assert mallory.tell(each, endpoint_id=acme.endpoint_id).status == 400
        assert acme.tell(each, endpoint_id=mallory.endpoint_id).status == 400
        assert acme.tell(each, endpoint_id="whe_00000000000000000000000000").status == 404
    seen = show(world, acme.ws, made["id"])
    assert (seen["status"], seen["payments"]) == ("issued", [])


def test_a_workspace_s_own_account_never_says_that_the_workspace_has_paid_us(
    world: World, acme: Shop
) -> None:
    told = event("customer.subscription.created", {"id": "sub_1", "customer": "cus_1"}, world.clock.now())
    acme.hear(told)
    assert world.tenant(acme.ws.workspace_id).subscriptions.get() is None


# --- refunds ----------------------------------------------------------------------------------------------


def test_a_refund_is_carried_out_and_confirmed(world: World, acme: Shop) -> None:
    made, payment_id = paid(acme)
    [payment] = made["payments"]
    made = act(world, acme.ws, "refunds", made, amount="38.00", payment_id=payment["id"])
    assert (made["refunded"]["amount"], made["balance"]["amount"]) == ("38.00", "38.00")
    refund = made["payments"][-1]
    assert (refund["status"], refund["direction"], refund["source"]) == ("pending", "refund", "stripe")
    assert world.cards.refunds == {"re_1": (payment_id, Decimal("38.00"))}
    told = refunded(
        "re_1", payment_id, "38.00", "succeeded", world.clock.now(), metadata={"refund": refund["id"]}
    )
    acme.hear(told)
    seen = show(world, acme.ws, made["id"])
    assert (seen["payments"][-1]["status"], seen["refunded"]["amount"]) == ("done", "38.00")
    assert len(seen["payments"]) == 2
    for message in world.reminders.refunds:
        assert world.carry_out(message) == []
    assert len(world.cards.refunds) == 1


def test_a_refund_that_fails_is_owed_again(world: World, acme: Shop) -> None:
    made, payment_id = paid(acme)
    [payment] = made["payments"]
    made = act(world, acme.ws, "refunds", made, amount="38.00", payment_id=payment["id"])
    refund_id = made["payments"][-1]["id"]
    told = [
        refunded("re_1", payment_id, "38.00", status, world.clock.now(), metadata={"refund": refund_id})
        for status in ("failed", "pending", "succeeded")
    ]
    acme.hear(*told)
    seen = show(world, acme.ws, made["id"])
    assert (seen["payments"][-1]["status"], seen["refunded"]["amount"]) == ("failed", "0.00")
    assert seen["status"] == "paid"


def test_a_refund_made_at_stripe_is_noted_here(world: World, acme: Shop) -> None:
    made, payment_id = paid(acme)
    acme.hear(refunded("re_9", payment_id, "38.00", "succeeded", world.clock.now()))
    seen = show(world, acme.ws, made["id"])
    assert (seen["status"], seen["refunded"]["amount"]) == ("partially_paid", "38.00")
    assert seen["payments"][-1]["reference"] == "re_9"


def test_a_refund_that_stripe_refuses_has_failed(world: World, acme: Shop) -> None:
    made, payment_id = paid(acme)
    world.cards.payments[payment_id] = Decimal(0)
    [payment] = made["payments"]
    made = act(world, acme.ws, "refunds", made, amount="38.00", payment_id=payment["id"])
    seen = show(world, acme.ws, made["id"])
    assert (seen["payments"][-1]["status"], seen["refunded"]["amount"]) == ("failed", "0.00")


def test_no_more_goes_back_than_is_left(world: World, acme: Shop) -> None:
    made, _ = paid(acme)
    [payment] = made["payments"]
    body = {"amount": "200", "payment_id": payment["id"]}
    made = act(world, acme.ws, "refunds", made, **body)
    for amount, code in (("38.01", "exceeds_payment"), ("200", "exceeds_payment")):
        reply = attempt(world, acme.ws, "refunds", made, body | {"amount": amount})
        assert (reply.status, reply.json["code"]) == (409, code)
    made = act(world, acme.ws, "refunds", made, amount="38")
    reply = attempt(world, acme.ws, "refunds", made, body | {"amount": "38"})
    assert (reply.status, reply.json["code"]) == (409, "exceeds_payment")


def test_what_was_not_paid_by_card_does_not_go_back_to_one(world: World, acme: Shop) -> None:
    made = act(world, acme.ws, "payments", invoice(acme), amount="238")
    [payment] = made["payments"]
    reply = attempt(world, acme.ws, "refunds", made, {"amount": "1", "payment_id": payment["id"]})
    assert (reply.status, reply.json["code"]) == (409, "not_a_card_payment")
    nobody = "pay_00000000000000000000000000"
    assert attempt(world, acme.ws, "refunds", made, {"amount": "1", "payment_id": nobody}).status == 404


# --- disputes ---------------------------------------------------------------------------------------------


def test_a_dispute_stands_on_the_invoice_until_it_is_decided(world: World, acme: Shop) -> None:
    made, payment_id = paid(acme)
    now = world.clock.now()
    acme.hear(disputed("du_1", payment_id, "238.00", "needs_response", now))
    seen = show(world, acme.ws, made["id"])
    assert (seen["attention"], seen["disputed"]["amount"], seen["status"]) == (["disputed"], "238.00", "paid")
    [payment] = seen["payments"]
    reply = attempt(world, acme.ws, "refunds", seen, {"amount": "1", "payment_id": payment["id"]})
    assert (reply.status, reply.json["code"]) == (409, "disputed")
    acme.hear(disputed("du_1", payment_id, "238.00", "won", now + timedelta(days=1)))
    seen = show(world, acme.ws, made["id"])
    assert (seen["attention"], seen["status"], seen["disputed"]["amount"]) == ([], "paid", "0.00")


def test_what_a_bank_takes_back_is_owed_again(world: World, acme: Shop) -> None:
    made, payment_id = paid(acme)
    now = world.clock.now()
    acme.hear(
        disputed("du_1", payment_id, "238.00", "lost", now + timedelta(days=1)),
        disputed("du_1", payment_id, "238.00", "needs_response", now),
    )
    seen = show(world, acme.ws, made["id"])
    assert (seen["status"], seen["balance"]["amount"], seen["attention"]) == ("issued", "238.00", [])
    assert seen["payments"][-1]["reference"] == "du_1"


def test_what_a_bank_only_asks_about_is_no_dispute(world: World, acme: Shop) -> None:
    made, payment_id = paid(acme)
    acme.hear(disputed("du_1", payment_id, "238.00", "warning_needs_response", world.clock.now()))
    assert show(world, acme.ws, made["id"])["attention"] == []


def test_what_belongs_to_payments_of_nobody_here_is_kept_for_a_while(world: World, acme: Shop) -> None:
    acme.hear(refunded("re_1", "pi_elsewhere", "5.00", "succeeded", world.clock.now()))
    [item] = world.items("CARDPAYMENT")
    assert int(item["ttl"]["N"]) == int((world.clock.now() + timedelta(days=90)).timestamp())
    made, checkout_id = begun(acme)
    acme.hear(*acme.paid(checkout_id))
    assert show(world, acme.ws, made["id"])["status"] == "paid"


# --- killed between any two steps -------------------------------------------------------------------------


FAULTS = [Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.ANSWERS_LOST]


def asked(world: World, acme: Shop, made: Any) -> int:
    [payment] = made["payments"]
    body = {"amount": "38.00", "payment_id": payment["id"]}
    return attempt(world, acme.ws, "refunds", made, body, {"idempotency-key": "once"}).status


def refund_calls() -> list[str]:
    with fresh_world() as world:
        acme = shop(world)
        made, _ = paid(acme)
        with world.network.recording() as calls:
            asked(world, acme, made)
        return [str(call) for call in calls]


REFUND_CALLS = refund_calls()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(len(REFUND_CALLS)), ids=REFUND_CALLS)
def test_a_refund_whose_request_went_wrong_is_one_refund(
    world: World, acme: Shop, number: int, fault: Fault
) -> None:
    """Asked again with the same key; then the queue delivers what it has, twice."""
    made, payment_id = paid(acme)
    with world.network.failing(number, fault):
        attempted(lambda: asked(world, acme, made))
    asked(world, acme, made)
    for message in world.reminders.refunds * 2:
        assert world.carry_out(message) == []
    assert world.cards.refunds == {"re_1": (payment_id, Decimal("38.00"))}
    seen = show(world, acme.ws, made["id"])
    [refund] = [each for each in seen["payments"] if each["direction"] == "refund"]
    now = world.clock.now()
    acme.hear(refunded("re_1", payment_id, "38.00", "succeeded", now, metadata={"refund": refund["id"]}))
    seen = show(world, acme.ws, made["id"])
    assert (seen["refunded"]["amount"], seen["payments"][-1]["status"]) == ("38.00", "done")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(5))
def test_a_refund_that_the_queue_carries_out_is_one(
    world: World, acme: Shop, number: int, fault: Fault
) -> None:
    made, payment_id = paid(acme)
    world.cards.is_down = True
    assert asked(world, acme, made) == 201
    [message] = world.reminders.refunds
    assert world.carry_out(message) == [0]
    world.cards.is_down = False
    with world.network.failing(number, fault):
        attempted(lambda: world.carry_out(message))
    assert world.carry_out(message) == []
    assert world.cards.refunds == {"re_1": (payment_id, Decimal("38.00"))}


def test_a_refund_that_waited_for_days_is_looked_for_before_it_is_made(world: World, acme: Shop) -> None:
    """Its call was carried out and nobody noted it; by now Stripe has forgotten the key."""
    made, payment_id = paid(acme)
    world.cards.is_down = True
    assert asked(world, acme, made) == 201
    [message] = world.reminders.refunds
    world.cards.is_down = False
    metadata = {"refund": message["refund_id"]}
    world.cards.refund(payment_id, Decimal("38.00"), "EUR", key="forgotten", metadata=metadata)
    world.tick(days=2)
    assert world.carry_out(message) == []
    assert len(world.cards.refunds) == 1
    nothing = {"workspace_id": acme.ws.workspace_id, "payment_id": "pi_none", "refund_id": "rfd_none"}
    assert world.carry_out(nothing) == []


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(9))
def test_a_checkout_whose_request_went_wrong_is_paid_once(
    world: World, acme: Shop, number: int, fault: Fault
) -> None:
    made = invoice(acme)
    token = acme.link(made["id"])
    with world.network.failing(number, fault):
        attempted(lambda: visit(world, "POST /pay/{token}/checkout", token).status)
    checkout_id = acme.begin(token)
    assert len(world.cards.checkouts) == 1
    acme.hear(*acme.paid(checkout_id))
    seen = show(world, acme.ws, made["id"])
    assert (seen["status"], len(seen["payments"])) == ("paid", 1)


def attempted(run: Callable[[], object]) -> None:
    with suppress(Killed, BotoCoreError, PynamoDBException):
        run()
