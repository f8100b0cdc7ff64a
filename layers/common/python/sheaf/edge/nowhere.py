"""Requests that no route takes: whoever has the wrong method is told the right ones, a person gets a page.

https://www.rfc-editor.org/rfc/rfc9110#name-405-method-not-allowed
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from sheaf.edge.log import logger
from sheaf.edge.request import Request
from sheaf.edge.responses import PAGE_HEADERS, Response, problem, respond
from sheaf.kernel.errors import MethodNotAllowed, NotFound, SheafError

NO_ROUTE = "$default"
"""The route key of what matches no other."""

_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")

type Methods = Iterable[tuple[re.Pattern[str], tuple[str, ...]]]
"""What each address takes."""


def pattern_of(path: str) -> re.Pattern[str]:
    """Of a path with API Gateway's placeholders."""
    return re.compile(_PLACEHOLDER.sub("[^/]+", re.escape(path)))


def answer(request: Request, methods: Methods) -> Response:
    error = _refusal(request, methods)
    logger.info("refused", request_id=request.id, route=request.route_key, code=error.code)
    response = problem(error, instance=request.id)
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        headers = {**response["headers"], **PAGE_HEADERS}
        del headers["content-type"]
        return respond(error.status, _page(error), "text/html; charset=utf-8", headers)
    return response


def _refusal(request: Request, methods: Methods) -> SheafError:
    matching = [known for pattern, known in methods if pattern.fullmatch(request.path)]
    if not matching:
        return NotFound("There is nothing at this address.")
    allowed = tuple(sorted({method for known in matching for method in known}))
    return MethodNotAllowed(
        f"This address takes {', '.join(allowed)}, and not {request.method}.", allowed=allowed
    )


def _page(error: SheafError) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>Sheaf: nothing here</title><link rel="stylesheet" href="/docs.css"></head><body>'
        f"<h1>There is no page here</h1><p>{escape(error.message)}</p>"
        '<nav><a href="/sign-in">Sign in</a><a href="/docs">Documentation</a></nav></body></html>'
    )
