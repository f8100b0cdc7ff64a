"""Files dropped into a workspace's folder in the bucket become documents, as announced ones do."""

from __future__ import annotations

import pytest

from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import ROOT, SETTINGS, World, original
from tests.component.invariants import at_rest, run_on

PDF = text_pdf(["Invoice"])
READ = {"ready", "needs_review"}


def documents(world: World) -> list[str]:
    return sorted(item["sk"]["S"] for item in world.items("DOCUMENT"))


def test_a_dropped_file_is_moved_and_read(world: World) -> None:
    ws = world.workspace()
    assert world.receive(world.drop(ws, "Invoice.pdf", PDF)) == []

    (document_id,) = documents(world)
    assert world.versions(f"workspaces/{ws.workspace_id}/drop/") == []
    assert world.receive(*world.landings()) == []
    assert world.finish_job("job-1", acme()) == []
    document = world.document(ws, document_id)
    assert document["filename"] == "Invoice.pdf"
    assert document["status"] in READ
    assert sorted(world.actions(ws, document_id)) == ["document.dropped", "document.read"]
    at_rest(world)


def test_the_same_drop_twice_is_one_document(world: World) -> None:
    ws = world.workspace()
    event = world.drop(ws, "Invoice.pdf", PDF)
    assert world.receive(event, event) == []
    run_on(world)
    assert world.receive(event) == []
    assert len(documents(world)) == 1
    at_rest(world)


def test_two_files_under_the_same_name_are_two_documents(world: World) -> None:
    ws = world.workspace()
    first = world.drop(ws, "scan.pdf", text_pdf(["Invoice 1"]))
    second = world.drop(ws, "scan.pdf", text_pdf(["Invoice 2"]))
    assert world.receive(first, second) == []
    run_on(world)
    assert len(documents(world)) == 2
    assert {world.document(ws, each)["filename"] for each in documents(world)} == {"scan.pdf"}
    assert len(world.textract.jobs) == 2
    at_rest(world)


@pytest.mark.parametrize(
    ("key", "filename"),
    [
        ("Rechnung März 2026.pdf", "Rechnung März 2026.pdf"),
        ("a+b & c=d.pdf", "a+b & c=d.pdf"),
        ("100% (final) #2?.pdf", "100% (final) #2?.pdf"),
        ("2026/11/scanner 3/请求书.pdf", "请求书.pdf"),
        ("%2e%2e/x.pdf", "x.pdf"),
        ("..", ".."),
        ("noextension", "noextension"),
        ("line\nbreak\r.pdf", "line_break_.pdf"),
        ("a folder\n/tab\tand\x7fdelete.pdf", "tab_and_delete.pdf"),
        ("invoice_\u202efdp.exe.pdf", "invoice__fdp.exe.pdf"),
        ("\x01.pdf", "_.pdf"),
        (f"{'n' * 300}.pdf", "n" * 255),
    ],
)
def test_names_survive_the_encoding_of_s3s_events(world: World, key: str, filename: str) -> None:
    ws = world.workspace()
    assert world.receive(world.drop(ws, key, PDF)) == []
    (document_id,) = documents(world)
    assert world.document(ws, document_id)["filename"] == filename
    assert world.versions(f"workspaces/{ws.workspace_id}/drop/") == []
    run_on(world)
    assert world.document(ws, document_id)["status"] in READ


class TestFilesOverTheLimit:
    TOO_LARGE = PDF + b"\n" * SETTINGS.max_file_bytes

    def test_they_are_refused_with_a_reason_and_neither_copied_nor_kept(self, world: World) -> None:
        ws = world.workspace()
        event = world.drop(ws, "all of 2026.pdf", self.TOO_LARGE)
        with world.network.recording() as calls:
            assert world.receive(event) == []
            assert not {"s3.CopyObject", "s3.GetObject"} & set(map(str, calls))
        (document_id,) = documents(world)
        document = world.document(ws, document_id)
        assert (document["status"], document["failure"]["code"]) == ("failed", "file_too_large")
        assert "2,000,000" in document["failure"]["message"]
        assert document["file"] is None
        assert world.versions() == []
        at_rest(world)

    def test_however_often_they_are_reported(self, world: World) -> None:
        ws = world.workspace()
        event = world.drop(ws, "all of 2026.pdf", self.TOO_LARGE)
        assert world.receive(event, event) == []
        assert world.receive(event) == []
        assert len(documents(world)) == 1
        at_rest(world)


