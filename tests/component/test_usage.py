"""What reading costs: of each document, and of a month."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders import events
from tests.builders.expense import acme, packet
from tests.builders.files import corrupt_pdf, many_pages_pdf, text_pdf
from tests.builders.world import World
from tests.component.scenarios import UBL

NOTHING = {"textract": 0, "xml": 0, "embedded": 0, "copied": 0}


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


def usage(world: World, ws: Provisioned, **query: str) -> Any:
    world.settle()
    reply = world.call(ws.api_key, "GET /v1/usage", query=query or None)
    assert reply.status == 200, reply.text
    return reply.json


def cost(world: World, ws: Provisioned, document_id: str) -> tuple[int, str | None, str]:
    found = world.document(ws, document_id)["cost"]
    assert found["price"]["currency"] == "USD"
    return found["pages"], found["engine"], found["price"]["amount"]


def test_a_text_analysis_costs_by_the_page(world: World, ws: Provisioned) -> None:
    assert usage(world, ws) == {
        "month": "2026-11", "documents": 0, "pages": NOTHING, "price": {"amount": "0.00", "currency": "USD"},
    }  # fmt: skip
    document_id = world.read(ws, many_pages_pdf(3), acme())
    assert cost(world, ws, document_id) == (3, "textract", "0.03")
    used = usage(world, ws)
    assert (used["documents"], used["pages"]) == (1, NOTHING | {"textract": 3})
    assert used["price"] == {"amount": "0.03", "currency": "USD"}


def test_xml_and_copies_cost_nothing(world: World, ws: Provisioned) -> None:
    invoice = world.upload(ws, UBL, "a.xml", "application/xml")
    assert cost(world, ws, invoice) == (1, "xml", "0.00")
    world.read(ws, many_pages_pdf(2), acme())
    copy = world.upload(ws, many_pages_pdf(2))
    assert cost(world, ws, copy) == (2, "textract", "0.00")
    failed = world.upload(ws, corrupt_pdf())
    assert cost(world, ws, failed)[1:] == (None, "0.00")
    used = usage(world, ws)
    assert used["documents"] == 4
    assert used["pages"] == NOTHING | {"xml": 1, "textract": 2, "copied": 2}


def test_each_analysis_counts(world: World, ws: Provisioned) -> None:
    document_id = world.upload(ws, many_pages_pdf(2))
    world.settle()
    world.textract.fail(world.job_of(document_id))
    world.complete(events.textract_completion(world.job_of(document_id), status="FAILED"))
    world.settle()
    world.finish_job(world.job_of(document_id), acme())
    assert cost(world, ws, document_id) == (2, "textract", "0.04")
    assert usage(world, ws)["pages"]["textract"] == 4

    route = "POST /v1/documents/{document_id}/reprocess"
    assert world.call(ws.api_key, route, path={"document_id": document_id}).status == 202
    world.settle()
    world.receive_rereads()
    world.settle()
    assert cost(world, ws, document_id)[2] == "0.06"
    world.finish_job(world.job_of(document_id), acme())

    used = usage(world, ws)
    assert (used["documents"], used["pages"]["textract"]) == (1, 6)


def test_a_file_of_several_invoices_is_paid_once(world: World, ws: Provisioned) -> None:
    document_id = world.read(ws, many_pages_pdf(3), packet(1, 2))
    assert cost(world, ws, document_id) == (3, "textract", "0.03")
    parts = world.document(ws, document_id)["parts"]
    assert [cost(world, ws, part) for part in parts] == [(1, "textract", "0.00"), (2, "textract", "0.00")]
    used = usage(world, ws)
    assert (used["documents"], used["pages"]["textract"]) == (1, 3)


def test_what_is_deleted_stays_counted(world: World, ws: Provisioned) -> None:
    read = world.read(ws, text_pdf(["a"]), acme())
    being_read = world.upload(ws, text_pdf(["b"]))
    announced = world.announce(ws.api_key, b"1", "a.pdf", "application/pdf")
    world.settle()
    for document_id in (read, being_read, announced):
        world.delete(ws, document_id)
    used = usage(world, ws)
    assert (used["documents"], used["pages"]["textract"]) == (2, 2)


def test_a_change_that_is_told_twice_is_counted_once(world: World, ws: Provisioned) -> None:
    world.read(ws, text_pdf(["a"]), acme())
    told = dict(world._told)
    first = usage(world, ws)
    for _ in range(2):
        world._told = dict(told)
        assert usage(world, ws) == first
    assert len(world.items("COUNTED")) == 1


def test_months_are_apart(world: World, ws: Provisioned) -> None:
    world.read(ws, text_pdf(["a"]), acme())
    world.settle()
    world.tick(days=20)
    world.read(ws, text_pdf(["b"]), acme())
    months = ("2026-11", "2026-12", "2027-01")
    assert [usage(world, ws, month=each)["documents"] for each in months] == [1, 1, 0]
    assert usage(world, ws)["month"] == "2026-12"


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-1", "november", "2026-11-01"])
def test_months_that_are_none(world: World, ws: Provisioned, month: str) -> None:
    assert world.call(ws.api_key, "GET /v1/usage", query={"month": month}).status == 422


def test_another_workspace_s_pages_are_not_counted_here(world: World, ws: Provisioned) -> None:
    other = world.workspace("Other")
    world.read(other, text_pdf(["a"]), acme())
    assert usage(world, ws)["documents"] == 0
