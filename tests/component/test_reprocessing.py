"""Reading a file once more: what people corrected stays, and nothing is lost when it fails this time."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.capture.analysis import MAX_ATTEMPTS
from sheaf.edge.provisioning import Provisioned
from tests.builders import events
from tests.builders.expense import acme, packet
from tests.builders.files import corrupt_pdf, text_pdf
from tests.builders.world import Reply, World
from tests.component.invariants import at_rest
from tests.component.scenarios import UBL


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


@pytest.fixture
def document_id(world: World, ws: Provisioned) -> str:
    return world.read(ws, text_pdf(["a"]), acme())


def reprocess(world: World, ws: Provisioned, document_id: str, **request: Any) -> Reply:
    route = "POST /v1/documents/{document_id}/reprocess"
    return world.call(ws.api_key, route, path={"document_id": document_id}, **request)


def act(world: World, ws: Provisioned, verb: str, document_id: str, body: Any) -> Reply:
    method, _, last = verb.partition(" ")
    return world.call(
        ws.api_key,
        f"{method} /v1/documents/{{document_id}}/{last}",
        path={"document_id": document_id},
        body=body,
        headers={"if-match": "*"},
    )


def codes(document: Any) -> list[str]:
    return [check["code"] for check in document["reading"]["checks"]]


def test_a_new_reading_takes_the_place_of_the_old(world: World, ws: Provisioned, document_id: str) -> None:
    reply = reprocess(world, ws, document_id)
    assert (reply.status, reply.json["status"]) == (202, "reading")
    assert reply.headers["etag"] == f'"{reply.json["version"]}"'
    assert reply.json["reading"]["fields"]["invoice_number"]["value"] == "INV-1001", "the old one, meanwhile"
    assert world.document(ws, document_id) == reply.json

    world.receive_rereads()
    world.finish_job(world.job_of(document_id), acme(number="INV-2002"))

    read = world.document(ws, document_id)
    assert read["status"] in {"ready", "needs_review"}
    assert read["reading"]["fields"]["invoice_number"]["value"] == "INV-2002"
    assert [job.token for job in world.textract.jobs.values()] == [f"{document_id}-1", f"{document_id}-2"]
    assert sorted(world.actions(ws, document_id)) == [
        "document.read", "document.read", "document.reprocessed", "document.uploaded",
    ]  # fmt: skip
    at_rest(world)


def test_corrections_stay(world: World, ws: Provisioned, document_id: str) -> None:
    act(world, ws, "PATCH reading", document_id, {"fields": {"vendor": "Acme and Sons", "due_date": None}})
    reprocess(world, ws, document_id)
    world.receive_rereads()
    world.finish_job(world.job_of(document_id), acme(number="INV-2002"))

    fields = world.document(ws, document_id)["reading"]["fields"]

    assert (fields["vendor"]["value"], fields["vendor"]["source"]) == ("Acme and Sons", "person")
    assert fields["invoice_number"]["value"] == "INV-2002"
    assert "due_date" not in fields


def test_an_e_invoice_is_read_from_its_xml_again(world: World, ws: Provisioned) -> None:
    document_id = world.upload(ws, UBL, "a.xml", "application/xml")
    before = world.document(ws, document_id)
    reprocess(world, ws, document_id)
    world.receive_rereads()
    after = world.document(ws, document_id)
    assert after["reading"] == before["reading"]
    assert after["status"] == before["status"]
    assert world.textract.jobs == {}


def test_the_earlier_reading_stands_when_it_fails(world: World, ws: Provisioned, document_id: str) -> None:
    before = world.document(ws, document_id)
    reprocess(world, ws, document_id)
    world.receive_rereads()
    for _ in range(MAX_ATTEMPTS):
        job_id = world.job_of(document_id)
        world.textract.fail(job_id)
        assert world.complete(events.textract_completion(job_id, status="FAILED")) == []

    after = world.document(ws, document_id)

    assert after["status"] == before["status"]
    assert after["reading"]["fields"] == before["reading"]["fields"]
    assert codes(after) == [*codes(before), "reprocess_failed"]
    assert len(world.textract.jobs) == 1 + MAX_ATTEMPTS

    reprocess(world, ws, document_id)
    world.receive_rereads()
    world.finish_job(world.job_of(document_id), acme())
    assert codes(world.document(ws, document_id)) == codes(before), "what failed once is forgotten"


def test_several_invoices_found_late_do_not_scatter_what_was_corrected(
    world: World, ws: Provisioned, document_id: str
) -> None:
    reprocess(world, ws, document_id)
    world.receive_rereads()
    world.finish_job(world.job_of(document_id), packet(1, 1))
    after = world.document(ws, document_id)
    assert after["status"] in {"ready", "needs_review"}
    assert after["reading"]["fields"]["invoice_number"]["value"] == "INV-1001"
    assert codes(after)[-1] == "reprocess_failed"


def test_a_file_that_failed_gets_another_chance(world: World, ws: Provisioned) -> None:
    document_id = world.upload(ws, text_pdf(["b"]))
    for _ in range(MAX_ATTEMPTS):
        job_id = world.job_of(document_id)
        world.textract.fail(job_id)
        world.complete(events.textract_completion(job_id, status="FAILED"))
    assert world.document(ws, document_id)["status"] == "failed"
    assert reprocess(world, ws, document_id).json["failure"] is None
    world.receive_rereads()
    world.finish_job(world.job_of(document_id), acme())
    assert world.document(ws, document_id)["reading"]["fields"]["invoice_number"]["value"] == "INV-1001"


def test_a_damaged_file_fails_again(world: World, ws: Provisioned) -> None:
    document_id = world.upload(ws, corrupt_pdf())
    failed = world.document(ws, document_id)["failure"]
    reprocess(world, ws, document_id)
    world.receive_rereads()
    assert world.document(ws, document_id)["failure"] == failed


def test_a_copy_is_read_by_itself(world: World, ws: Provisioned, document_id: str) -> None:
    copy = world.upload(ws, text_pdf(["a"]))
    assert world.document(ws, copy)["duplicate_of"] == document_id
    reprocess(world, ws, copy)
    world.receive_rereads()
    world.finish_job(world.job_of(copy), acme(number="INV-3003"))
    after = world.document(ws, copy)
    assert after["reading"]["fields"]["invoice_number"]["value"] == "INV-3003"
    assert after["duplicate_of"] == document_id
    assert "duplicate_file" in codes(after)


def test_what_was_sent_while_it_is_read_again_gets_the_new_reading(
    world: World, ws: Provisioned, document_id: str
) -> None:
    reprocess(world, ws, document_id)
    copy = world.upload(ws, text_pdf(["a"]))
    world.receive_rereads()
    assert world.document(ws, copy)["status"] == "reading"
    world.finish_job(world.job_of(document_id), acme(number="INV-2002"))
    assert world.document(ws, copy)["reading"]["fields"]["invoice_number"]["value"] == "INV-2002"
    at_rest(world)


# --- at least once, in any order --------------------------------------------------------------------------


def test_the_message_comes_before_what_it_is_about(world: World, ws: Provisioned, document_id: str) -> None:
    version = world.document(ws, document_id)["version"] + 1
    message = {
        "workspace_id": ws.workspace_id, "document_id": document_id, "version": version, "tries": 0,
    }  # fmt: skip
    world.receive({"reread": message})
    assert world.reminders.rereads == [{"reread": message | {"tries": 1}}]
    world.receive_rereads()
    assert world.reminders.rereads == [], "what never comes is not waited for"
    assert world.document(ws, document_id)["version"] == version - 1


def test_the_message_twice_is_one_analysis(world: World, ws: Provisioned, document_id: str) -> None:
    reprocess(world, ws, document_id)
    [message] = world.reminders.rereads
    world.receive(message, message)
    assert len(world.textract.jobs) == 2
    world.finish_job(world.job_of(document_id), acme())
    before = world.document(ws, document_id)
    world.receive(message)
    assert world.document(ws, document_id) == before


def test_a_late_word_about_the_first_reading_changes_nothing(
    world: World, ws: Provisioned, document_id: str
) -> None:
    reprocess(world, ws, document_id)
    assert world.complete(events.textract_completion("job-1")) == []
    world.watch(ws.workspace_id, document_id)
    with world.network.recording() as calls:
        world.receive(*world.landings())
    assert not [call for call in calls if call.operation == "StartExpenseAnalysis"]
    assert world.document(ws, document_id)["status"] == "reading"
    assert len(world.textract.jobs) == 1


def test_a_message_that_is_given_up_leaves_things_as_they_were(
    world: World, ws: Provisioned, document_id: str
) -> None:
    before = world.document(ws, document_id)
    reprocess(world, ws, document_id)
    world.delivery = 5
    assert world.receive(world.reminders.rereads.pop()) == [0]
    after = world.document(ws, document_id)
    assert (after["status"], after["reading"]["fields"]) == (before["status"], before["reading"]["fields"])


def test_a_file_that_is_swept_meanwhile(world: World, ws: Provisioned, document_id: str) -> None:
    reprocess(world, ws, document_id)
    world.sweep("2034-01-01")
    world.receive_rereads()
    after = world.document(ws, document_id)
    assert after["status"] in {"ready", "needs_review"}
    assert codes(after)[-1] == "reprocess_failed"


# --- what is refused --------------------------------------------------------------------------------------


def test_what_is_being_read_already(world: World, ws: Provisioned, document_id: str) -> None:
    reprocess(world, ws, document_id)
    again = reprocess(world, ws, document_id)
    assert (again.status, again.json["code"]) == (409, "not_read_yet")
    assert len(world.reminders.rereads) == 1


def test_what_is_approved_is_opened_first(world: World, ws: Provisioned, document_id: str) -> None:
    errors = [check["code"] for check in world.document(ws, document_id)["reading"]["checks"]]
    assert act(world, ws, "POST approve", document_id, {"accept": errors}).status == 200
    reply = reprocess(world, ws, document_id)
    assert (reply.status, reply.json["code"]) == (409, "decided")
    act(world, ws, "POST reopen", document_id, None)
    assert reprocess(world, ws, document_id).status == 202


def test_a_file_that_is_gone(world: World, ws: Provisioned, document_id: str) -> None:
    world.sweep("2034-01-01")
    reply = reprocess(world, ws, document_id)
    assert (reply.status, reply.json["code"]) == (410, "gone")


def test_the_same_request_twice_is_one(world: World, ws: Provisioned, document_id: str) -> None:
    for _ in range(2):
        reply = reprocess(world, ws, document_id, headers={"idempotency-key": "one"})
        assert reply.status == 202
    assert len(world.reminders.rereads) == 1
