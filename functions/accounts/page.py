"""The page of somebody's account: who they are, their workspaces, where they are signed in."""

from __future__ import annotations

import re
from html import escape

from functions.accounts import person
from functions.accounts.routes import api
from sheaf.access.roles import Permission
from sheaf.accounts.notices import said
from sheaf.accounts.profile import Place, Profile, show_profile
from sheaf.accounts.sessions import SessionView, list_sessions
from sheaf.edge.api import Answer
from sheaf.edge.pages import ACCOUNT, HTML, SIGN_IN, Said, account_page, button, note
from sheaf.storage.visit import Visit

__all__ = ["account", "person"]

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")


@api.get("/account", permission=Permission.OWN_ACCOUNT, produces=HTML)
def account(visit: Visit, query: Said) -> Answer[str]:
    """The caller's account: workspaces and sessions."""
    profile = show_profile(visit)
    listed = list_sessions(visit).items
    sessions = "".join(_session(each) for each in listed)
    others = button("/account/sessions/end", "End all the others") if len(listed) > 1 else ""
    body = (
        f"{note(query)}<p>You are signed in as <strong>{escape(profile.email)}</strong>.</p>"
        f"{_workspaces(profile)}"
        f'<section><h2>Where you are signed in</h2><div class="scroll"><table>{sessions}</table></div>'
        f"{others}</section>"
    )
    role = visit.session.role if visit.session else None
    return account_page(ACCOUNT, "Your account", body, role=role)


api.form("/account/workspace/enter", of="PUT /v1/session/workspace", back=ACCOUNT)
api.form("/account/workspace/leave", of="DELETE /v1/membership", back=ACCOUNT)
api.form("/account/sessions/end", of="DELETE /v1/sessions", back=ACCOUNT)
api.form("/account/sessions/<session_id>/end", of="DELETE /v1/sessions/{session_id}", back=ACCOUNT)
api.form("/account/sign-out", of="DELETE /v1/session", back=SIGN_IN)


def _workspaces(profile: Profile) -> str:
    rows = "".join(
        _workspace(place, is_here=place.workspace_id == profile.workspace_id) for place in profile.workspaces
    )
    table = (
        f'<div class="scroll"><table>{rows}</table></div>'
        if rows
        else '<p class="soft">You are in none yet.</p>'
    )
    return f"<section><h2>Workspaces</h2>{table}{_NEW_WORKSPACE}</section>"


def _workspace(place: Place, *, is_here: bool) -> str:
    name = escape(place.name) if place.name else f"<code>{place.workspace_id}</code>"
    if is_here:
        leave = button("/account/workspace/leave", "Leave", warn=True)
        step = f'<span class="here">You work here</span> {leave}'
    else:
        step = button("/account/workspace/enter", "Switch to it", workspace_id=place.workspace_id)
    return f'<tr><td>{name}</td><td>{place.role.value}</td><td class="steps">{step}</td></tr>'


def _session(session: SessionView) -> str:
    if session.current:
        step = '<span class="here">This one</span>'
    else:
        step = button(f"/account/sessions/{session.id}/end", "End")
    by, where = escape(", ".join(session.factors)), escape(session.ip or "")
    return (
        f"<tr><td>{escape(_browser(session.user_agent or ''))}<br><small>{where}</small></td>"
        f"<td>since {said(session.created_at)}<br><small>by {by} · seen {said(session.seen_at)}</small></td>"
        f'<td class="steps">{step}</td></tr>'
    )


def _browser(user_agent: str) -> str:
    """In words; what is no browser by the beginning of what it says of itself."""
    name = next((label for mark, label in _BROWSERS if re.search(rf"\b{mark}(?:iOS)?/", user_agent)), None)
    system = next((each for each in _SYSTEMS if each in user_agent), None)
    if name is None:
        return user_agent[:40] or "Unknown"
    return f"{name} on {system.replace(' OS X', '')}" if system else name


_NEW_WORKSPACE = """
<form class="inline" method="post" action="/v1/workspaces">
<label for="workspace-name">Name of a new one</label>
<input id="workspace-name" name="name" maxlength="100" required>
<button class="small">Make a workspace</button></form>
"""
