"""Many documents in one call: each has its own outcome, and to send the call again does nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.edge import bulk
from sheaf.edge.provisioning import Provisioned
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import Reply, World

NOWHERE = "doc_00000000000000000000000000"


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


@pytest.fixture
def ids(world: World, ws: Provisioned) -> list[str]:
    return [
        world.read(ws, text_pdf([each]), acme(number=each), f"{each}.pdf") for each in ("A-1", "A-2", "A-3")
    ]


def many(world: World, ws: Provisioned, verb: str, documents: list[Any], **rest: Any) -> Reply:
    named = [each if isinstance(each, dict) else {"id": each} for each in documents]
    return world.call(ws.api_key, f"POST /v1/documents/{verb}", body={"documents": named, **rest})


def outcomes(reply: Reply) -> list[Any]:
    assert reply.status in {200, 202}, reply.text
    return [item["problem"]["code"] if item["problem"] else item["status"] for item in reply.json["items"]]


def errors(world: World, ws: Provisioned, document_id: str) -> list[str]:
    checks = world.document(ws, document_id)["reading"]["checks"]
    return [check["code"] for check in checks if check["severity"] == "error"]


def accepted(world: World, ws: Provisioned, ids: list[str]) -> list[str]:
    return sorted({code for each in ids for code in errors(world, ws, each)})


def test_approving(world: World, ws: Provisioned, ids: list[str]) -> None:
    accept = accepted(world, ws, ids)
    first = many(world, ws, "approve", [ids[0], NOWHERE, "x", ids[1]], accept=accept)
    assert outcomes(first) == ["ok", "not_found", "not_found", "ok"]
    assert [item["id"] for item in first.json["items"]] == [ids[0], NOWHERE, "x", ids[1]]
    assert [world.document(ws, each)["status"] == "approved" for each in ids] == [True, True, False]
    again = many(world, ws, "approve", ids, accept=accept)
    assert outcomes(again) == ["ok", "ok", "ok"]
    for each in ids:
        assert world.actions(ws, each).count("document.approved") == 1
        assert len(world.document(ws, each)["review"]["approvals"]) == 1


def test_a_document_that_changed_is_left(world: World, ws: Provisioned, ids: list[str]) -> None:
    version = world.document(ws, ids[0])["version"]
    refs = [{"id": ids[0], "etag": f'"{version - 1}"'}, {"id": ids[1], "etag": "*"}]
    reply = many(world, ws, "approve", refs, accept=accepted(world, ws, ids))
    assert outcomes(reply) == ["changed_meanwhile", "ok"]
    assert reply.json["items"][0]["problem"]["status"] == 412


def test_rejecting(world: World, ws: Provisioned, ids: list[str]) -> None:
    assert outcomes(many(world, ws, "reject", ids, reason="Not ours.")) == ["ok"] * 3
    assert outcomes(many(world, ws, "reject", ids, reason="Not ours.")) == ["ok"] * 3
    assert world.document(ws, ids[0])["review"]["rejection"]["reason"] == "Not ours."
    assert outcomes(many(world, ws, "approve", ids[:1])) == ["not_open"]


def test_deleting(world: World, ws: Provisioned, ids: list[str]) -> None:
    assert outcomes(many(world, ws, "delete", [ids[0], NOWHERE, ids[2]])) == ["ok", "not_found", "ok"]
    assert outcomes(many(world, ws, "delete", ids)) == ["not_found", "ok", "not_found"]
    assert world.items("DOCUMENT") == world.items("READING") == world.items("FILE") == []
    assert world.versions("workspaces/") == []


def test_reading_again(world: World, ws: Provisioned, ids: list[str]) -> None:
    many(world, ws, "reject", ids[2:], reason="Not ours.")
    assert outcomes(many(world, ws, "reprocess", ids)) == ["ok", "ok", "decided"]
    assert outcomes(many(world, ws, "reprocess", ids[:2])) == ["ok", "ok"]
    assert len(world.reminders.rereads) == 2
    world.receive_rereads()
    for each in ids[:2]:
        world.finish_job(world.job_of(each), acme(number="B-1"))
        assert world.document(ws, each)["reading"]["fields"]["invoice_number"]["value"] == "B-1"


def test_what_there_was_no_time_for(
    world: World, ws: Provisioned, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "SECONDS", -1.0)
    assert outcomes(many(world, ws, "delete", ids)) == ["not_reached"] * 3
    assert len(world.items("DOCUMENT")) == 3


def test_a_unit_of_work_that_meets_another_is_done_again(
    world: World, ws: Provisioned, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def comment() -> None:
        route = "POST /v1/documents/{document_id}/comments"
        world.call(ws.api_key, route, path={"document_id": ids[0]}, body={"text": "Seen."})

    world.meanwhile(monkeypatch, comment)
    assert outcomes(many(world, ws, "reject", ids, reason="Not ours.")) == ["ok"] * 3


@pytest.mark.parametrize("documents", [[], [{"id": NOWHERE}] * 101, [{"etag": '"1"'}], [{"id": 7}]])
def test_what_is_no_list_of_documents(world: World, ws: Provisioned, documents: list[Any]) -> None:
    for verb, rest in (("approve", {}), ("reject", {"reason": "x"}), ("delete", {}), ("reprocess", {})):
        assert many(world, ws, verb, documents, **rest).status == 422


def test_another_workspace_s_documents_are_not_there(world: World, ws: Provisioned, ids: list[str]) -> None:
    other = world.workspace("Other")
    for verb, rest in (("approve", {}), ("reject", {"reason": "x"}), ("delete", {}), ("reprocess", {})):
        assert outcomes(many(world, other, verb, ids, **rest)) == ["not_found"] * 3
