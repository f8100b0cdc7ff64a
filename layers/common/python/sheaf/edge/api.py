"""A route says everything once: method, path, permission, audit action. Nothing else decides on access.

    api = Api()

    @api.post("/v1/things", permission=Permission.THING_WRITE, audit=Action.THING_MADE)
    def make(body: NewThing, tenant: Tenant) -> Thing: ...

A handler's parameters are filled by name: ``tenant``, ``body`` and ``query`` (pydantic models), ``app``,
and the placeholders of the path. API Gateway has matched the route already, so finding the handler is one
look-up by ``routeKey``. Order: authenticate, permit, open the tenant, run, commit.
"""

from __future__ import annotations

import base64
import inspect
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import BaseModel, ValidationError

from sheaf.access.actor import Origin
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.edge.conflicts import again_on_conflict
from sheaf.edge.idempotency import REPLAYED, claim
from sheaf.edge.identity import authenticate
from sheaf.edge.log import logger
from sheaf.edge.responses import Response, problem, respond
from sheaf.kernel.errors import Forbidden, InvalidRequest, NotFound, SheafError

if TYPE_CHECKING:
    from sheaf.bootstrap import Application
    from sheaf.storage.tenant import Tenant

_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_PLACEHOLDER = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Answer[Body: str | BaseModel]:
    """For handlers that set headers, or answer with text instead of a model."""

    body: Body
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    """With API Gateway's placeholders: ``/v1/things/{thing_id}``."""

    permission: Permission
    audit: Action | None
    status: int
    handler: Callable[..., Any]
    replay: Callable[..., Any] | None
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    returns: Any
    produces: str
    wants: frozenset[str]

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def path_parameters(self) -> tuple[str, ...]:
        return tuple(re.findall(r"\{(\w+)\}", self.path))


