"""How often one may announce uploads: each caller has their own bucket, the workspace has one for all."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.access.limits import UPLOADS_OF_CALLER, UPLOADS_OF_WORKSPACE, Limit
from sheaf.access.roles import Role
from sheaf.edge.provisioning import Provisioned
from sheaf.storage._table import ThrottleItem
from sheaf.storage.codec import milliseconds
from tests.builders.world import SETTINGS, Reply, World

POST: dict[str, Any] = {"body": {"filename": "a.pdf", "content_type": "application/pdf", "size": 10}}


def announce(world: World, api_key: str) -> Reply:
    return world.call(api_key, "POST /v1/uploads", **POST)


def spend(world: World, limit: Limit, key: str, leaving: int = 0) -> None:
    """As if all tries but some had been made just now."""
    full = milliseconds(world.clock.now() + limit.per - leaving * limit.interval)
    item = {"pk": {"S": f"THROTTLE#{limit.digest(key)}"}, "sk": {"S": ThrottleItem.KIND}}
    item[ThrottleItem.full.attr_name] = {"N": str(full)}
    world.dynamodb.put_item(TableName=SETTINGS.directory_table, Item=item)


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


def test_an_answer_says_what_is_left(world: World, ws: Provisioned) -> None:
    first, second = announce(world, ws.api_key), announce(world, ws.api_key)
    assert first.headers["ratelimit-policy"] == '"uploads";q=300;w=60'
    assert first.headers["ratelimit"] == '"uploads";r=299;t=1'
    assert second.headers["ratelimit"] == '"uploads";r=298;t=1'


def test_whoever_has_none_left_is_told_when_to_go_on_and_a_colleague_is_not_touched(
    world: World, ws: Provisioned
) -> None:
    spend(world, UPLOADS_OF_CALLER, ws.key_id)
    before = world.items("DOCUMENT")

    reply = announce(world, ws.api_key)

    assert (reply.status, reply.json["code"]) == (429, "too_many_requests")
    assert int(reply.headers["retry-after"]) >= 1
    assert world.items("DOCUMENT") == before
    assert announce(world, world.key(ws.workspace_id, Role.MEMBER)).status == 201
    world.tick(seconds=int(reply.headers["retry-after"]))
    assert announce(world, ws.api_key).status == 201


def test_a_workspace_has_a_ceiling_whoever_asks(world: World, ws: Provisioned) -> None:
    spend(world, UPLOADS_OF_WORKSPACE, ws.workspace_id, leaving=1)
    assert announce(world, ws.api_key).status == 201
    assert announce(world, world.key(ws.workspace_id, Role.MEMBER)).status == 429
    assert announce(world, world.workspace("Other").api_key).status == 201


def test_a_burst_cannot_overdraw(world: World, ws: Provisioned) -> None:
    """What is left is decided by the table, not by what was read before."""
    spend(world, UPLOADS_OF_CALLER, ws.key_id, leaving=5)
    assert [announce(world, ws.api_key).status for _ in range(8)].count(201) == 5
