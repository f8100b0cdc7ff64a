"""An export on the embedded AWS, with its roles, its queue and its bucket: asked for, made, downloaded."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.e2e.client import Client, patiently

pytestmark = pytest.mark.xdist_group("stack")


def test_what_was_uploaded_comes_back_as_a_workbook(client: Client, samples: Path) -> None:
    name = "be-printer-ubl.xml"
    document_id = client.upload(name, (samples / name).read_bytes())
    client.wait([document_id])
    status, export = client.call("POST", "/v1/exports", {"format": "xlsx", "document_ids": [document_id]})
    assert status == 202, export
    for _ in patiently():
        if export["state"] not in {"queued", "running"}:
            break
        _, export = client.call("GET", f"/v1/exports/{export['id']}")
    assert (export["state"], export["documents"]) == ("done", 1)
    status, link = client.call("POST", f"/v1/exports/{export['id']}/link")
    assert status == 201, link
    answer = client.http.request("GET", link["url"])
    assert answer.headers["content-disposition"].endswith(export["filename"])
    assert hashlib.sha256(answer.data).hexdigest() == export["sha256"]
    heading, row = load_workbook(io.BytesIO(answer.data))["Documents"].iter_rows(values_only=True)
    assert dict(zip(heading, row, strict=True))["document_id"] == document_id
    status, _ = client.call("DELETE", f"/v1/documents/{document_id}")
    assert status == 204
    _, export = client.call("GET", f"/v1/exports/{export['id']}")
    assert (export["state"], export["reason"]) == ("withdrawn", "document_deleted")
    assert client.http.request("GET", link["url"]).status in {403, 404}
