"""Invoices that recur: each once, in their order, as far as was asked for."""

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
from tests.builders.billing import (
    BUYER,
    LINE,
    act,
    billing,
    customer,
    draft,
    issued,
    item,
    listed,
    settings,
    show,
)
from tests.builders.world import Reply, World
from tests.fakes.network import Fault, Killed

ONE = "/v1/recurring-invoices/{recurring_id}"


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world)


def attempt(world: World, ws: Provisioned, **said: Any) -> Reply:
    said.setdefault("customer_id", None)
    whom = said.pop("customer_id") or customer(world, ws)["id"]
    body = {"name": "Hosting", "customer_id": whom, "first_date": "2026-12-31", "then": "issue"}
    return world.call(
        ws.api_key, "POST /v1/recurring-invoices", body=body | {"template": {"lines": [LINE]}} | said
    )


def plan(world: World, ws: Provisioned, **said: Any) -> Any:
    reply = attempt(world, ws, **said)
    assert reply.status == 201, reply.text
    assert reply.headers["etag"] == f'"{reply.json["version"]}"'
    return reply.json


def look(world: World, ws: Provisioned, recurring: Any) -> Any:
    reply = world.call(ws.api_key, f"GET {ONE}", path={"recurring_id": recurring["id"]})
    assert reply.status == 200, reply.text
    return reply.json


def change(world: World, ws: Provisioned, recurring: Any, **said: Any) -> Reply:
    version = look(world, ws, recurring)["version"]
    return world.call(
        ws.api_key,
        f"PATCH {ONE}",
        path={"recurring_id": recurring["id"]},
        body=said,
        headers={"if-match": f'"{version}"'},
    )


def invoices(world: World, ws: Provisioned) -> list[Any]:
    """Oldest first."""
    return [show(world, ws, each) for each in reversed(listed(world, ws))]


def run_on(world: World, ws: Provisioned, day: str) -> int:
    """Lets the clock come to nine o'clock of that day, and the run come by; how many invoices it made."""
    world.clock.at = world.clock.at.fromisoformat(f"{day}T09:00:00+00:00")
    return sum(each["invoices"] for each in world.bill_by_calendar()["workspaces"])


def test_months_bring_one_invoice_each_and_the_31st_comes_back(world: World, ws: Provisioned) -> None:
    recurring = plan(
        world,
        ws,
        template={"lines": [LINE | {"description": "Hosting {month} {year}"}], "notes": "For {period}"},
    )
    assert (recurring["status"], recurring["next_date"], recurring["made"]) == ("active", "2026-12-31", 0)
    made = [run_on(world, ws, day) for day in ("2026-12-30", "2026-12-31", "2027-01-31", "2027-02-27")]
    made += [run_on(world, ws, day) for day in ("2027-02-28", "2027-02-28", "2027-03-31")]
    assert made == [0, 1, 1, 0, 1, 0, 1]
    found = invoices(world, ws)
    assert [each["issue_date"] for each in found] == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]
    assert [each["number"] for each in found] == [
        "INV-2026-00001", "INV-2027-00001", "INV-2027-00002", "INV-2027-00003",
    ]  # fmt: skip
    assert {each["status"] for each in found} == {"issued"}
    assert found[1]["lines"][0]["description"] == "Hosting January 2027"
    assert found[1]["notes"] == "For 31 January 2027 \N{EN DASH} 27 February 2027"
    assert found[1]["period"] == {"first": "2027-01-31", "last": "2027-02-27"}
    after = look(world, ws, recurring)
    assert (after["made"], after["next_date"], after["last_invoice_id"]) == (4, "2027-04-30", found[-1]["id"])
    assert {entry["action"] for entry in world.audit(ws, subject=found[0]["id"])} == {
        "recurring_invoice.made",
        "issued_document.issued",
    }
    assert {entry["actor"]["id"] for entry in world.audit(ws, subject=found[0]["id"])} == {"calendar"}


def test_what_was_missed_is_made_in_its_order(world: World, ws: Provisioned) -> None:
    plan(world, ws, name="Months", first_date="2026-12-01")
    plan(world, ws, name="Weeks", first_date="2026-12-15", every={"count": 3, "unit": "week"})
    assert run_on(world, ws, "2027-02-01") == 6
    found = sorted(invoices(world, ws), key=lambda each: each["number"])
    assert [each["period"]["first"] for each in found] == [
        "2026-12-01", "2026-12-15", "2027-01-01", "2027-01-05", "2027-01-26", "2027-02-01",
    ]  # fmt: skip
    assert {each["issue_date"] for each in found} == {"2027-02-01"}


