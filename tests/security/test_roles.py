"""Every route with every role: what the table of grants says, in one's own workspace and in no other."""

from __future__ import annotations

import pytest

from sheaf.access.roles import Role
from tests.security.probes import PARAMETERS, PRIVATE, ROUTES, WITH_ID, Pair, probe


def test_every_route_can_be_probed() -> None:
    for route in ROUTES.values():
        assert set(route.path_parameters) <= set(PARAMETERS)
        assert probe(route) is not None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("key", PRIVATE)
def test_a_role_gets_what_it_was_granted(pair: Pair, key: str, role: Role) -> None:
    world, route = pair.world, ROUTES[key]
    api_key = world.key(pair.own.ws.workspace_id, role)
    request = probe(route, pair.expendable(route))
    before = world.items()

    with world.network.recording() as calls:
        reply = world.call(api_key, key, **request)
        made = [str(call) for call in calls]

    if role.allows(route.permission):
        assert reply.status == route.status
    else:
        assert (reply.status, reply.json["code"]) == (403, "forbidden")
        assert made == ["dynamodb.GetItem"], "only the key was looked up"
        assert world.items() == before


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("key", WITH_ID)
def test_no_role_reaches_into_another_workspace(pair: Pair, key: str, role: Role) -> None:
    world, route = pair.world, ROUTES[key]
    api_key = world.key(pair.own.ws.workspace_id, role)
    before = world.items()
    reply = world.call(api_key, key, **probe(route, pair.other.document))
    assert reply.status == (404 if role.allows(route.permission) else 403)
    assert world.items() == before
