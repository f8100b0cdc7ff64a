"""A route that leaves out what it must say does not get past its import."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.edge.api import Answer, Api, Route, _arguments, _parse, _render
from sheaf.edge.request import Request
from sheaf.edge.responses import respond
from sheaf.kernel.errors import InvalidRequest
from tests.builders import events

P, A = Permission.DOCUMENT_READ, Action.DOCUMENT_DELETED


class Thing(BaseModel):
    size: int


def handler() -> None: ...


@pytest.mark.parametrize("verb", ["get", "post", "patch", "delete"])
@pytest.mark.parametrize("permission", [None, "document:read", True])
def test_a_permission_is_mandatory(verb: str, permission: object) -> None:
    rest: dict[str, Any] = {} if verb == "get" else {"audit": A}
    if verb == "post":
        rest["replay"] = handler
    with pytest.raises(TypeError, match="permission"):
        getattr(Api(), verb)("/v1/things", permission=permission, **rest)
    with pytest.raises(TypeError, match="permission"):
        getattr(Api(), verb)("/v1/things", **rest)


@pytest.mark.parametrize("verb", ["post", "patch", "delete"])
@pytest.mark.parametrize("audit", [None, "document.deleted"])
def test_what_changes_something_is_audited(verb: str, audit: object) -> None:
    rest: dict[str, Any] = {"replay": handler} if verb == "post" else {}
    with pytest.raises(TypeError, match="audit"):
        getattr(Api(), verb)("/v1/things", permission=P, audit=audit, **rest)
    with pytest.raises(TypeError, match="audit"):
        getattr(Api(), verb)("/v1/things", permission=P, **rest)


def test_a_get_changes_nothing_that_a_cookie_speaks_for() -> None:
    """A page of anybody's can send a browser there, cookie and all."""
    with pytest.raises(TypeError, match="changes something"):
        Api().get("/v1/things", permission=P, audit=A)
    Api().get("/v1/things", permission=Permission.PUBLIC, audit=A)


def test_what_keeps_nothing_is_given_nothing_to_keep_it_with() -> None:
    def with_app(app: object) -> None: ...

    def with_visit(visit: object) -> None: ...

    for keeping in (with_app, with_visit):
        with pytest.raises(TypeError, match="keeps nothing"):
            Api().answer("/things", produces="text/plain")(keeping)
    api = Api()
    api.answer("/things", produces="text/plain")(handler)
    route = api.routes["POST /things"]
    assert (route.permission, route.audit, route.changes) == (Permission.PUBLIC, None, False)


def test_bytes_are_answered_as_base64() -> None:
    response = respond(200, b"%PDF-1.7", "application/pdf")
    assert (response["body"], response["isBase64Encoded"]) == ("JVBERi0xLjc=", True)
    assert respond(200, "text")["isBase64Encoded"] is False


def test_a_post_says_how_it_answers_a_retry() -> None:
    with pytest.raises(TypeError, match="Idempotency-Key"):
        Api().post("/v1/things", permission=P, audit=A)


def test_or_that_to_do_it_twice_is_to_do_it_once() -> None:
    api = Api()
    api.post("/v1/things", permission=P, audit=A, repeatable=True)(handler)
    assert api.routes["POST /v1/things"].replay is None


def test_a_route_is_declared_once() -> None:
    api = Api()
    api.get("/v1/things/<thing_id>", permission=P)(handler)
    with pytest.raises(TypeError, match="twice"):
        api.get("/v1/things/<thing_id>", permission=P)(handler)


def test_a_route_keeps_what_its_handler_says() -> None:
    api = Api()

    @api.patch("/v1/things/<thing_id>/parts/<part_id>", permission=P, audit=A)
    def change(thing_id: str, part_id: str, body: Thing) -> Thing:
        return body

    route = api.routes["PATCH /v1/things/{thing_id}/parts/{part_id}"]
    assert route.path_parameters == ("thing_id", "part_id")
    assert (route.body, route.query, route.returns, route.status) == (Thing, None, Thing, 200)


