"""An announced upload: a form that takes exactly the announced file, and nothing else."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.builders import events
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import SETTINGS, World, original

ROUTE = "POST /v1/uploads"
BODY = {"filename": "a.pdf", "content_type": "application/pdf", "size": 1000}


def policy_of(upload: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(base64.b64decode(upload["fields"]["policy"])))


def test_the_form_takes_this_key_this_type_and_this_many_bytes(world: World) -> None:
    ws = world.workspace()
    upload = world.call(ws.api_key, ROUTE, body=BODY).json
    key = original(ws, upload["document_id"])
    assert upload["url"] == "https://files.s3.us-east-1.amazonaws.com"
    assert upload["fields"]["key"] == key
    assert upload["fields"]["Content-Type"] == "application/pdf"
    assert upload["expires_at"] == "2026-11-20T09:45:00Z"

    policy = policy_of(upload)

    assert policy["expiration"] == "2026-11-20T09:45:00Z"
    conditions = policy["conditions"]
    assert {"bucket": SETTINGS.bucket} in conditions
    assert {"key": key} in conditions
    assert {"Content-Type": "application/pdf"} in conditions
    assert ["content-length-range", 1000, 1000] in conditions
    assert not any(isinstance(each, list) and each[0] == "starts-with" for each in conditions)
    covered = {name for each in conditions if isinstance(each, dict) for name in each}
    assert set(upload["fields"]) - {"policy", "x-amz-signature"} <= covered


def test_each_upload_has_a_key_of_its_own(world: World) -> None:
    ws = world.workspace()
    keys = {world.call(ws.api_key, ROUTE, body=BODY).json["fields"]["key"] for _ in range(5)}
    assert len(keys) == 5


def test_a_clients_file_name_is_not_in_the_key(world: World) -> None:
    ws = world.workspace()
    upload = world.call(ws.api_key, ROUTE, body=BODY | {"filename": "..pdf"}).json
    assert upload["fields"]["key"] == original(ws, upload["document_id"])


def test_types_are_insisted_on_in_lower_case(world: World) -> None:
    ws = world.workspace()
    upload = world.call(ws.api_key, ROUTE, body=BODY | {"content_type": "Application/PDF"}).json
    assert upload["fields"]["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("size", "status"), [(1, 201), (SETTINGS.max_file_bytes, 201), (SETTINGS.max_file_bytes + 1, 413)]
)
def test_the_limit(world: World, size: int, status: int) -> None:
    ws = world.workspace()
    reply = world.call(ws.api_key, ROUTE, body=BODY | {"size": size})
    assert reply.status == status
    if status == 413:
        assert reply.json["code"] == "file_too_large"
        assert "2,000,000" in reply.json["detail"]
        assert world.items("DOCUMENT") == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"filename": ""}, "filename"),
        ({"filename": "x" * 256}, "filename"),
        ({"filename": "a/b.pdf"}, "filename"),
        ({"filename": "..\\b.pdf"}, "filename"),
        ({"filename": "a\nb.pdf"}, "filename"),
        ({"filename": "a\x00.pdf"}, "filename"),
        ({"filename": "a\u202efdp.exe"}, "filename"),
        ({"filename": None}, "filename"),
        ({"filename": 7}, "filename"),
        ({"content_type": "pdf"}, "content_type"),
        ({"content_type": "application/pdf; charset=utf-8"}, "content_type"),
        ({"content_type": "application/pdf\n"}, "content_type"),
        ({"content_type": ""}, "content_type"),
        ({"content_type": f"a/{'b' * 64}"}, "content_type"),
        ({"size": -1}, "size"),
        ({"size": "many"}, "size"),
        ({"size": 1.5}, "size"),
        ({"size": None}, "size"),
        ({"document_id": "doc_00000000000000000000000000"}, "document_id"),
        ({"workspace_id": "wrk_00000000000000000000000000"}, "workspace_id"),
    ],
)
def test_what_cannot_be_announced(world: World, change: dict[str, Any], field: str) -> None:
    ws = world.workspace()
    reply = world.call(ws.api_key, ROUTE, body=BODY | change)
    assert (reply.status, reply.headers["content-type"]) == (422, "application/problem+json")
    problem = reply.json
    assert problem["code"] == "invalid_request"
    assert [error["field"] for error in problem["errors"]] == [field]
    assert field in problem["detail"]
    assert world.items("DOCUMENT") == []


def test_what_is_empty_is_refused_before_anything_is_sent(world: World) -> None:
    ws = world.workspace()
    reply = world.call(ws.api_key, ROUTE, body=BODY | {"size": 0})
    assert (reply.status, reply.json["code"]) == (422, "file_empty")
    assert reply.json["errors"] == [{"field": "size", "message": "The file is empty."}]
    assert world.items("DOCUMENT") == []


OCTETS = "application/octet-stream"


@pytest.mark.parametrize(
    ("filename", "content_type", "named"),
    [
        ("setup.exe", "application/x-msdownload", "application/x-msdownload"),
        ("setup.exe", OCTETS, "a .exe file"),
        ("invoice.pdf.EXE", "application/pdf", "a .exe file"),
        ("invoice.docx", OCTETS, "a .docx file"),
        ("invoice.zip", "binary/octet-stream", "a .zip file"),
        ("invoice.pdf", "application/zip", "a ZIP archive or an Office document"),
        ("scan.gif", "image/gif", "a GIF picture"),
        ("page.html", "text/html", "a web page"),
        ("invoice.pdf", "text/plain", "text/plain"),
        ("song", "audio/mpeg", "audio/mpeg"),
    ],
)
def test_what_nobody_can_read_is_refused_before_it_is_sent(
    world: World, filename: str, content_type: str, named: str
) -> None:
    ws = world.workspace()
    reply = world.call(ws.api_key, ROUTE, body=BODY | {"filename": filename, "content_type": content_type})
    assert (reply.status, reply.json["code"]) == (422, "file_type_unsupported")
    assert reply.json["detail"].startswith(f"This is {named}, which cannot be read: send a PDF")
    assert [error["field"] for error in reply.json["errors"]] == ["content_type"]
    assert world.items("DOCUMENT") == []


@pytest.mark.parametrize(
    ("filename", "content_type"),
    [
        ("invoice.pdf", OCTETS),
        ("SCAN.TIFF", OCTETS),
        ("invoice.xml", "text/xml"),
        ("scan", OCTETS),
        ("invoice 2026.11", "binary/octet-stream"),
        ("photo.jpg", "image/jpg"),
        ("download.aspx", "application/pdf"),
        ("invoice.html", "application/pdf"),
    ],
)
def test_what_may_be_readable_is_looked_at_when_it_is_there(
    world: World, filename: str, content_type: str
) -> None:
    ws = world.workspace()
    body = BODY | {"filename": filename, "content_type": content_type}
    assert world.call(ws.api_key, ROUTE, body=body).status == 201


@pytest.mark.parametrize(
    "filename", ["Rechnung März.pdf", "请求书.pdf", "invoice 🧾.pdf", "x" * 255, "no extension", ".."]
)
def test_names_people_use(world: World, filename: str) -> None:
    ws = world.workspace()
    reply = world.call(ws.api_key, ROUTE, body=BODY | {"filename": filename})
    assert world.document(ws, reply.json["document_id"])["filename"] == filename


def test_a_lone_surrogate_is_no_name(world: World) -> None:
    ws = world.workspace()
    body = '{"filename": "a\\ud800.pdf", "content_type": "application/pdf", "size": 1}'
    assert world.call(ws.api_key, ROUTE, body=body).status == 422


def test_a_body_in_base64(world: World) -> None:
    ws = world.workspace()
    assert world.call(ws.api_key, ROUTE, body=BODY, encoded=True).status == 201


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"a"', "NaN", "[" * 100_000])
def test_bodies_that_are_no_announcement(world: World, body: str) -> None:
    ws = world.workspace()
    reply = world.call(ws.api_key, ROUTE, body=body)
    assert reply.status == 422
    assert reply.json["code"] in {"invalid_json", "invalid_request"}
    assert reply.json["instance"]


def test_a_request_without_a_body(world: World) -> None:
    ws = world.workspace()
    event = events.http("POST", "/v1/uploads", headers={"authorization": f"Bearer {ws.api_key}"})
    assert world.serve(event).json["code"] == "invalid_json"


# --- getting it back --------------------------------------------------------------------------------------


def test_the_original_is_a_link_to_the_version_that_was_read(world: World) -> None:
    ws = world.workspace()
    data = text_pdf(["Invoice"])
    document_id = world.read(ws, data, acme(), 'Rechnung "März"; 1.pdf')
    read = world.versions(original(ws, document_id))[0]["VersionId"]
    world.put(original(ws, document_id), b"something else")

    reply = world.call(ws.api_key, "GET /v1/documents/{document_id}/file", path={"document_id": document_id})

    assert reply.status == 302
    assert reply.headers["location"] == reply.json["url"]
    assert reply.json["expires_at"] == "2026-11-20T09:35:00Z"
    link = urlsplit(reply.json["url"])
    query = {name: values[0] for name, values in parse_qs(link.query).items()}
    assert link.path == f"/{original(ws, document_id)}"
    assert query["versionId"] == read
    assert query["X-Amz-Expires"] == "300"
    disposition = query["response-content-disposition"]
    assert disposition == "attachment; filename*=UTF-8''Rechnung%20%22M%C3%A4rz%22%3B%201.pdf"


def test_there_is_no_link_before_the_file_is_there(world: World) -> None:
    ws = world.workspace()
    document_id = world.announce(ws.api_key, b"1", "a.pdf", "application/pdf")
    reply = world.call(ws.api_key, "GET /v1/documents/{document_id}/file", path={"document_id": document_id})
    assert (reply.status, reply.json["code"]) == (404, "file_not_there")
