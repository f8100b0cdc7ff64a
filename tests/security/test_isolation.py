"""Two workspaces side by side: neither sees, touches or is named to the other, whatever comes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sheaf.audit import log
from sheaf.capture import ports
from sheaf.exports import ports as export_ports
from sheaf.retention import settings, sweep
from sheaf.storage import documents, exports, partition, workspace
from sheaf.storage.tenant import Tenant
from tests.builders import events
from tests.builders.expense import acme
from tests.builders.files import picture, text_pdf
from tests.builders.world import SETTINGS, World, original
from tests.security.probes import ID, PRIVATE, ROUTES, Populated, populate, probe


def test_no_answer_names_anything_of_the_other(world: World) -> None:
    pair = populate(world, "A"), populate(world, "B")
    assert not pair[0].ids & pair[1].ids
    for own, other in (pair, pair[::-1]):
        for key in sorted(PRIVATE, key=lambda key: key.startswith("DELETE")):
            for things in (own.things, other.things):
                reply = own.send(key, **probe(ROUTES[key], things))
                said = f"{reply.text} {reply.headers}"
                assert not any(each in said for each in other.ids), key


def test_no_request_reaches_beyond_its_workspace(world: World) -> None:
    """Seen on the wire: every key of every call to the tables and the bucket."""
    own, other = populate(world, "A"), populate(world, "B")
    for key in sorted(PRIVATE, key=lambda key: key.startswith("DELETE")):
        with world.network.recording() as calls:
            own.send(key, **probe(ROUTES[key], own.things))
            assert calls
            _only(own, other, [call.text for call in calls])


def _only(own: Populated, other: Populated, texts: list[str]) -> None:
    for text in texts:
        named = set(ID.findall(text))
        assert not named & other.ids
        assert {each for each in named if each.startswith("wrk_")} <= {own.ws.workspace_id}
        if f'"{SETTINGS.records_table}"' in text:
            assert own.ws.workspace_id in text


def deliveries(world: World, own: Populated) -> Iterator[Callable[[], object]]:
    ws = own.ws
    document_id, landed = world.send(ws, picture(["new"], "WEBP"), "a.webp", "image/webp")
    yield lambda: world.receive(landed)
    yield lambda: world.receive(world.drop(ws, "dropped.pdf", text_pdf(["dropped"])))
    yield lambda: world.receive(*world.landings(f"workspaces/{ws.workspace_id}/"))
    yield lambda: world.watch(ws.workspace_id, document_id)
    job_id = world.job_of(document_id)
    world.textract.finish(job_id, acme())
    yield lambda: world.complete(events.textract_completion(job_id))


def test_no_delivery_reaches_beyond_its_workspace(world: World) -> None:
    own, other = populate(world, "A"), populate(world, "B")
    for deliver in deliveries(world, own):
        with world.network.recording() as calls:
            assert deliver() == []
            assert calls
            _only(own, other, [call.text for call in calls])


def test_a_message_that_names_a_document_of_another_workspace_does_nothing(world: World) -> None:
    own, other = populate(world, "A"), populate(world, "B")
    theirs = [item for item in world.items() if item["pk"]["S"].startswith(other.ws.workspace_id)]
    objects = world.versions(f"workspaces/{other.ws.workspace_id}/")
    world.watch(own.ws.workspace_id, other.document)
    stray = original(own.ws, other.document)
    world.receive(world.put(stray, text_pdf(["stray"])))
    assert world.versions(stray) == [], "a file without a document is erased, in its own workspace"
    assert [item for item in world.items() if item["pk"]["S"].startswith(other.ws.workspace_id)] == theirs
    assert world.versions(f"workspaces/{other.ws.workspace_id}/") == objects


def test_a_sweep_deletes_under_the_rule_of_each_workspace(world: World) -> None:
    own, other = populate(world, "A"), populate(world, "B")
    world.settings(other.ws, "permanent")
    world.sweep("2040-01-01")
    assert world.document(own.ws, own.document)["file"]["deleted_at"]
    assert world.document(other.ws, other.document)["file"]["deleted_at"] is None
    assert world.versions(original(other.ws, other.document))


def test_links_lead_into_ones_own_folder(world: World) -> None:
    own = populate(world, "A")
    upload = world.call(own.ws.api_key, "POST /v1/uploads", **probe(ROUTES["POST /v1/uploads"])).json
    assert upload["fields"]["key"].startswith(f"workspaces/{own.ws.workspace_id}/files/")
    link = world.call(
        own.ws.api_key, "GET /v1/documents/{document_id}/file", path={"document_id": own.document}
    ).json["url"]
    assert f"/workspaces/{own.ws.workspace_id}/files/{own.document}/original?" in link


def test_a_drop_of_another_workspace_cannot_be_adopted(world: World) -> None:
    own, other = populate(world, "A"), populate(world, "B")
    event = world.drop(other.ws, "theirs.pdf", b"data")
    version = event["Records"][0]["s3"]["object"]["versionId"]
    with pytest.raises(ValueError, match="drop folder"):
        world.tenant(own.ws.workspace_id).blobs.adopt(
            f"workspaces/{other.ws.workspace_id}/drop/theirs.pdf", version, own.document
        )
    with pytest.raises(ValueError, match="drop folder"):
        world.tenant(own.ws.workspace_id).blobs.discard(
            f"workspaces/{other.ws.workspace_id}/drop/theirs.pdf", version
        )


# --- what use cases are given -----------------------------------------------------------------------------

AREAS = (ports, export_ports, settings, sweep, log)


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.__name__)
def test_a_use_case_can_neither_commit_nor_choose_a_workspace(area: Any) -> None:
    for attribute in ("commit", "stage", "partition", "open"):
        assert not hasattr(area.Tenant, attribute)
    for name, protocol in vars(area).items():
        if getattr(protocol, "_is_protocol", False) and name != "Reminders":
            _takes_no_workspace(protocol)


@pytest.mark.parametrize(
    "module", [documents, exports, workspace, partition], ids=lambda module: module.__name__
)
def test_no_repository_takes_a_workspace(module: Any) -> None:
    for kind in vars(module).values():
        if inspect.isclass(kind) and kind.__module__ == module.__name__:
            _takes_no_workspace(kind)


def _takes_no_workspace(kind: type) -> None:
    for name, method in vars(kind).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            assert not {"workspace_id", "tenant_id", "tenant", "pk"} & set(
                inspect.signature(method).parameters
            )


def test_the_handle_fits_what_the_areas_ask_for() -> None:
    for area in AREAS:
        for name in vars(area.Tenant):
            if not name.startswith("_"):
                assert name in dir(Tenant) or name in inspect.getsource(Tenant.__init__)
