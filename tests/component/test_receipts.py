"""Whoever pays an invoice by card gets a receipt by itself, one, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException

from sheaf.access.limits import Limit
from tests.builders.billing import BUYER, act, attempt, settings, show
from tests.builders.paying import Shop, invoice, refunded, shop
from tests.builders.world import World, fresh_world
from tests.component.test_sending import react_to_all, tell
from tests.fakes.network import Fault, Killed

ADA = "ada@bakery.example"
FAULTS = [Fault.UNREACHABLE, Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.ANSWERS_LOST]


@pytest.fixture
def acme(world: World) -> Shop:
    return shop(world, reply_to="billing@acme.example")


def begun(acme: Shop, **said: Any) -> tuple[Any, str]:
    """An invoice, and the id of the checkout its customer was sent to."""
    made = invoice(acme, **{"buyer": BUYER | {"email": ADA}} | said)
    acme.world.dispatch_all()
    return made, acme.begin(acme.link(made["id"]))


def pay(acme: Shop, checkout_id: str) -> None:
    acme.hear(*acme.paid(checkout_id))
    acme.world.dispatch_all()


def subjects(world: World) -> list[str]:
    return [mail.subject for mail in world.mail.sent]


def one_receipt(world: World, acme: Shop, issued_id: str) -> None:
    assert subjects(world) == ["Payment received: Invoice INV-2026-00001, Acme GmbH"]
    seen = show(world, acme.ws, issued_id)
    assert (seen["status"], len(seen["payments"])) == ("paid", 1)
    assert [(mail["purpose"], mail["state"]) for mail in seen["mails"]] == [("receipt", "sent")]
    told = world.actions(acme.ws, issued_id)
    for action in ("payment.recorded", "mail.requested", "mail.dispatched"):
        assert told.count(action) == 1


def test_a_receipt_comes_by_itself(world: World, acme: Shop) -> None:
    made, checkout_id = begun(acme)
    pay(acme, checkout_id)
    one_receipt(world, acme, made["id"])
    [mail] = world.mail.sent
    assert mail.to == ADA
    assert "We have received your payment of 20 November 2026. Thank you." in mail.text
    assert [each.filename for each in mail.attachments] == ["INV-2026-00001.pdf"]
    [entry] = world.audit(acme.ws, action="mail.requested")
    assert entry["actor"] == {"kind": "system", "id": "stripe-of-workspace"}
    assert entry["after"]["purpose"] == "receipt"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_however_often_and_in_whatever_order_it_is_told(
    world: World, acme: Shop, order: tuple[int, ...]
) -> None:
    made, checkout_id = begun(acme)
    told = acme.paid(checkout_id)
    again = told[0] | {"id": "evt_again"}
    for each in order:
        acme.hear([*told, again][each])
        world.dispatch_all()
    acme.hear(*told)
    world.dispatch_all()
    one_receipt(world, acme, made["id"])


def test_more_than_was_owed_is_no_second_receipt(world: World, acme: Shop) -> None:
    made, first = begun(acme)
    second = acme.begin(acme.link(made["id"]))
    for checkout_id in (first, second):
        pay(acme, checkout_id)
    assert show(world, acme.ws, made["id"])["balance"]["amount"] == "-238.00"
    assert len(subjects(world)) == 1


def test_what_is_paid_in_part_waits_for_the_rest(world: World, acme: Shop) -> None:
    made, checkout_id = begun(acme)
    acme.hear(*acme.paid(checkout_id, amount_received=20000, amount_total=20000))
    world.dispatch_all()
    assert (show(world, acme.ws, made["id"])["status"], subjects(world)) == ("partially_paid", [])
    pay(acme, acme.begin(acme.link(made["id"])))
    assert show(world, acme.ws, made["id"])["status"] == "paid"
    assert len(subjects(world)) == 1


def test_what_is_owed_again_and_paid_again_has_a_receipt_of_its_own(world: World, acme: Shop) -> None:
    made, checkout_id = begun(acme)
    payment_id = world.cards.pay(checkout_id)
    acme.hear(*acme.paid(checkout_id, payment_id))
    acme.hear(refunded("re_1", payment_id, "38.00", "succeeded", world.clock.now()))
    pay(acme, acme.begin(acme.link(made["id"])))
    seen = show(world, acme.ws, made["id"])
    assert (seen["status"], [mail["purpose"] for mail in seen["mails"]]) == ("paid", ["receipt", "receipt"])


def test_what_is_void_is_no_receipt(world: World, acme: Shop) -> None:
    made, checkout_id = begun(acme)
    act(world, acme.ws, "void", made)
    pay(acme, checkout_id)
    assert subjects(world) == []


def test_where_none_are_wanted_none_is_sent(world: World, acme: Shop) -> None:
    settings(world, acme.ws, receipts=False)
    made, checkout_id = begun(acme)
    pay(acme, checkout_id)
    assert show(world, acme.ws, made["id"])["status"] == "paid"
    assert subjects(world) == []
    assert world.items("MAIL") == []


def test_nobody_is_written_to_who_cannot_be_reached(world: World, acme: Shop) -> None:
    pay(acme, begun(acme, buyer=BUYER)[1])
    made, checkout_id = begun(acme)
    assert attempt(world, acme.ws, "send", made, {}).status == 202
    world.dispatch_all()
    tell(world, "email.bounced", show(world, acme.ws, made["id"]))
    react_to_all(world)
    pay(acme, checkout_id)
    assert show(world, acme.ws, made["id"])["status"] == "paid"
    assert subjects(world) == ["Invoice INV-2026-00002 from Acme GmbH"]


def test_an_account_that_makes_payments_up_does_not_flood_the_world(
    world: World, acme: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Limit("mails of workspace", 2, timedelta(hours=1))
    monkeypatch.setattr("functions.webhooks.effects.MAILS_OF_WORKSPACE", few)
    paid = []
    for _ in range(3):
        made, checkout_id = begun(acme)
        pay(acme, checkout_id)
        paid.append(show(world, acme.ws, made["id"])["status"])
    assert paid == ["paid"] * 3
    assert len(subjects(world)) == 2


# --- killed between any two steps -------------------------------------------------------------------------


def told_of_payment(world: World) -> tuple[Shop, str, dict[str, Any]]:
    """Stripe has told, and nothing has followed yet."""
    acme = shop(world, reply_to="billing@acme.example")
    made, checkout_id = begun(acme)
    assert acme.tell(acme.paid(checkout_id)[0]).status == 200
    [message] = world.reminders.webhooks
    return acme, made["id"], message


def calls_of_the_effect() -> list[str]:
    with fresh_world() as world:
        _, _, message = told_of_payment(world)
        with world.network.recording() as calls:
            assert world.react(message) == []
        return [str(call) for call in calls]


CALLS = calls_of_the_effect()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(len(CALLS)), ids=CALLS)
def test_killed_while_it_is_noted_it_is_one_payment_and_one_receipt(
    world: World, number: int, fault: Fault
) -> None:
    acme, issued_id, message = told_of_payment(world)
    with world.network.failing(number, fault):
        attempted(lambda: world.react(message))
    world.dispatch_all()
    assert world.react(message) == []
    world.dispatch_all()
    one_receipt(world, acme, issued_id)


def attempted(run: Callable[[], object]) -> None:
    with suppress(Killed, BotoCoreError, PynamoDBException):
        run()