def test_a_dropped_e_invoice_is_read_without_a_job(world: World) -> None:
    ws = world.workspace()
    data = (ROOT / "samples" / "de-landscaping-cii.xml").read_bytes()
    assert world.receive(world.drop(ws, "invoice.XML", data)) == []
    assert world.receive(*world.landings()) == []
    (document_id,) = documents(world)
    assert world.document(ws, document_id)["reading"]["engine"] == "xml"
    assert world.textract.jobs == {}


def test_an_extension_that_lies_is_found_out(world: World) -> None:
    ws = world.workspace()
    assert world.receive(world.drop(ws, "invoice.png", PDF)) == []
    assert world.receive(*world.landings()) == []
    (document_id,) = documents(world)
    assert world.document(ws, document_id)["failure"]["code"] == "file_type_mismatch"
    at_rest(world)


def test_what_was_adopted_before_the_drop_was_deleted_by_hand_stays_one_document(world: World) -> None:
    """The drop vanished between its event and our coming: nothing to move, and nothing to read."""
    ws = world.workspace()
    event = world.drop(ws, "Invoice.pdf", PDF)
    for version in world.versions():
        world.s3.delete_object(Bucket="files", Key=version["Key"], VersionId=version["VersionId"])
    assert world.receive(event) == []
    assert world.landings() == []
    at_rest(world)


def test_a_drop_lands_in_the_workspace_whose_folder_it_is(world: World) -> None:
    ws, other = world.workspace("A"), world.workspace("B")
    assert world.receive(world.drop(ws, "a.pdf", PDF)) == []
    (document_id,) = documents(world)
    assert world.landings()[0]["Records"][0]["s3"]["object"]["key"] == original(ws, document_id)
    assert world.call(other.api_key, "GET /v1/documents").json["items"] == []


def test_a_drop_into_nobodys_folder_stays_where_it_is_and_is_reported(world: World) -> None:
    key = "workspaces/wrk_00000000000000000000000000/drop/a.pdf"
    assert world.receive(world.put(key, PDF)) == [0]
    assert world.items("DOCUMENT") == []
    assert [version["Key"] for version in world.versions()] == [key]


def test_a_deleted_document_stays_deleted_when_its_drop_is_reported_again(world: World) -> None:
    ws = world.workspace()
    event = world.drop(ws, "Invoice.pdf", PDF)
    world.receive(event)
    run_on(world)
    (document_id,) = documents(world)
    assert world.delete(ws, document_id).status == 204

    assert world.receive(event) == []

    assert documents(world) == []
    at_rest(world)


def test_a_drop_that_was_taken_away_again_is_no_document(world: World) -> None:
    ws = world.workspace()
    event = world.drop(ws, "Invoice.pdf", PDF)
    for version in world.versions(f"workspaces/{ws.workspace_id}/drop/"):
        world.s3.delete_object(Bucket=SETTINGS.bucket, Key=version["Key"], VersionId=version["VersionId"])
    assert world.receive(event) == []
    assert documents(world) == []


def test_a_drop_into_nobodys_folder_is_kept_and_told_of(world: World) -> None:
    """Its message ends with the dead letters; the file stays where it is."""
    key = "workspaces/wrk_01jd0000000000000000000000/drop/Invoice.pdf"
    assert len(world.receive(world.put(key, PDF))) == 1
    assert [version["Key"] for version in world.versions(key)] == [key]
    assert documents(world) == []
