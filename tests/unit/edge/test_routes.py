"""Everything a declaration says is in its route, and what it leaves out is the careful choice."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from sheaf.access.limits import CHANGES_TO_ACCOUNT, UPLOADS_OF_CALLER, UPLOADS_OF_WORKSPACE
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.edge.routes import CHANGING, Answer, Limits, Route, Routes

READ, OWN, EVERYBODY = Permission.DOCUMENT_READ, Permission.OWN_ACCOUNT, Permission.PUBLIC
DELETED, STARTED, ENDED = Action.DOCUMENT_DELETED, Action.SESSION_STARTED, Action.SESSION_ENDED
UPLOADS = Limits(of_caller=UPLOADS_OF_CALLER, of_workspace=UPLOADS_OF_WORKSPACE)


class Thing(BaseModel):
    size: int


class Filter(BaseModel):
    size: int


def handler(thing_id: str, body: Thing, query: Filter, tenant: object) -> Thing:
    return body


def again(subject: str) -> None: ...


def declared(verb: str, path: str = "/v1/things/<thing_id>", **said: Any) -> Route:
    routes = Routes()
    assert getattr(routes, verb)(path, **said)(handler) is handler
    [(key, route)] = routes.routes.items()
    assert key == route.key
    return route


NEEDED: dict[str, dict[str, Any]] = {
    "get": {"permission": READ},
    "post": {"permission": READ, "audit": DELETED, "replay": again},
    "put": {"permission": READ, "audit": DELETED},
    "patch": {"permission": READ, "audit": DELETED},
    "delete": {"permission": READ, "audit": DELETED},
}
SAID: dict[str, dict[str, Any]] = {
    "get": {"status": 302, "produces": "text/html", "step_up": True, "half_way": True},
    "post": {
        "status": 202,
        "produces": "text/html",
        "step_up": True,
        "half_way": True,
        "cross_site": True,
        "limits": UPLOADS,
    },
    "put": {"step_up": True},
    "patch": {"step_up": True},
    "delete": {"status": 202, "step_up": True, "half_way": True},
}
CAREFUL = {
    "produces": "application/json",
    "step_up": False,
    "half_way": False,
    "cross_site": False,
    "limits": None,
}
STATUSES = {"get": 200, "post": 201, "put": 200, "patch": 200, "delete": 204}


@pytest.mark.parametrize("verb", NEEDED)
def test_what_is_not_said(verb: str) -> None:
    route = declared(verb, **NEEDED[verb])
    unsaid = CAREFUL | {"status": STATUSES[verb], "audit": None, "replay": None} | NEEDED[verb]
    assert {name: getattr(route, name) for name in unsaid} == unsaid
    assert route.key == f"{verb.upper()} /v1/things/{{thing_id}}"
    assert route.path_parameters == ("thing_id",)


@pytest.mark.parametrize("verb", NEEDED)
def test_what_is_said(verb: str) -> None:
    said = CAREFUL | NEEDED[verb] | SAID[verb]
    route = declared(verb, **NEEDED[verb], **SAID[verb])
    assert {name: getattr(route, name) for name in said} == said


@pytest.mark.parametrize("verb", NEEDED)
def test_what_the_handler_says(verb: str) -> None:
    route = declared(verb, **NEEDED[verb])
    assert (route.body, route.query, route.returns) == (Thing, Filter, Thing)
    assert route.handler is handler
    assert route.wants == {"thing_id", "body", "query", "tenant"}
    assert route.replay_wants == ({"subject"} if verb == "post" else set())


def test_some_verbs_change_something() -> None:
    assert {"POST", "PUT", "PATCH", "DELETE"} == CHANGING
    assert {verb: declared(verb, **NEEDED[verb]).changes for verb in NEEDED} == {
        "get": False, "post": True, "put": True, "patch": True, "delete": True,
    }  # fmt: skip


@pytest.mark.parametrize("permission", Permission)
def test_a_route_is_a_workspaces_unless_it_is_anybodys_or_ones_own(permission: Permission) -> None:
    assert declared("get", permission=permission).is_tenants is (permission not in {EVERYBODY, OWN})


@pytest.mark.parametrize(
    ("path", "permission", "is_strict"),
    [
        ("/v1/things", READ, True),
        ("/v1/things", OWN, True),
        ("/v1/things", EVERYBODY, False),
        ("/page", OWN, False),
    ],
)
def test_what_other_sites_add_to_an_address_is_passed_over(
    path: str, permission: Permission, is_strict: bool
) -> None:
    """Providers and mailed links do; whoever calls the API means what they say."""
    assert declared("get", path, permission=permission).takes_only_its_parameters is is_strict


@pytest.mark.parametrize("permission", [EVERYBODY, OWN])
def test_what_is_about_no_workspace_is_safe_to_repeat(permission: Permission) -> None:
    assert declared("post", permission=permission, audit=STARTED).replay is None


class TestLimitsOfAccounts:
    """Who sits in somebody's account changes it so and so often; throwing them out is never held up."""

    @pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
    def test_changes_are_counted(self, verb: str) -> None:
        limits = declared(verb, permission=OWN, audit=STARTED).limits
        assert limits == Limits(of_caller=CHANGES_TO_ACCOUNT, of_workspace=None)

    def test_a_route_may_have_its_own(self) -> None:
        assert declared("post", permission=OWN, audit=STARTED, limits=UPLOADS).limits == UPLOADS

    def test_looking_is_free_and_so_is_what_is_of_no_account(self) -> None:
        assert declared("get", permission=OWN).limits is None
        assert declared("delete", permission=READ, audit=DELETED).limits is None
        assert declared("post", permission=EVERYBODY, audit=STARTED).limits is None

    def test_ending_sessions_is_free(self) -> None:
        assert declared("delete", permission=OWN, audit=ENDED).limits is None


