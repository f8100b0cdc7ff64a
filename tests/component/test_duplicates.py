"""The same bytes once more: one reading serves for both, in one workspace, and costs nothing."""

from __future__ import annotations

import pytest

from tests.builders.expense import acme
from tests.builders.files import corrupt_pdf, picture, text_pdf
from tests.builders.world import ROOT, SETTINGS, World, original
from tests.component.invariants import at_rest, job_tokens, run_on

PDF = text_pdf(["Invoice 1"])
READ = {"ready", "needs_review"}


def checks(document: dict[str, dict[str, list[dict[str, str]]]]) -> list[str]:
    return [check["code"] for check in document["reading"]["checks"]]


def test_a_copy_of_a_read_file_gets_its_reading_at_once(world: World) -> None:
    ws = world.workspace()
    first = world.read(ws, PDF, acme())
    second = world.upload(ws, PDF, "again.pdf")
    copy, source = world.document(ws, second), world.document(ws, first)
    assert copy["status"] in READ
    assert copy["duplicate_of"] == first
    assert copy["reading"]["fields"] == source["reading"]["fields"]
    assert "duplicate_file" in checks(copy)
    assert "duplicate_file" not in checks(source)
    assert job_tokens(world) == [f"{first}-1"]
    at_rest(world)


def test_a_copy_of_an_e_invoice_is_marked_too(world: World) -> None:
    ws = world.workspace()
    data = (ROOT / "samples" / "be-printer-ubl.xml").read_bytes()
    first = world.upload(ws, data, "a.xml", "application/xml")
    second = world.upload(ws, data, "b.xml", "application/xml")
    assert world.document(ws, second)["duplicate_of"] == first
    assert "duplicate_file" in checks(world.document(ws, second))


def test_copies_that_come_while_the_first_is_read_finish_with_it(world: World) -> None:
    ws = world.workspace()
    first, second, third = (world.upload(ws, PDF) for _ in range(3))
    assert {world.document(ws, each)["status"] for each in (first, second, third)} == {"reading"}

    assert world.finish_job("job-1", acme()) == []

    for copy in (second, third):
        assert world.document(ws, copy)["status"] in READ
        assert world.document(ws, copy)["duplicate_of"] == first
    assert job_tokens(world) == [f"{first}-1"]
    at_rest(world)


def test_copies_of_a_file_that_cannot_be_read_fail_with_it(world: World) -> None:
    ws = world.workspace()
    first, second = world.upload(ws, PDF), world.upload(ws, PDF)
    world.textract.fail("job-1", "BAD_DOCUMENT")
    assert world.watch(ws.workspace_id, first) == []
    assert world.document(ws, second)["failure"]["code"] == "file_corrupt"
    at_rest(world)


def test_after_a_failure_the_next_copy_is_read_afresh(world: World) -> None:
    ws = world.workspace()
    first = world.upload(ws, PDF)
    world.textract.fail("job-1", "BAD_DOCUMENT")
    assert world.watch(ws.workspace_id, first) == []
    assert world.document(ws, first)["status"] == "failed"

    second = world.read(ws, PDF, acme())

    assert world.document(ws, second)["status"] in READ
    assert world.document(ws, second)["duplicate_of"] is None
    third = world.upload(ws, PDF)
    assert world.document(ws, third)["duplicate_of"] == second
    at_rest(world)


def test_broken_bytes_twice_are_two_failures(world: World) -> None:
    ws = world.workspace()
    for _ in range(2):
        document_id = world.upload(ws, corrupt_pdf())
        assert world.document(ws, document_id)["failure"]["code"] == "file_corrupt"
    at_rest(world)


def test_once_the_first_is_deleted_a_copy_is_read_afresh(world: World) -> None:
    ws = world.workspace()
    first = world.read(ws, PDF, acme())
    assert world.delete(ws, first).status == 204
    second = world.read(ws, PDF, acme())
    assert world.document(ws, second)["duplicate_of"] is None
    assert "duplicate_file" not in checks(world.document(ws, second))
    at_rest(world)


