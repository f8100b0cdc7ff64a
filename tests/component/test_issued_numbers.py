"""An issued document is found by its number."""

from __future__ import annotations

import pytest

from tests.builders.billing import act, billing, issued, listed
from tests.builders.world import World


def test_whoever_has_the_number_finds_the_document(world: World) -> None:
    ws = billing(world)
    documents = [issued(world, ws) for _ in range(3)]
    for document in documents:
        assert listed(world, ws, number=document["number"]) == [document["id"]]
    assert listed(world, ws, number="INV-2026-00099") == []


def test_each_kind_has_its_numbers(world: World) -> None:
    ws = billing(world)
    estimate, invoice = issued(world, ws, "estimate"), issued(world, ws)
    assert listed(world, ws, kind="estimate", number=estimate["number"]) == [estimate["id"]]
    assert listed(world, ws, number=estimate["number"]) == []
    note = act(world, ws, "issue", act(world, ws, "credit", invoice))
    assert listed(world, ws, kind="credit_note", number=note["number"]) == [note["id"]]


def test_another_workspaces_numbers_are_its_own(world: World) -> None:
    number = issued(world, billing(world))["number"]
    assert listed(world, billing(world, "Other"), number=number) == []


@pytest.mark.parametrize("query", [{"kind": "bill"}, {"status": "issued"}, {"overdue": "true"}])
def test_a_number_is_looked_for_by_itself(world: World, query: dict[str, str]) -> None:
    ws = billing(world)
    reply = world.call(ws.api_key, "GET /v1/issued-documents", query={"number": "INV-1"} | query)
    assert reply.status == 422
