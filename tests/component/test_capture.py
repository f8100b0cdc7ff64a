"""From a file in the bucket to a reading, whatever the order and number of the messages."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders import events
from tests.builders.expense import acme
from tests.builders.files import invoice_pdf, picture, text_pdf
from tests.builders.world import ROOT, SETTINGS, World, original
from tests.component.invariants import at_rest, job_tokens, jobs_recorded

READ = {"ready", "needs_review"}
SAMPLES = ROOT / "samples"


def test_an_announced_file_becomes_a_reading(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, text_pdf(["Invoice"]))
    assert world.document(ws, document_id)["status"] == "reading"

    assert world.finish_job("job-1", acme()) == []

    document = world.document(ws, document_id)
    assert document["status"] in READ
    assert document["reading"]["fields"]["total"]["value"] == "119.00"
    assert document["reading"]["fields"]["vendor"]["value"] == "Acme Tools Ltd"
    assert document["reading"]["engine"] == "textract"
    assert document["file"]["pages"] == 1
    assert document["file"]["expires_on"] == "2033-11-20"
    at_rest(world)


def test_what_was_announced_is_there_before_the_file_is(world: World) -> None:
    ws = world.workspace()
    document_id = world.announce(ws.api_key, b"1234", "Rechnung März.pdf", "application/pdf")
    document = world.document(ws, document_id)
    assert document["status"] == "awaiting_upload"
    assert document["filename"] == "Rechnung März.pdf"
    assert document["file"] is None
    assert document["created_by"] == ws.key_id


def test_the_job_is_asked_for_exactly_the_version_that_landed(world: World) -> None:
    ws = world.workspace()
    document_id, event = world.send(ws, text_pdf(["Invoice"]))
    world.receive(event)
    job = world.textract.jobs["job-1"]
    assert job.token == f"{document_id}-0"
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


def test_the_same_landing_twice_is_one_job(world: World) -> None:
    ws = world.workspace()
    document_id, event = world.send(ws, text_pdf(["Invoice"]))
    assert world.receive(event, event) == []
    assert world.receive(event) == []
    world.finish_job("job-1", acme())
    assert world.receive(event) == []
    assert job_tokens(world) == [f"{document_id}-0"]
    assert jobs_recorded(world) == {"job-1"}
    at_rest(world)


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
    world.complete(events.textract_completion("job-1", tag=f"{theirs}-0"))
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
        (None, "reading_failed"),
    ],
)
def test_a_failed_analysis_is_a_failed_document_that_says_why(
    world: World, said: str | None, code: str
) -> None:
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


def test_s3s_test_event_is_accepted(world: World) -> None:
    assert world.receive(events.s3_test(SETTINGS.bucket)) == []


def test_objects_that_are_nobodys_business_are_passed_over(world: World) -> None:
    ws = world.workspace()
    root = f"workspaces/{ws.workspace_id}"
    document_id = world.announce(ws.api_key, b"1234", "a.pdf", "application/pdf")
    keys = (
        f"{root}/",
        f"{root}/drop/",
        f"{root}/drop/2026/",
        f"{root}/files/{document_id}/readable",
        f"{root}/files/{document_id}/original/again",
        f"{root}/files/{document_id.upper()}/original",
        f"{root}/elsewhere/a.pdf",
        "workspaces/nobody/drop/a.pdf",
        "somewhere/else.pdf",
    )
    assert world.receive(*[world.put(key, b"data") for key in keys]) == []
    assert [item["sk"]["S"] for item in world.items("DOCUMENT")] == [document_id]
    assert world.document(ws, document_id)["status"] == "awaiting_upload"
    assert {version["Key"] for version in world.versions()} == set(keys)


def test_an_e_invoice_is_read_at_once_and_exactly(world: World) -> None:
    ws = world.workspace()
    data = (SAMPLES / "be-printer-ubl.xml").read_bytes()
    document_id = world.upload(ws, data, "invoice.xml", "application/xml")
    document = world.document(ws, document_id)
    assert document["status"] in READ
    assert document["reading"]["engine"] == "xml"
    assert document["reading"]["fields"]["total"]["confidence"] == 1.0
    assert world.textract.jobs == {}
    assert world.reminders.sent == []
    assert sorted(world.actions(ws, document_id)) == ["document.read", "document.uploaded"]


def test_the_e_invoice_inside_a_pdf_is_read_instead_of_the_page(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, (SAMPLES / "de-electrician-facturx.pdf").read_bytes())
    assert world.document(ws, document_id)["reading"]["engine"] == "xml"
    assert world.textract.jobs == {}


@pytest.mark.parametrize(("image_format", "content_type"), [("WEBP", "image/webp"), ("HEIF", "image/heic")])
def test_pictures_textract_does_not_take_are_converted_beside_the_original(
    world: World, image_format: str, content_type: str
) -> None:
    ws = world.workspace()
    data = picture(["Invoice 1"], image_format)
    document_id = world.upload(ws, data, "photo", content_type)
    readable = original(ws, document_id).replace("original", "readable")
    assert world.textract.jobs["job-1"].place == {"Bucket": SETTINGS.bucket, "Name": readable}
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


def test_a_later_version_under_the_same_key_is_not_read(world: World) -> None:
    """A form can be sent twice while it is valid; the file is what came first."""
    ws = world.workspace()
    document_id, first = world.send(ws, invoice_pdf("INV-1"))
    second = world.put(original(ws, document_id), invoice_pdf("INV-2"))
    assert world.receive(first) == []
    digest = world.document(ws, document_id)["file"]["sha256"]
    assert world.receive(second) == []
    assert world.document(ws, document_id)["file"]["sha256"] == digest
    assert world.textract.jobs["job-1"].place["Version"] == first["Records"][0]["s3"]["object"]["versionId"]
    assert len(world.textract.jobs) == 1


def test_one_bad_message_does_not_hold_up_its_batch(world: World) -> None:
    ws = world.workspace()
    document_id, event = world.send(ws, text_pdf(["Invoice"]))
    broken = {"Records": [{"s3": {}}]}
    assert world.receive(broken, event) == [0]
    assert world.document(ws, document_id)["status"] == "reading"


def test_several_objects_in_one_message(world: World) -> None:
    ws = world.workspace()
    ids, messages = zip(*(world.send(ws, text_pdf([name])) for name in "abc"), strict=True)
    records = [record for message in messages for record in message["Records"]]
    assert world.receive({"Records": records}) == []
    assert {world.document(ws, each)["status"] for each in ids} == {"reading"}
    assert len(world.textract.jobs) == 3


def test_a_version_that_is_gone_when_its_event_comes_is_passed_over(world: World) -> None:
    ws = world.workspace()
    document_id, event = world.send(ws, text_pdf(["Invoice"]))
    _vanish(world, ws, document_id)
    assert world.receive(event) == []
    assert world.document(ws, document_id)["status"] == "awaiting_upload"
    assert world.textract.jobs == {}


def _vanish(world: World, ws: Provisioned, document_id: str) -> None:
    for version in world.versions(original(ws, document_id)):
        world.s3.delete_object(Bucket=SETTINGS.bucket, Key=version["Key"], VersionId=version["VersionId"])
