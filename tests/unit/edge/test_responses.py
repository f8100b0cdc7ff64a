"""Problem documents (RFC 9457), the headers of every answer, and what may stand in a log."""

from __future__ import annotations

import json

import pytest

from sheaf.edge.log import logger
from sheaf.edge.responses import SECURITY_HEADERS, problem, respond
from sheaf.kernel.errors import InvalidRequest, NotFound, Unauthenticated


def test_a_problem() -> None:
    response = problem(NotFound("It is not there."), instance="request-1")
    assert response["statusCode"] == 404
    assert response["headers"]["content-type"] == "application/problem+json"
    assert json.loads(response["body"]) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "code": "not_found",
        "detail": "It is not there.",
        "instance": "request-1",
    }


def test_a_problem_lists_what_is_wrong() -> None:
    errors = [{"field": "size", "message": "too large"}]
    assert json.loads(problem(InvalidRequest("No.", errors=errors))["body"])["errors"] == errors
    assert "errors" not in json.loads(problem(InvalidRequest("No."))["body"])


def test_who_is_not_known_is_told_how_to_say_it() -> None:
    assert problem(Unauthenticated("Who?"))["headers"]["www-authenticate"] == "Bearer"
    assert "www-authenticate" not in problem(NotFound("No."))["headers"]


def test_a_handlers_header_wins_over_the_default() -> None:
    own = respond(200, "{}", headers={"content-security-policy": "default-src 'self'"})["headers"]
    assert own == SECURITY_HEADERS | {
        "content-type": "application/json",
        "content-security-policy": "default-src 'self'",
    }


def test_no_content_has_no_type() -> None:
    assert respond(204, "")["headers"] == SECURITY_HEADERS


@pytest.mark.parametrize("name", ["filename", "vendor", "total", "key", "body", "error", "authorization"])
def test_what_an_invoice_says_cannot_be_logged(name: str) -> None:
    for log in (logger.info, logger.warning):
        with pytest.raises(TypeError, match=name):
            log("event", **{name: "x"})
