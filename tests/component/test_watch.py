"""Reminders: what Textract or a queue forgot is noticed, retried, and given up at last."""

from __future__ import annotations

from sheaf.capture.analysis import MAX_ATTEMPTS
from tests.builders import events
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import World
from tests.component.invariants import at_rest, job_tokens

PDF = text_pdf(["Invoice 1"])
READ = {"ready", "needs_review"}


def test_a_lost_completion_is_made_up_for(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.finish("job-1", acme())
    assert world.watch(ws.workspace_id, document_id) == []
    assert world.document(ws, document_id)["status"] in READ
    assert job_tokens(world) == [f"{document_id}-1"]
    at_rest(world)


def test_a_completion_after_its_reminder_changes_nothing(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.finish("job-1", acme())
    assert world.watch(ws.workspace_id, document_id) == []
    assert world.complete(events.textract_completion("job-1")) == []
    assert sorted(world.actions(ws, document_id)) == ["document.read", "document.uploaded"]
    at_rest(world)


def test_a_job_that_still_runs_is_looked_after_again(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    for times in range(2, 5):
        assert world.watch(ws.workspace_id, document_id) == []
        assert len(world.reminders.sent) == times
    assert job_tokens(world) == [f"{document_id}-1"]
    assert world.document(ws, document_id)["status"] == "reading"


def test_a_lost_job_is_started_again(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.lose("job-1")
    assert world.watch(ws.workspace_id, document_id) == []
    assert world.document(ws, document_id)["status"] == "reading"

    assert world.watch(ws.workspace_id, document_id) == []

    assert job_tokens(world) == [f"{document_id}-1", f"{document_id}-2"]
    assert world.finish_job("job-2", acme()) == []
    assert world.document(ws, document_id)["status"] in READ
    at_rest(world)


def test_the_answer_of_a_job_that_was_given_up_is_not_taken(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.lose("job-1")
    world.watch(ws.workspace_id, document_id)
    world.watch(ws.workspace_id, document_id)
    assert world.finish_job("job-1", acme("1.00")) == []
    assert world.document(ws, document_id)["status"] == "reading"
    assert world.finish_job("job-2", acme("2.00")) == []
    assert world.document(ws, document_id)["reading"]["fields"]["total"]["value"] == "2.00"


def test_a_file_whose_jobs_all_get_lost_fails(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    for _ in range(MAX_ATTEMPTS):
        world.textract.lose(world.job_of(document_id))
        assert world.watch(ws.workspace_id, document_id) == []
        assert world.watch(ws.workspace_id, document_id) == []
    document = world.document(ws, document_id)
    assert (document["status"], document["failure"]["code"]) == ("failed", "reading_failed")
    assert len(world.textract.jobs) == MAX_ATTEMPTS
    at_rest(world)


def test_after_a_day_a_file_is_given_up(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.tick(hours=24)
    assert world.watch(ws.workspace_id, document_id) == []
    assert world.document(ws, document_id)["status"] == "reading"
    world.tick(minutes=1)
    assert world.watch(ws.workspace_id, document_id) == []
    document = world.document(ws, document_id)
    assert (document["status"], document["failure"]["code"]) == ("failed", "reading_failed")
    at_rest(world)


def test_a_copy_that_waits_is_given_up_too(world: World) -> None:
    ws = world.workspace()
    first, second = world.upload(ws, PDF), world.upload(ws, PDF)
    world.tick(hours=25)
    assert world.watch(ws.workspace_id, second) == []
    assert world.watch(ws.workspace_id, first) == []
    assert {world.document(ws, each)["status"] for each in (first, second)} == {"failed"}
    at_rest(world)


def test_reminders_of_what_is_done_do_nothing(world: World) -> None:
    ws = world.workspace()
    done = world.read(ws, PDF, acme())
    announced = world.announce(ws.api_key, b"1", "a.pdf", "application/pdf")
    asked = len(world.reminders.sent)
    for document_id in (done, announced, "doc_00000000000000000000000000"):
        assert world.watch(ws.workspace_id, document_id) == []
    assert len(world.reminders.sent) == asked
    assert len(world.textract.jobs) == 1
