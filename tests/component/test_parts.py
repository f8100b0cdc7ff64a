"""A file of several invoices: a document for each, one file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from functions.extract import steps
from sheaf.audit.entries import Action
from sheaf.capture import library, splitting
from sheaf.capture.kept import KeptReading
from sheaf.capture.normalise import normalise
from sheaf.capture.reading import Source
from sheaf.edge.provisioning import Provisioned
from sheaf.edge.queues import LAST_DELIVERY
from sheaf.storage.contents import Readings
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write
from tests.builders import events
from tests.builders.expense import acme, packet
from tests.builders.files import many_pages_pdf, text_pdf
from tests.builders.world import World
from tests.component.invariants import at_rest, job_tokens

PDF = text_pdf(["Invoices"])
FIVE_PAGES = many_pages_pdf(5)


def test_each_invoice_becomes_a_document(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, PDF, packet(1, 3), "january.pdf")
    whole = world.document(ws, document_id)
    assert (whole["status"], whole["reading"], whole["part_of"]) == ("split", None, None)
    first, second = (world.document(ws, part_id) for part_id in whole["parts"])
    assert first["part_of"] == {"document_id": document_id, "first_page": 1, "last_page": 1}
    assert second["part_of"] == {"document_id": document_id, "first_page": 2, "last_page": 4}
    assert second["reading"]["fields"]["invoice_number"]["value"] == "INV-2002"
    assert second["reading"]["fields"]["total"]["page"] == 2
    assert first["filename"] == second["filename"] == "january.pdf"
    assert first["file"] == second["file"] == whole["file"]
    assert (first["parts"], first["duplicate_of"]) == ([], None)
    at_rest(world)


def test_lists_show_the_parts_in_the_order_of_the_pages_newest_first(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, PDF, packet(1, 1, 1))
    items = world.call(ws.api_key, "GET /v1/documents").json["items"]
    assert [item["id"] for item in items] == [
        *reversed(world.document(ws, document_id)["parts"]),
        document_id,
    ]
    assert [item["part_of"] and item["part_of"]["first_page"] for item in items] == [3, 2, 1, None]
    split = world.call(ws.api_key, "GET /v1/documents", query={"status": "split"}).json["items"]
    assert [item["id"] for item in split] == [document_id]


def test_the_audit_log_has_an_entry_for_each(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, PDF, packet(1, 1))
    parts = world.document(ws, document_id)["parts"]
    entries = {entry["subject"]: entry for entry in world.audit(ws, action="document.read")}
    assert entries[document_id]["after"] == {"status": "split", "parts": "2"}
    assert entries[parts[1]]["after"] == {"status": "ready", "part_of": document_id}


def test_more_parts_than_one_transaction_takes(world: World) -> None:
    ws = world.workspace()
    count = library.PARTS_AT_ONCE + splitting.PARTS_AT_ONCE + 1
    document_id = world.read(ws, PDF, packet(*[1] * count))
    assert len(world.document(ws, document_id)["parts"]) == count
    copy = world.upload(ws, PDF, "again.pdf")
    assert len(world.document(ws, copy)["parts"]) == count
    at_rest(world)
    assert world.delete(ws, document_id).status == 204
    assert len(world.items("DOCUMENT")) == count + 1
    at_rest(world)


def test_the_link_to_the_file_tells_the_pages(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, PDF, packet(1, 2))
    part_id = world.document(ws, document_id)["parts"][1]
    reply = world.call(ws.api_key, "GET /v1/documents/{document_id}/file", path={"document_id": part_id})
    assert f"/files/{document_id}/original" in reply.json["url"]
    assert (reply.json["first_page"], reply.json["last_page"]) == (2, 3)
    assert reply.headers["location"] == reply.json["url"] + "#page=2"


def test_copies_are_split_likewise_and_cost_nothing(world: World) -> None:
    ws = world.workspace()
    first = world.upload(ws, PDF)
    waiting = world.upload(ws, PDF)
    assert world.finish_job("job-1", packet(1, 1)) == []
    later = world.upload(ws, PDF)
    originals = world.document(ws, first)["parts"]
    for copy in (waiting, later):
        assert world.document(ws, copy)["status"] == "split"
        parts = [world.document(ws, part_id) for part_id in world.document(ws, copy)["parts"]]
        assert [part["duplicate_of"] for part in parts] == originals
        assert all(part["reading"]["checks"][-1]["code"] == "duplicate_file" for part in parts)
    assert job_tokens(world) == [f"{first}-1"]
    at_rest(world)


class TestDeleting:
    def test_the_file_takes_its_parts_with_it(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, PDF, packet(1, 1))
        assert world.delete(ws, document_id).status == 204
        assert world.items("DOCUMENT") == world.items("READING") == world.versions() == []

    def test_a_part_leaves_the_others_and_the_file(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, PDF, packet(1, 1))
        first, second = world.document(ws, document_id)["parts"]
        assert world.delete(ws, first).status == 204
        assert world.document(ws, document_id)["parts"] == [second]
        assert world.document(ws, second)["file"]["expires_on"]
        assert len(world.versions()) == 1
        at_rest(world)

    def test_what_is_no_longer_whole_is_copied_no_more(self, world: World) -> None:
        ws = world.workspace()
        document_id = world.read(ws, PDF, packet(1, 1))
        world.delete(ws, world.document(ws, document_id)["parts"][0])
        again = world.read(ws, PDF, packet(1, 1))
        assert world.document(ws, again)["duplicate_of"] is None
        assert len(world.document(ws, again)["parts"]) == 2
        at_rest(world)

    def test_while_parts_are_still_coming(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(splitting, "PARTS_AT_ONCE", 1)
        ws = world.workspace()
        document_id = world.upload(ws, PDF)
        split_off_one(world, ws.workspace_id, document_id)
        assert world.document(ws, document_id)["status"] == "reading"
        assert len(world.items("DOCUMENT")) == 2
        assert world.delete(ws, document_id).status == 204
        assert world.items("DOCUMENT") == []

    @pytest.mark.parametrize("done", [1, 2])
    def test_a_part_stays_deleted_while_others_are_still_coming(
        self, world: World, monkeypatch: pytest.MonkeyPatch, done: int
    ) -> None:
        monkeypatch.setattr(splitting, "PARTS_AT_ONCE", 1)
        ws = world.workspace()
        document_id = world.upload(ws, PDF)
        for _ in range(done):
            split_off_one(world, ws.workspace_id, document_id)
        deleted = world.document(ws, document_id)["parts"][-1]
        assert world.delete(ws, deleted).status == 204

        assert world.finish_job("job-1", packet(1, 1, 1)) == []

        assert pages(world, ws, document_id) == [each for each in ((1, 1), (2, 2), (3, 3)) if each[0] != done]
        assert deleted not in world.document(ws, document_id)["parts"]
        at_rest(world)


class TestGivingUpHalfWay:
    """What has been read stays; the pages that no part stands on are a part that failed."""

    @pytest.fixture(autouse=True)
    def _two_parts_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(splitting, "PARTS_AT_ONCE", 2)

    def test_a_copy_whose_own_analysis_fails(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        ws = world.workspace()
        copy = begun_copy_of_what_is_whole_no_more(world, ws, monkeypatch)
        world.textract.fail(world.job_of(copy), "BAD_DOCUMENT")

        assert world.complete(events.textract_completion(world.job_of(copy))) == []

        assert pages(world, ws, copy) == [(1, 1), (2, 2), (3, 5)]
        assert outcomes(world, ws, copy) == [None, None, "file_corrupt"]
        at_rest(world)

    def test_an_analysis_that_cannot_be_started(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        ws = world.workspace()
        copy = begun_copy_of_what_is_whole_no_more(world, ws, monkeypatch, start=False)
        world.textract.refuse = "UnsupportedDocumentException"
        assert world.watch(ws.workspace_id, copy) == []
        assert pages(world, ws, copy) == [(1, 1), (2, 2), (3, 5)]
        at_rest(world)

    def test_a_file_that_takes_too_long(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        ws = world.workspace()
        copy = begun_copy_of_what_is_whole_no_more(world, ws, monkeypatch)
        world.tick(hours=25)
        assert world.watch(ws.workspace_id, copy) == []
        assert outcomes(world, ws, copy) == [None, None, "reading_failed"]
        at_rest(world)

    def test_whoever_has_the_same_bytes_is_read_by_itself(self, world: World) -> None:
        ws = world.workspace()
        first, waiting = world.upload(ws, FIVE_PAGES), world.upload(ws, FIVE_PAGES)
        split_off_one(world, ws.workspace_id, first)
        world.delivery = LAST_DELIVERY
        assert world.complete(events.textract_completion("job-1")) == [0]
        world.delivery = 1
        assert outcomes(world, ws, first) == [None, None, "reading_failed"]

        assert world.watch(ws.workspace_id, waiting) == []

        assert world.finish_job(world.job_of(waiting), packet(1, 1, 1, 1, 1)) == []
        assert outcomes(world, ws, waiting) == [None] * 5
        later = world.read(ws, FIVE_PAGES, packet(1, 1, 1, 1, 1))
        assert world.document(ws, later)["duplicate_of"] is None
        at_rest(world)


class TestDeletingWhileACopyIsMade:
    @pytest.fixture(autouse=True)
    def _two_parts_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(splitting, "PARTS_AT_ONCE", 2)

    @pytest.mark.parametrize("number", range(5))
    def test_the_copy_is_read_by_itself(
        self, world: World, monkeypatch: pytest.MonkeyPatch, number: int
    ) -> None:
        ws = world.workspace()
        first = world.read(ws, PDF, packet(1, 2, 1, 1, 1))
        part_id = world.document(ws, first)["parts"][number]
        copy, event = world.send(ws, PDF)
        world.meanwhile(monkeypatch, lambda: world.delete(ws, part_id))

        for _ in range(2):
            assert world.receive(event) == []
            whole = world.document(ws, copy)
            assert (whole["status"], whole["duplicate_of"], len(whole["parts"])) == ("reading", None, 2)
            assert job_tokens(world) == [f"{first}-1", f"{copy}-1"]

        assert world.finish_job(world.job_of(copy), packet(1, 2, 1, 1, 1)) == []
        assert world.document(ws, copy)["status"] == "split"
        assert pages(world, ws, copy) == [(1, 1), (2, 3), (4, 4), (5, 5), (6, 6)]
        at_rest(world)

    def test_several_invoices_on_a_page_are_all_there(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ws = world.workspace()
        first = world.upload(ws, PDF)
        tenant = world.tenant(ws.workspace_id)
        document = tenant.documents.get(first)
        assert document is not None
        parts = [
            part.model_copy(update={"first_page": 1, "last_page": 1})
            for part in normalise(packet(1, 1), source=Source.TEXTRACT)
        ]
        splitting.split(tenant, document, parts)
        tenant.commit(Action.DOCUMENT_READ)
        monkeypatch.setattr(splitting, "PARTS_AT_ONCE", 1)
        copy = world.upload(ws, PDF)
        assert pages(world, ws, copy) == [(1, 1), (1, 1)]
        at_rest(world)

    def test_an_analysis_that_divides_otherwise_leaves_no_page_out(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ws = world.workspace()
        copy = begun_copy_of_what_is_whole_no_more(world, ws, monkeypatch)
        assert world.finish_job(world.job_of(copy), packet(1, 2, 2)) == []
        assert pages(world, ws, copy) == [(1, 1), (2, 2), (2, 3), (4, 5)]
        at_rest(world)

    def test_an_analysis_that_finds_one_invoice_leaves_no_page_out(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ws = world.workspace()
        copy = begun_copy_of_what_is_whole_no_more(world, ws, monkeypatch)
        assert world.finish_job(world.job_of(copy), packet(5)) == []
        assert pages(world, ws, copy) == [(1, 1), (2, 2), (1, 5)]
        at_rest(world)

    def test_a_reminder_starts_what_the_event_could_not(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ws = world.workspace()
        copy = begun_copy_of_what_is_whole_no_more(world, ws, monkeypatch, start=False)
        assert world.document(ws, copy)["duplicate_of"] is None
        assert world.watch(ws.workspace_id, copy) == []
        assert world.finish_job(world.job_of(copy), packet(1, 1, 1, 1, 1)) == []
        assert len(pages(world, ws, copy)) == 5
        at_rest(world)

    def test_a_reminder_finds_the_first_one_whole_no_more(self, world: World) -> None:
        ws = world.workspace()
        first, copy = world.upload(ws, PDF), world.upload(ws, PDF)
        tenant = world.tenant(ws.workspace_id)
        document = tenant.documents.get(first)
        assert document is not None
        splitting.split(tenant, document, normalise(packet(1, 1), source=Source.TEXTRACT))
        tenant.commit(Action.DOCUMENT_READ)
        assert world.delete(ws, world.document(ws, first)["parts"][1]).status == 204

        assert world.watch(ws.workspace_id, copy) == []

        assert world.finish_job(world.job_of(copy), packet(1, 1)) == []
        assert pages(world, ws, copy) == [(1, 1), (2, 2)]
        at_rest(world)

    @pytest.mark.parametrize("answer", [acme(), packet(1, 1, 1)])
    def test_a_reading_that_is_gone_just_when_it_is_copied(
        self, world: World, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
    ) -> None:
        ws = world.workspace()
        first = world.read(ws, PDF, answer)
        before_a_reading_is_loaded(monkeypatch, lambda: world.delete(ws, first))
        copy = world.upload(ws, PDF)
        assert world.document(ws, copy)["duplicate_of"] is None
        assert world.finish_job(world.job_of(copy), answer) == []
        assert world.document(ws, copy)["status"] in {"ready", "split"}
        at_rest(world)

    def test_a_part_of_the_copy_itself_stays_deleted(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ws = world.workspace()
        world.read(ws, PDF, packet(1, 1, 1, 1, 1))
        copy, event = world.send(ws, PDF)
        commit = Partition.commit

        def then_delete_the_first_part(partition: Partition, writes: Sequence[Write]) -> None:
            monkeypatch.setattr(Partition, "commit", commit)
            commit(partition, writes)
            assert world.delete(ws, world.document(ws, copy)["parts"][0]).status == 204

        monkeypatch.setattr(Partition, "commit", then_delete_the_first_part)
        assert world.receive(event) == []
        assert pages(world, ws, copy) == [(2, 2), (3, 3), (4, 4), (5, 5)]
        at_rest(world)


def begun_copy_of_what_is_whole_no_more(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch, *, start: bool = True
) -> str:
    """Two of five parts are copied; its own analysis runs, unless the process ends before it is started."""
    first = world.read(ws, FIVE_PAGES, packet(1, 1, 1, 1, 1))
    part_id = world.document(ws, first)["parts"][3]
    copy, event = world.send(ws, FIVE_PAGES)
    world.meanwhile(monkeypatch, lambda: world.delete(ws, part_id))
    with monkeypatch.context() as patch:
        if not start:
            patch.setattr(steps, "start_job", lambda workspace_id, document: None)
        assert world.receive(event) == []
    return copy


def before_a_reading_is_loaded(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    get = Readings.get

    def after_act(readings: Readings, document_id: str) -> KeptReading | None:
        monkeypatch.setattr(Readings, "get", get)
        act()
        return get(readings, document_id)

    monkeypatch.setattr(Readings, "get", after_act)


def pages(world: World, ws: Provisioned, document_id: str) -> list[tuple[int, int]]:
    """What the parts of a document stand on."""
    whole = world.document(ws, document_id)
    assert whole["status"] == "split"
    parts = [world.document(ws, part_id)["part_of"] for part_id in whole["parts"]]
    return [(part["first_page"], part["last_page"]) for part in parts]


def outcomes(world: World, ws: Provisioned, document_id: str) -> list[str | None]:
    """What the parts failed with."""
    parts = [world.document(ws, part_id) for part_id in world.document(ws, document_id)["parts"]]
    return [part["failure"] and part["failure"]["code"] for part in parts]


def split_off_one(world: World, workspace_id: str, document_id: str) -> None:
    tenant = world.tenant(workspace_id)
    document = tenant.documents.get(document_id)
    assert document is not None
    splitting.split(tenant, document, normalise(packet(1, 1, 1), source=Source.TEXTRACT))
    tenant.commit(Action.DOCUMENT_READ)


def test_the_sweep_erases_the_file_once(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, PDF, packet(1, 1))
    assert world.settings(ws, "1y").status == 200
    world.tick(days=400)
    report = world.sweep()
    assert [swept["files_deleted"] for swept in report["workspaces"]] == [1]
    whole = world.document(ws, document_id)
    for shown in (whole, *(world.document(ws, part_id) for part_id in whole["parts"])):
        assert shown["file"]["deleted_at"]
    assert world.document(ws, whole["parts"][0])["reading"]["fields"]["total"]["value"] == "119.00"
    at_rest(world)


def test_one_invoice_is_no_packet(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, PDF, acme())
    assert world.document(ws, document_id)["parts"] == []
