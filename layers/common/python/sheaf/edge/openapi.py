"""The OpenAPI 3.1 document, made from the routes: nothing in it is written twice."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, get_args, get_origin

from pydantic import AwareDatetime, BaseModel
from pydantic.json_schema import models_json_schema

from sheaf.access.roles import PEOPLE_ONLY, Permission
from sheaf.access.tokens import SESSION_COOKIE
from sheaf.edge.api import Answer, Route

_REF = "#/components/schemas/{model}"

_SCHEMES = {
    "apiKey": {"type": "http", "scheme": "bearer", "bearerFormat": "shf_live_…"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": "Signed in at /sign-in. Whatever changes something must say `Origin`: our own pages'.",
    },
}
_SESSION: list[dict[str, list[str]]] = [{"session": []}]
_EITHER: list[dict[str, list[str]]] = [{"apiKey": []}, *_SESSION]

_BACK = {
    "description": "Refused: back to the page the browser came from, which says why",
    "content": {"text/plain": {"schema": {"type": "string"}}},
}


class QuotaFacts(BaseModel):
    """``used`` of ``documents`` this month; ``renews_at`` None: choose another plan at ``upgrade_url``."""

    plan: str
    used: int
    documents: int
    upgrade_url: str
    renews_at: AwareDatetime | None


class Problem(BaseModel):
    """RFC 9457. ``code`` is stable: build on it, not on ``detail``. ``quota``: of ``quota_exhausted``."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] = []
    tries_left: int | None = None
    quota: QuotaFacts | None = None
    instance: str | None = None


def describe(routes: Iterable[Route], *, version: str) -> dict[str, Any]:
    ordered = sorted(routes, key=lambda route: (route.path, route.method))
    models = {model for route in ordered for model in (route.body, _model(route)) if model} | {Problem}
    listed = [
        (model, "validation" if any(route.body is model for route in ordered) else "serialization")
        for model in sorted(models, key=lambda model: model.__name__)
    ]
    _, schemas = models_json_schema(listed, ref_template=_REF)  # type: ignore[arg-type]
    paths: dict[str, dict[str, Any]] = {}
    for route in ordered:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sheaf",
            "version": version,
            "description": "Invoice capture. Amounts are decimal strings, dates ISO 8601 in UTC.",
        },
        "servers": [{"url": "/"}],
        "security": _EITHER,
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": _SCHEMES,
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.handler.__module__.split('.')[1]}_{route.handler.__name__}",
        "summary": (inspect.getdoc(route.handler) or "").partition("\n")[0],
        "x-permission": route.permission.value,
        "parameters": _parameters(route),
        "responses": _responses(route),
    }
    if route.permission is Permission.PUBLIC:
        operation["security"] = []
    elif route.permission in PEOPLE_ONLY:
        operation["security"] = _SESSION
    if route.audit:
        operation["x-audit"] = route.audit.value
    if route.body:
        operation["requestBody"] = {"required": True, "content": _content("application/json", route.body)}
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in route.path_parameters
    ]
    if route.query:
        schema = route.query.model_json_schema(ref_template=_REF)
        definitions = schema.get("$defs", {})
        found += [
            {"name": name, "in": "query", "required": False, "schema": _inline(part, definitions)}
            for name, part in schema["properties"].items()
        ]
    if "if_match" in route.wants:
        found.append(
            {
                "name": "If-Match",
                "in": "header",
                "required": True,
                "description": "The ETag of what you have seen; 412 when somebody changed it since.",
                "schema": {"type": "string", "maxLength": 255},
            }
        )
    if route.replay:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "The same key with the same body makes one thing, however often it is sent.",
                "schema": {"type": "string", "maxLength": 255},
            }
        )
    return found


def _responses(route: Route) -> dict[str, Any]:
    good: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if model := _model(route):
        good["content"] = _content("application/json", model)
    elif route.status != HTTPStatus.NO_CONTENT:
        kind = "object" if route.produces == "application/json" else "string"
        good["content"] = {route.produces: {"schema": {"type": kind}}}
    refused = _content("application/problem+json", Problem)
    if route.keeps_nothing:  # a form comes back as the page it is on
        page = {"text/html": {"schema": {"type": "string"}}}
        good["content"] = {**good.get("content", {}), **page}
        refused |= page
    responses = {str(int(route.status)): good, "default": {"description": "Refused", "content": refused}}
    if route.method == "GET" and route.audit:
        responses.setdefault(str(int(HTTPStatus.SEE_OTHER)), _BACK)
    return responses


def _model(route: Route) -> type[BaseModel] | None:
    returns = get_args(route.returns)[0] if get_origin(route.returns) is Answer else route.returns
    return returns if isinstance(returns, type) and issubclass(returns, BaseModel) else None


def _content(content_type: str, model: type[BaseModel]) -> dict[str, Any]:
    return {content_type: {"schema": {"$ref": _REF.format(model=model.__name__)}}}


def _inline(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Query parameters refer to few, small enumerations: they are written out."""
    if "$ref" in schema:
        return dict(definitions[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        options = [_inline(option, definitions) for option in schema["anyOf"] if option != {"type": "null"}]
        return options[0] if len(options) == 1 else {"anyOf": options}
    return {key: value for key, value in schema.items() if key != "title"}
