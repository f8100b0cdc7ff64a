"""Makes a workspace, or a link for its owner, in a process that has the functions' environment."""

from __future__ import annotations

from typing import Any

from infra.local.runtime import Context

OWNER = "owner@example.com"


def handler(event: dict[str, str], _context: Context) -> dict[str, Any]:
    if "sign_in" in event:
        return {"token": _link_of_owner(event["sign_in"])}
    from sheaf.edge.provisioning import create_workspace

    made = create_workspace(event["name"])
    return {"workspace_id": made.workspace_id, "api_key": made.api_key, "key_id": made.key_id}


def _link_of_owner(workspace_id: str) -> str:
    """The token that a mailed link has; somebody owns the workspace from now on."""
    from sheaf.access.actor import Origin
    from sheaf.accounts.email_links import make_link
    from sheaf.bootstrap import application

    app = application()
    user_id = app.people.user_id_at(OWNER) or _new_owner()
    if app.people.role(user_id, workspace_id) is None:
        _join(user_id, workspace_id)
    visit = app.visit(Origin(), None)
    visit.people.note_workspace(user_id, workspace_id)
    token = make_link(visit, OWNER)
    visit.commit()
    return token


def _new_owner() -> str:
    from sheaf.access.actor import Origin
    from sheaf.accounts.sign_in import new_user
    from sheaf.bootstrap import application

    visit = application().visit(Origin(), None)
    user = new_user(visit, OWNER, "Demo Owner")
    visit.commit()
    return user.id


def _join(user_id: str, workspace_id: str) -> None:
    from sheaf.access.actor import Actor, ActorKind, Origin
    from sheaf.access.roles import Role
    from sheaf.access.users import Membership
    from sheaf.audit.entries import Action, Change
    from sheaf.bootstrap import application

    app = application()
    tenant = app.open(workspace_id, Actor(kind=ActorKind.SYSTEM, id="provisioning"), Origin())
    owner = Membership(
        user_id=user_id,
        workspace_id=workspace_id,
        role=Role.OWNER,
        email=OWNER,
        name="Demo Owner",
        joined_at=app.clock.now(),
    )
    tenant.members.add(owner)
    tenant.record(Change(subject=user_id, after={"role": Role.OWNER.value}))
    tenant.commit(Action.MEMBER_JOINED)
