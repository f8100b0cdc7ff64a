"""What happened to an issued document, told in the order of time."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.billing.document import Kind
from sheaf.edge.provisioning import Provisioned
from tests.builders.billing import DOCUMENT, act, billing, change, draft, issued
from tests.builders.world import Reply, World


def asked(world: World, ws: Provisioned, issued_id: str, **query: str) -> Reply:
    return world.call(
        ws.api_key, f"GET {DOCUMENT}/history", path={"issued_id": issued_id}, query=query or None
    )


def told(world: World, ws: Provisioned, issued_id: str) -> list[Any]:
    world.settle()
    reply = asked(world, ws, issued_id)
    assert reply.status == 200, reply.text
    found: list[Any] = reply.json["items"]
    return found


def test_all_that_was_done_to_an_invoice_is_told(world: World) -> None:
    ws = billing(world)
    document = draft(world, ws)
    world.tick(seconds=1)
    document = change(world, ws, document, notes="Thank you.").json
    for step, said in (("issue", {}), ("payments", {"amount": "100.00"}), ("payments", {"amount": "138.00"})):
        world.tick(seconds=1)
        document = act(world, ws, step, document, **said)
    history = told(world, ws, document["id"])
    assert [event["action"] for event in history] == [
        "draft.created", "draft.changed", "issued_document.issued", "payment.recorded", "payment.recorded",
    ]  # fmt: skip
    assert history[2]["after"] == {"status": "issued", "number": document["number"]}
    assert sorted(event["id"] for event in history) == sorted(
        entry["id"] for entry in world.audit(ws, subject=document["id"])
    )


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.CREDIT_NOTE])
def test_each_kind_has_one(world: World, kind: Kind) -> None:
    ws = billing(world)
    document = draft(world, ws, kind)
    world.tick(seconds=1)
    act(world, ws, "issue", document)
    assert [event["action"] for event in told(world, ws, document["id"])][1:] == ["issued_document.issued"]


def test_both_documents_tell_of_a_step_between_them(world: World) -> None:
    ws = billing(world)
    invoice = issued(world, ws)
    note = act(world, ws, "credit", invoice)
    assert told(world, ws, note["id"])
    estimate = issued(world, ws, "estimate")
    world.tick(seconds=1)
    act(world, ws, "convert", estimate)
    assert told(world, ws, estimate["id"])[-1]["action"] == "estimate.converted"


def test_it_comes_in_pages(world: World) -> None:
    ws = billing(world)
    document = draft(world, ws)
    for number in range(4):
        world.tick(seconds=1)
        document = change(world, ws, document, notes=str(number)).json
    whole = [event["id"] for event in told(world, ws, document["id"])]
    found: list[str] = []
    query: dict[str, str] = {"limit": "2"}
    while True:
        page = asked(world, ws, document["id"], **query).json
        found += [event["id"] for event in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert found == whole
    assert len(whole) == 5


def test_a_drafts_goes_with_the_draft(world: World) -> None:
    ws = billing(world)
    document = draft(world, ws)
    assert told(world, ws, document["id"])
    world.call(ws.api_key, f"DELETE {DOCUMENT}", path={"issued_id": document["id"]})
    world.settle()
    assert asked(world, ws, document["id"]).status == 404
    assert not [
        item for item in world.items() if document["id"] in item["sk"]["S"] and "#HISTORY" in item["pk"]["S"]
    ]


def test_nobody_else_reads_it(world: World) -> None:
    document = issued(world, billing(world))
    assert asked(world, billing(world, "Other"), document["id"]).status == 404
