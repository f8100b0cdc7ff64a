"""The page of a workspace, for those who manage it: members, invitations, API keys."""

from __future__ import annotations

from html import escape
from typing import Any

from functions.accounts import keys, members
from functions.accounts.routes import api
from sheaf.access.roles import Permission, Role
from sheaf.accounts.invitations import InvitationQuery, InvitationView, list_invitations
from sheaf.accounts.keys import KeyQuery, KeyView, list_keys
from sheaf.accounts.members import MemberQuery, MemberView, list_members
from sheaf.accounts.notices import said
from sheaf.accounts.workspaces import WorkspaceView, show_workspace
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.identity import Credential
from sheaf.edge.pages import HTML, SUBSCRIPTION, WORKSPACE, Said, account_page, button, note
from sheaf.kernel.pages import MAX_LIMIT
from sheaf.storage.tenant import Tenant

__all__ = ["keys", "made_key", "members", "workspace_page"]


@api.get("/account/workspace", permission=Permission.MEMBER_WRITE, produces=HTML)
def workspace_page(tenant: Tenant, credential: Credential, app: Application, query: Said) -> Answer[str]:
    """Members, invitations and API keys of the workspace, for whoever manages them."""
    role, workspace = credential.held_role, show_workspace(tenant)
    people = list_members(tenant, MemberQuery(limit=MAX_LIMIT))
    asked = list_invitations(tenant, InvitationQuery(limit=MAX_LIMIT))
    listed = list_keys(tenant, KeyQuery(limit=MAX_LIMIT))
    body = (
        note(query)
        + _closing(workspace)
        + (_PLAN if app.settings.plans_sold_by else "")
        + _section(
            "Members", [_member(each, tenant.actor.id, role) for each in people.items], people.next_cursor
        )
        + _section(
            "Invitations", [_invitation(each, role) for each in asked.items], asked.next_cursor, _invite(role)
        )
        + _section(
            "API keys", [_key(each, role) for each in listed.items], listed.next_cursor, _new_key(role)
        )
    )
    return account_page(WORKSPACE, workspace.name, body, role=role)


api.form("/account/members/<user_id>/role", of="PATCH /v1/members/{user_id}", back=WORKSPACE)
api.form("/account/members/<user_id>/remove", of="DELETE /v1/members/{user_id}", back=WORKSPACE)
api.form(
    "/account/invitations/<invitation_id>/withdraw",
    of="DELETE /v1/invitations/{invitation_id}",
    back=WORKSPACE,
)
api.form("/account/api-keys/<key_id>/revoke", of="DELETE /v1/api-keys/{key_id}", back=WORKSPACE)


def made_key(made: dict[str, Any]) -> Answer[str]:
    """``made`` is a KeyView. The only page that shows its secret."""
    body = _MADE.format(name=escape(made["name"]), secret=escape(made["secret"] or made["display"]))
    return account_page(WORKSPACE, "Your API key", body, role=Role.ADMIN)


def _section(title: str, rows: list[str], next_cursor: str | None, more: str = "") -> str:
    table = (
        f'<div class="scroll"><table>{"".join(rows)}</table></div>' if rows else '<p class="soft">None.</p>'
    )
    rest = '<p class="soft">There are more: the API lists them all.</p>' if next_cursor else ""
    return f"<section><h2>{title}</h2>{table}{rest}{more}</section>"


def _closing(workspace: WorkspaceView) -> str:
    if workspace.closes_at is None:
        return ""
    when = said(workspace.closes_at)
    return f'<p class="note warn" role="status">This workspace will be deleted on {when}.</p>'


def _member(member: MemberView, own_id: str, role: Role) -> str:
    about = f"<td>{escape(member.email)}<br><small>{escape(member.name)}</small></td>"
    since = f"<td>since {member.joined_at:%Y-%m-%d}</td>"
    if member.user_id == own_id or member.role.outranks(role):
        return f"<tr>{about}{since}<td>{member.role.value}</td><td></td></tr>"
    path = f"/account/members/{member.user_id}"
    change = (
        f'<form class="steps" method="post" action="{path}/role">'
        f'<select name="role" aria-label="Role">{_roles(role, member.role)}</select>'
        '<button class="small">Change</button></form>'
    )
    remove = button(f"{path}/remove", "Remove", warn=True)
    return f'<tr>{about}{since}<td>{change}</td><td class="steps">{remove}</td></tr>'


def _invitation(invitation: InvitationView, role: Role) -> str:
    path = f"/account/invitations/{invitation.id}/withdraw"
    step = "" if invitation.role.outranks(role) else button(path, "Take back", warn=True)
    return (
        f"<tr><td>{escape(invitation.email)}</td><td>{invitation.role.value}</td>"
        f'<td>until {said(invitation.expires_at)}</td><td class="steps">{step}</td></tr>'
    )


def _key(key: KeyView, role: Role) -> str:
    step = (
        "" if key.role.outranks(role) else button(f"/account/api-keys/{key.id}/revoke", "Revoke", warn=True)
    )
    used = f"used {said(key.used_at)}" if key.used_at else "not used yet"
    return (
        f"<tr><td>{escape(key.name)}<br><small><code>{escape(key.display)}…</code></small></td>"
        f'<td>{key.role.value}</td><td>{used}</td><td class="steps">{step}</td></tr>'
    )


def _roles(own: Role, chosen: Role) -> str:
    return "".join(
        f"<option{' selected' if role is chosen else ''}>{role.value}</option>"
        for role in reversed(Role)
        if not role.outranks(own)
    )


def _invite(role: Role) -> str:
    return (
        '<form class="inline" method="post" action="/v1/invitations">'
        '<label for="email">Invite somebody</label>'
        '<input id="email" name="email" type="email" required>'
        f'<select name="role" aria-label="Role">{_roles(role, Role.MEMBER)}</select>'
        '<button class="small">Invite</button></form>'
    )


def _new_key(role: Role) -> str:
    return (
        '<form class="inline" method="post" action="/v1/api-keys"><label for="key-name">A new key</label>'
        '<input id="key-name" name="name" maxlength="100" required placeholder="What it is for">'
        f'<select name="role" aria-label="Role">{_roles(role, Role.MEMBER)}</select>'
        '<button class="small">Make a key</button></form>'
    )


_PLAN = f'<p><a href="{SUBSCRIPTION}">Plan, and what is used of it</a></p>'
_MADE = """
<p>This is the key “{name}”. It is not shown again: copy it now.</p>
<p><code class="secret">{secret}</code></p>
<p><a class="button first small" href="/account/workspace">I have copied it</a></p>
"""
