"""Whatever call goes wrong, in whatever way: delivered again, everything is there once and nothing is stuck.

Every handler, every AWS call it makes (counted in a run without faults), every way a call can go wrong: three
in five of these in every run, from call to call others, and all of them in `make lives`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException

from functions.retention.handler import SweepIncomplete
from sheaf.capture import library, packets, splitting
from sheaf.retention import sweep
from tests.builders.world import World, fresh_world
from tests.component.invariants import at_rest, run_on
from tests.component.lives import is_long
from tests.component.scenarios import (
    SCENARIOS,
    Act,
    broken_file_received,
    file_dropped,
    pdf_received,
    xml_received,
)
from tests.fakes.network import Call, Fault, Killed

READS = {"GetItem", "Query", "GetObject", "HeadObject", "ListObjectVersions", "GetExpenseAnalysis"}
"""They have no effect, so it makes no difference whether the process ends before one or after it."""


def small_batches(patch: pytest.MonkeyPatch) -> None:
    """Work that takes several units of work takes them here too."""
    for module in (splitting, library, packets):
        patch.setattr(module, "PARTS_AT_ONCE", 2)
    patch.setattr(sweep, "BATCH", 2)


def faults_of(call: Call, number: int) -> list[Fault]:
    faults = [Fault.KILLED_AFTER, Fault.UNREACHABLE] if call.operation in READS else list(Fault)
    first = number % len(faults)
    return faults if is_long() else (faults[first:] + faults[:first])[: (len(faults) + 1) // 2]


def cases() -> Iterator[object]:
    for name, scenario in SCENARIOS.items():
        with fresh_world() as world, pytest.MonkeyPatch.context() as patch:
            small_batches(patch)
            act, _ = scenario(world)
            with world.network.recording() as calls:
                assert act()
        for number, call in enumerate(calls):
            for fault in faults_of(call, number):
                yield pytest.param(name, number, fault, id=f"{name}-{number}-{call}-{fault}")


def attempt(act: Act) -> bool:
    """False: AWS, or the client, will try again."""
    try:
        return act()
    except (Killed, BotoCoreError, PynamoDBException, SweepIncomplete):
        return False


@pytest.mark.parametrize(("name", "number", "fault"), [*cases()])
def test_a_call_that_goes_wrong_leaves_no_trace(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, number: int, fault: Fault
) -> None:
    small_batches(monkeypatch)
    act, check = SCENARIOS[name](world)
    with world.network.failing(number, fault):
        acknowledged = attempt(act)
    for _ in range(2):
        if not acknowledged:
            world.tick(minutes=6)
            acknowledged = attempt(act)
    assert acknowledged

    run_on(world)

    at_rest(world)
    check()


def test_without_faults_everything_is_there_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    small_batches(monkeypatch)
    for scenario in (pdf_received, xml_received, broken_file_received, file_dropped):
        act, _ = scenario(world)
        assert act()
    run_on(world)
    at_rest(world)
