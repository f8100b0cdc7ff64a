"""Estimates: accepted, declined, expired, and made into an invoice once."""

from __future__ import annotations

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders.billing import act, attempt, billing, draft, issued, show
from tests.builders.world import World


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world)


def refusal(world: World, ws: Provisioned, step: str, issued_id: str) -> tuple[int, str]:
    reply = attempt(world, ws, step, {"id": issued_id})
    return reply.status, reply.json["code"]


def test_an_accepted_estimate_becomes_one_invoice(world: World, ws: Provisioned) -> None:
    estimate = issued(world, ws, "estimate")
    assert (estimate["number"], estimate["valid_until"]) == ("EST-2026-00001", "2026-12-20")
    accepted = act(world, ws, "accept", estimate)
    invoice = act(world, ws, "convert", accepted)
    assert (invoice["kind"], invoice["status"], invoice["converted_from"]) == (
        "invoice", "draft", estimate["id"],
    )  # fmt: skip
    assert invoice["totals"] == estimate["totals"]
    converted = show(world, ws, estimate["id"])
    assert (converted["status"], converted["converted_to"]) == ("converted", invoice["id"])
    for step in ("convert", "accept", "decline", "void"):
        assert refusal(world, ws, step, estimate["id"]) == (409, "already_converted")


def test_whoever_converts_twice_at_once_gets_one_invoice(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    estimate = {"id": issued(world, ws, "estimate")["id"]}
    world.meanwhile(monkeypatch, lambda: act(world, ws, "convert", estimate))
    reply = attempt(world, ws, "convert", estimate)
    assert (reply.status, reply.json["code"]) == (409, "already_converted")
    assert len(world.items("ISSUED")) == 2


def test_a_converted_draft_that_is_thrown_away_makes_room_for_another(world: World, ws: Provisioned) -> None:
    estimate = issued(world, ws, "estimate")
    invoice = act(world, ws, "convert", estimate)
    path = {"issued_id": invoice["id"]}
    assert world.call(ws.api_key, "DELETE /v1/issued-documents/{issued_id}", path=path).status == 204
    assert show(world, ws, estimate["id"])["status"] == "issued"
    assert act(world, ws, "convert", {"id": estimate["id"]})["status"] == "draft"


def test_a_declined_one_stays_declined(world: World, ws: Provisioned) -> None:
    estimate = act(world, ws, "decline", issued(world, ws, "estimate"))
    assert estimate["status"] == "declined"
    for step in ("accept", "convert", "decline"):
        assert refusal(world, ws, step, estimate["id"]) == (409, "already_declined")


def test_it_holds_until_its_day_is_over(world: World, ws: Provisioned) -> None:
    late = issued(world, ws, "estimate", valid_until="2026-11-21")
    accepted = act(world, ws, "accept", issued(world, ws, "estimate", valid_until="2026-11-21"))
    world.tick(days=1)
    assert show(world, ws, late["id"])["expired"] is False
    world.tick(days=1)
    assert show(world, ws, late["id"])["expired"] is True
    for step in ("accept", "decline", "convert"):
        assert refusal(world, ws, step, late["id"]) == (409, "expired")
    assert show(world, ws, accepted["id"])["expired"] is False
    assert act(world, ws, "convert", accepted)["status"] == "draft"


def test_steps_are_for_their_kind(world: World, ws: Provisioned) -> None:
    invoice, estimate = issued(world, ws), issued(world, ws, "estimate")
    for step in ("accept", "decline", "convert"):
        assert refusal(world, ws, step, invoice["id"]) == (409, "not_an_estimate")
    assert refusal(world, ws, "credit", estimate["id"]) == (409, "not_an_invoice")
    for step in ("payments", "refunds"):
        reply = attempt(world, ws, step, estimate, {"amount": "1"})
        assert (reply.status, reply.json["code"]) == (409, "not_payable")
    waiting = draft(world, ws, "estimate")["id"]
    for step in ("accept", "convert", "void"):
        assert refusal(world, ws, step, waiting) == (409, "not_issued")
