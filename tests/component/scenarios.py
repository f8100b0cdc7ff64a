"""What the handlers do, one delivery each: made ready, to be carried out, and what must be true then."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from functions.subscription.round import RoundIncomplete
from sheaf.edge.provisioning import Provisioned
from sheaf.subscription.plans import PLANS, PlanCode
from tests.builders import events
from tests.builders.expense import acme, packet
from tests.builders.files import corrupt_pdf, many_pages_pdf, picture, text_pdf
from tests.builders.reviewing import act as request
from tests.builders.reviewing import show
from tests.builders.subscribing import subscribe
from tests.builders.world import ROOT, SETTINGS, World, original
from tests.component.invariants import job_tokens, jobs_recorded

type Act = Callable[[], bool]
"""One delivery, or one request of a client that tries again: True when it needs no further one."""
type Check = Callable[[], None]
type Scenario = Callable[[World], tuple[Act, Check]]

PDF = text_pdf(["Invoice 1"])
UBL = (ROOT / "samples" / "be-printer-ubl.xml").read_bytes()


def queued(deliver: Callable[[], list[int]]) -> Act:
    return lambda: deliver() == []


def pdf_received(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id, event = world.send(ws, PDF)
    return queued(lambda: world.receive(event)), partial(read_by_one_job, world, ws, document_id)


def webp_received(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id, event = world.send(ws, picture(["Invoice"], "WEBP"), "a.webp", "image/webp")
    return queued(lambda: world.receive(event)), partial(read_by_one_job, world, ws, document_id)


def xml_received(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id, event = world.send(ws, UBL, "a.xml", "application/xml")

    def check() -> None:
        assert world.document(ws, document_id)["reading"]["engine"] == "xml"
        assert job_tokens(world) == []

    return queued(lambda: world.receive(event)), check


def broken_file_received(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id, event = world.send(ws, corrupt_pdf())

    def check() -> None:
        assert world.document(ws, document_id)["failure"]["code"] == "file_corrupt"

    return queued(lambda: world.receive(event)), check


def file_of_a_deleted_document_received(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id, event = world.send(ws, PDF)
    assert world.delete(ws, document_id).status == 204
    event = world.put(event["Records"][0]["s3"]["object"]["key"], PDF)

    def check() -> None:
        assert world.versions() == []

    return queued(lambda: world.receive(event)), check


def copy_of_a_read_file_received(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    first = world.read(ws, PDF, acme())
    document_id, event = world.send(ws, PDF)
    return queued(lambda: world.receive(event)), partial(read_once_for_both, world, ws, first, document_id)


def copy_of_a_file_being_read_received(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    first = world.upload(ws, PDF)
    document_id, event = world.send(ws, PDF)
    return queued(lambda: world.receive(event)), partial(read_once_for_both, world, ws, first, document_id)


def file_dropped(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    event = world.drop(ws, "scans/Invoice 1.pdf", PDF)

    def check() -> None:
        (document,) = world.items("DOCUMENT")
        read_by_one_job(world, ws, document["sk"]["S"])

    return queued(lambda: world.receive(event)), check


def file_over_the_limit_dropped(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    event = world.drop(ws, "all of 2026.pdf", PDF + b"\n" * SETTINGS.max_file_bytes)

    def check() -> None:
        (document,) = world.items("DOCUMENT")
        assert world.document(ws, document["sk"]["S"])["failure"]["code"] == "file_too_large"
        assert world.versions() == []

    return queued(lambda: world.receive(event)), check


def file_read_again(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.read(ws, PDF, acme())
    message = asked_to_read_again(world, ws, document_id)

    def check() -> None:
        assert world.document(ws, document_id)["reading"]["fields"]["invoice_number"]["value"] == "INV-1001"
        assert sorted(job_tokens(world)) == [f"{document_id}-1", f"{document_id}-2"]

    return queued(lambda: world.receive(message)), check


def e_invoice_read_again(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.upload(ws, UBL, "a.xml", "application/xml")
    message = asked_to_read_again(world, ws, document_id)

    def check() -> None:
        assert world.document(ws, document_id)["reading"]["engine"] == "xml"
        assert job_tokens(world) == []

    return queued(lambda: world.receive(message)), check


def file_received_without_room(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id, event = world.send(ws, PDF)
    subscribe(world, ws, PlanCode.STARTER, used=PLANS[PlanCode.STARTER].documents)

    def check() -> None:
        assert world.document(ws, document_id)["failure"]["code"] == "quota_exhausted"
        assert world.tenant(ws.workspace_id).waiting.first(2) == [document_id]
        assert job_tokens(world) == []

    return queued(lambda: world.receive(event)), check


def waiting_file_resumed(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id, event = world.send(ws, PDF)
    subscribe(world, ws, PlanCode.STARTER, used=PLANS[PlanCode.STARTER].documents)
    assert world.receive(event) == []
    world.tick(seconds=1)
    subscribe(world, ws, PlanCode.SCALE)
    message = {"resume": {"workspace_id": ws.workspace_id, "documents": None}}

    def act() -> bool:
        return world.receive(message) == [] and world.receive(*world.reminders.rereads) == []

    def check() -> None:
        read_by_one_job(world, ws, document_id)
        assert world.items("WAITING") == []

    return act, check


def use_beyond_a_plan_told(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    subscribe(world, ws, PlanCode.SCALE, used=PLANS[PlanCode.SCALE].documents + 3)

    def act() -> bool:
        try:
            world.round()
        except RoundIncomplete:
            return False
        return True

    def check() -> None:
        assert [usage.documents for usage in world.seller.used.values()] == [3]
        metered = world.tenant(ws.workspace_id).subscriptions.metered("2026-11")
        assert (metered.told, metered.planned) == (3, 3)

    return act, check


def asked_to_read_again(world: World, ws: Provisioned, document_id: str) -> dict[str, Any]:
    route = "POST /v1/documents/{document_id}/reprocess"
    assert world.call(ws.api_key, route, path={"document_id": document_id}).status == 202
    return world.reminders.rereads.pop()


def pages_drawn(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.read(ws, PDF, acme())
    message = {"workspace_id": ws.workspace_id, "document_id": document_id, "page": 1}

    def check() -> None:
        route, path = (
            "GET /v1/documents/{document_id}/pages/{page}",
            {"document_id": document_id, "page": "1"},
        )
        assert world.call(ws.api_key, route, path=path).status == 302
        assert world.delete(ws, document_id).status == 204
        assert world.versions("workspaces/") == []

    return queued(lambda: world.draw(message)), check


def analysis_completed(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.finish("job-1", acme())
    world.textract.pages_of_an_answer = 2
    message = events.textract_completion("job-1")
    return queued(lambda: world.complete(message)), partial(read_by_one_job, world, ws, document_id)


def analysis_completed_for_two(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    first, second = world.upload(ws, PDF), world.upload(ws, PDF)
    world.textract.finish("job-1", acme())
    message = events.textract_completion("job-1")
    return queued(lambda: world.complete(message)), partial(read_once_for_both, world, ws, first, second)


def many_invoices_completed(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.finish("job-1", packet(1, 2, 1, 1, 1))
    message = events.textract_completion("job-1")
    return queued(lambda: world.complete(message)), partial(split_in_five, world, ws, document_id)


def copy_of_many_invoices_received(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    first = world.read(ws, PDF, packet(1, 2, 1, 1, 1))
    document_id, event = world.send(ws, PDF)

    def check() -> None:
        split_in_five(world, ws, first)
        split_in_five(world, ws, document_id)
        assert job_tokens(world) == [f"{first}-1"]

    return queued(lambda: world.receive(event)), check


def many_invoices_deleted(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.read(ws, PDF, packet(1, 2, 1, 1, 1))
    parts = world.document(ws, document_id)["parts"]

    def act() -> bool:
        reply = world.delete(ws, document_id)
        assert reply.status in {204, 404, 409}
        return reply.status != 409

    def check() -> None:
        assert world.items("DOCUMENT") == world.items("READING") == world.versions() == []
        for part_id in parts:
            assert "document.deleted" in world.actions(ws, part_id)

    return act, check


def one_of_many_invoices_deleted(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.read(ws, PDF, packet(1, 2, 1))
    first, second, third = world.document(ws, document_id)["parts"]

    def act() -> bool:
        reply = world.delete(ws, second)
        assert reply.status in {204, 404, 409}
        return reply.status != 409

    def check() -> None:
        assert world.document(ws, document_id)["parts"] == [first, third]
        assert world.document(ws, third)["part_of"]["first_page"] == 4
        assert world.document(ws, third)["file"]["expires_on"]

    return act, check


def divided_by_hand(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.read(ws, many_pages_pdf(6), packet(6))
    etag = show(world, ws, document_id).headers["etag"]

    def act() -> bool:
        body = {"parts": [[1, 1], [2, 3], [4, 4], [5, 5], [6, 6]]}
        reply = request(world, ws, "POST divide", document_id, body, etag=etag)
        assert reply.status in {202, 409, 412}
        return reply.status != 409 and recognised(world, ws, document_id)

    def check() -> None:
        parts = world.document(ws, document_id)["parts"]
        assert [world.document(ws, each)["part_of"]["first_page"] for each in parts] == [1, 2, 4, 5, 6]
        assert job_tokens(world) == [f"{document_id}-1", f"{document_id}-2"]

    return act, check


def recognised(world: World, ws: Provisioned, document_id: str) -> bool:
    """Its reminder, and the completion of its job."""
    if world.watch(ws.workspace_id, document_id):
        return False
    for job_id in world.textract.running:
        world.textract.finish(job_id, packet(6))
    return world.complete(events.textract_completion(world.job_of(document_id))) == []


def division_undone(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.read(ws, many_pages_pdf(3), packet(1, 1, 1))
    parts = world.document(ws, document_id)["parts"]
    assert request(world, ws, "POST join", document_id, {}).status == 202
    assert recognised(world, ws, document_id)
    etag = show(world, ws, document_id).headers["etag"]

    def act() -> bool:
        reply = request(world, ws, "POST undo-division", document_id, etag=etag)
        assert reply.status in {200, 409, 412}
        return reply.status != 409

    def check() -> None:
        assert world.document(ws, document_id)["parts"] == parts
        assert len(world.items("READING")) == 3

    return act, check


def analysis_failed(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.fail("job-1", "UNSUPPORTED_DOCUMENT")
    message = events.textract_completion("job-1", status="FAILED")

    def check() -> None:
        assert world.document(ws, document_id)["failure"]["code"] == "file_type_unsupported"

    return queued(lambda: world.complete(message)), check


def completion_lost(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.finish("job-1", acme())
    act = queued(lambda: world.watch(ws.workspace_id, document_id))
    return act, partial(read_by_one_job, world, ws, document_id)


def job_lost(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.lose("job-1")

    def check() -> None:
        assert world.document(ws, document_id)["status"] in {"ready", "needs_review"}
        assert sorted(job_tokens(world)) == [f"{document_id}-1", f"{document_id}-2"]

    return queued(lambda: world.watch(ws.workspace_id, document_id)), check


def first_of_two_deleted(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    first, second = world.upload(ws, PDF), world.upload(ws, PDF)
    assert world.delete(ws, first).status == 204

    def check() -> None:
        assert world.document(ws, second)["status"] in {"ready", "needs_review"}
        assert world.document(ws, second)["duplicate_of"] is None

    return queued(lambda: world.watch(ws.workspace_id, second)), check


def upload_announced(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    body = {"filename": "a.pdf", "content_type": "application/pdf", "size": len(PDF)}

    def act() -> bool:
        reply = world.call(ws.api_key, "POST /v1/uploads", body=body, headers={"idempotency-key": "one"})
        assert reply.status in {201, 409}
        return reply.status == 201

    def check() -> None:
        assert len(world.items("DOCUMENT")) == 1

    return act, check


def document_deleted(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    document_id = world.read(ws, picture(["Invoice"], "WEBP"), acme(), "a.webp", "image/webp")
    other = world.upload(ws, UBL, "a.xml", "application/xml")
    world.tick(minutes=1)

    def act() -> bool:
        reply = world.delete(ws, document_id)
        assert reply.status in {204, 404, 409}
        return reply.status != 409

    def check() -> None:
        assert world.delete(ws, document_id).status == 404
        assert world.actions(ws, document_id)[-1] == "document.deleted"
        assert world.document(ws, other)["status"] in {"ready", "needs_review"}

    return act, check


def settings_changed(world: World) -> tuple[Act, Check]:
    ws = world.workspace()
    world.read(ws, PDF, acme())

    def act() -> bool:
        reply = world.settings(ws, "1y")
        assert reply.status in {200, 409}
        return reply.status == 200

    def check() -> None:
        (entry,) = world.audit(ws, action="settings.changed")
        assert (entry["before"], entry["after"]) == ({"retention": "7y"}, {"retention": "1y"})

    return act, check


def swept(world: World) -> tuple[Act, Check]:
    """Three files are due, in batches of two; one is not."""
    ws = world.workspace()
    due = [world.upload(ws, corrupt_pdf() + bytes([number])) for number in range(2)]
    world.put(original(ws, due[0]), b"a second version")
    world.tick(days=1)
    due.append(world.upload(ws, UBL, "a.xml", "application/xml"))
    world.tick(days=400)
    kept = world.upload(ws, corrupt_pdf())
    assert world.settings(ws, "1y").status == 200

    def act() -> bool:
        world.sweep()
        return True

    def check() -> None:
        files = [world.document(ws, document_id)["file"] for document_id in due]
        assert all(file["deleted_at"] and not file["expires_on"] for file in files)
        assert world.document(ws, kept)["file"]["expires_on"]
        assert len(world.certificates(ws)) == len(world.audit(ws, action="files.expired")) == 2

    return act, check


SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        pdf_received,
        webp_received,
        xml_received,
        broken_file_received,
        file_of_a_deleted_document_received,
        copy_of_a_read_file_received,
        copy_of_a_file_being_read_received,
        file_dropped,
        file_over_the_limit_dropped,
        file_read_again,
        e_invoice_read_again,
        file_received_without_room,
        waiting_file_resumed,
        use_beyond_a_plan_told,
        pages_drawn,
        analysis_completed,
        analysis_completed_for_two,
        many_invoices_completed,
        copy_of_many_invoices_received,
        many_invoices_deleted,
        one_of_many_invoices_deleted,
        divided_by_hand,
        division_undone,
        analysis_failed,
        completion_lost,
        job_lost,
        first_of_two_deleted,
        upload_announced,
        document_deleted,
        settings_changed,
        swept,
    )
}


def read_by_one_job(world: World, ws: Provisioned, document_id: str) -> None:
    assert world.document(ws, document_id)["status"] in {"ready", "needs_review"}
    assert job_tokens(world) == [f"{document_id}-1"]
    assert jobs_recorded(world) == {"job-1"}


def read_once_for_both(world: World, ws: Provisioned, first: str, second: str) -> None:
    read_by_one_job(world, ws, first)
    copy = world.document(ws, second)
    assert copy["duplicate_of"] == first
    assert copy["reading"]["fields"] == world.document(ws, first)["reading"]["fields"]


def split_in_five(world: World, ws: Provisioned, document_id: str) -> None:
    whole = world.document(ws, document_id)
    assert (whole["status"], len(whole["parts"])) == ("split", 5)
    parts = [world.document(ws, part_id) for part_id in whole["parts"]]
    numbers = [part["reading"]["fields"]["invoice_number"]["value"] for part in parts]
    assert numbers == ["INV-2001", "INV-2002", "INV-2003", "INV-2004", "INV-2005"]
    assert [part["part_of"]["first_page"] for part in parts] == [1, 2, 4, 5, 6]
