"""Reminders: each once, of what is still to be paid, to whom they reach."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from functions.invoices.calendar import CalendarIncomplete
from sheaf.access.limits import Limit
from sheaf.edge.jobs import FAILURES
from sheaf.edge.provisioning import Provisioned
from tests.builders.billing import BUYER, act, billing, customer, issued, settings, show
from tests.builders.world import World
from tests.component.test_recurring import plan, run_on
from tests.component.test_sending import react_to_all, sent, tell
from tests.fakes.network import Fault, Killed

ADA = "ada@bakery.example"


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world, reminders=[-3, 7, 21])


def invoice(world: World, ws: Provisioned, **said: Any) -> Any:
    """Due on 4 December."""
    return issued(world, ws, **{"buyer": BUYER | {"email": ADA}} | said)


def reminders(world: World) -> list[tuple[str, str]]:
    """To whom, and of what, since the last look."""
    world.dispatch_all()
    found = [(mail.to, mail.subject) for mail in world.mail.sent if mail.subject.startswith("Reminder")]
    world.mail.sent.clear()
    return found


def on(world: World, ws: Provisioned, *days: str) -> list[int]:
    """How many are sent on each of these days."""
    found = []
    for day in days:
        run_on(world, ws, day)
        found.append(len(reminders(world)))
    return found


ALL = ("2026-12-01", "2026-12-11", "2026-12-25")


def test_they_come_on_their_days_and_each_once(world: World, ws: Provisioned) -> None:
    invoice(world, ws)
    assert on(world, ws, "2026-11-30") == [0]
    run_on(world, ws, "2026-12-01")
    assert reminders(world) == [(ADA, "Reminder: Invoice INV-2026-00001 from Acme GmbH")]
    assert on(world, ws, "2026-12-01", "2026-12-02", "2026-12-10") == [0, 0, 0]
    assert on(world, ws, "2026-12-11", "2026-12-11", "2026-12-25", "2027-06-01") == [1, 0, 1, 0]


def test_of_those_that_were_missed_the_latest_is_sent(world: World, ws: Provisioned) -> None:
    invoice(world, ws)
    assert on(world, ws, "2026-12-24", "2026-12-25") == [1, 1]


def test_nobody_is_reminded_of_what_is_paid_void_or_for_nobody(world: World, ws: Provisioned) -> None:
    paid, void = invoice(world, ws), invoice(world, ws)
    act(world, ws, "payments", paid, amount="238.00")
    act(world, ws, "void", void)
    issued(world, ws)
    issued(world, ws, "estimate")
    issued(world, ws, "bill")
    assert on(world, ws, *ALL) == [0, 0, 0]


def test_nobody_is_asked_again_for_what_was_paid_and_given_back(world: World, ws: Provisioned) -> None:
    """Why it went back, no reminder knows."""
    back, part = invoice(world, ws), invoice(world, ws)
    back = act(world, ws, "payments", back, amount="238.00")
    assert act(world, ws, "refunds", back, amount="238.00")["balance"]["amount"] == "238.00"
    part = act(world, ws, "payments", part, amount="38.00")
    act(world, ws, "refunds", part, amount="38.00")
    run_on(world, ws, "2026-12-11")
    assert reminders(world) == [(ADA, "Reminder: Invoice INV-2026-00002 from Acme GmbH")]


def test_a_part_that_is_left_is_reminded_of(world: World, ws: Provisioned) -> None:
    act(world, ws, "payments", invoice(world, ws), amount="38.00")
    run_on(world, ws, "2026-12-11")
    world.dispatch_all()
    assert "Still open: €200.00." in world.mail.sent[0].text


def test_reminders_above_the_limit_wait_for_later_runs(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Limit("few mails", 2, timedelta(hours=2))
    monkeypatch.setattr("functions.invoices.calendar.MAILS_OF_WORKSPACE", few)
    for number in range(4):
        invoice(world, ws, buyer=BUYER | {"email": f"{number}@bakery.example"})
    run_on(world, ws, "2026-12-11")
    found = reminders(world)
    assert len(found) == 2
    for more in (0, 1, 1, 0):
        world.bill_by_calendar()
        latest = reminders(world)
        assert len(latest) == more
        found += latest
        world.tick(hours=1)
    assert {to for to, _ in found} == {f"{number}@bakery.example" for number in range(4)}
    assert on(world, ws, "2026-12-12", "2026-12-25") == [0, 2]


def test_an_address_that_mails_come_back_from_gets_no_more(world: World, ws: Provisioned) -> None:
    tell(world, "email.bounced", sent(world, ws, invoice(world, ws)))
    react_to_all(world)
    assert on(world, ws, *ALL) == [0, 0, 0]


def test_what_is_due_sooner_than_a_reminder_could_come_gets_the_later_ones(
    world: World, ws: Provisioned
) -> None:
    invoice(world, ws, due_date="2026-11-22")
    assert on(world, ws, "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-29") == [0, 0, 0, 1]


def test_other_days_hold_from_the_next_day_on(world: World, ws: Provisioned) -> None:
    invoice(world, ws)
    assert on(world, ws, "2026-12-11") == [1]
    settings(world, ws, reminders=[2, 8, 30])
    assert on(world, ws, "2026-12-11", "2026-12-12", "2027-01-03") == [0, 1, 1]


def test_days_that_are_set_later_find_what_was_issued_before(world: World) -> None:
    ws = billing(world)
    invoice(world, ws)
    assert world.items("CALENDAR") == []
    settings(world, ws, reminders=[7])
    assert on(world, ws, "2026-11-21", "2026-12-11") == [0, 1]


def test_a_recurring_invoice_is_sent_and_reminded_of(world: World, ws: Provisioned) -> None:
    whom = customer(world, ws, party=BUYER | {"email": ADA})["id"]
    plan(world, ws, customer_id=whom, then="send", first_date="2026-11-21", occurrences=1)
    run_on(world, ws, "2026-11-21")
    world.dispatch_all()
    assert [mail.subject for mail in world.mail.sent] == ["Invoice INV-2026-00001 from Acme GmbH"]
    world.mail.sent.clear()
    assert on(world, ws, "2026-12-02", "2026-12-12") == [1, 1]


def test_nothing_due_costs_one_look_at_the_index(world: World, ws: Provisioned) -> None:
    invoice(world, ws)
    with world.network.recording() as calls:
        world.bill_by_calendar()
        assert [call.operation for call in calls] == ["Query"]


@pytest.mark.parametrize(
    "fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.UNREACHABLE, Fault.ANSWERS_LOST]
)
def test_whatever_fails_on_the_way_each_invoice_gets_one_reminder(
    world: World, ws: Provisioned, fault: Fault
) -> None:
    for number in count():
        one = invoice(world, ws)
        world.tick(days=21)
        with world.network.failing(number, fault):
            with suppress(Killed, CalendarIncomplete, *FAILURES):
                world.bill_by_calendar()
            calls = len(world.network.calls)
        world.bill_by_calendar()
        assert len(world.items("MAIL")) == len(world.items("REMINDED")) == number + 1
        act(world, ws, "payments", show(world, ws, one["id"]), amount="238.00")
        if calls <= number:
            break
