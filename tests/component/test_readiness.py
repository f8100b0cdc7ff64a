"""A draft says what it lacks before somebody tries to issue it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders.billing import LINE, attempt, billing, change, draft, issued, show
from tests.builders.world import World

LEY = {"name": "Ley Co", "address": {"country": "TN"}}


def missed(document: Any) -> list[tuple[str, str]]:
    return [(each["code"], each["field"]) for each in document["missing"]]


def test_what_can_be_issued_lacks_nothing(world: World) -> None:
    ws = billing(world)
    for kind in ("invoice", "estimate", "bill"):
        assert draft(world, ws, kind)["missing"] == []


@pytest.mark.parametrize(
    ("kind", "said", "lacks"),
    [
        ("invoice", {"lines": []}, [("no_lines", "lines")]),
        ("invoice", {"issue_date": "2099-01-01"}, [("issue_date_ahead", "issue_date")]),
        ("invoice", {"due_date": "2001-01-01"}, [("due_before_issue", "due_date")]),
        ("estimate", {"valid_until": "2001-01-01"}, [("due_before_issue", "valid_until")]),
        ("bill", {"number": None, "lines": []}, [("no_lines", "lines"), ("number_missing", "number")]),
    ],
)
def test_what_issuing_would_refuse_is_told_in_the_draft(
    world: World, kind: str, said: dict[str, Any], lacks: list[tuple[str, str]]
) -> None:
    ws = billing(world)
    document = draft(world, ws, kind, **said)
    assert missed(document) == lacks
    assert missed(show(world, ws, document["id"])) == lacks
    refused = attempt(world, ws, "issue", document)
    assert (refused.status, refused.json["code"]) == (422, lacks[0][0])
    assert [each["field"] for each in refused.json["errors"]] == [field for _, field in lacks]


def test_a_draft_says_whether_it_can_be_an_e_invoice(world: World) -> None:
    ws = billing(world)
    document = draft(world, ws)
    assert document["e_invoice"] == {"representable": True, "reason": None}
    changed = change(world, ws, document, currency="TND", buyer=LEY).json
    assert not changed["e_invoice"]["representable"]
    assert "TND" in changed["e_invoice"]["reason"]


def test_estimates_and_bills_are_no_e_invoices(world: World) -> None:
    ws = billing(world)
    assert [draft(world, ws, kind)["e_invoice"] for kind in ("estimate", "bill")] == [None, None]


def test_what_is_issued_lacks_nothing_any_more(world: World) -> None:
    ws = billing(world)
    document = issued(world, ws, lines=[LINE])
    assert (document["missing"], document["e_invoice"]) == ([], None)


def test_units_that_do_not_exist_are_refused(world: World) -> None:
    ws = billing(world)
    body = {"kind": "invoice", "buyer": LEY, "lines": [LINE | {"unit": "QQQ"}]}
    reply = world.call(ws.api_key, "POST /v1/issued-documents", body=body)
    assert reply.status == 422
    assert "unit" in reply.json["errors"][0]["field"]


def test_countries_that_do_not_exist_are_refused(world: World) -> None:
    ws = billing(world)
    nowhere = {"name": "Nobody", "address": {"country": "ZZ"}}
    reply = world.call(ws.api_key, "POST /v1/customers", body={"party": nowhere})
    assert reply.status == 422
    assert "country" in reply.json["errors"][0]["field"]
