"""Every route with every kind of caller who must get nothing there: nobody, those whose key or session is
over, keys where a person is asked for, and everybody of another workspace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from sheaf.access.roles import PEOPLE_ONLY, Permission, Role
from sheaf.access.sessions import IDLE
from sheaf.access.tokens import new_token
from sheaf.edge.provisioning import create_key
from tests.builders.world import Reply
from tests.security.probes import LISTS, OWN, PRIVATE, PUBLIC, ROUTES, Pair, Populated, probe
from tests.security.test_credentials import expired

type Send = Callable[..., Reply]

GUARDED = [*PRIVATE, *OWN]
READING = {"GetItem", "Query", "HeadObject"}


def nobody(pair: Pair, by: str) -> Send:
    return partial(pair.world.call, None) if by == "key" else partial(pair.world.browse, None)


def unknown(pair: Pair, by: str) -> Send:
    return with_header(pair, f"Bearer shf_live_{'0' * 36}") if by == "key" else with_token(pair, new_token())


def over(pair: Pair, by: str) -> Send:
    """A key that ran out, a session that was not used for too long."""
    world, workspace_id = pair.world, pair.own.ws.workspace_id
    if by == "key":
        return with_header(pair, expired(world, workspace_id))
    now = world.clock.at
    world.clock.at = now - IDLE
    token = world.sign_in(pair.own.owner, workspace_id)
    world.clock.at = now
    return with_token(pair, token)


def revoked(pair: Pair, by: str) -> Send:
    """A key that was taken back, a session that was signed out."""
    world, workspace_id = pair.world, pair.own.ws.workspace_id
    if by == "key":
        made = create_key(workspace_id, "lost", role=Role.OWNER)
        gone = pair.own.browse("DELETE /v1/api-keys/{key_id}", path={"key_id": made.key_id})
        assert gone.status == 204
        return with_header(pair, f"Bearer {made.api_key}")
    token = world.sign_in(pair.own.owner, workspace_id)
    assert world.browse(token, "DELETE /v1/session").status == 200
    return with_token(pair, token)


def with_header(pair: Pair, value: str) -> Send:
    return partial(pair.world.call, None, headers={"authorization": value})


def with_token(pair: Pair, token: str) -> Send:
    return partial(pair.world.browse, token)


STRANGERS = {"nobody": nobody, "unknown": unknown, "over": over, "revoked": revoked}
REFUSED = list(product(GUARDED, STRANGERS, ("key", "session")))
FOREIGN = list(product([*GUARDED, *PUBLIC], Role, ("key", "session")))


@pytest.fixture(scope="module")
def strangers(pair: Pair) -> dict[tuple[str, str], Send]:
    return {(name, by): make(pair, by) for name, make in STRANGERS.items() for by in ("key", "session")}


@pytest.mark.parametrize(("key", "who", "by"), REFUSED)
def test_who_is_not_signed_in_gets_nothing_and_changes_nothing(
    pair: Pair, strangers: dict[tuple[str, str], Send], key: str, who: str, by: str
) -> None:
    with pair.world.network.recording() as calls:
        reply = strangers[who, by](key, **probe(ROUTES[key], pair.own.things))
        assert {str(call) for call in calls} <= {"dynamodb.GetItem"}
    assert reply.status == 401
    assert not any(each in reply.text for each in pair.own.ids)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("key", [key for key in GUARDED if ROUTES[key].permission in PEOPLE_ONLY])
def test_what_is_for_people_no_key_may_do(pair: Pair, key: str, role: Role) -> None:
    world = pair.world
    api_key = world.key(pair.own.ws.workspace_id, role)
    with world.network.recording() as calls:
        reply = world.call(api_key, key, **probe(ROUTES[key], pair.own.things))
        written = [call.text for call in calls if call.operation not in READING]
    assert reply.status == 403
    assert all("access.denied" in text for text in written)


# --- everybody of another workspace -----------------------------------------------------------------------


@dataclass
class Abroad:
    """Another workspace, with a key and a session for each role; made anew when a request has ended one."""

    pair: Pair
    senders: dict[tuple[Role, str], Send] = field(default_factory=dict)

    def sender(self, role: Role, by: str) -> Send:
        made = self.senders.get((role, by))
        if made is None or made("GET /v1/workspace").status != 200:
            made = self.senders[role, by] = self._made(role, by)
        return made

    def _made(self, role: Role, by: str) -> Send:
        world = self.pair.world
        workspace_id = world.workspace("Abroad").workspace_id
        if by == "key":
            return partial(world.call, world.key(workspace_id, role))
        user_id = world.person(f"{uuid4().hex}@example.test", (workspace_id, role))
        return partial(world.browse, world.sign_in(user_id, workspace_id))


@pytest.fixture(scope="module")
def abroad(pair: Pair) -> Abroad:
    return Abroad(pair)


@pytest.mark.parametrize(("key", "role", "by"), FOREIGN)
def test_nobody_of_another_workspace_sees_or_touches_anything_of_this_one(
    pair: Pair, abroad: Abroad, key: str, role: Role, by: str
) -> None:
    send, own, route = abroad.sender(role, by), pair.own, ROUTES[key]
    ids = own.things | {"workspace_id": own.ws.workspace_id}
    request = probe(route, ids)
    if "workspace_id" in request.get("body", {}):
        request["body"] = {"workspace_id": own.ws.workspace_id}
    with pair.world.network.recording() as calls:
        reply = send(key, **request)
        written = [call.text for call in calls if call.operation not in READING]
    if route.permission is not Permission.PUBLIC and names_something(request, own):
        assert reply.status in {403, 404}
    assert not any(each in f"{reply.text}{reply.headers}{written}" for each in own.ids)


def names_something(request: dict[str, Any], own: Populated) -> bool:
    return any(each in str(request) for each in own.ids)


# --- positions and things of another workspace ------------------------------------------------------------


def foreign_positions(pair: Pair) -> Iterator[tuple[str, str]]:
    for key in LISTS:
        yield from ((key, each) for each in sorted(pair.other.ids))


def test_no_id_of_another_workspace_is_a_way_into_its_lists(pair: Pair) -> None:
    asked = 0
    for key, cursor in foreign_positions(pair):
        request = probe(ROUTES[key], pair.own.things) | {"query": {"cursor": cursor}}
        reply = pair.own.send(key, **request)
        assert reply.status in {200, 422}
        assert not any(each in reply.text for each in pair.other.ids)
        asked += 1
    assert asked >= 200


# --- the sizes --------------------------------------------------------------------------------------------


def test_no_kind_of_caller_is_left_out() -> None:
    assert set(GUARDED) | set(PUBLIC) == set(ROUTES)
    for key in GUARDED:
        assert len([each for each in REFUSED if each[0] == key]) == 8, "4 kinds of strangers, 2 credentials"
    for key in ROUTES:
        assert len([each for each in FOREIGN if each[0] == key]) == 8, "4 roles, 2 credentials"
