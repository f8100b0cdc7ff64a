"""A deleted document is gone: its bytes in all versions, its reading, and whatever still comes for it."""

from __future__ import annotations

import pytest

from tests.builders import events
from tests.builders.expense import acme
from tests.builders.files import picture, text_pdf
from tests.builders.world import World, original
from tests.component.invariants import at_rest, run_on

PDF = text_pdf(["Invoice 1"])


def test_everything_of_it_goes(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, picture(["Invoice"], "WEBP"), acme(), "a.webp", "image/webp")
    world.put(original(ws, document_id), b"a second version")
    world.s3.delete_object(Bucket="files", Key=original(ws, document_id))

    reply = world.delete(ws, document_id)

    assert (reply.status, reply.text) == (204, "")
    assert world.versions() == []
    assert {item["pk"]["S"].partition("#")[2] for item in world.items()} == {"WORKSPACE", "KEY", "AUDIT"}
    assert world.delete(ws, document_id).status == 404
    entry = world.audit(ws, subject=document_id, action="document.deleted")[0]
    assert entry["before"]["status"] in {"ready", "needs_review"}
    assert entry["actor"] == {"kind": "api_key", "id": ws.key_id}
    at_rest(world)


def test_others_stay(world: World) -> None:
    ws = world.workspace()
    kept = world.read(ws, text_pdf(["2"]), acme())
    gone = world.read(ws, PDF, acme())
    assert world.delete(ws, gone).status == 204
    assert world.document(ws, kept)["reading"]
    assert [version["Key"] for version in world.versions()] == [original(ws, kept)]
    at_rest(world)


def test_deleted_before_its_file_came(world: World) -> None:
    """The form can still be used: what it brings is erased, nobody else would ever do it."""
    ws = world.workspace()
    document_id = world.announce(ws.api_key, PDF, "a.pdf", "application/pdf")
    assert world.delete(ws, document_id).status == 204
    assert world.receive(world.put(original(ws, document_id), PDF)) == []
    assert world.versions() == []
    assert world.items("DOCUMENT") == []
    at_rest(world)


@pytest.mark.parametrize("late", ["completion", "reminder", "landing"])
def test_deleted_while_it_is_read(world: World, late: str) -> None:
    ws = world.workspace()
    document_id, event = world.send(ws, PDF)
    world.receive(event)
    assert world.delete(ws, document_id).status == 204
    world.textract.finish("job-1", acme())
    match late:
        case "completion":
            assert world.complete(events.textract_completion("job-1")) == []
        case "reminder":
            assert world.watch(ws.workspace_id, document_id) == []
        case "landing":
            assert world.receive(event) == []
    assert world.items("DOCUMENT") == world.items("READING") == world.items("FILE") == []
    assert len(world.textract.jobs) == 1
    run_on(world)
    at_rest(world)


@pytest.mark.parametrize("error", ["AccessDenied", None])
def test_a_file_that_s3_does_not_delete_keeps_everything(world: World, error: str | None) -> None:
    """A document is not forgotten while its bytes are there, whatever S3 says about it."""
    ws = world.workspace()
    document_id = world.read(ws, PDF, acme())
    world.network.undeletable = {original(ws, document_id): error}
    reply = world.delete(ws, document_id)
    assert (reply.status, reply.json["code"]) == (503, "not_yet")
    assert world.document(ws, document_id)["reading"]
    assert world.actions(ws, document_id).count("document.deleted") == 0
    world.network.undeletable = {}
    assert world.delete(ws, document_id).status == 204
    at_rest(world)
