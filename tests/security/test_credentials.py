"""Without a valid key nothing is read, not even looked up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from sheaf.access.keys import ApiKey, digest, display_of, new_secret
from sheaf.access.roles import Role
from sheaf.audit.entries import Action
from tests.builders import events
from tests.builders.world import SETTINGS, World
from tests.security.probes import PRIVATE, PUBLIC, ROUTES, Pair, probe, with_headers

UNKNOWN = new_secret()


def expired(world: World, workspace_id: str) -> str:
    secret, now = new_secret(), world.clock.now()
    tenant = world.tenant(workspace_id)
    key = ApiKey(
        id=tenant.new_id("key"), workspace_id=workspace_id, name="old", display=display_of(secret),
        role=Role.OWNER, created_at=now - timedelta(days=9), created_by="tests", expires_at=now,
    )  # fmt: skip
    tenant.keys.add(key, digest(secret))
    tenant.commit(Action.API_KEY_CREATED)
    return f"Bearer {secret}"


# What can be told without asking anybody.
MALFORMED: dict[str, Callable[[str], str | None]] = {
    "none": lambda key: None,
    "empty": lambda key: "",
    "only a scheme": lambda key: "Bearer",
    "only a scheme and a space": lambda key: "Bearer ",
    "no scheme": lambda key: key,
    "another scheme": lambda key: f"Basic {key}",
    "a password": lambda key: "Basic b3duZXI6c2VjcmV0",
    "another kind of token": lambda key: "Bearer eyJhbGciOiJub25lIn0.e30.",
    "a wrong checksum": lambda key: f"Bearer {key[:-1]}{'a' if key[-1] != 'a' else 'b'}",
    "one other character": lambda key: f"Bearer {key[:20]}{'a' if key[20] != 'a' else 'b'}{key[21:]}",
    "too short": lambda key: f"Bearer {key[:-1]}",
    "too long": lambda key: f"Bearer {key}0",
    "two keys": lambda key: f"Bearer {key} {key}",
    "upper case": lambda key: f"Bearer {key.upper()}",
    "a null byte": lambda key: f"Bearer {key}\x00",
    "letters that look alike": lambda key: f"Bearer {key[:-1]}\u0430",
    "a megabyte": lambda key: f"Bearer {'a' * 1_000_000}",
}


@pytest.mark.parametrize("route", PRIVATE)
def test_a_credential_that_is_none_is_refused_before_any_look_up(pair: Pair, route: str) -> None:
    world, ws = pair.world, pair.own.ws
    for name, make in MALFORMED.items():
        header = make(ws.api_key)
        headers = {} if header is None else {"authorization": header}
        with world.network.recording() as calls:
            reply = world.call(None, route, **with_headers(probe(ROUTES[route]), headers))
            assert calls == [], name
        assert reply.status == 401, name
        assert reply.json["code"] in {"unauthenticated", "invalid_api_key"}
        assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("route", PRIVATE)
def test_a_key_that_is_not_valid_costs_one_look_up_and_reads_nothing(pair: Pair, route: str) -> None:
    world, own = pair.world, pair.own
    request = probe(ROUTES[route], own.things)
    for header in (f"Bearer {UNKNOWN}", expired(world, own.ws.workspace_id)):
        with world.network.recording() as calls:
            reply = world.call(None, route, **with_headers(request, {"authorization": header}))
            assert [str(call) for call in calls] == ["dynamodb.GetItem"]
            assert f'"{SETTINGS.directory_table}"' in calls[0].text
        assert (reply.status, reply.json["code"]) == (401, "invalid_api_key")
        assert not any(each in reply.text for each in own.ids)


def test_unknown_and_expired_keys_look_alike(pair: Pair) -> None:
    replies = [
        pair.world.call(None, "GET /v1/documents", headers={"authorization": header}).json
        for header in (f"Bearer {UNKNOWN}", expired(pair.world, pair.own.ws.workspace_id))
    ]
    one, other = ({**reply, "instance": None} for reply in replies)
    assert one == other


def test_a_key_is_only_taken_from_its_header(pair: Pair) -> None:
    ws = pair.own.ws
    for elsewhere in (
        {"query": {"api_key": ws.api_key, "authorization": f"Bearer {ws.api_key}"}},
        {"headers": {"x-api-key": ws.api_key, "cookie": f"authorization=Bearer {ws.api_key}"}},
        {"headers": {"x-workspace-id": ws.workspace_id, "workspace": ws.workspace_id}},
    ):
        assert pair.world.call(None, "GET /v1/workspace", **elsewhere).status == 401


@pytest.mark.parametrize("name", ["Authorization", "AUTHORIZATION", "authorization"])
@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_the_scheme_and_the_header_may_be_spelt_either_way(pair: Pair, name: str, scheme: str) -> None:
    event = events.http("GET", "/v1/workspace", headers={name: f"{scheme} {pair.own.ws.api_key}"})
    assert pair.world.serve(event).status == 200


def test_the_workspace_comes_from_the_key_and_from_nowhere_else(pair: Pair) -> None:
    other = pair.other.ws.workspace_id
    key, headers = pair.own.ws.api_key, {"x-workspace-id": other}
    reply = pair.world.call(key, "GET /v1/workspace", headers=headers)
    assert reply.json["id"] == pair.own.ws.workspace_id
    query = {"workspace_id": other, "tenant": other}
    refused = pair.world.call(key, "GET /v1/workspace", query=query, headers=headers)
    assert (refused.status, refused.json["code"]) == (400, "unknown_parameter")


@pytest.mark.parametrize("route", PUBLIC)
def test_what_is_public_says_nothing_of_anybody(pair: Pair, route: str) -> None:
    text = pair.world.call(None, route, **probe(ROUTES[route])).text
    assert not any(each in text for each in pair.own.ids | pair.other.ids)
