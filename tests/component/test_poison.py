"""A message that fails every time: its document says so, and the message joins the dead letters."""

from __future__ import annotations

from sheaf.edge.provisioning import Provisioned
from sheaf.edge.queues import LAST_DELIVERY
from tests.builders import events
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import World, original
from tests.component.invariants import at_rest, run_on

PDF = text_pdf(["Invoice"])


def failure(world: World, ws: Provisioned, document_id: str) -> tuple[str, str | None]:
    document = world.document(ws, document_id)
    return document["status"], (document["failure"] or {}).get("code")


def test_a_file_that_cannot_be_looked_into(world: World) -> None:
    ws = world.workspace()
    document_id, landing = world.send(ws, PDF)
    world.delivery = LAST_DELIVERY

    assert world.receive(landing) == [0]

    assert failure(world, ws, document_id) == ("failed", "reading_failed")
    assert world.document(ws, document_id)["file"]["expires_on"] == "2033-11-20"
    assert world.textract.jobs == {}
    at_rest(world)


def test_an_answer_that_cannot_be_collected_and_those_that_wait_for_it(world: World) -> None:
    ws = world.workspace()
    first, waiting = world.upload(ws, PDF), world.upload(ws, PDF)
    world.textract.finish("job-1", acme())
    world.delivery = LAST_DELIVERY

    assert world.complete(events.textract_completion("job-1")) == [0]

    assert failure(world, ws, first) == failure(world, ws, waiting) == ("failed", "reading_failed")
    at_rest(world)


def test_a_reminder_that_fails_each_time(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.delivery = LAST_DELIVERY
    assert world.watch(ws.workspace_id, document_id) == [0]
    assert failure(world, ws, document_id) == ("failed", "reading_failed")


def test_what_is_done_already_is_not_undone(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, PDF, acme())
    before = world.document(ws, document_id)
    world.delivery = LAST_DELIVERY
    assert world.receive(*world.landings(original(ws, document_id))) == [0]
    assert world.complete(events.textract_completion("job-1")) == [0]
    assert world.watch(ws.workspace_id, document_id) == [0]
    assert world.document(ws, document_id) == before


def test_a_message_that_nobody_understands(world: World) -> None:
    world.delivery = LAST_DELIVERY
    assert world.complete({"Type": "Notification"}) == [0]


def test_one_reminder_is_under_way_however_often_it_fails(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    sent = len(world.reminders.sent)
    for _ in range(3):
        assert world.watch(ws.workspace_id, document_id) == []
    assert len(world.reminders.sent) == sent + 3
    run_on(world)
    assert world.document(ws, document_id)["status"] != "reading"
