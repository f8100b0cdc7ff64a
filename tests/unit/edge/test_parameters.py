"""A query parameter that a route does not take is named: a filter that is mistyped would filter nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from sheaf.access.roles import Permission
from sheaf.edge.api import Api, Route, _arguments
from sheaf.edge.request import Request
from sheaf.edge.responses import problem
from sheaf.kernel.errors import UnknownParameter
from tests.builders import events
from tests.drift import routes

ROUTES = routes()
API = [route for route in ROUTES if route.path.startswith("/v1/")]
STRICT = [route for route in API if route.permission is not Permission.PUBLIC]
LENIENT = [route for route in ROUTES if route not in STRICT]


class Asked(BaseModel):
    state: str


def ask(route: Route, query: dict[str, str]) -> dict[str, Any]:
    return _arguments(route, Request(events.http(route.method, route.path, query=query)))


@pytest.mark.parametrize("route", STRICT, ids=lambda route: route.key)
@pytest.mark.parametrize("name", ["staus", "limit ", "LIMIT", "workspace_id", "", "<b>", "x" * 5000])
def test_what_a_route_of_the_api_does_not_take_is_refused(route: Route, name: str) -> None:
    with pytest.raises(UnknownParameter) as refusal:
        ask(route, {name: "1"})
    assert (refusal.value.status, refusal.value.code) == (400, "unknown_parameter")
    assert [error["field"] for error in refusal.value.errors] == [name[:200]]
    assert len(refusal.value.message) < 600


def test_it_says_which_there_are() -> None:
    some, none = (
        next(route for route in ROUTES if route.key == key)
        for key in ("GET /v1/members", "GET /v1/workspace")
    )
    with pytest.raises(UnknownParameter) as refusal:
        ask(some, {"limit": "5", "staus": "ready", "page": "2"})
    assert refusal.value.message == "Not a parameter of GET /v1/members: staus, page; it takes cursor, limit."
    assert refusal.value.errors == [
        {"field": name, "message": "There is no such parameter"} for name in ("staus", "page")
    ]
    assert problem(refusal.value)["statusCode"] == 400
    with pytest.raises(UnknownParameter, match=r"^Not a parameter of GET /v1/workspace: a; it takes none\.$"):
        ask(none, {"a": "5"})


def test_what_comes_with_providers_and_links_is_passed_over() -> None:
    assert LENIENT
    api = Api()

    @api.get("/v1/back", permission=Permission.PUBLIC)
    def back(query: Asked) -> Asked:
        return query

    @api.get("/page", permission=Permission.OWN_ACCOUNT)
    def page() -> None: ...

    assert ask(api.routes["GET /v1/back"], {"state": "a", "authuser": "0"}) == {"query": Asked(state="a")}
    assert ask(api.routes["GET /page"], {"utm_source": "mail"}) == {}
