"""Clients: grouping documents by them, and seeing those of some clients only."""

from __future__ import annotations

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders.clients import (
    assign,
    change,
    client,
    document,
)
from tests.builders.world import World

ONE = "GET /v1/clients/{client_id}"
DOCUMENT = "GET /v1/documents/{document_id}"


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


def test_a_client_is_made_renamed_archived_and_taken_up_again(world: World, ws: Provisioned) -> None:
    client_id = client(world, ws, "Bäckerei Huber", reference="10042")
    shown = world.call(ws.api_key, ONE, path={"client_id": client_id})
    assert shown.json | {"created_at": None} == {
        "id": client_id,
        "name": "Bäckerei Huber",
        "reference": "10042",
        "archived": False,
        "created_at": None,
        "version": 1,
    }
    assert shown.headers["etag"] == '"1"'
    assert change(world, ws, client_id, name="Huber GmbH", reference=None, archived=True).json["version"] == 2
    listed = world.call(ws.api_key, "GET /v1/clients", query={"archived": "true"}).json["items"]
    assert [(each["name"], each["reference"]) for each in listed] == [("Huber GmbH", None)]
    assert world.call(ws.api_key, "GET /v1/clients", query={"archived": "false"}).json["items"] == []
    assert change(world, ws, client_id, archived=False).json["archived"] is False


def test_the_audit_log_says_what_was_changed_and_no_name(world: World, ws: Provisioned) -> None:
    client_id = client(world, ws, "Bäckerei Huber")
    change(world, ws, client_id, name="Huber GmbH", reference="7")
    world.call(ws.api_key, "DELETE /v1/clients/{client_id}", path={"client_id": client_id})
    said = {entry["action"]: entry["after"] for entry in world.audit(ws, subject=client_id)}
    changed = {"changed": "name, reference"}
    assert said == {"client.created": {}, "client.changed": changed, "client.deleted": {}}


def test_a_client_with_documents_is_archived_and_not_deleted(world: World, ws: Provisioned) -> None:
    client_id, other = client(world, ws), client(world, ws, "Butcher")
    document_id = document(world, ws, client_id)
    world.settle()
    delete = "DELETE /v1/clients/{client_id}"
    refused = world.call(ws.api_key, delete, path={"client_id": client_id})
    assert (refused.status, refused.json["code"]) == (409, "client_in_use")
    assert assign(world, ws, document_id, other).status == 200
    world.settle()
    assert world.call(ws.api_key, delete, path={"client_id": client_id}).status == 204
    assert world.call(ws.api_key, ONE, path={"client_id": client_id}).status == 404
