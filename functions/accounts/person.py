"""Whoever is signed in: profile, sessions, the workspaces they are in."""

from __future__ import annotations

from http import HTTPStatus

from functions.accounts.routes import api
from sheaf.access.roles import Permission
from sheaf.access.tokens import SESSION_COOKIE
from sheaf.accounts.invitations import Acceptance, accept
from sheaf.accounts.members import MemberView
from sheaf.accounts.notices import News, notice
from sheaf.accounts.profile import Profile, show_profile
from sheaf.accounts.sessions import SessionList, end, end_others, list_sessions, sign_out
from sheaf.accounts.workspaces import (
    NewWorkspace,
    WorkspaceChoice,
    WorkspaceView,
    create_workspace,
    enter,
    leave,
)
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.cookies import expired_cookie
from sheaf.edge.notices import occasion, telling
from sheaf.edge.request import Request
from sheaf.storage.visit import Visit


@api.get("/v1/me", permission=Permission.OWN_ACCOUNT, half_way=True)
def me(visit: Visit) -> Profile:
    """Who is signed in, and the workspaces they are a member of."""
    return show_profile(visit)


@api.get("/v1/sessions", permission=Permission.OWN_ACCOUNT)
def sessions(visit: Visit) -> SessionList:
    """Where the caller is signed in."""
    return list_sessions(visit)


@api.delete("/v1/sessions", permission=Permission.OWN_ACCOUNT, audit=Action.SESSION_ENDED)
def end_other_sessions(visit: Visit) -> None:
    """Sign out everywhere but here."""
    while end_others(visit):
        visit.commit(Action.SESSION_ENDED)


@api.delete("/v1/sessions/<session_id>", permission=Permission.OWN_ACCOUNT, audit=Action.SESSION_ENDED)
def end_session(visit: Visit, session_id: str) -> None:
    """End one of the caller's sessions."""
    end(visit, session_id)


@api.delete(
    "/v1/session", permission=Permission.OWN_ACCOUNT, audit=Action.SESSION_ENDED, half_way=True, status=200
)
def leave_session(visit: Visit) -> Answer[str]:
    """Sign out."""
    sign_out(visit)
    return Answer(
        "{}", cookies=(expired_cookie(SESSION_COOKIE),), headers={"clear-site-data": '"cache", "cookies"'}
    )


@api.post("/v1/workspaces", permission=Permission.OWN_ACCOUNT, audit=Action.WORKSPACE_CREATED)
def create(visit: Visit, body: NewWorkspace, app: Application) -> WorkspaceView:
    """Make a workspace: the caller owns it and works in it from now on."""
    return create_workspace(visit, body, on_trial=bool(app.settings.plans_sold_by))


@api.put("/v1/session/workspace", permission=Permission.OWN_ACCOUNT, audit=Action.WORKSPACE_ENTERED)
def switch(visit: Visit, body: WorkspaceChoice) -> WorkspaceView:
    """Work in another of one's workspaces."""
    return enter(visit, body)


@api.delete("/v1/membership", permission=Permission.OWN_ACCOUNT, audit=Action.MEMBER_LEFT)
def leave_workspace(visit: Visit, app: Application, request: Request) -> Answer[str]:
    """Leave the workspace this session works in."""
    member, workspace = leave(visit)
    mail = notice(News.LEFT, member.email, occasion(app, request), workspace=workspace.name)
    return Answer("", then=telling(app, request, [mail]))


@api.post(
    "/v1/invitations/accept",
    permission=Permission.OWN_ACCOUNT,
    audit=Action.MEMBER_JOINED,
    status=HTTPStatus.OK,
)
def join(visit: Visit, body: Acceptance, app: Application, request: Request) -> Answer[MemberView]:
    """Become a member, with the token that was mailed to the caller's address."""
    member, workspace = accept(visit, body)
    facts = {"workspace": workspace.name, "role": member.role.value}
    mail = notice(News.JOINED, member.email, occasion(app, request), **facts)
    return Answer(member, then=telling(app, request, [mail]))
