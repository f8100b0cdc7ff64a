"""The OpenAPI document says what the routes say."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.access.roles import GRANTS, PEOPLE_ONLY, Permission, Role
from sheaf.access.tokens import SESSION_COOKIE
from sheaf.edge.api import Route
from sheaf.edge.openapi import describe
from sheaf.edge.reference import page
from tests.drift import routes

ROUTES = routes()
DOCUMENT = describe(ROUTES, version="1.2.3")


def operation(route: Route) -> Any:
    return DOCUMENT["paths"][route.path][route.method.lower()]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.key)
def test_every_route_is_described(route: Route) -> None:
    told = operation(route)
    assert told["summary"].strip()
    assert told["x-permission"] == route.permission.value
    assert told.get("x-audit") == (route.audit.value if route.audit else None)
    assert {p["name"] for p in told["parameters"] if p["in"] == "path"} == set(route.path_parameters)
    assert ("requestBody" in told) == (route.body is not None)
    assert str(int(route.status)) in told["responses"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.key)
def test_every_route_says_what_it_takes(route: Route) -> None:
    taken = {name for option in operation(route).get("security", DOCUMENT["security"]) for name in option}
    if route.permission is Permission.PUBLIC:
        assert taken == set()
    else:
        assert taken == ({"session"} if route.permission in PEOPLE_ONLY else {"apiKey", "session"})
    assert taken <= DOCUMENT["components"]["securitySchemes"].keys()


def test_the_session_is_the_cookie_that_is_set() -> None:
    scheme = DOCUMENT["components"]["securitySchemes"]["session"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "cookie", SESSION_COOKIE)


@pytest.mark.parametrize("model", ["NewKey", "KeyView"])
def test_a_key_has_scopes_that_a_key_may_have(model: str) -> None:
    [listed, _] = DOCUMENT["components"]["schemas"][model]["properties"]["scopes"]["anyOf"]
    scopes = set(listed["items"]["enum"])
    assert "document:upload" in scopes
    assert scopes == {permission.value for permission in GRANTS[Role.OWNER] - PEOPLE_ONLY}


def test_a_browser_that_was_sent_here_is_sent_back_when_it_is_refused() -> None:
    [route] = [route for route in ROUTES if route.key == "GET /v1/sign-in/{provider}"]
    assert set(operation(route)["responses"]) == {"302", "303", "default"}


def test_json_of_no_model_is_an_object_and_no_text() -> None:
    [route] = [route for route in ROUTES if route.key == "GET /openapi.json"]
    content = operation(route)["responses"]["200"]["content"]
    assert content == {"application/json": {"schema": {"type": "object"}}}


def test_operations_have_names_of_their_own() -> None:
    names = [operation(route)["operationId"] for route in ROUTES]
    assert len(set(names)) == len(names)


def test_every_reference_leads_somewhere() -> None:
    def references(node: Any) -> set[str]:
        match node:
            case {"$ref": str(target)}:
                return {target}
            case dict():
                return set().union(*map(references, node.values()))
            case list():
                return set().union(*map(references, node))
        return set()

    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert references(DOCUMENT) <= known


def test_the_page_shows_every_route_and_runs_no_script() -> None:
    html = page(DOCUMENT)
    for route in ROUTES:
        assert f"</span> {route.path}</code>" in html
    assert "<script" not in html
