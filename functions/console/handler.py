"""Pages for anybody: is it up, what does the API look like."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from pydantic import BaseModel

from functions.console import calculator
from sheaf.access.roles import Permission
from sheaf.edge import security_page
from sheaf.edge.api import Answer, Api
from sheaf.edge.nowhere import NO_ROUTE, answer, pattern_of
from sheaf.edge.reference import page, stylesheet
from sheaf.edge.request import Request
from sheaf.edge.responses import PAGE_HEADERS, Response
from sheaf.settings import site

api = Api()

SECURITY_TXT_LIFE = timedelta(days=90)


class Health(BaseModel):
    status: str


@api.get("/", permission=Permission.PUBLIC, status=HTTPStatus.FOUND, produces="text/plain")
def home() -> Answer[str]:
    """To the documentation."""
    return Answer("", "text/plain", {"location": "/docs"})


@api.get("/healthz", permission=Permission.PUBLIC)
def healthz() -> Health:
    """Is this function up?"""
    return Health(status="ok")


@api.get("/openapi.json", permission=Permission.PUBLIC, produces="application/json")
def openapi() -> Answer[str]:
    """The API as an OpenAPI 3.1 document."""
    return Answer(document(), content_type="application/json")


@api.get("/docs", permission=Permission.PUBLIC, produces="text/html; charset=utf-8")
def docs() -> Answer[str]:
    """The API as a page to read."""
    return Answer(page(json.loads(document())), "text/html; charset=utf-8", PAGE_HEADERS)


@api.get("/docs.css", permission=Permission.PUBLIC, produces="text/css; charset=utf-8")
def docs_css() -> Answer[str]:
    """The look of that page."""
    return Answer(stylesheet(), "text/css; charset=utf-8")


@api.get("/security", permission=Permission.PUBLIC, produces="text/html; charset=utf-8")
def security() -> Answer[str]:
    """What is promised about security, and the subprocessors."""
    facts = json.loads(files(__package__).joinpath("security.json").read_text(encoding="utf-8"))
    return Answer(security_page.page(facts), "text/html; charset=utf-8", PAGE_HEADERS)


@api.get("/tools/vat-calculator", permission=Permission.PUBLIC, produces="text/html; charset=utf-8")
def vat_calculator(query: calculator.Asked) -> Answer[str]:
    """What an amount comes to with VAT, or without it."""
    return Answer(calculator.page(query), "text/html; charset=utf-8", PAGE_HEADERS)


@api.get("/.well-known/security.txt", permission=Permission.PUBLIC, produces="text/plain; charset=utf-8")
def security_txt() -> Answer[str]:
    """Where to report a vulnerability (RFC 9116)."""
    known = site()
    expires = datetime.now(UTC).replace(microsecond=0) + SECURITY_TXT_LIFE
    lines = (
        f"Contact: {known.security_contact}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {known.origin}/.well-known/security.txt",
        f"Policy: {known.origin}/security",
    )
    return Answer("\n".join(lines) + "\n", "text/plain; charset=utf-8")


@cache
def document() -> str:
    """Generated from the routes of all functions (``make generate``) and checked for drift."""
    return files(__package__).joinpath("openapi.json").read_text(encoding="utf-8")


@cache
def methods() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """What each address takes."""
    paths = json.loads(document())["paths"]
    return tuple((pattern_of(path), tuple(sorted(map(str.upper, known)))) for path, known in paths.items())


def handler(event: Mapping[str, Any], context: object) -> Response:
    """API Gateway sends everything that is no route here."""
    if event["routeKey"] == NO_ROUTE:
        return answer(Request(event), methods())
    return api.handler(event, context)
