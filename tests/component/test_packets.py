"""Files divided and joined by hand: what changes is read anew, the rest stays, all of it can be undone."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.capture import packets
from sheaf.edge.provisioning import Provisioned
from tests.builders import events
from tests.builders.clients import assign, client
from tests.builders.expense import acme, packet
from tests.builders.files import corrupt_pdf, many_pages_pdf
from tests.builders.reviewing import act, approved, corrected, show
from tests.builders.world import ROOT, Reply, World, fresh_world
from tests.component.invariants import at_rest, job_tokens

FIVE_PAGES = many_pages_pdf(5)
UBL = (ROOT / "samples" / "be-printer-ubl.xml").read_bytes()


def divide(world: World, ws: Provisioned, document_id: str, *parts: tuple[int, int]) -> Reply:
    return act(world, ws, "POST divide", document_id, {"parts": [list(part) for part in parts]})


def join(world: World, ws: Provisioned, document_id: str, *part_ids: str) -> Reply:
    return act(world, ws, "POST join", document_id, {"parts": list(part_ids)} if part_ids else {})


def undo(world: World, ws: Provisioned, document_id: str) -> Reply:
    return act(world, ws, "POST undo-division", document_id)


def read_on(world: World, ws: Provisioned, document_id: str, answer: dict[str, Any] | None = None) -> Any:
    """Reminder and completion arrive, each of them twice; the document as it is then.

    The file says what it said the last time, unless it is told here.
    """
    said = [job.answer for job in world.textract.jobs.values() if job.answer]
    for _ in range(2):
        assert world.watch(ws.workspace_id, document_id) == []
        for job_id in world.textract.running:
            assert world.finish_job(job_id, answer or dict(said[-1])) == []
            assert world.complete(events.textract_completion(job_id)) == []
    return world.document(ws, document_id)


def fail_job(world: World, ws: Provisioned, document_id: str) -> None:
    assert world.watch(ws.workspace_id, document_id) == []
    world.textract.fail(world.job_of(document_id), "BAD_DOCUMENT")
    message = events.textract_completion(world.job_of(document_id), status="FAILED")
    assert world.complete(message) == []


def divided(world: World, ws: Provisioned, document_id: str, *parts: tuple[int, int]) -> Any:
    reply = divide(world, ws, document_id, *parts)
    assert reply.status == 202, reply.text
    assert (reply.json["status"], reply.json["undoable"]) == ("reading", True)
    return read_on(world, ws, document_id)


def joined(world: World, ws: Provisioned, document_id: str, *part_ids: str) -> Any:
    reply = join(world, ws, document_id, *part_ids)
    assert reply.status == 202, reply.text
    return read_on(world, ws, document_id)


def undone(world: World, ws: Provisioned, document_id: str) -> Any:
    reply = undo(world, ws, document_id)
    assert reply.status == 200, reply.text
    return reply.json


def pages(world: World, ws: Provisioned, document_id: str) -> list[tuple[int, int]]:
    whole = world.document(ws, document_id)
    assert whole["status"] == "split"
    parts = [world.document(ws, part_id)["part_of"] for part_id in whole["parts"]]
    return [(part["first_page"], part["last_page"]) for part in parts]


def number(shown: Any) -> str:
    return str(shown["reading"]["fields"]["invoice_number"]["value"])


def refused(reply: Reply, status: int, code: str) -> None:
    assert (reply.status, reply.json["code"]) == (status, code), reply.text


def listed(world: World, ws: Provisioned, route: str = "GET /v1/documents") -> set[str]:
    world.settle()
    return {item["id"] for item in world.call(ws.api_key, route).json["items"]}


class TestDividing:
    def test_a_packet_that_was_taken_for_one_invoice(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(5), "january.pdf")
        whole = divided(world, ws, document_id, (1, 2), (3, 5))
        assert (whole["status"], whole["reading"], len(whole["parts"])) == ("split", None, 2)
        assert pages(world, ws, document_id) == [(1, 2), (3, 5)]
        second = world.document(ws, whole["parts"][1])
        assert second["reading"]["fields"]["total"]["page"] == 3
        assert (second["filename"], second["file"]) == ("january.pdf", whole["file"])
        assert listed(world, ws, "GET /v1/review") == set(whole["parts"])
        at_rest(world)

    def test_a_job_that_is_lost_is_started_again(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(5))
        world.tick(days=30)
        assert divide(world, ws, document_id, (1, 2), (3, 5)).status == 202
        assert world.watch(ws.workspace_id, document_id) == []
        world.textract.lose(world.job_of(document_id))
        read_on(world, ws, document_id)
        assert pages(world, ws, document_id) == [(1, 2), (3, 5)]
        assert job_tokens(world) == [f"{document_id}-{number}" for number in (1, 2, 3)]
        at_rest(world)

    def test_parts_that_keep_their_pages_keep_everything(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 2, 1, 1))
        first, second, third, fourth = world.document(ws, document_id)["parts"]
        approved(world, ws, first)
        corrected(world, ws, third, purchase_order="PO-7")
        before = [world.document(ws, each) for each in (first, third, fourth)]
        whole = divided(world, ws, document_id, (1, 1), (2, 2), (3, 3), (4, 4), (5, 5))
        assert [world.document(ws, each) for each in (first, third, fourth)] == before
        assert whole["parts"][0] == first
        assert whole["parts"][3:] == [third, fourth]
        assert pages(world, ws, document_id) == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
        assert show(world, ws, second).status == 404

    def test_a_file_that_could_not_be_read(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.upload(ws, FIVE_PAGES)
        world.textract.fail("job-1", "BAD_DOCUMENT")
        assert world.complete(events.textract_completion("job-1", status="FAILED")) == []
        assert divide(world, ws, document_id, (1, 2), (3, 5)).status == 202
        fail_job(world, ws, document_id)
        parts = [world.document(ws, each) for each in world.document(ws, document_id)["parts"]]
        assert [part["failure"]["code"] for part in parts] == ["file_corrupt", "file_corrupt"]
        at_rest(world)
        assert corrected(world, ws, parts[0]["id"], total="12.00")["status"] == "needs_review"

    def test_more_parts_than_one_unit_of_work_takes(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(packets, "PARTS_AT_ONCE", 2)
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(5))
        divided(world, ws, document_id, *[(page, page) for page in range(1, 6)])
        assert pages(world, ws, document_id) == [(page, page) for page in range(1, 6)]
        at_rest(world)

    def test_a_late_notice_of_the_first_reading_changes_nothing(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        assert divide(world, ws, document_id, (1, 2), (3, 5)).status == 202
        assert world.complete(events.textract_completion("job-1")) == []
        assert world.document(ws, document_id)["parts"] == []
        read_on(world, ws, document_id)
        assert world.complete(events.textract_completion("job-1")) == []
        assert pages(world, ws, document_id) == [(1, 2), (3, 5)]
        at_rest(world)

    def test_a_reminder_that_comes_before_the_division_is_made_up_for_by_a_later_one(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(5))
        world.reminders.sent.clear()
        world.meanwhile(monkeypatch, lambda: world.watch(ws.workspace_id, document_id))
        assert divide(world, ws, document_id, (1, 2), (3, 5)).status == 202
        soon, late = world.reminders.sent
        assert (soon.document_id, soon.delay_seconds, late.delay_seconds) == (document_id, 1, 900)
        read_on(world, ws, late.document_id)
        assert pages(world, ws, document_id) == [(1, 2), (3, 5)]

    def test_a_part_that_is_deleted_meanwhile_does_not_come_back(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        first = world.document(ws, document_id)["parts"][0]
        assert divide(world, ws, document_id, (1, 1), (2, 3), (4, 5)).status == 202
        assert world.delete(ws, first).status == 204
        read_on(world, ws, document_id)
        assert pages(world, ws, document_id) == [(2, 3), (4, 5)]
        at_rest(world)

    @pytest.mark.parametrize(
        "parts",
        [
            [[1, 2], [3, 4]],
            [[2, 3], [4, 5]],
            [[1, 3], [3, 5]],
            [[1, 2], [4, 5]],
            [[1, 2], [3, 6]],
            [[3, 5], [1, 2]],
            [[1, 2], [5, 3]],
            [[0, 2], [3, 5]],
            [[1, 5]],
            [[1], [2, 5]],
            [],
        ],
    )
    def test_every_page_is_in_one_part(self, world: World, parts: list[list[int]]) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(5))
        reply = act(world, ws, "POST divide", document_id, {"parts": parts})
        refused(reply, 422, "invalid_request")
        assert reply.json["errors"]


class TestJoining:
    def test_an_invoice_that_was_taken_for_several(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 2, 2))
        gone = world.document(ws, document_id)["parts"]
        whole = joined(world, ws, document_id)
        assert (whole["status"], whole["parts"], number(whole)) == ("needs_review", [], "INV-2001")
        assert listed(world, ws) == {document_id}
        assert listed(world, ws, "GET /v1/review") == {document_id}
        assert all(show(world, ws, each).status == 404 for each in gone)
        at_rest(world)

    def test_two_neighbours_become_one_part(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 2, 1, 1))
        first, second, third, fourth = world.document(ws, document_id)["parts"]
        approved(world, ws, first)
        whole = joined(world, ws, document_id, third, second)
        assert pages(world, ws, document_id) == [(1, 1), (2, 4), (5, 5)]
        assert (whole["parts"][0], whole["parts"][2]) == (first, fourth)
        assert world.document(ws, first)["status"] == "approved"

    def test_all_of_them_by_name_are_all(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        whole = joined(world, ws, document_id, *world.document(ws, document_id)["parts"])
        assert (whole["status"], whole["parts"]) == ("ready", [])

    def test_two_receipts_on_one_page(self, world: World) -> None:
        ws = world.workspace()
        answer = packet(1, 1)
        for document in answer["ExpenseDocuments"]:
            for field in document["SummaryFields"]:
                field["PageNumber"] = 1
        document_id = world.read(ws, many_pages_pdf(1), answer)
        assert pages(world, ws, document_id) == [(1, 1), (1, 1)]
        assert joined(world, ws, document_id)["parts"] == []
        assert undone(world, ws, document_id)["status"] == "split"
        at_rest(world)

    def test_receipts_that_share_another_page_are_left_alone(self, world: World) -> None:
        ws = world.workspace()
        answer = packet(1, 1, 1, 1, 1)
        for document, page in zip(answer["ExpenseDocuments"], (1, 1, 2, 3, 4), strict=True):
            for field in document["SummaryFields"]:
                field["PageNumber"] = page
        document_id = world.read(ws, many_pages_pdf(4), answer)
        before = world.document(ws, document_id)["parts"]
        assert pages(world, ws, document_id) == [(1, 1), (1, 1), (2, 2), (3, 3), (4, 4)]
        refused(join(world, ws, document_id, before[1], before[2]), 422, "invalid_request")
        whole = joined(world, ws, document_id, before[2], before[3])
        assert pages(world, ws, document_id) == [(1, 1), (1, 1), (2, 3), (4, 4)]
        assert [*whole["parts"][:2], whole["parts"][3]] == [*before[:2], before[4]]
        whole = joined(world, ws, document_id, *whole["parts"][:3])
        assert pages(world, ws, document_id) == [(1, 3), (4, 4)]

    def test_only_parts_that_stand_one_after_the_other(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 2, 1, 1))
        first, second, third, _ = world.document(ws, document_id)["parts"]
        refused(join(world, ws, document_id, first, third), 422, "invalid_request")
        refused(join(world, ws, document_id, first, document_id), 422, "invalid_request")
        assert world.delete(ws, second).status == 204
        refused(join(world, ws, document_id, first, third), 422, "invalid_request")

    def test_an_analysis_that_fails_can_be_undone(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        before = documents(world)
        assert join(world, ws, document_id).status == 202
        fail_job(world, ws, document_id)
        assert world.document(ws, document_id)["failure"]["code"] == "file_corrupt"
        corrected(world, ws, document_id, total="12.00")
        undone(world, ws, document_id)
        assert documents(world) == before


class TestUndoing:
    def test_all_that_people_had_done_is_there_again(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(2, 3))
        first, second = world.document(ws, document_id)["parts"]
        corrected(world, ws, first, purchase_order="PO-7")
        act(world, ws, "POST comments", second, {"text": "Whose is this?"})
        world.settle()
        before = documents(world)
        joined(world, ws, document_id)
        world.settle()
        whole = undone(world, ws, document_id)
        world.settle()
        assert documents(world) == before
        assert whole["parts"] == [first, second]
        assert world.document(ws, first)["reading"]["fields"]["purchase_order"]["value"] == "PO-7"
        told = act(world, ws, "GET history", second).json["items"]
        assert {event["text"] for event in told} == {None, "Whose is this?"}
        assert listed(world, ws, "GET /v1/review") == {first, second}
        at_rest(world)

    def test_undone_twice_it_is_done_again(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(5))
        corrected(world, ws, document_id, purchase_order="PO-1")
        whole = divided(world, ws, document_id, (1, 2), (3, 5))
        corrected(world, ws, whole["parts"][1], purchase_order="PO-2")
        after = documents(world)
        assert undone(world, ws, document_id)["reading"]["fields"]["purchase_order"]["value"] == "PO-1"
        assert undone(world, ws, document_id)["parts"] == whole["parts"]
        assert documents(world) == after
        world.settle()
        at_rest(world)

    def test_whose_it_is_is_not_undone(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        parts = world.document(ws, document_id)["parts"]
        joined(world, ws, document_id)
        bakery = client(world, ws)
        assert assign(world, ws, document_id, bakery).status == 200
        undone(world, ws, document_id)
        assert {world.document(ws, each)["client_id"] for each in (document_id, *parts)} == {bakery}

    def test_before_it_was_read(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(5))
        before = documents(world)
        assert divide(world, ws, document_id, (1, 2), (3, 5)).status == 202
        undone(world, ws, document_id)
        assert documents(world) == before
        assert read_on(world, ws, document_id)["status"] == "ready"
        world.tick(days=2)
        world.reminders.sent.clear()
        assert undone(world, ws, document_id)["status"] == "reading"
        assert [each.delay_seconds for each in world.reminders.sent] == [1, 900]
        read_on(world, ws, document_id)
        assert pages(world, ws, document_id) == [(1, 2), (3, 5)]
        at_rest(world)

    def test_only_the_last_step(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        first, second = world.document(ws, document_id)["parts"]
        divided(world, ws, document_id, (1, 1), (2, 3), (4, 5))
        once = documents(world)
        joined(world, ws, document_id)
        world.settle()
        undone(world, ws, document_id)
        assert documents(world) == once
        assert world.items("READING")
        assert second not in {item["sk"]["S"] for item in world.items("READING")}
        assert "document.deleted" in world.actions(ws, second)
        assert world.document(ws, first)["status"] == "ready"
        at_rest(world)

    def test_not_what_has_been_approved_since(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(5))
        whole = divided(world, ws, document_id, (1, 2), (3, 5))
        approved(world, ws, whole["parts"][0], *codes(world, ws, whole["parts"][0]))
        refused(undo(world, ws, document_id), 409, "decided")
        assert act(world, ws, "POST reopen", whole["parts"][0]).status == 200
        undone(world, ws, document_id)

    def test_not_what_has_been_exported_since(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(5))
        whole = divided(world, ws, document_id, (1, 2), (3, 5))
        body = {"format": "csv", "document_ids": [whole["parts"][0]]}
        assert world.call(ws.api_key, "POST /v1/exports", body=body).status == 202
        world.export_all()
        refused(undo(world, ws, document_id), 409, "exported")
        refused(join(world, ws, document_id), 409, "exported")

    def test_nothing_is_no_step(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        refused(undo(world, ws, document_id), 409, "nothing_to_undo")


class TestRefusing:
    def test_what_cannot_be_divided(self, world: World) -> None:
        ws = world.workspace()
        einvoice = world.upload(ws, UBL, "a.xml", "application/xml")
        refused(divide(world, ws, einvoice, (1, 1), (2, 2)), 409, "einvoice")
        broken = world.upload(ws, corrupt_pdf())
        refused(divide(world, ws, broken, (1, 1), (2, 2)), 409, "file_unreadable")
        reading = world.upload(ws, FIVE_PAGES)
        refused(divide(world, ws, reading, (1, 1), (2, 5)), 409, "not_read_yet")
        assert world.finish_job(world.job_of(reading), packet(5)) == []
        refused(join(world, ws, reading), 409, "not_split")
        act(world, ws, "POST reject", reading, {"reason": "No."})
        refused(divide(world, ws, reading, (1, 1), (2, 5)), 409, "decided")

    def test_a_part_and_what_is_divided_like_that_already(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        part_id = world.document(ws, document_id)["parts"][1]
        refused(divide(world, ws, part_id, (1, 1), (2, 5)), 409, "is_part")
        refused(divide(world, ws, document_id, (1, 1), (2, 5)), 409, "nothing_to_do")

    def test_what_was_decided_and_what_somebody_else_looks_at(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        first, second = world.document(ws, document_id)["parts"]
        approved(world, ws, first)
        refused(join(world, ws, document_id), 409, "decided")
        person = world.person("ada@example.test")
        tenant = world.tenant(ws.workspace_id)
        part = tenant.documents.get(second)
        assert part is not None
        until = world.clock.now().replace(hour=23)
        claimed = {"claim": {"by": person, "until": until}}
        tenant.documents.save(part.model_copy(update={"review": part.review.model_validate(claimed)}))
        tenant.commit(None)
        refused(divide(world, ws, document_id, (1, 1), (2, 3), (4, 5)), 409, "claimed")

    def test_more_than_one_step_can_undo(self, world: World) -> None:
        ws = world.workspace()
        count = packets.AT_ONCE + 1
        document_id = world.read(ws, many_pages_pdf(count), packet(*[1] * count))
        refused(join(world, ws, document_id), 409, "too_many_parts")
        parts = world.document(ws, document_id)["parts"]
        joined(world, ws, document_id, *parts[: packets.AT_ONCE])
        assert joined(world, ws, document_id)["parts"] == []
        assert len(undone(world, ws, document_id)["parts"]) == 2

    def test_an_old_version(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(5))
        etag = show(world, ws, document_id).headers["etag"]
        corrected(world, ws, document_id, purchase_order="PO-1")
        body = {"parts": [[1, 2], [3, 5]]}
        refused(act(world, ws, "POST divide", document_id, body, etag=etag), 412, "changed_meanwhile")

    def test_a_file_that_is_gone(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        world.settings(ws, "1y")
        world.tick(days=400)
        world.sweep()
        refused(join(world, ws, document_id), 410, "gone")


class TestSameBytes:
    def test_what_people_divided_is_copied_to_nobody(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(5))
        divided(world, ws, document_id, (1, 2), (3, 5))
        again = world.read(ws, FIVE_PAGES, packet(5))
        assert (world.document(ws, again)["duplicate_of"], world.document(ws, again)["parts"]) == (None, [])
        at_rest(world)

    def test_one_that_waited_is_read_by_itself(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.upload(ws, FIVE_PAGES)
        copy = world.upload(ws, FIVE_PAGES)
        world.textract.finish("job-1", packet(5))
        assert world.watch(ws.workspace_id, document_id) == []
        tenant = world.tenant(ws.workspace_id)
        waiting = tenant.documents.get(copy)
        assert waiting is not None
        divided(world, ws, document_id, (1, 2), (3, 5))
        assert world.document(ws, copy)["parts"] == []

    def test_a_copy_is_divided_by_itself_and_stays_a_copy(self, world: World) -> None:
        ws = world.workspace()
        first = world.read(ws, FIVE_PAGES, packet(5))
        copy = world.upload(ws, FIVE_PAGES)
        before = documents(world)
        assert divide(world, ws, copy, (1, 2), (3, 5)).status == 202
        read_on(world, ws, copy)
        whole = world.document(ws, copy)
        assert (whole["duplicate_of"], whole["status"]) == (first, "split")
        for part_id in whole["parts"]:
            checks = {
                check["code"]: check["found"] for check in world.document(ws, part_id)["reading"]["checks"]
            }
            assert checks["duplicate_file"] == first
        assert world.document(ws, first)["parts"] == []
        undone(world, ws, copy)
        assert documents(world) == before
        third = world.upload(ws, FIVE_PAGES)
        assert world.document(ws, third)["duplicate_of"] == first
        at_rest(world)

    def test_undone_it_is_the_first_one_again(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        joined(world, ws, document_id)
        undone(world, ws, document_id)
        copy = world.upload(ws, FIVE_PAGES)
        assert world.document(ws, copy)["duplicate_of"] == document_id
        assert len(world.document(ws, copy)["parts"]) == 2
        at_rest(world)


class TestDeleting:
    def test_the_file_takes_what_is_set_aside_with_it(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 4))
        world.settle()
        gone = world.document(ws, document_id)["parts"]
        joined(world, ws, document_id)
        world.settle()
        assert world.delete(ws, document_id).status == 204
        world.settle()
        for kind in ("DOCUMENT", "READING", "SETASIDE", "HISTORY", "INDEX", "FILE"):
            assert world.items(kind) == [], kind
        assert all("document.deleted" in world.actions(ws, each) for each in gone)
        assert world.versions() == []

    def test_a_part_that_is_deleted_since_stays_deleted(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(1, 2, 2))
        first, second, third = world.document(ws, document_id)["parts"]
        joined(world, ws, document_id, second, third)
        assert world.delete(ws, first).status == 204
        assert undone(world, ws, document_id)["parts"] == [second, third]
        assert world.items("DIGEST") == []
        at_rest(world)


@st.composite
def divisions(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Of five pages into two parts or more."""
    cuts = sorted(draw(st.sets(st.integers(1, 4), min_size=1)))
    return [(first + 1, last) for first, last in pairwise((0, *cuts, 5))]


