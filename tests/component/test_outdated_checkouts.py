"""Checkouts that ask for what is not left any more: they are ended, whatever fails on the way."""

from __future__ import annotations

import pytest

from tests.builders.billing import act, attempt, show
from tests.builders.paying import Shop, invoice, shop
from tests.builders.world import World


@pytest.fixture
def acme(world: World) -> Shop:
    return shop(world)


def ended_by(acme: Shop, *, down: bool = False) -> set[str]:
    """What Stripe is told to end by the messages that are there."""
    acme.world.cards.is_down = down
    for message in acme.world.reminders.refunds:
        assert acme.world.carry_out(message) == ([0] if down else [])
    return acme.world.cards.ended


@pytest.mark.parametrize("step", ["paid in part", "paid", "void", "credited"])
def test_nobody_pays_what_is_not_left_any_more(world: World, acme: Shop, step: str) -> None:
    made = invoice(acme)
    begun = {acme.begin(acme.link(made["id"])) for _ in range(2)}
    match step:
        case "paid in part":
            act(world, acme.ws, "payments", made, amount="38.00")
        case "paid":
            act(world, acme.ws, "payments", made, amount="238.00")
        case "void":
            act(world, acme.ws, "void", made)
        case "credited":
            act(world, acme.ws, "issue", act(world, acme.ws, "credit", made))
    assert ended_by(acme, down=True) == set()
    assert ended_by(acme) == begun
    assert ended_by(acme) == begun


def test_what_is_asked_for_rightly_stays_open(world: World, acme: Shop) -> None:
    """Whoever begins anew after that pays what is left; and a request that fails changes nothing."""
    made, other = invoice(acme), invoice(acme)
    token = acme.link(made["id"])
    old = acme.begin(token)
    acme.begin(acme.link(other["id"]))
    act(world, acme.ws, "payments", made, amount="38.00")
    acme.begin(token)
    stale = attempt(world, acme.ws, "void", made)
    assert stale.status == 412
    assert ended_by(acme) == {old}


def test_what_was_paid_before_it_could_be_ended_is_noted(world: World, acme: Shop) -> None:
    made = invoice(acme)
    checkout_id = acme.begin(acme.link(made["id"]))
    act(world, acme.ws, "void", made)
    payment_id = world.cards.pay(checkout_id)
    assert ended_by(acme) == set()
    acme.hear(*acme.paid(checkout_id, payment_id))
    assert show(world, acme.ws, made["id"])["attention"] == ["refund_due"]


def test_an_account_whose_key_is_dead_ends_nothing(world: World, acme: Shop) -> None:
    made = invoice(acme)
    acme.begin(acme.link(made["id"]))
    act(world, acme.ws, "payments", made, amount="238.00")
    world.cards.key_is_good = False
    assert ended_by(acme) == set()
    assert world.browse(acme.owner, "DELETE /v1/settings/payments/stripe").status == 204
    assert ended_by(acme) == set()


def test_without_links_there_is_nothing_to_end(world: World, acme: Shop) -> None:
    act(world, acme.ws, "payments", invoice(acme), amount="238.00")
    assert world.reminders.refunds == []
