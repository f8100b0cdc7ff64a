"""The headers every answer carries, errors included."""

from __future__ import annotations

import pytest

from sheaf.access.roles import Role
from tests.builders.world import Reply
from tests.security.probes import PRIVATE, PUBLIC, ROUTES, Pair, probe

EXPECTED = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}


FORMS = (
    "GET /sign-in",
    "GET /sign-in/second-factor",
    "GET /invitations",
    "GET /account/workspace",
    "GET /account/subscription",
)
"""A browser names its origin with a form only if the page lets it name a referrer to its own site."""


def guarded(reply: Reply, *, is_form: bool = False) -> None:
    expected = EXPECTED | ({"referrer-policy": "same-origin"} if is_form else {})
    assert expected.items() <= reply.headers.items()
    assert reply.headers["cache-control"] == "no-store"
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "server" not in reply.headers
    assert "x-powered-by" not in reply.headers
    assert not any(name.startswith("access-control-") for name in reply.headers)
    if reply.status >= 400:
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json["instance"]
        assert reply.json["status"] == reply.status


@pytest.mark.parametrize("key", PRIVATE)
def test_answers_and_refusals_of_a_private_route(pair: Pair, key: str) -> None:
    world, own, route = pair.world, pair.own, ROUTES[key]
    reader = world.key(own.ws.workspace_id, Role.READ_ONLY)
    garbled = {"body": "{"} if route.body else {"query": {"limit": "0"}} if route.query else {}
    for api_key, request in (
        (None, probe(route)),
        (reader, probe(route)),
    ):
        guarded(world.call(api_key, key, **request))
    for request in (
        probe(route),
        probe(route, own.expendable(route)) | garbled,
        probe(route, own.expendable(route)),
    ):
        reply = own.send(key, **request)
        guarded(reply, is_form=key in FORMS and reply.status == route.status)


@pytest.mark.parametrize("key", PUBLIC)
def test_answers_of_a_public_route(pair: Pair, key: str) -> None:
    guarded(pair.world.call(None, key, **probe(ROUTES[key])), is_form=key in FORMS)
