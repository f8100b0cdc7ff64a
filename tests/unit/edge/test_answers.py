"""What becomes of what a handler returns, and of a request that does not fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import BaseModel

from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.edge.api import Answer, Api, Route, _arguments, _commit, _parse, _render
from sheaf.edge.request import Request
from sheaf.kernel.errors import Conflict, InvalidRequest, PreconditionRequired, UnknownParameter
from sheaf.kernel.preconditions import IfMatch
from tests.builders import events


class Part(BaseModel):
    number: int


class Thing(BaseModel):
    size: int
    parts: list[Part] = []


def route(audit: Action | None = None) -> Route:
    api = Api()

    @api.get("/v1/things", permission=Permission.PUBLIC, audit=audit, status=202)
    def things(query: Thing) -> Thing:
        return query

    return api.routes["GET /v1/things"]


class TestRendering:
    def test_a_model_is_json_whoever_wraps_it(self) -> None:
        for result in (Thing(size=1), Answer(Thing(size=1))):
            answer = _render(route(), result)
            assert (answer["statusCode"], answer["body"]) == (202, '{"size":1,"parts":[]}')
            assert answer["headers"]["content-type"] == "application/json"

    def test_a_handler_may_choose_the_status(self) -> None:
        assert _render(route(), Answer("no", status=404))["statusCode"] == 404

    def test_cookies_go_along_when_there_are_any(self) -> None:
        answer = _render(route(), Answer("in", cookies=("a=1", "b=2")))
        assert (answer["cookies"], answer["body"], answer["statusCode"]) == (["a=1", "b=2"], "in", 202)
        assert "cookies" not in _render(route(), Answer("in"))

    @pytest.mark.parametrize("result", [None, Thing(size=1), Answer("x", headers={"location": "/"})])
    def test_what_is_left_of_a_limit_is_said_with_every_answer(self, result: object) -> None:
        headers = _render(route(), result, {"ratelimit": "r=1"})["headers"]
        assert headers["ratelimit"] == "r=1"
        assert headers.get("location") == ("/" if isinstance(result, Answer) else None)

    def test_answers_share_no_headers(self) -> None:
        Answer("one").headers["location"] = "/"
        assert Answer("other").headers == {}


def refusal(values: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as refused:
        _parse(Thing, values)
    return refused.value


class TestRefusing:
    def test_it_names_the_fields_once_each_and_in_order(self) -> None:
        refused = refusal({"size": "x", "parts": [{"number": "x"}, {}, 7]})
        assert refused.message == "Not accepted: parts.0.number, parts.1.number, parts.2, size."
        assert refused.errors[0] == {
            "field": "size",
            "message": "Input should be a valid integer, unable to parse string as an integer",
        }

    def test_what_is_no_object_at_all_is_the_body(self) -> None:
        assert refusal([]).message == "Not accepted: the body."

    def test_a_field_has_a_length_whatever_it_is_called(self) -> None:
        class Exact(BaseModel, extra="forbid"):
            pass

        with pytest.raises(InvalidRequest) as refused:
            _parse(Exact, {"x" * 100_000: 1})
        assert refused.value.errors[0]["field"] == "x" * 200

    def test_a_query_is_checked_like_a_body(self) -> None:
        event = events.http("GET", "/v1/things", query={"size": "7"})
        assert _arguments(route(), Request(event)) == {"query": Thing(size=7)}
        with pytest.raises(InvalidRequest):
            _arguments(route(), Request(events.http("GET", "/v1/things")))

    def test_a_parameter_that_is_none_is_named_and_what_there_is(self) -> None:
        api = Api()
        api.get("/v1/things", permission=Permission.DOCUMENT_READ)(lambda: None)
        with pytest.raises(UnknownParameter) as refused:
            _arguments(
                api.routes["GET /v1/things"], Request(events.http("GET", "/v1/things", query={"x": "1"}))
            )
        assert refused.value.message == "Not a parameter of GET /v1/things: x; it takes none."
        assert refused.value.errors == [{"field": "x", "message": "There is no such parameter"}]

    def test_a_handler_gets_the_ids_of_its_path_and_nothing_it_did_not_ask_for(self) -> None:
        api = Api()

        @api.get("/v1/things/<thing_id>", permission=Permission.PUBLIC)
        def thing(thing_id: str, app: str) -> None: ...

        event = events.http("GET", "/v1/things/{thing_id}", path={"thing_id": "thg_1"}, body="no json")
        arguments = _arguments(api.routes["GET /v1/things/{thing_id}"], Request(event), app="a", tenant="t")
        assert arguments == {"thing_id": "thg_1", "app": "a"}


class TestVersions:
    """Who changes a thing says which version of it they have seen."""

    @staticmethod
    def ask(headers: dict[str, str], *, wants: bool = True) -> dict[str, Any]:
        api = Api()

        def careful(if_match: IfMatch) -> None: ...

        def careless() -> None: ...

        api.get("/v1/things", permission=Permission.PUBLIC)(careful if wants else careless)
        event = events.http("GET", "/v1/things", headers=headers)
        return _arguments(api.routes["GET /v1/things"], Request(event))

    def test_a_handler_that_asks_for_it_gets_it(self) -> None:
        assert self.ask({"If-Match": '"3"'}) == {"if_match": IfMatch(frozenset({3}))}
        with pytest.raises(PreconditionRequired):
            self.ask({})

    def test_no_other_handler_needs_it(self) -> None:
        assert self.ask({}, wants=False) == {}


@dataclass
class Work:
    """What has been done, in its order. It conflicts when told so."""

    has_writes: bool = False
    conflicts: bool = False
    done: list[object] = field(default_factory=list)

    def commit(self, action: Action) -> None:
        if self.conflicts:
            raise Conflict("Somebody was faster.")
        self.done.append(action)


def commit(work: Work, audit: Action | None, result: object = None) -> None:
    _commit(route(audit), work, result)


class TestCommitting:
    def test_what_comes_after_it_comes_after_it(self) -> None:
        work = Work()
        commit(work, Action.SESSION_STARTED, Answer("sent", then=lambda: work.done.append("mail")))
        assert work.done == [Action.SESSION_STARTED, "mail"]

    def test_nothing_comes_after_a_conflict(self) -> None:
        work = Work(conflicts=True)
        with pytest.raises(Conflict):
            commit(work, Action.SESSION_STARTED, Answer("sent", then=lambda: work.done.append("mail")))
        assert work.done == []

    def test_most_answers_have_nothing_after_them(self) -> None:
        for result in (None, Thing(size=1), Answer("x")):
            commit(work := Work(), Action.SESSION_STARTED, result)
            assert work.done == [Action.SESSION_STARTED]

    def test_what_only_reads_commits_nothing_and_may_not_write(self) -> None:
        commit(work := Work(), None)
        assert work.done == []
        with pytest.raises(AssertionError, match="no audit action"):
            commit(Work(has_writes=True), None)