class TestForms:
    """A page without script can only post: what it posts is the route it stands for, and leads to a page."""

    @staticmethod
    def routes(result: object = None) -> Routes:
        routes = Routes()

        @routes.delete(
            "/v1/things/<thing_id>", permission=OWN, audit=ENDED, step_up=True, half_way=True, status=200
        )
        def end(thing_id: str, visit: object) -> object:
            return Answer(thing_id) if result is None else result

        routes.form("/things/<thing_id>/end", of="DELETE /v1/things/{thing_id}", back="/things")
        return routes

    def test_it_asks_for_what_the_route_asks_for(self) -> None:
        routes = self.routes()
        route, form = (
            routes.routes[key] for key in ("DELETE /v1/things/{thing_id}", "POST /things/{thing_id}/end")
        )
        kept = ("permission", "audit", "step_up", "half_way", "cross_site", "limits", "replay", "wants")
        assert {name: getattr(form, name) for name in kept} == {name: getattr(route, name) for name in kept}
        assert (form.status, form.produces, form.returns) == (303, "text/plain", Answer[str])
        assert form.handler.__name__ == "end_by_form"
        assert routes.forms == {"POST /things/{thing_id}/end": "/things"}

    @pytest.mark.parametrize("result", [Thing(size=1), Answer("x", status=204)])
    def test_it_leads_back(self, result: object) -> None:
        answer = self.routes(result).routes["POST /things/{thing_id}/end"].handler(thing_id="1", visit=None)
        assert answer == Answer("", content_type="text/plain", headers={"location": "/things"})

    def test_the_routes_cookies_go_along_and_its_headers_but_the_way_back(self) -> None:
        said = Answer("x", headers={"clear-site-data": "*", "location": "/x"}, cookies=("a=1",))
        answer = self.routes(said).routes["POST /things/{thing_id}/end"].handler(thing_id="1", visit=None)
        assert answer.headers == {"clear-site-data": "*", "location": "/things"}
        assert (answer.cookies, answer.body) == (("a=1",), "")

    def test_what_is_not_said_of_an_answer(self) -> None:
        assert Answer("{}") == Answer(
            "{}", "application/json", headers={}, cookies=(), status=None, then=None
        )

    def test_it_does_what_the_route_does(self) -> None:
        routes, done = Routes(), []

        @routes.delete("/v1/things/<thing_id>", permission=OWN, audit=ENDED)
        def end(thing_id: str) -> None:
            done.append(thing_id)

        routes.form("/things/<thing_id>/end", of="DELETE /v1/things/{thing_id}", back="/things")
        routes.routes["POST /things/{thing_id}/end"].handler(thing_id="1")
        assert done == ["1"]

    def test_it_is_declared_once_like_any_other(self) -> None:
        routes = self.routes()
        with pytest.raises(TypeError, match="twice"):
            routes.form("/things/<thing_id>/end", of="DELETE /v1/things/{thing_id}", back="/")
