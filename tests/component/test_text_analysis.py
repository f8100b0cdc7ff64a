"""Textract at work: jobs, completions in any order and number, refusals and failures."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.capture.analysis import MAX_ATTEMPTS
from tests.builders import events
from tests.builders.expense import acme
from tests.builders.files import picture, text_pdf
from tests.builders.world import SETTINGS, World, original
from tests.component.invariants import at_rest

READ = {"ready", "needs_review"}


def test_the_job_is_asked_for_exactly_the_version_that_landed(world: World) -> None:
    ws = world.workspace()
    document_id, event = world.send(ws, text_pdf(["Invoice"]))
    world.receive(event)
    job = world.textract.jobs["job-1"]
    assert job.token == f"{document_id}-1"
    assert job.place == {
        "Bucket": SETTINGS.bucket,
        "Name": original(ws, document_id),
        "Version": event["Records"][0]["s3"]["object"]["versionId"],
    }


def test_a_job_reminds_us_in_fifteen_minutes(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, text_pdf(["Invoice"]))
    (reminder,) = world.reminders.sent
    assert (reminder.workspace_id, reminder.document_id) == (ws.workspace_id, document_id)
    assert reminder.delay_seconds == 900


def test_the_same_completion_twice_is_one_reading(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, text_pdf(["Invoice"]))
    world.finish_job("job-1", acme())
    before = world.document(ws, document_id)
    assert world.complete(events.textract_completion("job-1"), events.textract_completion("job-1")) == []
    assert world.document(ws, document_id) == before
    assert sorted(world.actions(ws, document_id)) == ["document.read", "document.uploaded"]
    at_rest(world)


def test_a_completion_before_the_job_is_recorded_is_tried_again(world: World) -> None:
    """Textract may be done before the function that started the job has written down whose it is."""
    ws = world.workspace()
    document_id, event = world.send(ws, text_pdf(["Invoice"]))
    completion = events.textract_completion("job-1")
    assert world.complete(completion) == [0]

    world.receive(event)
    world.textract.finish("job-1", acme())

    assert world.complete(completion) == []
    assert world.document(ws, document_id)["status"] in READ


def test_a_completion_that_comes_too_early_does_not_hold_up_its_batch(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, text_pdf(["Invoice"]))
    world.textract.finish("job-1", acme())
    failed = world.complete(events.textract_completion("job-9"), events.textract_completion("job-1"))
    assert failed == [0]
    assert world.document(ws, document_id)["status"] in READ


def test_completions_in_another_order_than_the_jobs(world: World) -> None:
    ws = world.workspace()
    ids = [world.upload(ws, text_pdf([name])) for name in ("a", "b", "c")]
    for job_id, total in (("job-3", "3.00"), ("job-1", "1.00"), ("job-2", "2.00")):
        assert world.finish_job(job_id, acme(total)) == []
    totals = [world.document(ws, each)["reading"]["fields"]["total"]["value"] for each in ids]
    assert totals == ["1.00", "2.00", "3.00"]


def test_whose_job_it_is_stands_in_our_record_not_in_the_message(world: World) -> None:
    """A notification that names another workspace's document in its tag reaches nothing of it."""
    ws, other = world.workspace("A"), world.workspace("B")
    mine, theirs = world.upload(ws, text_pdf(["a"])), world.upload(other, text_pdf(["b"]))
    world.textract.finish("job-1", acme())
    world.complete(events.textract_completion("job-1", tag=f"{theirs}-1"))
    assert world.document(ws, mine)["status"] in READ
    assert world.document(other, theirs)["status"] == "reading"


def test_an_answer_in_several_pages_is_one_reading(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, text_pdf(["Invoice"] * 120))
    answer: dict[str, Any] = acme()
    second = acme()["ExpenseDocuments"][0] | {"SummaryFields": []}
    answer["ExpenseDocuments"].append(second)
    world.textract.pages_of_an_answer = 2
    with world.network.recording() as calls:
        assert world.finish_job("job-1", answer) == []
        assert [str(call) for call in calls].count("textract.GetExpenseAnalysis") == 2
    assert world.document(ws, document_id)["reading"]["fields"]["total"]["value"] == "119.00"


