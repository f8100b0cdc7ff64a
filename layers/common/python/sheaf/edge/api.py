"""Serving a function's routes: authenticate, permit, open the tenant, run, commit. In that order, always.

    api = Api()

    @api.post("/v1/things", permission=Permission.THING_WRITE, audit=Action.THING_MADE, replay=...)
    def make(body: NewThing, tenant: Tenant) -> Thing: ...

A handler's parameters are filled by name: ``tenant`` (routes about a workspace) or ``visit`` (public ones,
and those about one's own account), ``body`` and ``query`` (pydantic models), ``if_match`` (an IfMatch, from
the header), ``app``, ``request``, ``credential``, and the placeholders of the path. API Gateway has matched
the route already, so finding the handler is one look-up by ``routeKey``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from sheaf.access.roles import Permission
from sheaf.edge.conflicts import again_on_conflict, in_turn
from sheaf.edge.csrf import refuse_other_origins
from sheaf.edge.idempotency import REPLAYED, claim
from sheaf.edge.identity import Credential, authenticate
from sheaf.edge.log import logger
from sheaf.edge.request import Request
from sheaf.edge.responses import Response, problem, respond
from sheaf.edge.routes import Answer, Route, Routes
from sheaf.kernel.errors import Forbidden, NotFound, SheafError, UnknownParameter
from sheaf.kernel.preconditions import IfMatch
from sheaf.kernel.problems import not_accepted

if TYPE_CHECKING:
    from sheaf.bootstrap import Application
    from sheaf.storage.tenant import Tenant
    from sheaf.storage.visit import Visit

__all__ = ["Answer", "Api", "Route"]

_MOST_ERRORS = 50


class Api(Routes):
    """The routes of one function, and its Lambda handler."""

    def handler(self, event: Mapping[str, Any], _context: object) -> Response:
        request = Request(event)
        return _refusing(request, lambda: self._serve(request))

    def _serve(self, request: Request) -> Response:
        route = self.routes.get(request.route_key)
        if route is None:
            raise NotFound("There is nothing at this address.")
        if route.permission is Permission.PUBLIC and not route.wants & {"app", "visit"}:
            # What anybody may see needs neither tables nor keys, and nothing that knows them.
            return _render(route, route.handler(**_arguments(route, request, request=request)))
        from sheaf.bootstrap import application

        app = application()
        request = replace(request, edge_digests=app.settings.edge_digests)
        if route.permission is Permission.PUBLIC:
            if route.changes and not route.cross_site:
                refuse_other_origins(request.headers, app.settings.origin)
            return _run_visit(route, request, app, None)
        credential = authenticate(request, app)
        response = _refusing(request, lambda: _run(route, request, app, credential))
        if credential.cookies:
            response["cookies"] = [*credential.cookies, *response.get("cookies", ())]
        return response


def _refusing(request: Request, run: Callable[[], Response]) -> Response:
    try:
        return run()
    except SheafError as error:
        logger.info("refused", request_id=request.id, route=request.route_key, code=error.code)
        return problem(error, instance=request.id)


def _run(route: Route, request: Request, app: Application, credential: Credential) -> Response:
    run = _run_tenant if route.is_tenants else _run_visit
    try:
        credential.permit(route, app.clock.now())
        headers = _within_limits(route, app, credential)
        if route.contended:
            return in_turn(lambda: run(route, request, app, credential, headers))
        if route.method == "DELETE" or "if_match" in route.wants:  # which says whether it is still meant
            return again_on_conflict(lambda: run(route, request, app, credential, headers))
        return run(route, request, app, credential, headers)
    except Forbidden as refusal:
        _note_denial(app, request, credential, refusal)
        raise


def _run_tenant(
    route: Route, request: Request, app: Application, credential: Credential, headers: dict[str, str]
) -> Response:
    if credential.workspace_id is None:
        raise AssertionError(f"{route.key} was permitted without a workspace")
    tenant = app.open(
        credential.workspace_id, credential.actor, request.origin, visibility=credential.visibility
    )
    arguments = _arguments(route, request, app=app, tenant=tenant, request=request, credential=credential)
    key = request.headers.get("idempotency-key")
    seen = claim(tenant, key, route.key, request.event) if key and route.replay else None
    if seen and seen.subject and route.replay:
        known = {name: value for name, value in arguments.items() if name in route.replay_wants}
        return _render(route, route.replay(**known, subject=seen.subject), headers | REPLAYED)
    if seen:
        tenant.at_first_commit(seen.stage)
    result = route.handler(**arguments)
    _commit(route, tenant, result)
    return _render(route, result, headers)


def _within_limits(route: Route, app: Application, credential: Credential) -> dict[str, str]:
    """Raises TooManyRequests; else the headers that say what is left.

    https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
    """
    if route.limits is None:
        return {}
    if route.limits.of_workspace is not None and credential.workspace_id is not None:
        app.throttles.take(route.limits.of_workspace, credential.workspace_id)
    left = app.throttles.take(route.limits.of_caller, credential.actor.id)
    window, full_in = int(left.limit.per.total_seconds()), math.ceil(left.full_in.total_seconds())
    return {
        "ratelimit-policy": f'"{left.limit.name}";q={left.limit.tries};w={window}',
        "ratelimit": f'"{left.limit.name}";r={left.remaining};t={full_in}',
    }


def _run_visit(
    route: Route,
    request: Request,
    app: Application,
    credential: Credential | None,
    headers: dict[str, str] | None = None,
) -> Response:
    visit = app.visit(request.origin, credential.session if credential else None)
    arguments = _arguments(route, request, app=app, visit=visit, request=request, credential=credential)
    result = route.handler(**arguments)
    _commit(route, visit, result)
    return _render(route, result, headers)


def _commit(route: Route, work: Tenant | Visit, result: Any) -> None:
    if route.audit is not None:
        work.commit(route.audit)
    elif work.has_writes:
        raise AssertionError(f"{route.key} declares no audit action and yet staged a write")
    if isinstance(result, Answer) and result.then is not None:
        result.then()


def _note_denial(app: Application, request: Request, credential: Credential, refusal: Forbidden) -> None:
    """In the log of the workspace that was asked about, if the caller has to do with it at all."""
    if credential.workspace_id is not None and credential.role is not None:
        tenant = app.open(credential.workspace_id, credential.actor, request.origin)
        tenant.note_denial(request.route_key, refusal.code)


def _arguments(route: Route, request: Request, /, **offered: object) -> dict[str, Any]:
    arguments: dict[str, Any] = {name: value for name, value in offered.items() if name in route.wants}
    arguments.update(request.path_parameters)
    if route.takes_only_its_parameters:
        _refuse_unknown(route, request.query)
    if route.body:
        arguments["body"] = _parse(route.body, request.document)
    if "if_match" in route.wants:
        arguments["if_match"] = IfMatch.of(request.headers.get("if-match"))
    if route.query:
        arguments["query"] = _parse(route.query, request.query)
    return arguments


def _refuse_unknown(route: Route, sent: Iterable[str]) -> None:
    known = sorted(route.query.model_fields) if route.query else []
    unknown = [name[:200] for name in sent if name not in known][:_MOST_ERRORS]
    if unknown:
        takes = f"it takes {', '.join(known)}" if known else "it takes none"
        errors = [{"field": name, "message": "There is no such parameter"} for name in unknown]
        named = ", ".join(unknown)
        raise UnknownParameter(f"Not a parameter of {route.key}: {named}; {takes}.", errors=errors)


def _parse[Model: BaseModel](model: type[Model], values: Any) -> Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise not_accepted(error) from error


def _render(route: Route, result: Any, headers: dict[str, str] | None = None) -> Response:
    match result:
        case None:
            return respond(HTTPStatus.NO_CONTENT, "", headers=headers)
        case Answer():
            body = result.body if isinstance(result.body, str | bytes) else result.body.model_dump_json()
            response = respond(
                result.status or route.status,
                body,
                result.content_type,
                {**result.headers, **(headers or {})},
            )
            return {**response, "cookies": list(result.cookies)} if result.cookies else response
        case BaseModel():
            return respond(route.status, result.model_dump_json(), headers=headers)
    raise TypeError(f"{route.key} answered with {type(result).__name__}, not a model")