@given(
    invoices=st.sampled_from([(5,), (1, 4), (2, 1, 2), (1, 1, 1, 1, 1)]),
    parts=divisions(),
    corrections=st.sets(st.integers(0, 4)),
    reads=st.booleans(),
)
@settings(max_examples=8, deadline=None)
def test_whatever_is_divided_and_undone_is_as_it_was(
    invoices: tuple[int, ...], parts: list[tuple[int, int]], corrections: set[int], *, reads: bool
) -> None:
    with fresh_world() as world:
        ws = world.workspace()
        document_id = world.read(ws, FIVE_PAGES, packet(*invoices))
        there = world.document(ws, document_id)["parts"] or [document_id]
        for each in corrections & set(range(len(there))):
            corrected(world, ws, there[each], purchase_order=f"PO-{each}")
        world.settle()
        before, shown_before = documents(world), listed(world, ws)
        reply = divide(world, ws, document_id, *parts)
        assert reply.status == (409 if pages_of(before) == parts else 202)
        if reply.status == 409:
            return
        if reads:
            read_on(world, ws, document_id)
            assert pages(world, ws, document_id) == parts
        world.settle()
        undone(world, ws, document_id)
        read_on(world, ws, document_id)
        assert listed(world, ws) == shown_before
        assert documents(world) == before
        at_rest(world)


