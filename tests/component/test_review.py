"""A person and a reading: claim, correct, approve, reject, open again; nobody's work is lost."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import Reply, World


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


def act(
    world: World, key: str, verb: str, document_id: str, body: Any = None, etag: str | None = None
) -> Reply:
    method, _, last = verb.partition(" ")
    return world.call(
        key,
        f"{method} /v1/documents/{{document_id}}/{last}",
        path={"document_id": document_id},
        body=body,
        headers={"if-match": etag} if etag else {},
    )


def show(world: World, ws: Provisioned, document_id: str) -> Reply:
    return world.call(ws.api_key, "GET /v1/documents/{document_id}", path={"document_id": document_id})


def correct(world: World, ws: Provisioned, document_id: str, **body: Any) -> Reply:
    etag = show(world, ws, document_id).headers["etag"]
    return act(world, ws.api_key, "PATCH reading", document_id, body, etag)


def test_a_correction_keeps_what_the_machine_read(world: World, ws: Provisioned) -> None:
    document_id = world.read(ws, text_pdf(["a"]), acme())
    reply = correct(world, ws, document_id, fields={"invoice_number": "INV-1002", "due_date": None})
    assert reply.status == 200, reply.text
    field = reply.json["reading"]["fields"]["invoice_number"]
    assert (field["value"], field["source"], field["confidence"]) == ("INV-1002", "person", 1.0)
    assert field["correction"]["machine"]["value"] == "INV-1001"
    assert field["correction"]["at"] == "2026-11-20T09:30:00Z"
    again = show(world, ws, document_id)
    assert again.json == reply.json
    assert again.headers["etag"] == reply.headers["etag"]
    assert again.json["reading"]["fields"]["invoice_number"]["page"] == field["page"]


def test_what_is_approved_is_approved_by_somebody(world: World, ws: Provisioned) -> None:
    document_id = world.upload(ws, text_pdf(["a"]))
    world.tick(seconds=1)
    world.finish_job(world.job_of(document_id), acme())
    world.tick(seconds=1)
    etag = show(world, ws, document_id).headers["etag"]
    reply = act(world, ws.api_key, "POST approve", document_id, {}, etag)
    assert reply.status == 200, reply.text
    assert reply.json["status"] == "approved"
    assert len(reply.json["review"]["approvals"]) == 1
    world.settle()
    history = act(world, ws.api_key, "GET history", document_id).json["items"]
    assert [event["action"] for event in history] == [
        "document.uploaded", "document.read", "document.approved",
    ]  # fmt: skip


def test_the_queue_and_a_search(world: World, ws: Provisioned) -> None:
    document_id = world.read(ws, text_pdf(["a"]), acme(), "Müller 2026.pdf")
    world.settle()
    queue = world.call(ws.api_key, "GET /v1/review").json["items"]
    assert [item["id"] for item in queue] == [document_id]
    for q in ("acme", "mull 2026", "INV-1001", "tools inv1001"):
        found = world.call(ws.api_key, "GET /v1/documents", query={"q": q}).json["items"]
        assert [item["id"] for item in found] == [document_id], q
    assert world.call(ws.api_key, "GET /v1/documents", query={"q": "acme other"}).json["items"] == []
    for query in (
        {"supplier": "ACME tools Ltd."},
        {"date_from": "2026-11-02", "date_to": "2026-11-02"},
        {"amount_from": "119", "amount_to": "119.00", "currency": "USD"},
    ):
        found = world.call(ws.api_key, "GET /v1/documents", query=query).json["items"]
        assert [item["id"] for item in found] == [document_id], query
    world.delete(ws, document_id)
    world.settle()
    assert world.items("INDEX") == world.items("HISTORY") == []