def test_a_completion_while_the_answer_is_still_made_waits_for_the_reminder(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, text_pdf(["Invoice"]))
    assert world.complete(events.textract_completion("job-1")) == []
    assert world.document(ws, document_id)["status"] == "reading"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("UNSUPPORTED_DOCUMENT", "file_type_unsupported"),
        ("BAD_DOCUMENT", "file_corrupt"),
    ],
)
def test_a_failed_analysis_is_a_failed_document_that_says_why(world: World, said: str, code: str) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, text_pdf(["Invoice"]))
    world.textract.fail("job-1", said)
    assert world.complete(events.textract_completion("job-1", status="FAILED")) == []
    document = world.document(ws, document_id)
    assert (document["status"], document["failure"]["code"]) == ("failed", code)
    assert document["failure"]["message"].endswith(".")
    assert document["reading"] is None
    at_rest(world)


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        ("BadDocumentException", "file_corrupt"),
        ("DocumentTooLargeException", "file_too_large"),
        ("UnsupportedDocumentException", "file_type_unsupported"),
    ],
)
def test_a_file_that_textract_refuses_is_a_failed_document(world: World, refusal: str, code: str) -> None:
    ws = world.workspace()
    world.textract.refuse = refusal
    document_id = world.upload(ws, text_pdf(["Invoice"]))
    document = world.document(ws, document_id)
    assert (document["status"], document["failure"]["code"]) == ("failed", code)
    at_rest(world)


def test_an_analysis_that_fails_without_a_reason_is_tried_again_and_then_given_up(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, text_pdf(["Invoice"]))
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert world.document(ws, document_id)["status"] == "reading"
        world.textract.fail(f"job-{attempt}")
        assert world.complete(events.textract_completion(f"job-{attempt}", status="FAILED")) == []
    assert world.document(ws, document_id)["failure"]["code"] == "reading_failed"
    at_rest(world)


def test_other_errors_of_textract_are_tried_again(world: World) -> None:
    ws = world.workspace()
    document_id, event = world.send(ws, text_pdf(["Invoice"]))
    world.textract.refuse = "AccessDeniedException"
    assert world.receive(event) == [0]
    world.textract.refuse = None
    assert world.receive(event) == []
    assert world.finish_job("job-1", acme()) == []
    assert world.document(ws, document_id)["status"] in READ
    at_rest(world)


def test_an_answer_without_pages_is_a_failed_document(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, text_pdf(["Invoice"]))
    assert world.finish_job("job-1", {"DocumentMetadata": {"Pages": 0}, "ExpenseDocuments": []}) == []
    assert world.document(ws, document_id)["status"] in {"failed", "needs_review"}
    at_rest(world)


@pytest.mark.parametrize(("image_format", "content_type"), [("WEBP", "image/webp"), ("HEIF", "image/heic")])
def test_pictures_textract_does_not_take_are_converted_beside_the_original(
    world: World, image_format: str, content_type: str
) -> None:
    ws = world.workspace()
    data = picture(["Invoice 1"], image_format)
    document_id = world.upload(ws, data, "photo", content_type)
    readable = world.textract.jobs["job-1"].place["Name"]
    assert readable.startswith(original(ws, document_id).replace("original", "readable/fil_"))
    made = world.s3.get_object(Bucket=SETTINGS.bucket, Key=readable)
    assert made["ContentType"] == "image/jpeg"
    assert made["Body"].read().startswith(b"\xff\xd8\xff")
    kept = world.s3.get_object(Bucket=SETTINGS.bucket, Key=original(ws, document_id))["Body"].read()
    assert kept == data
    assert world.document(ws, document_id)["file"]["content_type"] == content_type


def test_pictures_textract_takes_are_not_copied(world: World) -> None:
    ws = world.workspace()
    world.upload(ws, picture(["Invoice 1"], "JPEG"), "photo.jpg", "image/jpeg")
    assert [version["Key"].rpartition("/")[2] for version in world.versions()] == ["original"]
