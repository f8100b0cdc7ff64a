"""Every route with every role: what the table of grants says, in one's own workspace and in no other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from sheaf.access.roles import PEOPLE_ONLY, Role
from sheaf.edge.provisioning import create_key
from tests.builders.world import Reply
from tests.security.probes import PARAMETERS, PLACES, PRIVATE, ROUTES, WITH_ID, Pair, probe


def test_every_route_can_be_probed() -> None:
    for route in ROUTES.values():
        assert set(route.path_parameters) <= {*PARAMETERS, *PLACES}
        assert probe(route) is not None


@pytest.mark.parametrize("by", ["key", "session"])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("key", PRIVATE)
def test_a_role_gets_what_it_was_granted(pair: Pair, key: str, role: Role, by: str) -> None:
    world, route = pair.world, ROUTES[key]
    send = caller(pair, role, by)
    allowed = role.allows(route.permission) and (by == "session" or route.permission not in PEOPLE_ONLY)
    request = probe(route, pair.own.expendable(route) if allowed else pair.own.things)
    before = None if allowed else without_audit(world.items())

    with world.network.recording() as calls:
        reply = send(key, **request)
        made = [str(call) for call in calls]

    if allowed:
        assert reply.status == route.status
    else:
        assert (reply.status, reply.json["code"]) == (403, "forbidden")
        looked_up = ["dynamodb.GetItem"] * (1 if by == "key" else 2)
        assert made == [*looked_up, "dynamodb.TransactWriteItems"], "looked up, and noted"
        assert without_audit(world.items()) == before


@pytest.mark.parametrize("by", ["key", "session"])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("key", WITH_ID)
def test_no_role_reaches_into_another_workspace(pair: Pair, key: str, role: Role, by: str) -> None:
    world, route = pair.world, ROUTES[key]
    send = caller(pair, role, by)
    before = without_audit(world.items())
    reply = send(key, **probe(route, pair.other.things))
    allowed = role.allows(route.permission) and (by == "session" or route.permission not in PEOPLE_ONLY)
    assert reply.status == (404 if allowed else 403)
    assert without_audit(world.items()) == before


@pytest.mark.parametrize("role", [Role.MEMBER, Role.READ_ONLY])
def test_a_denial_stands_in_the_audit_log(pair: Pair, role: Role) -> None:
    world, own = pair.world, pair.own.ws
    world.tick(minutes=1)
    made = create_key(own.workspace_id, "knocks", role=role)
    for _ in range(3):
        assert world.call(made.api_key, "PATCH /v1/settings", body={"retention": "1y"}).status == 403
    entries = world.audit(own, action="access.denied", actor=made.key_id)
    assert [entry["after"] for entry in entries] == [{"route": "PATCH /v1/settings", "code": "forbidden"}]


def caller(pair: Pair, role: Role, by: str) -> Callable[..., Reply]:
    world, workspace_id = pair.world, pair.own.ws.workspace_id
    if by == "key":
        return partial(world.call, world.key(workspace_id, role))
    user_id = world.person(f"{uuid4().hex}@example.test", (workspace_id, role))
    return partial(world.browse, world.sign_in(user_id, workspace_id))


def without_audit(items: list[Any]) -> list[Any]:
    return [item for item in items if "#AUDIT" not in item["pk"]["S"]]