def test_it_ends_after_as_many_as_were_wanted_or_after_its_last_day(world: World, ws: Provisioned) -> None:
    counted = plan(world, ws, occurrences=2, then="draft")
    dated = plan(world, ws, last_date="2027-01-30", then="draft")
    assert run_on(world, ws, "2027-06-01") == 3
    assert [look(world, ws, each)["status"] for each in (counted, dated)] == ["ended", "ended"]
    assert look(world, ws, dated)["next_date"] is None
    assert {each["status"] for each in invoices(world, ws)} == {"draft"}
    assert world.items("RECURRENCE") == []


def test_pausing_leaves_out_what_comes_meanwhile_unless_it_is_to_be_caught_up(
    world: World, ws: Provisioned
) -> None:
    one, other = plan(world, ws), plan(world, ws)
    for each in (one, other):
        assert change(world, ws, each, paused=True).json["status"] == "paused"
    assert run_on(world, ws, "2027-02-10") == 0
    assert change(world, ws, one, paused=False).json["next_date"] == "2027-02-28"
    assert change(world, ws, other, paused=False, catch_up=True).json["next_date"] == "2026-12-31"
    assert run_on(world, ws, "2027-02-11") == 2
    assert run_on(world, ws, "2027-02-28") == 2
    assert (look(world, ws, one)["made"], look(world, ws, other)["made"]) == (1, 3)


def test_a_change_holds_from_the_next_invoice_on(world: World, ws: Provisioned) -> None:
    recurring = plan(world, ws, first_date="2026-12-01")
    run_on(world, ws, "2026-12-01")
    changed = change(
        world,
        ws,
        recurring,
        template={"lines": [LINE | {"unit_price": "50.00"}]},
        every={"count": 1, "unit": "week"},
        first_date="2026-12-24",
        billed="in_arrears",
    )
    assert (changed.status, changed.json["next_date"]) == (200, "2026-12-24"), changed.text
    assert run_on(world, ws, "2026-12-31") == 2
    found = invoices(world, ws)
    assert [each["total"]["amount"] for each in found] == ["238.00", "119.00", "119.00"]
    assert found[-1]["period"] == {"first": "2026-12-24", "last": "2026-12-30"}


def test_what_could_not_be_billed_is_refused_when_it_is_planned(world: World, ws: Provisioned) -> None:
    no_price = item(world, ws, prices={"USD": "9.00"})
    archived = customer(world, ws, "Gone Ltd")
    world.call(
        ws.api_key,
        "PATCH /v1/customers/{customer_id}",
        path={"customer_id": archived["id"]},
        body={"archived": True},
        headers={"if-match": "*"},
    )
    for said, expected in (
        ({"first_date": "2026-11-18"}, (422, "first_date_past")),
        ({"template": {"lines": []}}, (422, "invalid_request")),
        ({"template": {"lines": [{"item_id": no_price["id"]}]}}, (422, "invalid_request")),
        ({"template": {"lines": [LINE], "notes": "{period}" + "x" * 1990}}, (422, "invalid_request")),
        ({"last_date": "2026-12-01"}, (422, "invalid_request")),
        ({"last_date": "2027-12-01", "occurrences": 2}, (422, "invalid_request")),
        ({"customer_id": archived["id"]}, (409, "customer_archived")),
        ({"customer_id": "cus_00000000000000000000000000"}, (404, "not_found")),
    ):
        reply = attempt(world, ws, **said)
        assert (reply.status, reply.json["code"]) == expected, said
    recurring = plan(world, ws)
    for said in ({"name": None}, {"last_date": "2026-12-01"}, {"first_date": "2026-11-01"}):
        assert change(world, ws, recurring, **said).status == 422


def test_one_in_trouble_is_paused_and_holds_nobody_up(world: World, ws: Provisioned) -> None:
    gone = customer(world, ws, "Gone Ltd")
    troubled = plan(world, ws, customer_id=gone["id"], first_date="2026-12-01")
    fine = plan(world, ws, first_date="2026-12-02")
    world.call(
        ws.api_key,
        "PATCH /v1/customers/{customer_id}",
        path={"customer_id": gone["id"]},
        body={"archived": True},
        headers={"if-match": "*"},
    )
    assert run_on(world, ws, "2026-12-02") == 1
    after = look(world, ws, troubled)
    assert (after["status"], after["trouble"], after["made"]) == ("paused", "customer_archived", 0)
    assert look(world, ws, fine)["made"] == 1


def test_what_cannot_be_issued_stays_a_draft_and_says_why(world: World, ws: Provisioned) -> None:
    recurring = plan(world, ws, first_date="2026-12-01")
    issued(world, ws)
    settings(world, ws, series={"invoice": {"pattern": "INV-2026-{number:05}"}})
    assert run_on(world, ws, "2026-12-01") == 1
    after = look(world, ws, recurring)
    assert (after["status"], after["trouble"], after["next_date"]) == (
        "active", "number_taken", "2027-01-01",
    )  # fmt: skip
    waiting = show(world, ws, after["last_invoice_id"])
    assert waiting["status"] == "draft"