def test_a_copy_outlives_its_first(world: World) -> None:
    ws = world.workspace()
    first = world.read(ws, PDF, acme())
    second = world.upload(ws, PDF)
    assert world.delete(ws, first).status == 204
    assert world.document(ws, second)["reading"]["fields"]["total"]["value"] == "119.00"
    assert (
        world.call(ws.api_key, "GET /v1/documents/{document_id}/file", path={"document_id": second}).status
        == 302
    )
    at_rest(world)


def test_a_waiting_copy_whose_first_is_deleted_stands_alone(world: World) -> None:
    ws = world.workspace()
    first, second = world.upload(ws, PDF), world.upload(ws, PDF)
    assert world.delete(ws, first).status == 204
    world.finish_job("job-1", acme())
    assert world.document(ws, second)["status"] == "reading"

    assert world.watch(ws.workspace_id, second) == []

    assert world.finish_job("job-2", acme()) == []
    document = world.document(ws, second)
    assert document["status"] in READ
    assert document["duplicate_of"] is None
    assert "duplicate_file" not in checks(document)
    at_rest(world)


@pytest.mark.parametrize(("image_format", "content_type"), [("WEBP", "image/webp"), ("HEIF", "image/heic")])
def test_a_waiting_copy_of_a_picture_that_must_be_converted_stands_alone(
    world: World, image_format: str, content_type: str
) -> None:
    ws = world.workspace()
    data = picture(["Invoice"], image_format)
    first, second = (world.upload(ws, data, "photo", content_type) for _ in range(2))
    assert world.delete(ws, first).status == 204

    assert world.watch(ws.workspace_id, second) == []

    analysed = world.textract.jobs[world.job_of(second)].place
    made = world.s3.get_object(Bucket=SETTINGS.bucket, Key=analysed["Name"])
    assert made["ContentType"] == "image/jpeg"
    assert world.finish_job(world.job_of(second), acme()) == []
    assert world.document(ws, second)["status"] in READ
    at_rest(world)


def test_a_copy_of_a_read_picture_needs_no_converted_one(world: World) -> None:
    ws = world.workspace()
    data = picture(["Invoice"], "WEBP")
    world.read(ws, data, acme(), "a.webp", "image/webp")
    copy = world.upload(ws, data, "b.webp", "image/webp")
    folder = original(ws, copy).removesuffix("original")
    assert [version["Key"] for version in world.versions(folder)] == [original(ws, copy)]


def test_a_waiting_copy_that_is_deleted_is_not_brought_back(world: World) -> None:
    ws = world.workspace()
    first, second = world.upload(ws, PDF), world.upload(ws, PDF)
    assert world.delete(ws, second).status == 204
    assert world.finish_job("job-1", acme()) == []
    run_on(world)
    assert world.document(ws, first)["status"] in READ
    assert len(world.items("DOCUMENT")) == 1
    at_rest(world)


def test_a_waiting_copy_waits_on_while_its_first_is_read(world: World) -> None:
    ws = world.workspace()
    _, second = world.upload(ws, PDF), world.upload(ws, PDF)
    asked = len(world.reminders.sent)
    assert world.watch(ws.workspace_id, second) == []
    assert world.document(ws, second)["status"] == "reading"
    assert len(world.reminders.sent) == asked + 1
    assert len(world.textract.jobs) == 1


def test_the_same_bytes_in_another_workspace_are_that_workspaces_business(world: World) -> None:
    ws, other = world.workspace("A"), world.workspace("B")
    world.read(ws, PDF, acme())
    theirs = world.upload(other, PDF)
    document = world.document(other, theirs)
    assert (document["status"], document["duplicate_of"]) == ("reading", None)
    assert world.finish_job("job-2", acme("7.00")) == []
    assert world.document(other, theirs)["reading"]["fields"]["total"]["value"] == "7.00"
    assert "duplicate_file" not in checks(world.document(other, theirs))
    at_rest(world)


def test_a_dropped_copy_is_a_duplicate_too(world: World) -> None:
    ws = world.workspace()
    first = world.read(ws, PDF, acme())
    world.receive(world.drop(ws, "again.pdf", PDF))
    run_on(world)
    (copy,) = [item["sk"]["S"] for item in world.items("DOCUMENT") if item["sk"]["S"] != first]
    assert world.document(ws, copy)["duplicate_of"] == first
    assert len(world.textract.jobs) == 1
