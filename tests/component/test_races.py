"""Two things at once: the later one finds what the earlier did, and nothing is done twice.

``meanwhile`` lets the one happen between the other's last look and its write.
"""

from __future__ import annotations

import pytest

from tests.builders import events
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import World, original
from tests.component.invariants import at_rest, job_tokens, run_on

PDF = text_pdf(["Invoice 1"])
READ = {"ready", "needs_review"}


def test_the_same_landing_delivered_to_two_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = world.workspace()
    document_id, event = world.send(ws, PDF)
    world.meanwhile(monkeypatch, lambda: world.receive(event))
    assert world.receive(event) == []
    assert job_tokens(world) == [f"{document_id}-1"]
    run_on(world)
    at_rest(world)


def test_the_same_drop_delivered_to_two_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = world.workspace()
    event = world.drop(ws, "a.pdf", PDF)
    world.meanwhile(monkeypatch, lambda: world.receive(event))
    assert world.receive(event) == []
    assert len(world.items("DOCUMENT")) == 1
    run_on(world)
    at_rest(world)


def test_the_same_bytes_landing_twice_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = world.workspace()
    (first, one), (second, other) = world.send(ws, PDF), world.send(ws, PDF)
    world.meanwhile(monkeypatch, lambda: world.receive(other))
    assert world.receive(one) == []
    assert job_tokens(world) == [f"{second}-1"]
    assert world.document(ws, first)["duplicate_of"] == second
    run_on(world)
    at_rest(world)


def test_the_first_is_done_just_when_its_copy_wants_to_wait_for_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is served at once, without a reminder."""
    ws = world.workspace()
    world.upload(ws, PDF)
    second, event = world.send(ws, PDF)
    world.meanwhile(monkeypatch, lambda: world.finish_job("job-1", acme()))
    assert world.receive(event) == []
    assert world.document(ws, second)["status"] in READ
    at_rest(world)


def test_the_first_is_deleted_just_when_its_copy_wants_to_wait_for_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = world.workspace()
    first = world.upload(ws, PDF)
    second, event = world.send(ws, PDF)
    world.meanwhile(monkeypatch, lambda: world.delete(ws, first))
    assert world.receive(event) == []
    assert world.document(ws, second)["duplicate_of"] is None
    run_on(world)
    assert world.document(ws, second)["status"] in READ
    at_rest(world)


def test_a_completion_and_a_reminder_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.finish("job-1", acme())
    world.meanwhile(monkeypatch, lambda: world.watch(ws.workspace_id, document_id))
    assert world.complete(events.textract_completion("job-1")) == []
    assert sorted(world.actions(ws, document_id)) == ["document.read", "document.uploaded"]
    at_rest(world)


def test_two_reminders_of_a_lost_job_are_one_new_attempt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.lose("job-1")
    world.meanwhile(monkeypatch, lambda: world.watch(ws.workspace_id, document_id))
    assert world.watch(ws.workspace_id, document_id) == []
    run_on(world)
    assert job_tokens(world) == [f"{document_id}-1", f"{document_id}-2"]
    at_rest(world)


def test_deleted_just_when_its_reading_is_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.textract.finish("job-1", acme())
    world.meanwhile(monkeypatch, lambda: world.delete(ws, document_id))
    assert world.complete(events.textract_completion("job-1")) == []
    assert world.items("DOCUMENT") == world.items("READING") == []
    assert world.actions(ws, document_id)[-1:] != ["document.read"]
    at_rest(world)


def test_deleted_just_when_its_file_was_looked_into(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = world.workspace()
    document_id, event = world.send(ws, PDF)
    world.meanwhile(monkeypatch, lambda: world.delete(ws, document_id))
    assert world.receive(event) == []
    assert world.items("DOCUMENT") == world.items("FILE") == []
    assert world.versions() == []
    at_rest(world)


def test_read_just_when_it_is_deleted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read meanwhile goes with it."""
    ws = world.workspace()
    document_id = world.upload(ws, PDF)
    world.meanwhile(monkeypatch, lambda: world.finish_job("job-1", acme()))
    assert world.delete(ws, document_id).status == 204
    assert world.items("DOCUMENT") == world.items("READING") == world.items("FILE") == []
    at_rest(world)


def test_deleted_twice_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = world.workspace()
    document_id = world.read(ws, PDF, acme())
    world.meanwhile(monkeypatch, lambda: world.delete(ws, document_id))
    assert world.delete(ws, document_id).status == 404
    assert world.actions(ws, document_id).count("document.deleted") == 1
    at_rest(world)


def test_two_sweeps_at_once_certify_each_file_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = world.workspace()
    world.read(ws, PDF, acme())
    world.meanwhile(monkeypatch, lambda: world.sweep("2034-01-01"))
    assert world.sweep("2034-01-01")["workspaces"][0]["files_deleted"] == 0
    assert len(world.certificates(ws)) == 1
    at_rest(world)


def test_a_document_is_deleted_just_when_the_sweep_certifies_its_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run looks again and certifies the others."""
    ws = world.workspace()
    gone, kept = world.read(ws, PDF, acme()), world.read(ws, text_pdf(["2"]), acme())
    world.meanwhile(monkeypatch, lambda: world.delete(ws, gone))
    assert world.sweep("2034-01-01")["workspaces"][0]["files_deleted"] == 1
    assert world.document(ws, kept)["file"]["deleted_at"]
    assert world.versions(original(ws, kept)) == []
    at_rest(world)


def test_the_window_changes_just_when_the_sweep_sets_its_next_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change wins, and with it the day it is due."""
    ws = world.workspace()
    document_id = world.read(ws, PDF, acme())
    world.tick(days=2550)
    world.meanwhile(monkeypatch, lambda: world.settings(ws, "permanent"))
    world.sweep("2033-11-19")
    assert world.sweep("2050-01-01")["workspaces"] == []
    assert world.versions(original(ws, document_id))
