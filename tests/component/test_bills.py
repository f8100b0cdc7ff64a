"""Bills: by hand, and of captured documents."""

from __future__ import annotations

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders.billing import BUYER, LINE, act, attempt, billing, draft, issued, listed, show
from tests.builders.reviewing import approved, invoice
from tests.builders.world import Reply, World


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world)


def captured(world: World, ws: Provisioned, name: str = "a", **said: str) -> str:
    """The id of an approved document: 119.00 US dollars, of which 19.00 are tax."""
    document_id = invoice(world, ws, name, **said)
    approved(world, ws, document_id)
    return document_id


def of_document(world: World, ws: Provisioned, document_id: str, **said: object) -> Reply:
    body = {"kind": "bill", "document_id": document_id} | said
    return world.call(ws.api_key, "POST /v1/issued-documents", body=body)


def test_a_bill_by_hand_keeps_its_suppliers_number(world: World, ws: Provisioned) -> None:
    bill = issued(world, ws, "bill", number="R-77")
    assert (bill["number"], bill["seller"]["name"], bill["buyer"]["name"]) == (
        "R-77", "Bakery Ltd", "Acme GmbH",
    )  # fmt: skip
    assert (bill["party"], bill["account"]) == ("Bakery Ltd", None)
    bill = act(world, ws, "payments", bill, amount="238")
    assert bill["status"] == "paid"
    assert listed(world, ws, kind="bill") == [bill["id"]]


def test_without_a_number_it_waits(world: World, ws: Provisioned) -> None:
    reply = attempt(world, ws, "issue", draft(world, ws, "bill", number=None))
    assert (reply.status, reply.json["code"]) == (422, "number_missing")


def test_nothing_is_owed_since_a_day_that_has_not_come(world: World, ws: Provisioned) -> None:
    reply = attempt(world, ws, "issue", draft(world, ws, "bill", issue_date="2200-12-31"))
    assert (reply.status, reply.json["code"]) == (422, "issue_date_ahead")


def test_a_bill_of_a_captured_document_says_what_that_says(world: World, ws: Provisioned) -> None:
    document_id = captured(world, ws)
    bill = of_document(world, ws, document_id).json
    assert bill["seller"]["name"] == "Acme Tools Ltd"
    assert (bill["number"], bill["issue_date"]) == ("INV-1001", "2026-11-02")
    assert bill["totals"]["total"] == {"amount": "119.00", "currency": "USD"}
    assert bill["totals"]["tax"]["amount"] == "19.00"
    assert (bill["checks"], bill["source_document_id"]) == ([], document_id)
    assert act(world, ws, "issue", bill)["issue_date"] == "2026-11-02"


def test_lines_that_come_to_something_else_are_pointed_out(world: World, ws: Provisioned) -> None:
    bill = of_document(world, ws, captured(world, ws), lines=[LINE]).json
    (check,) = bill["checks"]
    assert (check["code"], check["expected"]["amount"], check["found"]["amount"]) == (
        "total_differs", "119.00", "238.00",
    )  # fmt: skip
    assert show(world, ws, bill["id"])["checks"] == [check]


def test_there_is_one_bill_of_a_document(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = captured(world, ws)
    world.meanwhile(monkeypatch, lambda: of_document(world, ws, document_id))
    reply = of_document(world, ws, document_id)
    assert reply.status == 409
    reply = of_document(world, ws, document_id)
    assert (reply.status, reply.json["code"]) == (409, "already_billed")
    (bill,) = listed(world, ws, kind="bill")
    world.call(ws.api_key, "DELETE /v1/issued-documents/{issued_id}", path={"issued_id": bill})
    bill = act(world, ws, "issue", of_document(world, ws, document_id).json)
    act(world, ws, "void", bill)
    assert of_document(world, ws, document_id).status == 201


def test_only_what_was_approved_is_owed(world: World, ws: Provisioned) -> None:
    reply = of_document(world, ws, invoice(world, ws, "a"))
    assert (reply.status, reply.json["code"]) == (409, "document_not_approved")
    assert of_document(world, ws, "doc_00000000000000000000000000").status == 404
    sale = world.call(
        ws.api_key,
        "POST /v1/issued-documents",
        body={"kind": "invoice", "buyer": BUYER, "document_id": captured(world, ws, "b")},
    )
    assert (sale.status, sale.json["errors"][0]["field"]) == (422, "document_id")


def test_the_same_bill_is_not_owed_twice(world: World, ws: Provisioned) -> None:
    first = issued(world, ws, "bill", number="R-1", issue_date="2026-11-02")
    for said in ({"number": "r 1"}, {"number": "R-1", "supplier": BUYER | {"name": "BAKERY, Ltd"}}):
        again = draft(world, ws, "bill", issue_date="2026-11-03", **said)
        reply = attempt(world, ws, "issue", again)
        assert (reply.status, reply.json["code"]) == (409, "already_billed")
    act(world, ws, "void", first)
    assert act(world, ws, "issue", again)["status"] == "issued"


def test_a_supplier_is_known_by_its_tax_number_as_well(world: World, ws: Provisioned) -> None:
    issued(world, ws, "bill", number="R-1", supplier=BUYER | {"tax_id": "GB 980 7806 84"})
    other = BUYER | {"name": "The Bakery", "tax_id": "GB980780684"}
    reply = attempt(world, ws, "issue", draft(world, ws, "bill", number="R-1", supplier=other))
    assert (reply.status, reply.json["code"]) == (409, "already_billed")


def test_other_numbers_suppliers_and_years_are_other_bills(world: World, ws: Provisioned) -> None:
    for said in (
        {"number": "1"},
        {"number": "2"},
        {"number": "1", "supplier": BUYER | {"name": "Butcher"}},
        {"number": "1", "issue_date": "2025-12-31"},
    ):
        assert issued(world, ws, "bill", **said)["status"] == "issued"


def test_a_bill_is_not_issued_twice_at_the_same_moment(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (draft(world, ws, "bill", number="R-1") for _ in range(2))
    world.meanwhile(monkeypatch, lambda: act(world, ws, "issue", one))
    reply = attempt(world, ws, "issue", other)
    assert (reply.status, reply.json["code"]) == (409, "already_billed")
    assert show(world, ws, other["id"])["status"] == "draft"
