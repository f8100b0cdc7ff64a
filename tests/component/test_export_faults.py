"""Whatever call of an export goes wrong: delivered again, there is one file with everything in it once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException

from sheaf.exports import selecting
from tests.builders.world import World, fresh_world
from tests.component.test_exports import act, ask, fetched, made, numbers, objects, several, show, store
from tests.fakes.network import Call, Fault, Killed

type Act = Callable[[], bool]
type Scenario = Callable[[World], tuple[Act, Callable[[], None]]]

READS = {  # that have no effect: whether the process ends there or sees an error is all the same
    "GetItem",
    "Query",
    "BatchGetItem",
    "GetObject",
    "HeadObject",
    "ListObjectVersions",
}
ALL = ["F-0000", "F-0001", "F-0002"]


def taken(world: World) -> tuple[Act, Callable[[], None]]:
    ws = world.workspace()
    store(world, ws, *several(3))
    export = ask(world, ws).json["id"]
    message = world.reminders.exports.pop(0)

    def check() -> None:
        assert show(world, ws, export)["documents"] == 3
        assert numbers(fetched(world, ws, export)) == ALL
        assert len(world.items("EXPORTED")) == 3
        assert len(world.items("EXPORTPART")) == 2
        assert world.actions(ws, export).count("export.finished") == 1

    return lambda: world.export(message) == [], check


def repeated(world: World) -> tuple[Act, Callable[[], None]]:
    ws = world.workspace()
    store(world, ws, *several(3))
    first = made(world, ws)
    again = act(world, ws, "repeat", first["id"]).json["id"]
    message = world.reminders.exports.pop(0)

    def check() -> None:
        assert show(world, ws, again)["sha256"] == first["sha256"]
        assert numbers(fetched(world, ws, again)) == ALL
        assert len(world.items("EXPORTED")) == 6

    return lambda: world.export(message) == [], check


def withdrawn(world: World) -> tuple[Act, Callable[[], None]]:
    ws = world.workspace()
    ids = store(world, ws, *several(3))
    export = made(world, ws)

    def delete() -> bool:
        return world.delete(ws, ids[1]).status in {204, 404}

    def check() -> None:
        assert world.delete(ws, ids[1]).status == 404
        assert show(world, ws, export["id"])["state"] == "withdrawn"
        assert objects(world, ws) == []
        assert len(world.items("EXPORTED")) == 2

    return delete, check


SCENARIOS: dict[str, Scenario] = {each.__name__: each for each in (taken, repeated, withdrawn)}


def faults_of(call: Call) -> tuple[Fault, ...]:
    """What the SDK makes good by itself, other tests are about."""
    if call.operation in READS:
        return (Fault.UNREACHABLE,)
    return (Fault.UNREACHABLE, Fault.KILLED_AFTER, Fault.ANSWERS_LOST)


def cases() -> Iterator[object]:
    for name, scenario in SCENARIOS.items():
        with fresh_world() as world, pytest.MonkeyPatch.context() as patch:
            patch.setattr(selecting, "AT_ONCE", 2)
            run, _ = scenario(world)
            with world.network.recording() as calls:
                assert run()
        for number, call in enumerate(calls):
            for fault in faults_of(call):
                yield pytest.param(name, number, fault, id=f"{name}-{number}-{call}-{fault}")


@pytest.mark.parametrize(("name", "number", "fault"), [*cases()])
def test_a_call_that_goes_wrong_is_made_good(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, number: int, fault: Fault
) -> None:
    monkeypatch.setattr(selecting, "AT_ONCE", 2)
    run, check = SCENARIOS[name](world)
    with world.network.failing(number, fault):
        done = attempt(run)
    for _ in range(2):
        done = done or attempt(run)
    assert done
    world.export_all()
    check()


def attempt(run: Act) -> bool:
    try:
        return run()
    except (Killed, BotoCoreError, PynamoDBException):
        return False
