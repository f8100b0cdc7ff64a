"""Approved documents teach about their supplier; the next one gets what was learned, and says from where."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from sheaf.access.roles import Role
from sheaf.capture.policy import Company
from sheaf.edge.provisioning import Provisioned
from tests.builders.reviewing import act, approve, approved, corrected, findings, invoice, policy
from tests.builders.world import SETTINGS, Reply, World

IBAN, OTHER_IBAN = "DE89370400440532013000", "GB82WEST12345698765432"
TAX_ID = "DE136695976"
BANK = "bank_details_changed"


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


def supplier(world: World, ws: Provisioned, supplier_id: str) -> Reply:
    reply = world.call(ws.api_key, "GET /v1/suppliers/{supplier_id}", path={"supplier_id": supplier_id})
    assert reply.status == 200, reply.text
    return reply


def change(world: World, ws: Provisioned, supplier_id: str, **said: Any) -> Reply:
    return world.call(
        ws.api_key,
        "PATCH /v1/suppliers/{supplier_id}",
        path={"supplier_id": supplier_id},
        body=said,
        headers={"if-match": supplier(world, ws, supplier_id).headers["etag"]},
    )


def forget(world: World, ws: Provisioned, supplier_id: str, fact_id: str) -> Reply:
    path = {"supplier_id": supplier_id, "fact_id": fact_id}
    return world.call(ws.api_key, "DELETE /v1/suppliers/{supplier_id}/memory/{fact_id}", path=path)


def names(world: World, ws: Provisioned, **query: str) -> list[str]:
    reply = world.call(ws.api_key, "GET /v1/suppliers", query=query or None)
    assert reply.status == 200, reply.text
    return [item["name"] for item in reply.json["items"]]


def fields(world: World, ws: Provisioned, document_id: str) -> Any:
    return world.document(ws, document_id)["reading"]["fields"]


def numbered(number: int, **said: str) -> dict[str, str]:
    """What tells an invoice from the last one."""
    return {
        "INVOICE_RECEIPT_ID": f"INV-{number}",
        "INVOICE_RECEIPT_DATE": f"2026-10-{number:02}",
        **said,
    }


def taught(world: World, ws: Provisioned, said: dict[str, str], **corrections: str | None) -> Any:
    """The approved document; the world is a second older."""
    document_id = invoice(world, ws, f"taught {said}", **said)
    if corrections:
        corrected(world, ws, document_id, **corrections)
    made = approved(world, ws, document_id)
    world.tick(seconds=1)
    return made


def test_an_approved_document_makes_its_supplier_known(world: World, ws: Provisioned) -> None:
    made = taught(world, ws, {"VENDOR_VAT_NUMBER": TAX_ID, "OTHER": f"IBAN {IBAN}"})
    known = supplier(world, ws, made["supplier_id"]).json
    for facts, value in (("names", "Acme Tools Ltd"), ("tax_ids", TAX_ID), ("ibans", IBAN)):
        [fact] = known[facts]
        assert (fact["value"], fact["document_id"]) == (value, made["id"])
        assert fact["learned_at"] == "2026-11-20T09:30:00Z"
    assert known["name"] == "Acme Tools Ltd"
    assert known["memory"] == []
    taught(world, ws, numbered(2, VENDOR_NAME="Bolt Works Inc"))
    assert names(world, ws) == ["Acme Tools Ltd", "Bolt Works Inc"]
    assert names(world, ws, q="ACME t") == ["Acme Tools Ltd"]
    assert names(world, ws, q="tools") == []


def test_whoever_cannot_be_found_again_is_no_supplier(world: World, ws: Provisioned) -> None:
    document_id = invoice(world, ws)
    corrected(world, ws, document_id, vendor="***")
    assert approved(world, ws, document_id)["supplier_id"] is None
    assert names(world, ws) == []


def test_what_is_not_approved_teaches_nothing(world: World, ws: Provisioned) -> None:
    document_id = invoice(world, ws)
    corrected(world, ws, document_id, vendor="Acme Inc")
    act(world, ws, "POST reject", document_id, {"reason": "Not ours"})
    assert names(world, ws) == []
    assert world.document(ws, document_id)["supplier_id"] is None


def test_what_was_corrected_is_right_the_next_time(world: World, ws: Provisioned) -> None:
    right = {"vendor": "Acme Tools", "vendor_address": "1 Main Street", "payment_terms": "30 days"}
    made = taught(world, ws, {"VENDOR_NAME": "ACNE T00LS"}, **right, invoice_number="R-7")
    second = invoice(world, ws, "b", **numbered(2, VENDOR_NAME="ACNE T00LS"))
    read = fields(world, ws, second)
    for name, value in right.items():
        assert (read[name]["value"], read[name]["source"]) == (value, "memory")
        assert read[name]["correction"]["by"] == made["supplier_id"]
    assert read["vendor"]["correction"]["machine"]["value"] == "ACNE T00LS"
    assert read["payment_terms"]["correction"]["machine"] is None
    assert (read["invoice_number"]["value"], read["invoice_number"]["source"]) == ("INV-2", "textract")
    assert world.document(ws, second)["supplier_id"] == made["supplier_id"]
    known = supplier(world, ws, made["supplier_id"]).json
    assert [fact["value"] for fact in known["aliases"]] == ["ACNE T00LS"]
    learned = {fact["field"]: (fact["wrong"], fact["value"], fact["document_id"]) for fact in known["memory"]}
    assert learned == {
        "vendor": ("ACNE T00LS", "Acme Tools", made["id"]),
        "vendor_address": (None, "1 Main Street", made["id"]),
        "payment_terms": (None, "30 days", made["id"]),
    }


def test_what_is_read_otherwise_is_left_as_it_is(world: World, ws: Provisioned) -> None:
    taught(world, ws, {"OTHER": f"IBAN {IBAN}", "PAYMENT_TERMS": "14 days"}, payment_terms="30 days")
    second = invoice(world, ws, "b", **numbered(2, PAYMENT_TERMS="60 days", OTHER=f"IBAN {IBAN}"))
    read = fields(world, ws, second)
    assert (read["payment_terms"]["value"], read["payment_terms"]["source"]) == ("60 days", "textract")
    assert read["vendor"]["source"] == read["iban"]["source"] == "textract"


def test_a_person_has_the_last_word(world: World, ws: Provisioned) -> None:
    taught(world, ws, {}, payment_terms="30 days")
    second = invoice(world, ws, "b", **numbered(2))
    corrected(world, ws, second, payment_terms="10 days")
    read = fields(world, ws, second)["payment_terms"]
    assert (read["value"], read["source"]) == ("10 days", "person")
    reply = act(world, ws, "PATCH reading", second, {"undo": ["payment_terms"]})
    assert "payment_terms" not in reply.json["reading"]["fields"]


def test_other_bank_details_than_before_are_an_error_until_somebody_says_they_are_right(
    world: World, ws: Provisioned
) -> None:
    taught(world, ws, {"OTHER": f"IBAN {IBAN}"})
    second = invoice(world, ws, "b", **numbered(2, OTHER=f"IBAN {OTHER_IBAN}"))
    assert findings(world, ws, second, BANK) == [(BANK, "error", OTHER_IBAN)]
    assert world.document(ws, second)["status"] == "needs_review"
    assert approve(world, ws, second).json["code"] == "checks_open"
    approved(world, ws, second, BANK)
    world.tick(seconds=1)
    for number, iban in ((3, IBAN), (4, OTHER_IBAN)):
        document_id = invoice(world, ws, f"c{number}", **numbered(number, OTHER=f"IBAN {iban}"))
        assert findings(world, ws, document_id, BANK) == []
        approved(world, ws, document_id)


def test_bank_details_that_change_while_a_document_waits_are_found_when_it_is_approved(
    world: World, ws: Provisioned
) -> None:
    waiting = invoice(world, ws, "w", **numbered(9, OTHER=f"IBAN {OTHER_IBAN}"))
    assert findings(world, ws, waiting, BANK) == []
    taught(world, ws, {"OTHER": f"IBAN {IBAN}"})
    assert BANK in approve(world, ws, waiting).json["detail"]


def test_changed_bank_details_ask_for_a_second_person_where_the_workspace_does(
    world: World, ws: Provisioned
) -> None:
    policy(world, ws, second_approval_on_bank_change=True)
    taught(world, ws, {"OTHER": f"IBAN {IBAN}"})
    second = invoice(world, ws, "b", **numbered(2, OTHER=f"IBAN {OTHER_IBAN}"))
    assert approve(world, ws, second, BANK).json["code"] == "person_needed"


def test_what_is_undone_is_not_learned_again_from_the_same_document(world: World, ws: Provisioned) -> None:
    made = taught(world, ws, {}, payment_terms="30 days")
    supplier_id = made["supplier_id"]
    [fact] = supplier(world, ws, supplier_id).json["memory"]
    assert forget(world, ws, supplier_id, fact["id"]).status == 204
    assert forget(world, ws, supplier_id, fact["id"]).status == 404
    assert "payment_terms" not in fields(world, ws, invoice(world, ws, "b", **numbered(2)))
    act(world, ws, "POST reopen", made["id"])
    approved(world, ws, made["id"])
    assert supplier(world, ws, supplier_id).json["memory"] == []
    [entry] = world.audit(ws, action="supplier.fact_forgotten")
    assert entry["before"] == {"fact": fact["id"], "kind": "correction", "field": "payment_terms"}
    taught(world, ws, numbered(3), payment_terms="30 days")
    [again] = supplier(world, ws, supplier_id).json["memory"]
    assert again["value"] == "30 days"


def test_what_an_opened_document_taught_is_taken_back(world: World, ws: Provisioned) -> None:
    taught(world, ws, {"OTHER": f"IBAN {IBAN}"})
    second = invoice(world, ws, "b", **numbered(2, OTHER=f"IBAN {OTHER_IBAN}"))
    supplier_id = approved(world, ws, second, BANK)["supplier_id"]
    act(world, ws, "POST reopen", second)
    assert [fact["value"] for fact in supplier(world, ws, supplier_id).json["ibans"]] == [IBAN]
    third = invoice(world, ws, "c", **numbered(3, OTHER=f"IBAN {OTHER_IBAN}"))
    assert findings(world, ws, third, BANK) == [(BANK, "error", OTHER_IBAN)]


def test_a_document_that_is_approved_again_has_the_same_supplier(world: World, ws: Provisioned) -> None:
    made = taught(world, ws, {})
    act(world, ws, "POST reopen", made["id"])
    assert world.items("SUPPLIERKEY") == []
    corrected(world, ws, made["id"], vendor="Acme & Sons")
    assert approved(world, ws, made["id"])["supplier_id"] == made["supplier_id"]
    assert names(world, ws) == ["Acme & Sons"]


def test_two_approvals_of_one_supplier_at_the_same_moment_both_teach(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught(world, ws, {})
    first, second = (invoice(world, ws, f"at once {n}", **numbered(n)) for n in (2, 3))
    corrected(world, ws, first, payment_terms="30 days")
    corrected(world, ws, second, vendor_address="1 Main Street")
    world.meanwhile(monkeypatch, lambda: approved(world, ws, second))
    supplier_id = approved(world, ws, first)["supplier_id"]
    learned = {fact["field"] for fact in supplier(world, ws, supplier_id).json["memory"]}
    assert learned == {"payment_terms", "vendor_address"}


def test_two_first_documents_at_the_same_moment_make_one_supplier(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (invoice(world, ws, f"at once {n}", **numbered(n)) for n in (2, 3))
    world.meanwhile(monkeypatch, lambda: approved(world, ws, second))
    approved(world, ws, first)
    assert names(world, ws) == ["Acme Tools Ltd"]


def test_what_goes_with_a_supplier_is_said_by_an_administrator(world: World, ws: Provisioned) -> None:
    supplier_id = taught(world, ws, {"VENDOR_NAME": "ACNE"}, vendor="Acme Tools Ltd")["supplier_id"]
    said = {"name": "Acme", "account": "6000", "tax_code": "V20", "payment_terms": "30 days"}
    reply = change(world, ws, supplier_id, **said)
    assert reply.status == 200, reply.text
    assert {name: reply.json[name] for name in said} == said
    assert reply.headers["etag"] == supplier(world, ws, supplier_id).headers["etag"]
    [entry] = world.audit(ws, action="supplier.changed")
    assert entry["after"] == {"changed": "name, account, tax_code, payment_terms"}
    read = fields(world, ws, invoice(world, ws, "b", **numbered(2, VENDOR_NAME="ACNE")))
    assert (read["vendor"]["value"], read["payment_terms"]["value"]) == ("Acme", "30 days")
    assert names(world, ws) == ["Acme"]
    assert change(world, ws, supplier_id, tax_code=None).json["tax_code"] is None

    path = {"supplier_id": supplier_id}
    route, body = "PATCH /v1/suppliers/{supplier_id}", {"account": "1"}
    assert world.call(ws.api_key, route, path=path, body=body).status == 428
    stale = world.call(ws.api_key, route, path=path, body=body, headers={"if-match": '"1"'})
    assert stale.status == 412
    member = world.key(ws.workspace_id, Role.MEMBER)
    assert world.call(member, route, path=path, body=body, headers={"if-match": "*"}).status == 403
    assert world.call(member, "GET /v1/suppliers/{supplier_id}", path=path).status == 200


def test_what_goes_with_a_supplier_goes_into_exports(world: World, ws: Provisioned) -> None:
    supplier_id = taught(world, ws, {})["supplier_id"]
    change(world, ws, supplier_id, account="6000", tax_code="V20")
    taught(world, ws, numbered(2, VENDOR_NAME="Bolt Works Inc"))
    made = world.call(ws.api_key, "POST /v1/exports", body={"format": "csv"})
    assert made.status == 202, made.text
    world.export_all()
    [file] = [
        each
        for each in world.versions(f"workspaces/{ws.workspace_id}/exports/")
        if each["Key"].endswith("/file")
    ]
    body = world.s3.get_object(Bucket=SETTINGS.bucket, Key=file["Key"])["Body"].read().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(body, newline=""))
    assert [(row["vendor"], row["account"], row["tax_code"]) for row in rows] == [
        ("Acme Tools Ltd", "6000", "V20"), ("Bolt Works Inc", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("company", [{"names": ("ACME Tools, Ltd.",)}, {"tax_ids": ("DE 136 695 976",)}])
def test_the_own_company_changes_places_with_whom_it_was_taken_for(
    world: World, ws: Provisioned, company: dict[str, Any]
) -> None:
    policy(world, ws, company=Company(**company))
    said = {"VENDOR_VAT_NUMBER": TAX_ID, "RECEIVER_NAME": "Bolt Works Inc"}
    made = taught(world, ws, said)
    read = made["reading"]["fields"]
    assert (read["vendor"]["value"], read["vendor"]["source"]) == ("Bolt Works Inc", "memory")
    assert read["buyer"]["value"] == read["vendor"]["correction"]["machine"]["value"] == "Acme Tools Ltd"
    assert read["buyer_tax_id"]["value"] == TAX_ID
    assert names(world, ws) == ["Bolt Works Inc"]
    assert supplier(world, ws, made["supplier_id"]).json["tax_ids"] == []


def test_a_document_without_another_party_is_an_error_and_the_own_company_no_supplier(
    world: World, ws: Provisioned
) -> None:
    policy(world, ws, company=Company(names=("Acme Tools Ltd",)))
    document_id = invoice(world, ws)
    code = "own_company_is_vendor"
    assert findings(world, ws, document_id, code) == [(code, "error", "Acme Tools Ltd")]
    assert approve(world, ws, document_id).json["code"] == "checks_open"
    assert approved(world, ws, document_id, code)["supplier_id"] is None
    assert names(world, ws) == []


def test_the_own_account_that_a_supplier_debits_is_not_the_suppliers(world: World, ws: Provisioned) -> None:
    policy(world, ws, company=Company(ibans=(OTHER_IBAN,)))
    taught(world, ws, {"OTHER": f"IBAN {IBAN}"})
    document_id = invoice(world, ws, "b", **numbered(2, OTHER=f"IBAN {OTHER_IBAN}"))
    assert findings(world, ws, document_id, BANK, "own_company_is_vendor") == []
    supplier_id = approved(world, ws, document_id)["supplier_id"]
    assert [fact["value"] for fact in supplier(world, ws, supplier_id).json["ibans"]] == [IBAN]


def test_a_supplier_by_another_name_is_the_same_and_its_duplicates_are_found(
    world: World, ws: Provisioned
) -> None:
    first = taught(world, ws, {"VENDOR_VAT_NUMBER": TAX_ID})
    world.settle()
    second = invoice(world, ws, "b", VENDOR_VAT_NUMBER=TAX_ID, VENDOR_NAME="Acme International")
    assert world.document(ws, second)["supplier_id"] == first["supplier_id"]
    assert findings(world, ws, second, "duplicate") == [("duplicate", "warning", first["id"])]


def test_pages_of_suppliers_follow_each_other(world: World, ws: Provisioned) -> None:
    for number, name in enumerate(("Cobalt", "Amber", "Bronze"), 1):
        taught(world, ws, numbered(number, VENDOR_NAME=f"{name} Works Ltd"))
    page = world.call(ws.api_key, "GET /v1/suppliers", query={"limit": "2"}).json
    assert [item["name"] for item in page["items"]] == ["Amber Works Ltd", "Bronze Works Ltd"]
    cursor = page["next_cursor"]
    rest = world.call(ws.api_key, "GET /v1/suppliers", query={"limit": "2", "cursor": cursor}).json
    assert [item["name"] for item in rest["items"]] == ["Cobalt Works Ltd"]
    assert rest["next_cursor"] is None
    refused = world.call(ws.api_key, "GET /v1/suppliers", query={"q": "co", "cursor": cursor})
    assert refused.json["code"] == "invalid_request"
