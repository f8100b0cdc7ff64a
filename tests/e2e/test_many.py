"""Many at once on the embedded AWS: announced in one call, read, looked at, read again, counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.client import Client, content_type_of, patiently

pytestmark = pytest.mark.xdist_group("stack")

NAMES = ("be-printer-ubl.xml", "us-office-furniture.pdf")


def test_files_of_one_call_are_read_looked_at_and_read_again(client: Client, samples: Path) -> None:
    data = {name: (samples / name).read_bytes() for name in NAMES}
    files = [
        {"filename": name, "content_type": content_type_of(name), "size": len(found)}
        for name, found in data.items()
    ]
    status, batch = client.call("POST", "/v1/uploads/batch", {"files": [*files, {"filename": "x"}]})
    assert status == 201, batch
    assert [bool(item["error"]) for item in batch["items"]] == [False, False, True]
    for name, item in zip(NAMES, batch["items"], strict=False):
        assert client.post(batch["url"], batch["fields"] | item["fields"], data[name]) == 204
    xml, pdf = (item["document_id"] for item in batch["items"][:2])
    before = client.wait([xml, pdf])
    view = client.call("GET", f"/v1/batches/{batch['batch_id']}")[1]
    assert sum(view["counts"].values()) == 2
    assert {item["status"] for item in view["items"]} == {each["status"] for each in before.values()}

    picture = look(client, pdf)
    assert picture.startswith(b"\xff\xd8"), "a JPEG"
    assert client.call("GET", f"/v1/documents/{xml}/pages/1")[1]["code"] == "no_pages"

    refs = {"documents": [{"id": xml}, {"id": pdf}]}
    status, result = client.call("POST", "/v1/documents/reprocess", refs)
    assert (status, [item["status"] for item in result["items"]]) == (202, ["ok", "ok"]), result
    after = client.wait([xml, pdf])
    for document_id in (xml, pdf):
        assert after[document_id]["reading"]["fields"] == before[document_id]["reading"]["fields"]
        assert after[document_id]["version"] > before[document_id]["version"]
    assert after[pdf]["cost"]["price"] == {"amount": "0.02", "currency": "USD"}
    for _ in patiently():
        used = client.call("GET", "/v1/usage")[1]
        if used["pages"]["xml"] == used["pages"]["textract"] == 2:
            break
    assert used["documents"] == 2

    assert client.call("POST", "/v1/documents/delete", refs)[0] == 200
    assert client.versions(pdf) == client.versions(xml) == []


def look(client: Client, document_id: str) -> bytes:
    for _ in patiently():
        status, link = client.call("GET", f"/v1/documents/{document_id}/pages/1")
        if status != 202:
            break
    assert status == 302, link
    return bytes(client.http.request("GET", link["url"]).data)
