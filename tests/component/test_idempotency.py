"""Idempotency-Key: a client that tries again makes no second document."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.access.roles import Role
from sheaf.edge.provisioning import Provisioned
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import Reply, World

BODY = {"filename": "a.pdf", "content_type": "application/pdf", "size": 1000}


def announce(world: World, api_key: str, key: str | None = "one", body: Any = BODY, **request: Any) -> Reply:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return world.call(api_key, "POST /v1/uploads", headers=headers, body=body, **request)


def documents(world: World, ws: Provisioned) -> int:
    return len(world.call(ws.api_key, "GET /v1/documents").json["items"])


def test_the_same_request_again_is_answered_with_the_same_document(world: World) -> None:
    ws = world.workspace()
    first, second = announce(world, ws.api_key), announce(world, ws.api_key)
    assert (first.status, second.status) == (201, 201)
    assert first.json["document_id"] == second.json["document_id"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert documents(world, ws) == 1
    assert len(world.audit(ws, action="document.uploaded")) == 1


def test_the_form_of_a_retry_is_fresh(world: World) -> None:
    """The first one may have run out; nothing that holds a signature is kept."""
    ws = world.workspace()
    first = announce(world, ws.api_key)
    world.tick(minutes=14)
    second = announce(world, ws.api_key)
    assert first.json["expires_at"] == "2026-11-20T09:45:00Z"
    assert second.json["expires_at"] == "2026-11-20T09:59:00Z"
    assert second.json["fields"]["key"] == first.json["fields"]["key"]
    stored = "".join(str(item) for item in world.items())
    assert first.json["fields"]["policy"] not in stored
    assert first.json["fields"]["x-amz-signature"] not in stored


def test_another_request_under_the_same_key_is_refused(world: World) -> None:
    ws = world.workspace()
    announce(world, ws.api_key)
    for body in (BODY | {"size": 1001}, BODY | {"filename": "b.pdf"}):
        reply = announce(world, ws.api_key, body=body)
        assert (reply.status, reply.json["code"]) == (422, "idempotency_key_reused")
    assert documents(world, ws) == 1


def test_nor_does_it_answer_for_another_thing(world: World) -> None:
    ws = world.workspace()
    first, second = (world.read(ws, text_pdf([name]), acme()) for name in ("a", "b"))
    route, headers = "POST /v1/documents/{document_id}/reject", {"if-match": "*", "idempotency-key": "one"}

    def reject(document_id: str) -> Reply:
        path, body = {"document_id": document_id}, {"reason": "Not ours."}
        return world.call(ws.api_key, route, path=path, headers=headers, body=body)

    assert reject(first).json["status"] == "rejected"
    refused = reject(second)
    assert (refused.status, refused.json["code"]) == (422, "idempotency_key_reused")
    assert world.document(ws, second)["status"] != "rejected"


def test_without_a_key_each_request_makes_its_own(world: World) -> None:
    ws = world.workspace()
    ids = {announce(world, ws.api_key, None).json["document_id"] for _ in range(2)}
    assert len(ids) == 2


def test_other_keys_make_other_documents(world: World) -> None:
    ws = world.workspace()
    ids = {announce(world, ws.api_key, key).json["document_id"] for key in ("one", "two", "One")}
    assert len(ids) == 3


def test_the_keys_of_another_holder_are_that_holders(world: World) -> None:
    ws = world.workspace()
    mine = announce(world, ws.api_key)
    theirs = announce(world, world.key(ws.workspace_id, Role.MEMBER), body=BODY | {"size": 7})
    assert (mine.status, theirs.status) == (201, 201)
    assert mine.json["document_id"] != theirs.json["document_id"]


def test_the_keys_of_another_workspace_are_that_workspaces(world: World) -> None:
    ws, other = world.workspace("A"), world.workspace("B")
    mine, theirs = announce(world, ws.api_key), announce(world, other.api_key)
    assert mine.json["document_id"] != theirs.json["document_id"]
    assert other.workspace_id in theirs.json["fields"]["key"]
    assert "idempotent-replayed" not in theirs.headers


def test_two_at_once_are_one_document_and_a_conflict(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = world.workspace()
    replies: list[Reply] = []
    world.meanwhile(monkeypatch, lambda: replies.append(announce(world, ws.api_key)))
    replies.append(announce(world, ws.api_key))
    assert [reply.status for reply in replies] == [201, 409]
    assert documents(world, ws) == 1
    again = announce(world, ws.api_key)
    assert again.json["document_id"] == replies[0].json["document_id"]


def test_a_request_that_was_refused_does_not_use_up_its_key(world: World) -> None:
    ws = world.workspace()
    assert announce(world, ws.api_key, body=BODY | {"size": 10**12}).status == 413
    assert announce(world, ws.api_key, body=BODY | {"size": -1}).status == 422
    assert announce(world, ws.api_key).status == 201


def test_a_retry_after_the_document_was_deleted(world: World) -> None:
    ws = world.workspace()
    document_id = announce(world, ws.api_key).json["document_id"]
    world.delete(ws, document_id)
    assert announce(world, ws.api_key).status == 404
    assert documents(world, ws) == 0


@pytest.mark.parametrize("key", ["x" * 256, "tab\there", "nul\x00"])
def test_keys_that_are_none(world: World, key: str) -> None:
    ws = world.workspace()
    reply = announce(world, ws.api_key, key)
    assert (reply.status, reply.json["code"]) == (422, "invalid_request")
    assert documents(world, ws) == 0


def test_the_key_itself_is_not_stored(world: World) -> None:
    ws = world.workspace()
    announce(world, ws.api_key, "order-4711-of-customer-smith")
    assert "4711" not in "".join(str(item) for item in world.items())


def test_keys_are_swept_away_after_a_day(world: World) -> None:
    ws = world.workspace()
    announce(world, ws.api_key)
    (item,) = world.items("IDEMPOTENCY")
    assert int(item["ttl"]["N"]) == int(world.clock.now().timestamp()) + 24 * 3600
