"""How long originals are kept is one setting, and it applies at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.retention import handler
from tests.builders.world import World
from tests.component.originals import document, due_on, file_of, gone, gone_yet


def test_a_workspace_begins_with_seven_years(world: World) -> None:
    ws = world.workspace()
    assert world.call(ws.api_key, "GET /v1/settings").json == {"retention": "7y"}


@pytest.mark.parametrize(
    ("window", "expires_on"),
    [("7y", "2033-11-20"), ("3y", "2029-11-20"), ("1y", "2027-11-20"), ("permanent", None)],
)
def test_another_window_applies_at_once_to_what_is_there(
    world: World, window: str, expires_on: str | None
) -> None:
    ws = world.workspace()
    document_id = document(world, ws, "a")
    assert world.settings(ws, window).json == {"retention": window}
    assert world.call(ws.api_key, "GET /v1/settings").json == {"retention": window}
    assert file_of(world, ws, document_id)["expires_on"] == expires_on


def test_another_window_is_one_write_however_many_files_there_are(world: World) -> None:
    none, many = world.workspace("none"), world.workspace("many")
    for number in range(6):
        document(world, many, str(number))
    made = []
    for ws in (none, many):
        with world.network.recording() as calls:
            assert world.settings(ws, "1y").status == 200
            made.append([str(call) for call in calls])
    assert made[0] == made[1]
    assert made[1].count("dynamodb.TransactWriteItems") == 1
    assert len(made[1]) <= 4


def test_the_same_window_once_more_writes_nothing(world: World) -> None:
    ws = world.workspace()
    with world.network.recording() as calls:
        assert world.settings(ws, "7y").json == {"retention": "7y"}
        assert "dynamodb.TransactWriteItems" not in map(str, calls)
    assert world.audit(ws, action="settings.changed") == []


@pytest.mark.parametrize(
    "body", [{}, {"retention": "2y"}, {"retention": None}, {"retention": 7}, {"retention": "7y", "more": 1}]
)
def test_other_settings_are_refused(world: World, body: dict[str, Any]) -> None:
    ws = world.workspace()
    reply = world.call(ws.api_key, "PATCH /v1/settings", body=body)
    assert (reply.status, reply.json["code"]) == (422, "invalid_request")
    assert world.call(ws.api_key, "GET /v1/settings").json == {"retention": "7y"}


def test_two_changes_at_once_are_one_change_and_one_conflict(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = world.workspace()
    world.meanwhile(monkeypatch, lambda: world.settings(ws, "3y"))
    reply = world.settings(ws, "1y")
    assert (reply.status, reply.json["code"]) == (409, "conflict")
    assert world.call(ws.api_key, "GET /v1/settings").json == {"retention": "3y"}
    (entry,) = world.audit(ws, action="settings.changed")
    assert entry["after"] == {"retention": "3y"}


def test_permanent_is_for_ever(world: World) -> None:
    ws = world.workspace()
    document_id = document(world, ws, "a")
    world.settings(ws, "permanent")
    assert due_on(world, ws) is None
    assert world.sweep("9999-12-31")["workspaces"] == []
    assert not gone_yet(world, ws, document_id)


def test_permanent_chosen_while_a_run_is_under_way_counts(world: World) -> None:
    """The list of due workspaces was read before the change."""
    ws = world.workspace()
    document_id = document(world, ws, "a")
    world.settings(ws, "permanent")
    context = world.time_left(900_000)
    for workspace_id in (ws.workspace_id, "wrk_00000000000000000000000000"):
        swept = handler.sweep(workspace_id, "run_1", datetime(2050, 1, 1, tzinfo=UTC), context)
        assert (swept.files_deleted, swept.certificates, swept.refused) == (0, [], {})
    assert not gone_yet(world, ws, document_id)


def test_permanent_can_be_taken_back(world: World) -> None:
    ws = world.workspace()
    document_id = document(world, ws, "a")
    world.settings(ws, "permanent")
    world.tick(days=400)
    world.settings(ws, "1y")
    assert due_on(world, ws) == "2027-11-20"
    world.sweep()
    assert gone(world, ws, document_id)


def test_a_longer_window_saves_what_was_nearly_due(world: World) -> None:
    ws = world.workspace()
    document_id = document(world, ws, "a")
    world.settings(ws, "1y")
    world.tick(days=400)
    world.settings(ws, "3y")
    assert world.sweep()["workspaces"] == []
    assert not gone_yet(world, ws, document_id)
