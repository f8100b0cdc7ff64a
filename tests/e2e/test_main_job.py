"""The main job on the embedded AWS: real presigned posts, real S3 events, the handlers that are deployed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from infra.local.stack import LocalStack
from tests.builders.files import corrupt_pdf, docx_renamed_pdf, encrypted_pdf, invoice_pdf
from tests.e2e.client import Client, patiently
from tests.e2e.documents import ten

pytestmark = pytest.mark.xdist_group("stack")

MOST_WRONG = 2
"""Totals of ten that text recognition may get wrong; those from e-invoice XML must all be right."""


def test_ten_documents_at_once_are_read_and_their_files_deleted_when_the_window_closes(
    stack: LocalStack, client: Client
) -> None:
    documents = ten()
    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(lambda d: client.upload(d.path.name, d.path.read_bytes()), documents))
    settled = client.wait(ids)

    wrong = []
    for document_id, labelled in zip(ids, documents, strict=True):
        document = settled[document_id]
        assert document["status"] in {"ready", "needs_review"}, document["failure"]
        total = document["reading"]["fields"].get("total", {}).get("value")
        if total is None or Decimal(total) != labelled.total:
            assert document["reading"]["engine"] != "xml", labelled.path.name
            wrong.append((labelled.path.name, total, labelled.total))
    assert len(wrong) <= MOST_WRONG, wrong

    before = {document_id: client.document(document_id)["reading"] for document_id in ids}
    expiry = {settled[document_id]["file"]["expires_on"] for document_id in ids}
    assert client.call("PATCH", "/v1/settings", {"retention": "1y"})[0] == 200
    assert {client.document(i)["file"]["expires_on"] for i in ids}.isdisjoint(expiry)
    today = datetime.now(UTC).date()

    untouched = stack.invoke("SweepFunction", {"as_of": _years_after(today, 1, days=-2).isoformat()})
    assert untouched.error is None
    assert all(client.versions(document_id) for document_id in ids)

    swept = stack.invoke("SweepFunction", {"as_of": _years_after(today, 1, days=2).isoformat()})
    assert swept.error is None, swept.error
    [mine] = [w for w in swept.payload["workspaces"] if w["workspace_id"] == client.local["workspace_id"]]
    assert mine["files_deleted"] == len(ids)
    for document_id in ids:
        assert client.versions(document_id) == []
        document = client.document(document_id)
        assert document["reading"] == before[document_id]
        assert document["file"]["deleted_at"] is not None
        assert client.call("GET", f"/v1/documents/{document_id}/file")[0] == 410


def test_a_file_put_into_the_drop_folder_becomes_a_document(client: Client, samples: Path) -> None:
    body = (samples / "be-printer-ubl.xml").read_bytes()
    key = f"workspaces/{client.local['workspace_id']}/drop/März & more/invoice + 1.xml"
    s3 = client.aws("s3")
    s3.put_object(Bucket=client.local["bucket"], Key=key, Body=body)

    for _ in patiently():
        found = client.documents()
        if found and found[0]["status"] != "awaiting_upload":
            break
    [document] = found
    assert document["filename"] == "invoice + 1.xml"
    assert client.wait([document["id"]])[document["id"]]["reading"]["engine"] == "xml"
    for _ in patiently():
        dropped = s3.list_object_versions(Bucket=client.local["bucket"], Prefix=key.rpartition("/")[0])
        if not dropped.get("Versions"):
            break
    assert not dropped.get("Versions")


def test_one_bad_file_does_not_touch_the_others(client: Client) -> None:
    bad = {
        "corrupt.pdf": (corrupt_pdf(), "file_corrupt"),
        "locked.pdf": (encrypted_pdf(), "file_encrypted"),
        "blank.pdf": (b" \n", "file_empty"),
        "renamed.pdf": (docx_renamed_pdf(), "file_type_mismatch"),
    }
    good = client.upload("good.pdf", invoice_pdf("INV-77"))
    ids = {name: client.upload(name, data) for name, (data, _) in bad.items()}
    settled = client.wait([good, *ids.values()])

    assert settled[good]["reading"]["fields"]["invoice_number"]["value"] == "INV-77"
    for name, (_, code) in bad.items():
        failure = settled[ids[name]]["failure"]
        assert failure["code"] == code, name
        assert failure["message"].endswith(".")


def test_the_file_can_be_fetched_again(client: Client) -> None:
    data = invoice_pdf("INV-78")
    document_id = client.upload("a file.pdf", data)
    client.wait([document_id])

    status, link = client.call("GET", f"/v1/documents/{document_id}/file")

    assert status == 302
    answer = client.http.request("GET", link["url"])
    assert answer.data == data
    assert "a%20file.pdf" in answer.headers["content-disposition"]


def test_another_workspace_sees_nothing_of_it(stack: LocalStack, client: Client) -> None:
    document_id = client.upload("a.pdf", invoice_pdf("INV-79"))
    client.wait([document_id])
    stranger = Client.of(stack, "Other")

    assert stranger.call("GET", f"/v1/documents/{document_id}")[0] == 404
    assert stranger.call("GET", f"/v1/documents/{document_id}/file")[0] == 404
    assert stranger.call("DELETE", f"/v1/documents/{document_id}")[0] == 404
    assert stranger.documents() == []
    assert document_id not in stranger.call("GET", "/v1/audit-events.csv")[1]


def test_deleting_a_document_leaves_nothing_of_it(client: Client) -> None:
    document_id = client.upload("a.pdf", invoice_pdf("INV-80"))
    client.wait([document_id])

    assert client.call("DELETE", f"/v1/documents/{document_id}")[0] == 204

    assert client.versions(document_id) == []
    assert client.call("GET", f"/v1/documents/{document_id}")[0] == 404
    for _ in patiently():  # what is behind the stream goes a moment later
        table = client.aws("dynamodb").scan(TableName=client.local["records_table"])["Items"]
        kinds = {item["pk"]["S"].partition("#")[2] for item in table if document_id in str(item)}
        if kinds == {"AUDIT", "COUNTED"}:
            break
    assert kinds == {"AUDIT", "COUNTED"}, "what was done, and that it was paid for"


def _years_after(day: date, years: int, *, days: int) -> date:
    return date.fromordinal(date(day.year + years, day.month, min(day.day, 28)).toordinal() + days)
