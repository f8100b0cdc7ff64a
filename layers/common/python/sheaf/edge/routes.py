"""What a route says: method, path, who may, what is audited. Nothing else decides on access."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, get_type_hints

from pydantic import BaseModel

from sheaf.access.limits import CHANGES_TO_ACCOUNT, Limit
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Limits:
    """How often a route may be called: by one caller, and by all of a workspace together (None: by each of
    them alone).
    """

    of_caller: Limit
    of_workspace: Limit | None = None


@dataclass(frozen=True)
class Answer[Body: str | bytes | BaseModel]:
    """For handlers that set headers or cookies, or answer with text or a file instead of a model.

    ``then`` is done when everything is committed: a mail is not sent for what did not happen.
    """

    body: Body
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()
    status: int | None = None
    then: Callable[[], object] | None = None


_PLACEHOLDER = re.compile(r"<(\w+)>")
_OF_ACCOUNT = Limits(of_caller=CHANGES_TO_ACCOUNT)
_WITHOUT_WORKSPACE = frozenset({Permission.PUBLIC, Permission.OWN_ACCOUNT})


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
    step_up: bool
    """Asks a person, not an API key, to have shown lately who they are."""

    half_way: bool
    """Open to a session that still awaits its second factor."""

    limits: Limits | None
    cross_site: bool
    """Another site may send it: it carries its own proof."""

    contended: bool
    """Many do it at once to one thing, and each gets their turn."""

    keeps_nothing: bool
    """It answers anybody out of what it is sent: no table is within its reach, and nothing to be audited."""

    body: type[BaseModel] | None
    query: type[BaseModel] | None
    returns: Any
    produces: str
    wants: frozenset[str]
    replay_wants: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def path_parameters(self) -> tuple[str, ...]:
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    @property
    def changes(self) -> bool:
        return self.method in CHANGING and not self.keeps_nothing

    @property
    def takes_only_its_parameters(self) -> bool:
        """Identity providers and links in mails bring parameters along; callers of the API mistype them."""
        return self.path.startswith("/v1/") and self.permission is not Permission.PUBLIC

    @property
    def is_tenants(self) -> bool:
        """Whether it is about a workspace, rather than for anybody or about one's own account."""
        return self.permission not in _WITHOUT_WORKSPACE


