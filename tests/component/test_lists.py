"""The list of documents: newest first, in pages, by status."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders.expense import acme, answer
from tests.builders.files import corrupt_pdf, text_pdf
from tests.builders.world import World

LIST = "GET /v1/documents"


def some(world: World) -> tuple[Provisioned, dict[str, str]]:
    """Two documents of each kind, oldest first: id → status."""
    ws = world.workspace()
    made: dict[str, str] = {}
    for number in range(2):
        for status, make in (
            ("awaiting_upload", lambda n: world.announce(ws.api_key, b"1", f"{n}.pdf", "application/pdf")),
            ("reading", lambda n: world.upload(ws, text_pdf([f"reading {n}"]))),
            ("ready", lambda n: world.read(ws, text_pdf([f"read {n}"]), acme())),
            ("needs_review", lambda n: world.read(ws, text_pdf([f"odd {n}"]), answer(TOTAL="USD 1.00"))),
            ("failed", lambda n: world.upload(ws, corrupt_pdf() + bytes([n]))),
        ):
            world.tick(minutes=1)
            made[make(number)] = status
    return ws, made


def page(world: World, ws: Provisioned, **query: str) -> Any:
    reply = world.call(ws.api_key, LIST, query=query or None)
    assert reply.status == 200, reply.text
    return reply.json


def walk(world: World, ws: Provisioned, **query: str) -> list[str]:
    found, cursor = [], None
    while True:
        one = page(world, ws, **query, **({"cursor": cursor} if cursor else {}))
        assert len(one["items"]) <= int(query.get("limit", 50))
        found += [item["id"] for item in one["items"]]
        cursor = one["next_cursor"]
        if cursor is None:
            return found


def test_an_empty_list(world: World) -> None:
    ws = world.workspace()
    assert page(world, ws) == {"items": [], "next_cursor": None}
    assert page(world, ws, status="ready") == {"items": [], "next_cursor": None}


def test_newest_first_whatever_the_page_size(world: World) -> None:
    ws, made = some(world)
    newest_first = list(reversed(made))
    for limit in ("1", "3", "10", "200"):
        assert walk(world, ws, limit=limit) == newest_first


@pytest.mark.parametrize("status", ["awaiting_upload", "reading", "ready", "needs_review", "failed"])
def test_by_status_whatever_the_page_size(world: World, status: str) -> None:
    ws, made = some(world)
    wanted = [document_id for document_id, found in reversed(made.items()) if found == status]
    for limit in ("1", "2", "50"):
        assert walk(world, ws, status=status, limit=limit) == wanted


def test_a_document_leaves_one_status_for_another(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, text_pdf(["a"]))
    assert walk(world, ws, status="reading") == [document_id]
    world.finish_job("job-1", acme())
    assert walk(world, ws, status="reading") == []
    assert walk(world, ws, status="ready") == [document_id]
    world.delete(ws, document_id)
    assert walk(world, ws, status="ready") == []


def test_an_item_says_what_a_list_shows(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, text_pdf(["a"]), acme(), "Invoice.pdf")
    (item,) = page(world, ws)["items"]
    assert item == {
        "id": document_id,
        "filename": "Invoice.pdf",
        "status": "ready",
        "created_at": "2026-11-20T09:30:00Z",
        "summary": {
            "vendor": "Acme Tools Ltd",
            "invoice_number": "INV-1001",
            "invoice_date": "2026-11-02",
            "total": "119.00",
            "currency": "USD",
        },
        "risk": 5,
        "checks": [],
        "claim": None,
        "supplier_id": None,
        "client_id": None,
        "failure": None,
        "part_of": None,
    }


def test_a_failure_shows_in_the_list(world: World) -> None:
    ws = world.workspace()
    world.upload(ws, corrupt_pdf())
    (item,) = page(world, ws)["items"]
    assert item["failure"]["code"] == "file_corrupt"


def test_a_cursor_of_a_document_that_was_deleted_still_holds(world: World) -> None:
    ws, made = some(world)
    newest_first = list(reversed(made))
    first = page(world, ws, limit="4")
    world.delete(ws, first["next_cursor"])
    rest = page(world, ws, cursor=first["next_cursor"])
    assert [item["id"] for item in rest["items"]] == newest_first[4:]


def test_a_cursor_of_another_status_is_only_a_position(world: World) -> None:
    ws, made = some(world)
    newest_first = list(reversed(made))
    older = [each for each in newest_first[3:] if made[each] == "ready"]
    found = page(world, ws, status="ready", cursor=newest_first[2])
    assert [item["id"] for item in found["items"]] == older


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "201"),
        ("limit", "1e3"),
        ("limit", ""),
        ("status", "approved?"),
        ("status", "READY"),
        ("cursor", ""),
        ("cursor", "doc_"),
        ("cursor", "doc_0000000000000000000000000"),
        ("cursor", "DOC_00000000000000000000000000"),
        ("cursor", "doc_00000000000000000000000000\n"),
        ("cursor", "aud_00000000000000000000000000"),
        ("cursor", "doc_00000000000000000000000000#"),
    ],
)
def test_queries_that_make_no_sense_are_refused(world: World, name: str, value: str) -> None:
    ws = world.workspace()
    reply = world.call(ws.api_key, LIST, query={name: value})
    assert (reply.status, reply.json["code"]) == (422, "invalid_request")
    assert [error["field"] for error in reply.json["errors"]] == [name]


def test_a_rare_status_among_many_documents_is_found_at_once(world: World) -> None:
    """States that are not indexed are filtered while reading: the more is looked at, the rarer it is."""
    ws = world.workspace()
    wanted = world.upload(ws, text_pdf(["reading"]))
    for number in range(25):
        world.tick(seconds=1)
        world.announce(ws.api_key, b"1", f"{number}.pdf", "application/pdf")
    with world.network.recording() as calls:
        assert [item["id"] for item in page(world, ws, status="reading", limit="1")["items"]] == [wanted]
        assert [call.operation for call in calls].count("Query") == 2
    assert walk(world, ws, status="reading", limit="1") == [wanted]
