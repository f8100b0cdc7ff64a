"""What the edge sees to for every route, whatever its handler does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel

from sheaf.access.roles import Permission, Role
from sheaf.audit.entries import Action, Change
from sheaf.edge.api import Api
from sheaf.edge.provisioning import Provisioned, create_key
from sheaf.kernel.errors import Conflict, NotFound
from sheaf.storage.tenant import Tenant
from tests.builders import events
from tests.builders.world import World


class Note(BaseModel):
    text: str


def request(ws: Provisioned, method: str, path: str, **rest: Any) -> dict[str, Any]:
    return events.http(method, path, headers={"authorization": f"Bearer {ws.api_key}"}, **rest)


def stage(tenant: Tenant) -> None:
    tenant.readings.remove("doc_1")
    tenant.record(Change(subject="doc_1"))


def test_a_get_that_writes_is_a_programming_error_and_writes_nothing(world: World) -> None:
    api, ws = Api(), world.workspace()

    @api.get("/v1/notes", permission=Permission.DOCUMENT_READ)
    def read(tenant: Tenant) -> Note:
        stage(tenant)
        return Note(text="")

    before = world.items()
    with pytest.raises(AssertionError, match="GET /v1/notes"):
        api.handler(request(ws, "GET", "/v1/notes"), None)
    assert world.items() == before


def test_what_a_failing_handler_staged_is_not_written(world: World) -> None:
    api, ws = Api(), world.workspace()

    @api.delete("/v1/notes", permission=Permission.DOCUMENT_DELETE, audit=Action.DOCUMENT_DELETED)
    def delete(tenant: Tenant) -> None:
        stage(tenant)
        raise NotFound("No.")

    before = world.items()
    assert api.handler(request(ws, "DELETE", "/v1/notes"), None)["statusCode"] == 404
    assert world.items() == before


def test_what_a_handler_staged_is_written_with_the_routes_audit_action(world: World) -> None:
    api, ws = Api(), world.workspace()

    @api.delete("/v1/notes", permission=Permission.DOCUMENT_DELETE, audit=Action.DOCUMENT_DELETED)
    def delete(tenant: Tenant) -> None:
        stage(tenant)

    assert api.handler(request(ws, "DELETE", "/v1/notes"), None)["statusCode"] == 204
    (entry,) = world.audit(ws, subject="doc_1")
    assert entry["action"] == "document.deleted"


def test_what_was_committed_is_not_committed_again(world: World) -> None:
    ws = world.workspace()
    tenant = world.tenant(ws.workspace_id)
    stage(tenant)
    tenant.commit(Action.DOCUMENT_DELETED)
    assert not tenant.has_writes
    assert tenant.changes == ()
    with world.network.recording() as calls:
        tenant.commit(Action.DOCUMENT_DELETED)
        assert calls == []


def test_what_was_in_conflict_is_not_tried_again_with_the_next_unit(world: World) -> None:
    ws = world.workspace()
    tenant = world.tenant(ws.workspace_id)
    tenant.files.remove("fil_1", pictures=0)
    tenant.record(Change(subject="doc_1"))
    with pytest.raises(Conflict):
        tenant.commit(Action.DOCUMENT_DELETED)
    assert not tenant.has_writes
    assert tenant.changes == ()


def test_an_unknown_route_is_a_problem_document(world: World) -> None:
    answer = Api().handler(events.http("GET", "/v1/nothing"), None)
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (404, "not_found")


def test_a_key_for_a_workspace_that_is_not_there_is_not_made(world: World) -> None:
    with pytest.raises(NotFound):
        create_key("wrk_00000000000000000000000000", "a key", role=Role.OWNER)


def test_the_workspace_of_a_key(world: World) -> None:
    ws = world.workspace("Müller & Söhne")
    assert world.call(ws.api_key, "GET /v1/workspace").json == {
        "id": ws.workspace_id,
        "name": "Müller & Söhne",
        "created_at": "2026-11-20T09:30:00Z",
        "closes_at": None,
    }


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/docs", "/docs.css", "/"])
def test_public_pages_need_no_key_and_no_table(world: World, path: str) -> None:
    with world.network.recording() as calls:
        assert world.call(None, f"GET {path}").status in {200, 302}
        assert calls == []
