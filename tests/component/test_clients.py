"""Clients: making them, and saying which documents are theirs."""

from __future__ import annotations

import pytest

from sheaf.capture.policy import Duplicates
from sheaf.edge.provisioning import Provisioned
from tests.builders.clients import announce, assign, change, client, document, sent
from tests.builders.expense import packet
from tests.builders.files import text_pdf
from tests.builders.reviewing import approved, corrected, policy
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


class TestAssigning:
    def test_a_document_is_given_to_a_client_to_another_and_to_nobody(
        self, world: World, ws: Provisioned
    ) -> None:
        one, other = client(world, ws), client(world, ws, "Butcher")
        document_id = document(world, ws, None)
        etag = world.call(ws.api_key, DOCUMENT, path={"document_id": document_id}).headers["etag"]
        world.tick(seconds=1)
        given = assign(world, ws, document_id, one)
        assert given.json["client_id"] == world.document(ws, document_id)["client_id"] == one
        assert given.headers["etag"] != etag
        for chosen in (other, None):
            world.tick(seconds=1)
            assert assign(world, ws, document_id, chosen).json["client_id"] == chosen
        entries = world.audit(ws, subject=document_id, action="document.assigned")
        moves = [("none", one), (one, other), (other, "none")]
        assert [(entry["before"]["client"], entry["after"]["client"]) for entry in entries[::-1]] == moves
        key = "GET /v1/documents/{document_id}/history"
        told = world.call(ws.api_key, key, path={"document_id": document_id}).json["items"]
        assert [event["after"]["client"] for event in told[-3:]] == [new for _, new in moves]

    def test_whoever_has_seen_an_older_version_is_told(self, world: World, ws: Provisioned) -> None:
        document_id, client_id = document(world, ws, None), client(world, ws)
        path = {"document_id": document_id}
        etag = world.call(ws.api_key, DOCUMENT, path=path).headers["etag"]
        assign(world, ws, document_id, client_id)
        request = {"path": path, "body": {"client_id": None}}
        key = "PUT /v1/documents/{document_id}/client"
        assert world.call(ws.api_key, key, **request).status == 428
        assert world.call(ws.api_key, key, **request, headers={"if-match": etag}).status == 412

    @pytest.mark.parametrize(
        ("is_there", "code"),
        [
            (False, "client_unknown"),
            (True, "client_archived"),
        ],
    )
    def test_no_document_goes_to_a_client_that_takes_none(
        self, world: World, ws: Provisioned, is_there: bool, code: str
    ) -> None:
        client_id = archived(world, ws) if is_there else f"cli_{'0' * 26}"
        document_id = document(world, ws, None)
        for reply in (assign(world, ws, document_id, client_id), announce(world, ws.api_key, client_id)):
            assert (reply.status, reply.json["code"]) == (422, code)
            assert reply.json["errors"][0]["field"] == "client_id"

    def test_what_is_being_read_waits(self, world: World, ws: Provisioned) -> None:
        document_id, client_id = world.upload(ws, text_pdf(["a"])), client(world, ws)
        reply = assign(world, ws, document_id, client_id)
        assert (reply.status, reply.json["code"]) == (409, "being_read")

    def test_an_archived_client_keeps_what_it_has(self, world: World, ws: Provisioned) -> None:
        client_id = client(world, ws)
        document_id = document(world, ws, client_id)
        change(world, ws, client_id, archived=True)
        assert world.document(ws, document_id)["client_id"] == client_id

    def test_a_client_archived_at_that_moment_gets_nothing(
        self, world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document_id, client_id = document(world, ws, None), client(world, ws)
        world.meanwhile(monkeypatch, lambda: change(world, ws, client_id, archived=True))
        assert assign(world, ws, document_id, client_id).json["code"] == "client_archived"
        assert world.document(ws, document_id)["client_id"] is None

    def test_many_at_once_are_told_of_one_by_one(self, world: World, ws: Provisioned) -> None:
        client_id = client(world, ws)
        fresh, there = document(world, ws, None), document(world, ws, client_id)
        whole = sent(world, ws, None, text_pdf(["two"]), packet(1, 1))
        reading, nowhere = world.upload(ws, text_pdf(["being read"])), f"doc_{'0' * 26}"
        named = [fresh, there, whole, reading, nowhere]
        request = {
            "path": {"client_id": client_id},
            "body": {"documents": [{"id": each} for each in named]},
        }
        for _ in range(2):  # the second time all of it is found done
            items = world.call(ws.api_key, "POST /v1/clients/{client_id}/documents", **request).json["items"]
            assert [(each["id"], each["status"]) for each in items] == [
                (fresh, "ok"),
                (there, "ok"),
                (whole, "ok"),
                (reading, "refused"),
                (nowhere, "refused"),
            ]
            assert [each["problem"]["code"] for each in items[3:]] == ["being_read", "not_found"]
        parts = world.document(ws, whole)["parts"]
        assert {world.document(ws, each)["client_id"] for each in (fresh, whole, *parts)} == {client_id}
        entries = world.audit(ws, action="document.assigned")
        assert sorted(entry["subject"] for entry in entries) == sorted([fresh, whole, *parts])

    def test_the_parts_of_a_file_go_with_it_and_never_alone(self, world: World, ws: Provisioned) -> None:
        one, other = client(world, ws), client(world, ws, "Butcher")
        whole = sent(world, ws, one, text_pdf(["two"]), packet(1, 1))
        parts = world.document(ws, whole)["parts"]
        assert len(parts) == 2
        assert {world.document(ws, part)["client_id"] for part in parts} == {one}
        refused = assign(world, ws, parts[0], other)
        assert (refused.status, refused.json["code"]) == (409, "part_of_file")
        assert assign(world, ws, whole, other).status == 200
        assert {world.document(ws, each)["client_id"] for each in (whole, *parts)} == {other}

    def test_parts_that_are_duplicates_of_each_other_go_as_well(self, world: World, ws: Provisioned) -> None:
        policy(world, ws, duplicates=Duplicates.BLOCK)
        one, other = client(world, ws), client(world, ws, "Butcher")
        whole = sent(world, ws, one, text_pdf(["three"]), packet(1, 1, 1))
        world.settle()
        parts = world.document(ws, whole)["parts"]
        for part in parts:
            same = {"invoice_number": "R-1", "vendor": "Acme Tools Ltd"}
            corrected(world, ws, part, **same)
            approved(world, ws, part, "duplicate")
        before = {item["sk"]["S"] for item in world.items("HELD")}
        assert assign(world, ws, whole, other).status == 200
        assert {world.document(ws, each)["client_id"] for each in (whole, *parts)} == {other}
        after = {item["sk"]["S"] for item in world.items("HELD")}
        assert len(after) == len(before)
        assert not after & before

    def test_a_dropped_file_is_of_the_client_whose_id_its_folder_has(
        self, world: World, ws: Provisioned
    ) -> None:
        client_id = client(world, ws)
        folders = {
            client_id: client_id,
            f"{client_id}/2026": client_id,
            "2026": None,
            archived(world, ws): None,
        }
        for number, (folder, expected) in enumerate(folders.items()):
            world.tick(seconds=1)
            assert world.receive(world.drop(ws, f"{folder}/a.pdf", text_pdf([str(number)]))) == []
            newest = world.call(ws.api_key, "GET /v1/documents").json["items"][0]
            assert newest["client_id"] == expected


def archived(world: World, ws: Provisioned) -> str:
    client_id = client(world, ws, "Gone")
    assert change(world, ws, client_id, archived=True).status == 200
    return client_id