def test_statuses_follow_from_the_verb() -> None:
    api = Api()
    api.get("/a", permission=P)(handler)
    api.post("/a", permission=P, audit=A, replay=handler)(handler)
    api.delete("/a", permission=P, audit=A)(handler)
    assert {route.method: route.status for route in api.routes.values()} == {
        "GET": 200,
        "POST": 201,
        "DELETE": 204,
    }


def route(returns: object = Thing, *, status: int = 200) -> Route:
    api = Api()

    @api.get("/v1/things", permission=P, status=status)
    def things(body: Thing) -> Thing:
        return body

    return api.routes["GET /v1/things"]


def test_answers() -> None:
    assert _render(route(), Thing(size=1))["body"] == '{"size":1}'
    assert _render(route(), None)["statusCode"] == 204
    answer = _render(route(status=302), Answer("there", "text/plain", {"location": "/x"}))
    assert (answer["statusCode"], answer["headers"]["location"], answer["body"]) == (302, "/x", "there")
    assert answer["headers"]["content-type"] == "text/plain"


@pytest.mark.parametrize("result", ["text", {"size": 1}, [Thing(size=1)], 7])
def test_an_answer_is_a_model_or_says_what_it_is(result: object) -> None:
    with pytest.raises(TypeError, match="not a model"):
        _render(route(), result)


def body(text: str, *, encoded: bool = False) -> Request:
    return Request(events.http("GET", "/v1/things", body=text, encoded=encoded))


def test_bodies_come_plain_or_in_base64() -> None:
    for encoded in (False, True):
        assert _arguments(route(), body('{"size": 3}', encoded=encoded)) == {"body": Thing(size=3)}


DEEP = "[" * 100_000
MANY_DIGITS = '{"size": ' + "9" * 5000 + "}"


@pytest.mark.parametrize("text", ["", "{", "not json", "'size'", '{"size": 1}}', DEEP, MANY_DIGITS, "\x00"])
def test_what_is_no_json_is_refused(text: str) -> None:
    for encoded in (False, True):
        with pytest.raises(InvalidRequest) as refusal:
            _arguments(route(), body(text, encoded=encoded))
        assert refusal.value.code == "invalid_json"


def test_broken_base64_is_refused() -> None:
    no_text = base64.b64encode(b"\xff\xfe\xfd").decode()
    for raw, code in (("!!!", "invalid_body"), ("abc", "invalid_body"), (no_text, "invalid_json")):
        event = {**body("{}").event, "body": raw, "isBase64Encoded": True}
        with pytest.raises(InvalidRequest) as refusal:
            _arguments(route(), Request(event))
        assert refusal.value.code == code


def test_a_form_is_as_good_as_json() -> None:
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    form = Request(events.http("POST", "/v1/things", headers=headers, body="size=3&colour=a%20b"))
    assert _arguments(route(), form) == {"body": Thing(size=3)}


def test_what_curl_sends_without_being_told_is_json_all_the_same() -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for encoded in (False, True):
        for text in ('{"size": 3}', ' \n{"size": 3}'):
            event = events.http("POST", "/v1/things", headers=headers, body=text, encoded=encoded)
            assert _arguments(route(), Request(event)) == {"body": Thing(size=3)}


def test_a_hundred_thousand_wrong_fields_make_no_endless_answer() -> None:
    class Strict(BaseModel):
        model_config = ConfigDict(extra="forbid")

    with pytest.raises(InvalidRequest) as refusal:
        _parse(Strict, {f"field {number}": 1 for number in range(100_000)})
    assert len(refusal.value.errors) == 50


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("{}", {"size"}),
        ('{"size": "many"}', {"size"}),
        ('{"size": 1.5}', {"size"}),
        ("[]", {""}),
        ("null", {""}),
    ],
)
def test_what_does_not_fit_is_told_field_by_field(text: str, fields: set[str]) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        _arguments(route(), body(text))
    assert refusal.value.code == "invalid_request"
    assert {error["field"] for error in refusal.value.errors} == fields
    assert all(error.keys() == {"field", "message"} for error in refusal.value.errors)


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        _arguments(route(), body('{"size": "4111 1111 1111 1111"}'))
    assert "4111" not in f"{refusal.value.message} {refusal.value.errors}"
