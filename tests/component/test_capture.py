"""From a file in the bucket to a reading, whatever the order and number of the messages."""

from __future__ import annotations

import pytest

from sheaf.edge.provisioning import Provisioned
from sheaf.edge.queues import LAST_DELIVERY
from tests.builders import events
from tests.builders.expense import acme
from tests.builders.files import invoice_pdf, text_pdf
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


def test_the_same_landing_twice_is_one_job(world: World) -> None:
    ws = world.workspace()
    document_id, event = world.send(ws, text_pdf(["Invoice"]))
    assert world.receive(event, event) == []
    assert world.receive(event) == []
    world.finish_job("job-1", acme())
    assert world.receive(event) == []
    assert job_tokens(world) == [f"{document_id}-1"]
    assert jobs_recorded(world) == {"job-1"}
    at_rest(world)


def test_s3s_test_event_is_accepted(world: World) -> None:
    assert world.receive(events.s3_test(SETTINGS.bucket)) == []


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"Records": []},
        {"Event": "s3:AnotherEvent", "Bucket": SETTINGS.bucket},
        {"detail-type": "Object Created", "detail": {"object": {"key": "workspaces/…"}}},
    ],
)
def test_a_message_that_is_no_notification_is_not_taken_for_done(
    world: World, caplog: pytest.LogCaptureFixture, message: dict[str, object]
) -> None:
    assert world.receive(message) == [0]
    assert [vars(record)["failure"] for record in caplog.records] == ["UnknownMessage"]
    world.delivery = LAST_DELIVERY
    assert world.receive(message) == [0]


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
