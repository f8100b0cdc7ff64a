"""Invoices: from a draft to a number, and what is paid of it."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders.billing import (
    BUYER,
    LINE,
    act,
    attempt,
    billing,
    change,
    customer,
    draft,
    issued,
    item,
    listed,
    settings,
    show,
)
from tests.builders.world import World


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world)


def test_a_draft_is_added_up_and_changed_freely(world: World, ws: Provisioned) -> None:
    made = draft(world, ws)
    assert (made["status"], made["number"]) == ("draft", None)
    assert made["totals"]["total"] == {"amount": "238.00", "currency": "EUR"}
    changed = change(world, ws, made, lines=[LINE | {"quantity": "3"}], notes="Thank you").json
    assert changed["totals"]["tax"]["amount"] == "57.00"
    assert changed["notes"] == "Thank you"
    assert change(world, ws, changed, notes=None).json["notes"] is None
    assert change(world, ws, made, notes="Too late").status == 412


def test_issuing_gives_the_next_number_and_fixes_what_is_said(world: World, ws: Provisioned) -> None:
    first, second = draft(world, ws), draft(world, ws)
    second = act(world, ws, "issue", second)
    first = act(world, ws, "issue", first)
    assert (second["number"], first["number"]) == ("INV-2026-00001", "INV-2026-00002")
    assert (first["status"], first["issue_date"], first["due_date"]) == ("issued", "2026-11-20", "2026-12-04")
    assert show(world, ws, first["id"]) == first
    for reply in (
        change(world, ws, first, notes="No"),
        attempt(world, ws, "issue", first),
        world.call(ws.api_key, "DELETE /v1/issued-documents/{issued_id}", path={"issued_id": first["id"]}),
    ):
        assert (reply.status, reply.json["code"]) == (409, "not_a_draft")


def test_it_is_paid_in_parts(world: World, ws: Provisioned) -> None:
    made = issued(world, ws)
    made = act(world, ws, "payments", made, amount="100.00", reference="Transfer 1")
    assert (made["status"], made["balance"]["amount"]) == ("partially_paid", "138.00")
    made = act(world, ws, "payments", made, amount="138", method="cash", date="2026-11-19")
    assert (made["status"], made["balance"]["amount"]) == ("paid", "0.00")
    assert {each["amount"]["amount"] for each in made["payments"]} == {"100.00", "138.00"}
    assert show(world, ws, made["id"]) == made
    again = attempt(world, ws, "payments", made, {"amount": "1"})
    assert (again.status, again.json["code"]) == (409, "already_paid")


def test_what_is_paid_too_much_goes_back(world: World, ws: Provisioned) -> None:
    made = act(world, ws, "payments", issued(world, ws), amount="250")
    assert (made["status"], made["balance"]["amount"]) == ("paid", "-12.00")
    more = attempt(world, ws, "refunds", made, {"amount": "250.01"})
    assert (more.status, more.json["code"]) == (409, "exceeds_paid")
    made = act(world, ws, "refunds", made, amount="12")
    assert (made["status"], made["balance"]["amount"]) == ("paid", "0.00")
    assert [each["direction"] for each in made["payments"]] == ["payment", "refund"]


def test_the_same_payment_sent_twice_is_one(world: World, ws: Provisioned) -> None:
    made = issued(world, ws)
    replies = [
        attempt(world, ws, "payments", made, {"amount": "100"}, {"idempotency-key": "once"}) for _ in range(2)
    ]
    assert [reply.status for reply in replies] == [201, 201]
    assert replies[1].headers["idempotent-replayed"] == "true"
    assert replies[0].json == replies[1].json
    assert len(show(world, ws, made["id"])["payments"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "0.001"}, "amount"),
        ({"amount": "1e30"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1", "date": "2026-11-22"}, "date"),
        ({"amount": "1", "method": "shells"}, "method"),
    ],
)
def test_payments_that_make_no_sense(world: World, ws: Provisioned, body: Any, field: str) -> None:
    reply = attempt(world, ws, "payments", issued(world, ws), body)
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, field)


def test_what_is_void_keeps_its_number(world: World, ws: Provisioned) -> None:
    made = act(world, ws, "void", issued(world, ws))
    assert (made["status"], made["number"]) == ("void", "INV-2026-00001")
    assert issued(world, ws)["number"] == "INV-2026-00002"
    reply = attempt(world, ws, "payments", made, {"amount": "1"})
    assert (reply.status, reply.json["code"]) == (409, "void")


def test_what_was_paid_is_not_void(world: World, ws: Provisioned) -> None:
    made = act(world, ws, "payments", issued(world, ws), amount="1")
    reply = attempt(world, ws, "void", made)
    assert (reply.status, reply.json["code"]) == (409, "already_paid")


def test_a_draft_takes_from_the_customer_the_item_and_the_settings(world: World) -> None:
    ws = billing(world, terms="Net 14 days", notes="Thanks", locale="de-DE")
    export = {"category": "G", "rate": "0", "reason": "Export"}
    bakery = customer(world, ws, currency="GBP", due_days=30, terms="Net 30 days", tax=export)
    sold = item(world, ws, prices={"EUR": "100", "GBP": "80.50"}, unit="HUR", tax={"rate": "7"})
    made = draft(world, ws, customer_id=bakery["id"], lines=[{"item_id": sold["id"], "quantity": "2"}])
    (line,) = made["lines"]
    assert (line["unit_price"], line["unit"], line["tax"]["category"]) == ("80.50", "HUR", "G")
    assert made["totals"]["total"] == {"amount": "161.00", "currency": "GBP"}
    assert (made["terms"], made["notes"], made["locale"]) == ("Net 30 days", "Thanks", "de-DE")
    assert act(world, ws, "issue", made)["due_date"] == "2026-12-20"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"lines": [{"unit_price": "1"}]}, "lines.0.description"),
        ({"lines": [{"description": "A"}]}, "lines.0.unit_price"),
        ({"lines": [LINE | {"tax_code": "none"}]}, "lines.0.tax_code"),
        ({"lines": [{"item_id": "itm_00000000000000000000000000"}]}, "lines.0.item_id"),
        ({"lines": [LINE | {"quantity": "-1"}]}, "lines"),
        ({"lines": [LINE | {"unit_price": "-1"}]}, "lines.0.unit_price"),
        ({"lines": [LINE | {"tax": {"rate": "0"}}]}, "lines.0.tax"),
        ({"lines": [LINE] * 501}, "lines"),
        ({"lines": [LINE | {"details": "\n".join("x" * 50)}] * 100}, "lines"),
        ({"lines": [LINE | {"details": "x" * 2000}] * 200}, "lines"),
        ({"currency": "XXX"}, "currency"),
        ({"kind": "credit_note"}, "kind"),
        ({"buyer": None}, "customer_id"),
        ({"number": "1"}, "number"),
        ({"locale": "klingon"}, "locale"),
        ({"issue_date": "0001-01-01"}, "issue_date"),
        ({"due_date": "9999-12-31"}, "due_date"),
        ({"discount": {"percent": "10", "amount": "1"}}, "discount"),
        ({"discount": {"amount": "300"}}, "discount"),
    ],
)
def test_drafts_that_make_no_sense(world: World, ws: Provisioned, said: Any, field: str) -> None:
    body = {"kind": "invoice", "buyer": BUYER, "lines": [LINE]} | said
    reply = world.call(ws.api_key, "POST /v1/issued-documents", body=body)
    assert reply.status == 422, reply.text
    assert reply.json["errors"][0]["field"] == field


def test_nobody_bills_before_they_have_said_who_they_are(world: World) -> None:
    ws = world.workspace()
    body = {"kind": "invoice", "buyer": BUYER, "lines": [LINE]}
    reply = world.call(ws.api_key, "POST /v1/issued-documents", body=body)
    assert (reply.status, reply.json["code"]) == (409, "seller_missing")


def test_an_empty_draft_waits_for_its_lines(world: World, ws: Provisioned) -> None:
    reply = attempt(world, ws, "issue", draft(world, ws, lines=[]))
    assert (reply.status, reply.json["code"]) == (422, "no_lines")


def test_the_company_is_as_it_is_on_the_day(world: World, ws: Provisioned) -> None:
    made = draft(world, ws)
    moved = made["seller"] | {"name": "Acme SE"}
    settings(world, ws, seller=moved)
    made = act(world, ws, "issue", made)
    assert made["seller"]["name"] == "Acme SE"
    settings(world, ws, seller=moved | {"name": "Another"})
    assert show(world, ws, made["id"])["seller"]["name"] == "Acme SE"


def test_lists(world: World, ws: Provisioned) -> None:
    bakery = customer(world, ws)
    made = []
    for number in range(5):
        world.tick(seconds=1)
        whose = {"customer_id": bakery["id"]} if number % 2 else {}
        made.append(draft(world, ws, due_date=f"2026-11-{25 - number}", **whose))
    for each in made[1:]:
        act(world, ws, "issue", each)
    ids = [each["id"] for each in made]
    for limit in ("1", "2", "50"):
        assert listed(world, ws, limit=limit) == ids[::-1]
        assert listed(world, ws, limit=limit, status="issued") == ids[:0:-1]
        assert listed(world, ws, limit=limit, customer=bakery["id"]) == [ids[3], ids[1]]
        assert listed(world, ws, limit=limit, customer=bakery["id"], status="draft") == []
        assert listed(world, ws, limit=limit, overdue="true") == []
    world.tick(days=4)
    for limit in ("1", "2", "50"):
        assert listed(world, ws, limit=limit, overdue="true") == [ids[4], ids[3], ids[2]]
        assert listed(world, ws, limit=limit, overdue="true", customer=bakery["id"]) == [ids[3]]
    assert show(world, ws, ids[4])["overdue"] is True
    act(world, ws, "payments", show(world, ws, ids[4]), amount="238")
    act(world, ws, "void", show(world, ws, ids[3]))
    assert listed(world, ws, overdue="true") == [ids[2]]
    assert listed(world, ws, kind="estimate") == listed(world, ws, status="draft")[1:] == []


def test_every_change_is_in_the_audit_log(world: World, ws: Provisioned) -> None:
    made = draft(world, ws)
    for step, body in (("issue", {}), ("payments", {"amount": "238"}), ("refunds", {"amount": "1"})):
        world.tick(seconds=1)
        made = act(world, ws, step, made, **body)
    assert world.actions(ws, made["id"]) == [
        "draft.created", "issued_document.issued", "payment.recorded", "refund.recorded",
    ]  # fmt: skip
    last = world.audit(ws, subject=made["id"])[0]
    assert last["before"] == {"status": "paid"}
    assert last["after"]["status"] == "partially_paid"
