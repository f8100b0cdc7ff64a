"""Whatever call of a step goes wrong: asked again with the same Idempotency-Key, it is done once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException

from sheaf.edge.provisioning import Provisioned
from tests.builders.billing import act, attempt, billing, customer, draft, issued, listed, show
from tests.builders.world import World, fresh_world
from tests.fakes.network import Fault, Killed

WRONG = (Killed, BotoCoreError, PynamoDBException)
STEPS: dict[str, tuple[str, Any]] = {
    "issue": ("", None),
    "payments": ("issue", {"amount": "100.00"}),
    "refunds": ("payments", {"amount": "50.00"}),
    "convert": ("estimate", None),
    "credit note": ("credit", None),
}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with fresh_world() as made:
        yield made


def begun(world: World, ws: Provisioned, after: str) -> Any:
    """A document in the state that the step begins with."""
    whose = {"customer_id": customer(world, ws)["id"]}
    match after:
        case "":
            return draft(world, ws, **whose)
        case "issue":
            return issued(world, ws, **whose)
        case "payments":
            return act(world, ws, "payments", issued(world, ws, **whose), amount="100.00")
        case "estimate":
            return issued(world, ws, "estimate", **whose)
        case "credit":
            return act(world, ws, "credit", issued(world, ws, **whose))
    raise LookupError(after)


@pytest.mark.parametrize("fault", [Fault.UNREACHABLE, Fault.KILLED_AFTER, Fault.ANSWERS_LOST])
@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_done_once(world: World, name: str, fault: Fault) -> None:
    after, body = STEPS[name]
    step = "issue" if name == "credit note" else name
    ws = billing(world)
    seen = begun(world, ws, after)
    with world.network.recording() as calls:
        done = attempt(world, ws, step, seen, body, {"idempotency-key": "0"}).json
        several = len(calls)
    for number in range(several):
        seen = begun(world, ws, after)
        key = {"idempotency-key": str(number + 1)}
        with world.network.failing(number, fault), suppress(*WRONG):
            attempt(world, ws, step, seen, body, key)
        reply = attempt(world, ws, step, seen, body, key)
        assert reply.status in (200, 201), reply.text
        told = ("status", "totals", "paid", "refunded", "balance")
        assert [reply.json[each] for each in told] == [done[each] for each in told]
        assert len(reply.json["payments"]) == len(done["payments"])
        assert show(world, ws, reply.json["id"]) == reply.json
    numbered_densely(world, ws)


def numbered_densely(world: World, ws: Provisioned) -> None:
    for kind in ("invoice", "estimate", "credit_note"):
        numbers = [show(world, ws, each)["number"] for each in listed(world, ws, kind=kind)]
        given = sorted(int(number.rpartition("-")[2]) for number in numbers if number)
        assert given == list(range(1, len(given) + 1))
