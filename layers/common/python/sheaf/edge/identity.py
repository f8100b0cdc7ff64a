"""From a request to a verified credential. The workspace comes from here and nowhere else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.access.keys import digest, is_well_formed
from sheaf.access.roles import PEOPLE_ONLY, Permission, Role
from sheaf.access.tokens import SESSION_COOKIE, digest_of, is_token
from sheaf.access.visibility import EVERYTHING, Visibility, visibility_of
from sheaf.edge.csrf import require_same_origin
from sheaf.kernel.errors import Conflict, Forbidden, Unauthenticated

if TYPE_CHECKING:
    from datetime import datetime

    from sheaf.access.keys import KeyGrant
    from sheaf.access.sessions import Session
    from sheaf.bootstrap import Application
    from sheaf.edge.request import Request
    from sheaf.edge.routes import Route


@dataclass(frozen=True)
class Credential:
    """Who asks, and for which workspace (None: signed in, and in none).

    ``scopes`` narrows what an API key may do; None: all that its role allows. ``visibility`` says about which
    documents. ``cookies`` go with the answer.
    """

    actor: Actor
    workspace_id: str | None
    role: Role | None
    scopes: frozenset[Permission] | None = None
    session: Session | None = None
    cookies: tuple[str, ...] = ()
    visibility: Visibility = EVERYTHING

    @property
    def held_role(self) -> Role:
        """For routes about a workspace, which nobody without a role gets to."""
        if self.role is None:
            raise AssertionError("the route must not be about a workspace")
        return self.role

    def permit(self, route: Route, now: datetime) -> None:
        """Raises Forbidden, or Unauthenticated where signing in (again) would help."""
        if route.permission is Permission.OWN_ACCOUNT:
            if self.session is None:
                raise Forbidden("An API key has no account: sign in.", code="session_required")
        elif self.workspace_id is None or self.role is None:
            raise Forbidden("Choose a workspace you are a member of.", code="no_workspace")
        elif not self.role.allows(route.permission):
            raise Forbidden(f"The role {self.role} does not include {route.permission}.")
        if self.session is None:
            self._permit_key(route)
        else:
            _permit_session(self.session, route, now)

    def _permit_key(self, route: Route) -> None:
        if route.permission in PEOPLE_ONLY:
            raise Forbidden(f"No API key may do this: {route.permission} is for people.")
        if self.scopes is not None and route.permission not in self.scopes:
            raise Forbidden(f"The scopes of this key do not include {route.permission}.")


def authenticate(request: Request, app: Application) -> Credential:
    """``Authorization: Bearer shf_live_...``, or the session's cookie from one of our own pages."""
    header = request.headers.get("authorization")
    if header is not None:
        return _by_key(header, app)
    token = request.cookies.get(SESSION_COOKIE)
    if token is not None:
        return _by_session(token, request, app)
    raise Unauthenticated("Sign in, or send an API key: `Authorization: Bearer shf_live_...`.")


def _by_key(header: str, app: Application) -> Credential:
    """A key with a wrong checksum is refused before any look-up."""
    scheme, _, secret = header.partition(" ")
    if not secret:
        raise Unauthenticated("Send an API key: `Authorization: Bearer shf_live_...`.")
    if scheme.lower() != "bearer" or not is_well_formed(secret.strip()):
        raise Unauthenticated("This is not a valid API key.", code="invalid_api_key")
    hashed, now = digest(secret.strip()), app.clock.now()
    key = app.keys.find(hashed)
    if key is None or not key.is_valid(now):
        raise Unauthenticated("This is not a valid API key.", code="invalid_api_key")
    actor = Actor(kind=ActorKind.API_KEY, id=key.key_id)
    if key.is_to_be_noted(now):
        _note_use(app, key, hashed, actor)
    return Credential(
        actor,
        key.workspace_id,
        key.role,
        scopes=key.scopes,
        visibility=visibility_of(key.role, key.clients),
    )


def _note_use(app: Application, key: KeyGrant, hashed: str, actor: Actor) -> None:
    """When it was last used is worth one write an hour, and no request's failure."""
    tenant, now = app.open(key.workspace_id, actor, Origin()), app.clock.now()
    tenant.keys.note_use(key.key_id, hashed, now)
    with suppress(Conflict):
        tenant.commit(None)


def _by_session(token: str, request: Request, app: Application) -> Credential:
    if request.method != "GET":
        require_same_origin(request.headers, app.settings.origin)
    session = app.people.session(digest_of(token)) if is_token(token) else None
    if session is None or not session.is_live(app.clock.now()):
        raise Unauthenticated("The session has ended: sign in again.", code="session_ended")
    role, visibility = None, EVERYTHING
    if session.workspace_id is not None:
        grant = app.people.grant(session.user_id, session.workspace_id)
        role = grant.role if grant else None
        visibility = visibility_of(grant.role, grant.clients) if grant else EVERYTHING
    session, cookies = _kept_going(session, role, request, app)
    if role is None and session.workspace_id is not None:
        # A token that was replaced, or lost a race, still names what its person has left.
        session = session.model_copy(update={"workspace_id": None, "role": None})
    actor = Actor(kind=ActorKind.USER, id=session.user_id)
    return Credential(
        actor, session.workspace_id, role, session=session, cookies=cookies, visibility=visibility
    )


def _kept_going(
    session: Session, role: Role | None, request: Request, app: Application
) -> tuple[Session, tuple[str, ...]]:
    """Two requests at once rotate a session once: the other's answer brings the new cookie."""
    from sheaf.accounts.sessions import keep_going
    from sheaf.edge.cookies import session_cookie

    visit = app.visit(request.origin, None)
    kept, token = keep_going(visit, session, role)
    try:
        visit.commit()
    except Conflict:
        return session, ()
    return kept, (session_cookie(token, kept, app.clock.now()),) if token else ()


def _permit_session(session: Session, route: Route, now: datetime) -> None:
    if session.awaits_second_factor and not route.half_way:
        raise Unauthenticated("Give your second factor first.", code="second_factor_required")
    if route.step_up and not session.was_proved_lately(now):
        raise Forbidden("Show once more who you are: sign in again.", code="step_up_required")