def pages_of(items: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return sorted((int(item["uf"]["N"]), int(item["ul"]["N"])) for item in items if "uf" in item)


def test_a_repeated_request_divides_once(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, FIVE_PAGES, packet(5))
    headers = {"if-match": show(world, ws, document_id).headers["etag"], "idempotency-key": "one"}
    request = {
        "path": {"document_id": document_id},
        "body": {"parts": [[1, 2], [3, 5]]},
        "headers": headers,
    }
    replies = [world.call(ws.api_key, "POST /v1/documents/{document_id}/divide", **request) for _ in range(2)]
    assert [reply.status for reply in replies] == [202, 202]
    assert world.actions(ws, document_id).count("document.divided") == 1


def test_the_history_tells_who_divided_what(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, FIVE_PAGES, packet(5))
    divided(world, ws, document_id, (1, 2), (3, 5))
    undone(world, ws, document_id)
    events_ = {each["action"]: each for each in act(world, ws, "GET history", document_id).json["items"]}
    assert events_["document.divided"]["after"] == {"status": "reading", "pages": "1-2, 3-5"}
    assert events_["document.division_undone"]["actor"]["id"] == ws.key_id


def codes(world: World, ws: Provisioned, document_id: str) -> list[str]:
    return [check["code"] for check in world.document(ws, document_id)["reading"]["checks"]]


def documents(world: World) -> list[dict[str, Any]]:
    """All documents and readings, without what counts changes."""
    counted = {"v", "yu", "a"}
    found = [*world.items("DOCUMENT"), *world.items("READING")]
    aside = {item["sk"]["S"].partition("#")[2] for item in world.items("SETASIDE")}
    live = {item["sk"]["S"] for item in world.items("DOCUMENT")}
    return [
        {name: value for name, value in item.items() if name not in counted}
        for item in found
        if item["sk"]["S"] in live or item["sk"]["S"] not in aside
    ]


def test_acme_is_one_invoice(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, FIVE_PAGES, acme())
    divided(world, ws, document_id, (1, 1), (2, 5))
    second = world.document(ws, world.document(ws, document_id)["parts"][1])
    assert second["status"] == "needs_review", "pages without a field are for a person"
