"""What no route takes: a wrong method is told the right ones, a browser gets a page, a program a problem."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.console.handler import handler
from sheaf.edge.nowhere import NO_ROUTE, pattern_of
from sheaf.edge.responses import SECURITY_HEADERS
from tests.builders import events
from tests.drift import routes

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TAKEN: dict[str, set[str]] = {}
for each in routes():
    TAKEN.setdefault(each.path, set()).add(each.method)


def ask(method: str, path: str, **headers: str) -> Any:
    event = events.http(method, path, headers=headers)
    return handler(event | {"routeKey": NO_ROUTE}, None)


@pytest.mark.parametrize("path", TAKEN)
def test_every_address_names_the_methods_it_takes(path: str) -> None:
    asked = path.replace("{", "").replace("}", "")
    for method in set(METHODS) - TAKEN[path]:
        answer = ask(method, asked)
        assert answer["statusCode"] == 405
        assert TAKEN[path] <= set(answer["headers"]["allow"].split(", "))
        assert json.loads(answer["body"])["code"] == "method_not_allowed"


def test_an_address_that_two_routes_match_takes_the_methods_of_both() -> None:
    assert ask("DELETE", "/v1/sign-in/email")["headers"]["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "path",
    ["/v1/nothing", "/v1/documents/", "/v1//documents", "/v1/documents/a/b/c", "/V1/documents", "/v1", "/%",
     "", "*", "/v1/documents\n"],
)  # fmt: skip
def test_where_there_is_nothing_there_is_nothing(path: str) -> None:
    answer = ask("GET", path, accept="*/*")
    problem = json.loads(answer["body"])
    assert (answer["statusCode"], problem["code"], problem["status"]) == (404, "not_found", 404)
    assert problem["instance"]
    assert "allow" not in answer["headers"]


@pytest.mark.parametrize(("path", "status"), [("/nothing<script>", 404), ("/v1/uploads", 405)])
def test_a_browser_gets_a_page(path: str, status: int) -> None:
    answer = ask("GET", path, accept=BROWSER)
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (status, "text/html; charset=utf-8")
    assert SECURITY_HEADERS.items() - answer["headers"].items() == {
        ("content-security-policy", SECURITY_HEADERS["content-security-policy"])
    }
    assert answer["headers"]["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "/sign-in" in answer["body"]
    assert "<script" not in answer["body"]
    assert answer["headers"].get("allow") == ("POST" if status == 405 else None)


@pytest.mark.parametrize(
    ("method", "accept"), [("GET", "application/json"), ("GET", ""), ("POST", BROWSER), ("DELETE", BROWSER)]
)
def test_a_program_gets_a_problem(method: str, accept: str) -> None:
    answer = ask(method, "/nothing", accept=accept)
    assert answer["headers"]["content-type"] == "application/problem+json"


def test_a_dot_in_a_path_is_a_dot() -> None:
    assert pattern_of("/v1/audit-events.csv").fullmatch("/v1/audit-events.csv")
    assert not pattern_of("/v1/audit-events.csv").fullmatch("/v1/audit-eventsxcsv")


def test_what_is_a_route_is_served() -> None:
    assert handler(events.http("GET", "/healthz"), None)["statusCode"] == 200
