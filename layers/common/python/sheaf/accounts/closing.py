"""A workspace is deleted: asked for by an owner, a week to change one's mind, then all of it is erased.

Until then an owner may keep it. It is looked at again after the last link has run out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from sheaf.access.erasures import PlannedErasure
from sheaf.accounts.workspaces import WorkspaceView, itself, view
from sheaf.audit.entries import Change
from sheaf.kernel.errors import Conflict

if TYPE_CHECKING:
    from sheaf.accounts.ports import Tenant

NOTICE = timedelta(days=7)
STRAGGLERS = timedelta(hours=2)
"""Links signed before the erasure, and messages on their way, are over by then: what they left is erased too,
and only then is it said that nothing is left.
"""


class Closing(BaseModel):
    """``now`` gives the week up: it cannot be undone."""

    model_config = ConfigDict(extra="forbid")

    now: bool = False


def close_workspace(tenant: Tenant, closing: Closing) -> WorkspaceView:
    workspace, now = itself(tenant), tenant.clock.now()
    if workspace.closes_at is not None:
        raise Conflict("The workspace is being deleted already.", code="already_closing")
    member = tenant.members.get(tenant.actor.id)
    closes_at = now if closing.now else now + NOTICE
    tenant.workspace.save(closed := workspace.model_copy(update={"closes_at": closes_at}))
    tenant.people.plan_erasure(
        PlannedErasure(
            workspace_id=workspace.id,
            closes_at=closes_at,
            asked_by=tenant.actor.id,
            email=member.email if member else "",
        )
    )
    tenant.record(Change(subject=workspace.id, after={"closes_at": closes_at.isoformat()}))
    return view(closed)


def keep_workspace(tenant: Tenant) -> WorkspaceView:
    """Raises Conflict when it is too late, or nothing was asked for."""
    workspace = itself(tenant)
    if workspace.closes_at is None or workspace.closes_at <= tenant.clock.now():
        raise Conflict("The workspace is not waiting to be deleted.", code="not_closing")
    tenant.workspace.save(kept := workspace.model_copy(update={"closes_at": None}))
    tenant.people.drop_erasure(workspace.id, workspace.closes_at)
    tenant.record(Change(subject=workspace.id, before={"closes_at": workspace.closes_at.isoformat()}))
    return view(kept)
