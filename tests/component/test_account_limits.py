"""How often somebody may change their own account: a loop is stopped, and never what throws a thief out."""

from __future__ import annotations

import pytest

from sheaf.access.limits import CHANGES_TO_ACCOUNT
from tests.builders.browser import Browser
from tests.builders.world import World


@pytest.fixture
def ada(world: World) -> Browser:
    browser = Browser(world)
    browser.sign_in("ada@example.com")
    browser("POST /v1/workspaces", body={"name": "Acme"})
    world.tick(minutes=1)
    return browser


def switch(browser: Browser) -> int:
    body = {"workspace_id": browser("GET /v1/workspace").json["id"]}
    return browser("PUT /v1/session/workspace", body=body).status


def exhausted(world: World, browser: Browser) -> None:
    user_id = browser("GET /v1/me").json["id"]
    for _ in range(CHANGES_TO_ACCOUNT.tries):
        world.app.throttles.take(CHANGES_TO_ACCOUNT, user_id)


def test_what_is_left_is_told(ada: Browser) -> None:
    reply = ada("POST /v1/workspaces", body={"name": "Second"})
    assert reply.headers["ratelimit-policy"] == '"account changes";q=120;w=600'
    assert reply.headers["ratelimit"] == '"account changes";r=119;t=5'


def test_too_many_are_refused_for_a_moment(world: World, ada: Browser) -> None:
    exhausted(world, ada)
    reply = ada("POST /v1/workspaces", body={"name": "Another"})
    assert (reply.status, reply.json["code"], reply.headers["retry-after"]) == (429, "too_many_requests", "5")
    assert ada("GET /v1/me").status == 200, "looking is free"
    world.tick(seconds=5)
    assert switch(ada) == 200
    assert switch(ada) == 429


def test_a_colleague_is_not_touched(world: World, ada: Browser) -> None:
    exhausted(world, ada)
    bob = Browser(world)
    bob.sign_in("bob@example.com")
    assert bob("POST /v1/workspaces", body={"name": "Other"}).status == 201


def test_sessions_can_always_be_ended(world: World, ada: Browser) -> None:
    exhausted(world, ada)
    thief = Browser(world)
    thief.sign_in("ada@example.com")
    [other] = [each["id"] for each in ada("GET /v1/sessions").json["items"] if not each["current"]]
    assert ada("DELETE /v1/sessions/{session_id}", path={"session_id": other}).status == 204
    assert ada("DELETE /v1/sessions").status == 204
    assert ada("DELETE /v1/session").status == 200
    assert thief("GET /v1/me").status == 401
