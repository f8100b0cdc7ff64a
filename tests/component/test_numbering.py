"""Numbers of what is issued: no gap, no double, whoever issues at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import pytest

from functions.invoices.handler import handler
from sheaf.edge import conflicts
from sheaf.edge.provisioning import Provisioned
from tests.builders import events
from tests.builders.billing import (
    DOCUMENT,
    act,
    attempt,
    billing,
    customer,
    draft,
    issued,
    listed,
    settings,
    show,
)
from tests.builders.world import NOW, World

AT_ONCE = 64


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world)


@pytest.fixture
def one_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call of DynamoDB is whole before the next: moto's tables know no threads. One process does what 64
    functions would: it may take longer.
    """
    monkeypatch.setattr(conflicts, "_PATIENCE", 300)
    lock, answer = Lock(), world.network._from_dynamodb

    def locked(*call: Any) -> Any:
        with lock:
            return answer(*call)

    monkeypatch.setattr(world.network, "_from_dynamodb", locked)


@pytest.mark.usefixtures("one_at_a_time")
def test_many_at_once_get_a_number_each_and_leave_no_gap(world: World, ws: Provisioned) -> None:
    bakery = customer(world, ws)["id"]
    ids = [draft(world, ws, customer_id=bakery)["id"] for _ in range(AT_ONCE)]

    def issue(issued_id: str) -> int:
        method, _, path = f"POST {DOCUMENT}/issue".partition(" ")
        headers = {"authorization": f"Bearer {ws.api_key}", "if-match": '"1"'}
        event = events.http(method, path, headers=headers, path={"issued_id": issued_id})
        return int(handler(event, None)["statusCode"])

    with world.network.guard.running("Invoices"), ThreadPoolExecutor(AT_ONCE) as threads:
        assert set(threads.map(issue, ids)) == {200}

    numbers = sorted(show(world, ws, each)["number"] for each in ids)
    assert numbers == [f"INV-2026-{number:05}" for number in range(1, AT_ONCE + 1)]
    given = [item["sk"]["S"] for item in world.items("NUMBER")]
    assert sorted(given) == [f"inv#{number}" for number in numbers]
    (series,) = world.items("SERIES")
    assert series["n"] == {"N": str(AT_ONCE + 1)}
    entries = [each for each in world.items("AUDIT") if each["a"]["S"] == "issued_document.issued"]
    assert len(entries) == AT_ONCE


def test_two_at_once(world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = draft(world, ws), draft(world, ws)
    world.meanwhile(monkeypatch, lambda: act(world, ws, "issue", second))
    assert act(world, ws, "issue", first)["number"] == "INV-2026-00002"
    assert show(world, ws, second["id"])["number"] == "INV-2026-00001"


def test_the_same_draft_twice_at_once(world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch) -> None:
    made = draft(world, ws)
    world.meanwhile(monkeypatch, lambda: act(world, ws, "issue", made))
    reply = attempt(world, ws, "issue", made)
    assert (reply.status, reply.json["code"]) == (409, "not_a_draft")
    assert show(world, ws, made["id"])["number"] == "INV-2026-00001"
    assert issued(world, ws)["number"] == "INV-2026-00002"


def test_a_draft_that_is_refused_takes_no_number(world: World, ws: Provisioned) -> None:
    attempt(world, ws, "issue", draft(world, ws, due_date="2026-11-19"))
    attempt(world, ws, "issue", draft(world, ws, lines=[]))
    assert issued(world, ws)["number"] == "INV-2026-00001"


def test_each_kind_has_its_series_and_each_year_its_own(world: World, ws: Provisioned) -> None:
    assert issued(world, ws)["number"] == "INV-2026-00001"
    assert issued(world, ws, "estimate")["number"] == "EST-2026-00001"
    world.clock.at = NOW.replace(year=2027, month=1, day=2)
    assert issued(world, ws)["number"] == "INV-2027-00001"
    assert issued(world, ws, issue_date="2026-12-31")["number"] == "INV-2026-00002"
    assert issued(world, ws)["number"] == "INV-2027-00002"


def test_numbers_are_in_the_order_of_time(world: World, ws: Provisioned) -> None:
    assert issued(world, ws, issue_date="2026-11-21")["issue_date"] == "2026-11-21"
    reply = attempt(world, ws, "issue", draft(world, ws, issue_date="2026-11-20"))
    assert (reply.status, reply.json["code"]) == (409, "issue_date_before_last")
    assert issued(world, ws)["issue_date"] == "2026-11-21", "a day that nobody chose follows the last one"
    reply = attempt(world, ws, "issue", draft(world, ws, issue_date="2026-11-22"))
    assert (reply.status, reply.json["code"]) == (422, "issue_date_ahead")


def test_patterns(world: World) -> None:
    ws = billing(world, series={"invoice": {"pattern": "R{year}{month}-{number}", "first": 900}})
    assert issued(world, ws)["number"] == "R202611-900"
    settings(world, ws, series={"invoice": {"pattern": "{number:03}/{year}"}})
    assert issued(world, ws)["number"] == "001/2026"
    settings(world, ws, series={"invoice": {"pattern": "A{number}"}})
    assert [issued(world, ws)["number"] for _ in range(2)] == ["A1", "A2"]


def test_a_number_of_a_former_pattern_is_not_given_again(world: World) -> None:
    ws = billing(world, series={"invoice": {"pattern": "{year}-{number}"}})
    assert issued(world, ws)["number"] == "2026-1"
    settings(world, ws, series={"invoice": {"pattern": "2026-{number}"}})
    reply = attempt(world, ws, "issue", draft(world, ws))
    assert (reply.status, reply.json["code"]) == (409, "number_taken")
    settings(world, ws, series={"invoice": {"pattern": "N{number}"}})
    assert issued(world, ws)["number"] == "N1"
    assert len(listed(world, ws, status="issued")) == 2