class Routes:
    """The routes of one function, declared by decorators."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.forms: dict[str, str] = {}
        """The page that each form leads back to."""

    def get(
        self,
        path: str,
        *,
        permission: Permission,
        audit: Action | None = None,
        status: int = HTTPStatus.OK,
        produces: str = "application/json",
        step_up: bool = False,
        half_way: bool = False,
    ) -> Callable[..., Any]:
        """``audit`` is for what another site sends a browser to do, which can be by GET only."""
        return self._route(
            "GET", path, permission=permission, audit=audit, status=status, produces=produces,
            step_up=step_up, half_way=half_way,
        )  # fmt: skip

    def post(
        self,
        path: str,
        *,
        permission: Permission,
        audit: Action,
        replay: Callable[..., Any] | None = None,
        repeatable: bool = False,
        status: int = HTTPStatus.CREATED,
        produces: str = "application/json",
        step_up: bool = False,
        half_way: bool = False,
        cross_site: bool = False,
        limits: Limits | None = None,
        contended: bool = False,
    ) -> Callable[..., Any]:
        """``replay`` answers a repeated Idempotency-Key: it gets the id of what the first request made.

        Routes about a workspace must have one, unless what they do is ``repeatable`` as it is; what a person
        does to their account is safe to repeat.
        """
        return self._route(
            "POST", path, permission=permission, audit=audit, replay=replay, repeatable=repeatable,
            status=status, produces=produces, step_up=step_up, half_way=half_way, cross_site=cross_site,
            limits=limits, contended=contended,
        )  # fmt: skip

    def answer(self, path: str, *, produces: str) -> Callable[..., Any]:
        """A POST that anybody may send, and that keeps nothing: for what does not belong into an address."""
        return self._route(
            "POST", path, permission=Permission.PUBLIC, audit=None, produces=produces, keeps_nothing=True
        )

    def put(
        self, path: str, *, permission: Permission, audit: Action, step_up: bool = False
    ) -> Callable[..., Any]:
        return self._route("PUT", path, permission=permission, audit=audit, step_up=step_up)

    def patch(
        self, path: str, *, permission: Permission, audit: Action, step_up: bool = False
    ) -> Callable[..., Any]:
        return self._route("PATCH", path, permission=permission, audit=audit, step_up=step_up)

    def delete(
        self,
        path: str,
        *,
        permission: Permission,
        audit: Action,
        step_up: bool = False,
        half_way: bool = False,
        status: int = HTTPStatus.NO_CONTENT,
    ) -> Callable[..., Any]:
        return self._route(
            "DELETE", path, permission=permission, audit=audit, status=status,
            step_up=step_up, half_way=half_way,
        )  # fmt: skip

    def form(self, path: str, *, of: str, back: str) -> None:
        """``POST path`` does what the route ``of`` does, asks for the same and is noted as the same, and
        leads to the page ``back``: a page without script can only post.
        """
        route = self.routes[of]

        @functools.wraps(route.handler)
        def handler(**arguments: Any) -> Answer[str]:
            result = route.handler(**arguments)
            made = result if isinstance(result, Answer) else Answer("")
            headers = {**made.headers, "location": back}
            return replace(made, body="", content_type="text/plain", headers=headers, status=None)

        handler.__name__ = f"{route.handler.__name__}_by_form"
        form = replace(
            route,
            method="POST",
            path=_PLACEHOLDER.sub(r"{\1}", path),
            status=HTTPStatus.SEE_OTHER,
            handler=handler,
            returns=Answer[str],
            produces="text/plain",
        )
        self._add(form)
        self.forms[form.key] = back

    def _route(
        self,
        method: str,
        path: str,
        *,
        permission: Permission,
        audit: Action | None,
        replay: Callable[..., Any] | None = None,
        repeatable: bool = False,
        status: int = HTTPStatus.OK,
        produces: str = "application/json",
        step_up: bool = False,
        half_way: bool = False,
        cross_site: bool = False,
        limits: Limits | None = None,
        contended: bool = False,
        keeps_nothing: bool = False,
    ) -> Callable[..., Any]:
        if not isinstance(permission, Permission):
            raise TypeError(f"{method} {path} needs a permission (Permission.PUBLIC for anybody)")
        if method in CHANGING and not keeps_nothing and not isinstance(audit, Action):
            raise TypeError(f"{method} {path} changes something and needs an audit action")
        if method == "GET" and audit is not None and permission is not Permission.PUBLIC:
            raise TypeError(f"{method} {path} changes something, and any page could send a browser there")
        safe_to_repeat = repeatable or permission in _WITHOUT_WORKSPACE
        if method == "POST" and replay is None and not safe_to_repeat:
            raise TypeError(f"{method} {path} needs an answer for a repeated Idempotency-Key")
        if method in CHANGING and permission is Permission.OWN_ACCOUNT and audit is not Action.SESSION_ENDED:
            limits = limits or _OF_ACCOUNT  # whoever has a thief in their account can always throw them out

        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            hints = get_type_hints(handler)
            if keeps_nothing and {"app", "visit"} & inspect.signature(handler).parameters.keys():
                raise TypeError(f"{method} {path} keeps nothing, and is given what could keep something")
            route = Route(
                method=method,
                path=_PLACEHOLDER.sub(r"{\1}", path),
                permission=permission,
                audit=audit,
                status=status,
                handler=handler,
                replay=replay,
                step_up=step_up,
                half_way=half_way,
                cross_site=cross_site,
                limits=limits,
                contended=contended,
                keeps_nothing=keeps_nothing,
                body=hints.get("body"),
                query=hints.get("query"),
                returns=hints.get("return"),
                produces=produces,
                wants=frozenset(inspect.signature(handler).parameters),
                replay_wants=frozenset(inspect.signature(replay).parameters if replay else ()),
            )
            self._add(route)
            return handler

        return register

    def _add(self, route: Route) -> None:
        if route.key in self.routes:
            raise TypeError(f"{route.key} is declared twice")
        self.routes[route.key] = route