def test_nothing_due_costs_one_look_at_the_index(world: World, ws: Provisioned) -> None:
    plan(world, ws)
    billing(world, "Other")
    with world.network.recording() as calls:
        assert world.bill_by_calendar()["workspaces"] == []
        assert [call.operation for call in calls] == ["Query"]


def test_a_deleted_one_makes_no_more_and_its_invoices_stay(world: World, ws: Provisioned) -> None:
    recurring = plan(world, ws, first_date="2026-12-01")
    run_on(world, ws, "2026-12-01")
    path = {"recurring_id": recurring["id"]}
    assert world.call(ws.api_key, f"DELETE {ONE}", path=path).status == 204
    assert world.call(ws.api_key, f"GET {ONE}", path=path).status == 404
    assert run_on(world, ws, "2027-01-01") == 0
    assert len(invoices(world, ws)) == 1
    assert world.items("RECURRENCE") == world.items("RECURRING") == []


def test_they_are_listed_newest_first(world: World, ws: Provisioned) -> None:
    ids = []
    for _ in range(3):
        world.tick(seconds=1)
        ids.append(plan(world, ws)["id"])
    first = world.call(ws.api_key, "GET /v1/recurring-invoices", query={"limit": "2"}).json
    rest = world.call(
        ws.api_key, "GET /v1/recurring-invoices", query={"limit": "2", "cursor": first["next_cursor"]}
    ).json
    assert [each["id"] for each in first["items"] + rest["items"]] == ids[::-1]


def test_time_that_runs_out_is_gone_on_from(world: World, ws: Provisioned) -> None:
    plan(world, ws, first_date="2026-12-01")
    world.tick(days=60)
    assert world.bill_by_calendar(milliseconds=1000) == {"workspaces": []}
    assert invoices(world, ws) == []
    assert len(world.bill_by_calendar()["workspaces"]) == 1
    assert len(invoices(world, ws)) == 2


@pytest.mark.parametrize(
    "fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.UNREACHABLE, Fault.ANSWERS_LOST]
)
def test_whatever_fails_on_the_way_each_day_gets_one_invoice(
    world: World, ws: Provisioned, fault: Fault
) -> None:
    recurring = plan(world, ws, first_date="2026-11-27", every={"unit": "week"})
    for number in count():
        world.tick(weeks=1)
        with world.network.failing(number, fault):
            with suppress(Killed, CalendarIncomplete, *FAILURES):
                world.bill_by_calendar()
            calls = len(world.network.calls)
        world.bill_by_calendar()
        found = world.items("ISSUED")
        assert len(found) == look(world, ws, recurring)["made"] == number + 1
        assert {each["s"]["S"] for each in found} == {"issued"}
        assert len(world.items("NUMBER")) == number + 1
        if calls <= number:
            break


def test_two_runs_at_once_make_one_invoice(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(world, ws, first_date="2026-12-01")
    world.tick(days=15)
    world.meanwhile(monkeypatch, world.bill_by_calendar)
    world.bill_by_calendar()
    assert len(invoices(world, ws)) == 1


def test_a_draft_issued_or_thrown_away_by_hand_is_no_obstacle(world: World, ws: Provisioned) -> None:
    plan(world, ws, first_date="2026-12-01", then="draft")
    run_on(world, ws, "2026-12-01")
    (waiting,) = invoices(world, ws)
    act(world, ws, "issue", waiting)
    draft(world, ws)
    assert run_on(world, ws, "2027-01-01") == 1


# --- more mails than may go in an hour --------------------------------------------------------------------


def test_what_may_not_be_mailed_yet_is_issued_and_mailed_by_later_runs(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "functions.invoices.calendar.MAILS_OF_WORKSPACE", Limit("few mails", 2, timedelta(hours=2))
    )
    for number in range(4):
        whom = customer(world, ws, party=BUYER | {"email": f"{number}@bakery.example"})["id"]
        plan(world, ws, customer_id=whom, then="send", first_date="2026-11-21", occurrences=1)
    plan(world, ws, then="issue", first_date="2026-11-21", occurrences=1)
    run_on(world, ws, "2026-11-21")
    world.dispatch_all()
    states = sorted(each["status"] for each in invoices(world, ws))
    assert states == ["issued"] * 3 + ["sent"] * 2
    for sent in (2, 3, 4, 4, 4):
        [billed] = world.bill_by_calendar()["workspaces"] or [{"failure": None}]
        world.dispatch_all()
        assert (len(world.mail.sent), billed["failure"]) == (sent, None)
        world.tick(hours=1)
    assert {mail.to for mail in world.mail.sent} == {f"{number}@bakery.example" for number in range(4)}
    assert len(world.items("MAIL")) == 4
    assert world.bill_by_calendar()["workspaces"] == []