class Api:
    """The routes of one function, and its Lambda handler."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}

    def get(
        self,
        path: str,
        *,
        permission: Permission,
        status: int = HTTPStatus.OK,
        produces: str = "application/json",
    ) -> Callable[..., Any]:
        return self._route("GET", path, permission=permission, audit=None, status=status, produces=produces)

    def post(
        self,
        path: str,
        *,
        permission: Permission,
        audit: Action,
        replay: Callable[..., Any],
        status: int = HTTPStatus.CREATED,
    ) -> Callable[..., Any]:
        """``replay`` answers a repeated Idempotency-Key: it gets the id of what the first request made."""
        return self._route("POST", path, permission=permission, audit=audit, replay=replay, status=status)

    def patch(self, path: str, *, permission: Permission, audit: Action) -> Callable[..., Any]:
        return self._route("PATCH", path, permission=permission, audit=audit)

    def delete(self, path: str, *, permission: Permission, audit: Action) -> Callable[..., Any]:
        return self._route("DELETE", path, permission=permission, audit=audit, status=HTTPStatus.NO_CONTENT)

    def handler(self, event: Mapping[str, Any], _context: object) -> Response:
        request_id = event["requestContext"]["requestId"]
        try:
            return self._serve(event)
        except SheafError as error:
            logger.info("refused", request_id=request_id, route=event["routeKey"], code=error.code)
            return problem(error, instance=request_id)

    def _serve(self, event: Mapping[str, Any]) -> Response:
        route = self.routes.get(event["routeKey"])
        if route is None:
            raise NotFound("There is nothing at this address.")
        if route.permission is Permission.PUBLIC:
            return _render(route, route.handler(**_arguments(route, event)))
        # What anybody may see needs neither tables nor keys, and nothing that knows them.
        from sheaf.bootstrap import application

        app = application()
        headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
        credential = authenticate(headers, app)
        if not credential.role.allows(route.permission):
            raise Forbidden(f"The role {credential.role} of this key does not include {route.permission}.")

        def run() -> Response:
            tenant = app.open(credential.workspace_id, credential.actor, _origin(event))
            return self._run(route, event, app, tenant, headers.get("idempotency-key"))

        return again_on_conflict(run) if route.method == "DELETE" else run()

    def _run(
        self, route: Route, event: Mapping[str, Any], app: Application, tenant: Tenant, key: str | None
    ) -> Response:
        arguments = _arguments(route, event, app=app, tenant=tenant)
        seen = claim(tenant, key, route.key, event) if key and route.replay else None
        if seen and seen.subject and route.replay:
            return _render(route, route.replay(**arguments, subject=seen.subject), REPLAYED)
        result = route.handler(**arguments)
        if seen:
            seen.stage(tenant)
        if route.audit is None:
            if tenant.has_writes:
                raise AssertionError(f"{route.key} declares no audit action and yet staged a write")
        else:
            tenant.commit(route.audit)
        return _render(route, result)

    def _route(
        self,
        method: str,
        path: str,
        *,
        permission: Permission,
        audit: Action | None,
        replay: Callable[..., Any] | None = None,
        status: int = HTTPStatus.OK,
        produces: str = "application/json",
    ) -> Callable[..., Any]:
        if not isinstance(permission, Permission):
            raise TypeError(f"{method} {path} needs a permission (Permission.PUBLIC for anybody)")
        if method in _CHANGING and not isinstance(audit, Action):
            raise TypeError(f"{method} {path} changes something and needs an audit action")
        if method == "POST" and replay is None:
            raise TypeError(f"{method} {path} needs an answer for a repeated Idempotency-Key")

        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            hints = get_type_hints(handler)
            route = Route(
                method=method,
                path=_PLACEHOLDER.sub(r"{\1}", path),
                permission=permission,
                audit=audit,
                status=status,
                handler=handler,
                replay=replay,
                body=hints.get("body"),
                query=hints.get("query"),
                returns=hints.get("return"),
                produces=produces,
                wants=frozenset(inspect.signature(handler).parameters),
            )
            if route.key in self.routes:
                raise TypeError(f"{route.key} is declared twice")
            self.routes[route.key] = route
            return handler

        return register


def _arguments(route: Route, event: Mapping[str, Any], **offered: object) -> dict[str, Any]:
    arguments: dict[str, Any] = {name: value for name, value in offered.items() if name in route.wants}
    arguments.update(event.get("pathParameters") or {})
    if route.body:
        arguments["body"] = _parse(route.body, _json(event))
    if route.query:
        arguments["query"] = _parse(route.query, event.get("queryStringParameters") or {})
    return arguments


def _json(event: Mapping[str, Any]) -> Any:
    raw = event.get("body") or ""
    try:
        text = base64.b64decode(raw, validate=True).decode() if event.get("isBase64Encoded") else raw
        return json.loads(text)
    except (ValueError, RecursionError) as error:  # no base64, UTF-8 or JSON; endless digits or depth
        raise InvalidRequest("The body is not JSON.", code="invalid_json") from error


def _parse[Model: BaseModel](model: type[Model], values: Any) -> Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        errors = [
            {"field": ".".join(map(str, problem["loc"])), "message": problem["msg"]}
            for problem in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        named = ", ".join(sorted({problem["field"] for problem in errors if problem["field"]})) or "the body"
        raise InvalidRequest(f"Not accepted: {named}.", errors=errors) from error


def _origin(event: Mapping[str, Any]) -> Origin:
    context = event["requestContext"]
    agent = context["http"].get("userAgent") or None
    return Origin(
        ip=context["http"]["sourceIp"],
        user_agent=agent[:256] if agent else None,
        request_id=context["requestId"],
    )


def _render(route: Route, result: Any, headers: dict[str, str] | None = None) -> Response:
    match result:
        case None:
            return respond(HTTPStatus.NO_CONTENT, "", headers=headers)
        case Answer():
            body = result.body if isinstance(result.body, str) else result.body.model_dump_json()
            return respond(route.status, body, result.content_type, {**result.headers, **(headers or {})})
        case BaseModel():
            return respond(route.status, result.model_dump_json(), headers=headers)
    raise TypeError(f"{route.key} answered with {type(result).__name__}, not a model")
