"""Workspaces, from the side of the people in them: made, renamed, entered, left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from sheaf.access.roles import Role
from sheaf.access.users import Membership
from sheaf.accounts import members
from sheaf.accounts.members import MemberView
from sheaf.accounts.sessions import work_in
from sheaf.audit.entries import Change
from sheaf.kernel.errors import Forbidden, NotFound, Unauthenticated
from sheaf.kernel.names import Name
from sheaf.retention.windows import Window
from sheaf.retention.workspace import Workspace

if TYPE_CHECKING:
    from sheaf.accounts.ports import Tenant, Visit


class NewWorkspace(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name


class WorkspaceView(BaseModel):
    """``closes_at``: when it is deleted, with all there is in it, unless an owner keeps it."""

    id: str
    name: str
    created_at: AwareDatetime
    closes_at: AwareDatetime | None


class WorkspaceChoice(BaseModel):
    """``workspace_id`` is the workspace to work in from now on."""

    model_config = ConfigDict(extra="forbid")

    workspace_id: Annotated[str, StringConstraints(max_length=100)]


def create_workspace(visit: Visit, new: NewWorkspace, *, on_trial: bool = False) -> WorkspaceView:
    """The caller becomes its owner, and their session works in it. ``on_trial``: until a plan is bought, it
    has the limits of the trial; else none.
    """
    user = visit.people.user(visit.user_id)
    if user is None:
        raise Unauthenticated("The account was deleted.", code="session_ended")
    now = visit.clock.now()
    tenant = visit.inside(visit.new_id("wrk"))
    fresh = Workspace(id=tenant.workspace_id, name=new.name, created_at=now)
    workspace = fresh.keeping(Window.SEVEN_YEARS, oldest_upload=None, now=now)
    tenant.workspace.add(workspace)
    if on_trial:
        from sheaf.subscription.subscription import TRIAL, Subscription

        tenant.subscriptions.save(Subscription(trial_ends=now + TRIAL))
    owner = Membership(
        user_id=user.id,
        workspace_id=workspace.id,
        role=Role.OWNER,
        email=user.email,
        name=user.name,
        joined_at=now,
    )
    tenant.members.add(owner)
    tenant.record(Change(subject=workspace.id, after={"retention": workspace.retention.value}))
    work_in(visit, workspace.id, Role.OWNER)
    return view(workspace)


def show_workspace(tenant: Tenant) -> WorkspaceView:
    return view(itself(tenant))


def rename_workspace(tenant: Tenant, new: NewWorkspace) -> WorkspaceView:
    workspace = itself(tenant)
    if new.name == workspace.name:
        return view(workspace)
    renamed = workspace.model_copy(update={"name": new.name})
    tenant.workspace.save(renamed)
    before, after = {"name": workspace.name}, {"name": new.name}
    tenant.record(Change(subject=workspace.id, before=before, after=after))
    return view(renamed)


def enter(visit: Visit, choice: WorkspaceChoice) -> WorkspaceView:
    """Raises NotFound for a workspace the caller is no member of, as for one that is not there. Whoever is
    there already stays, and nothing is written.
    """
    role = visit.people.role(visit.user_id, choice.workspace_id)
    if role is None:
        raise NotFound("There is no such workspace.")
    tenant = visit.inside(choice.workspace_id)
    if visit.session is None or visit.session.workspace_id != choice.workspace_id:
        work_in(visit, choice.workspace_id, role)
        tenant.record(Change(subject=visit.user_id, after={"role": role.value}))
    return show_workspace(tenant)


def leave(visit: Visit) -> tuple[MemberView, WorkspaceView]:
    """The caller's membership of the workspace they work in: who left what."""
    session = visit.session
    if session is None or session.workspace_id is None:
        raise Forbidden("Choose a workspace you are a member of.", code="no_workspace")
    tenant = visit.inside(session.workspace_id)
    return members.leave(tenant, visit.user_id), show_workspace(tenant)


def itself(tenant: Tenant) -> Workspace:
    workspace = tenant.workspace.get()
    if workspace is None:
        raise NotFound("There is no such workspace.")
    return workspace


def view(workspace: Workspace) -> WorkspaceView:
    return WorkspaceView(
        id=workspace.id,
        name=workspace.name,
        created_at=workspace.created_at,
        closes_at=workspace.closes_at,
    )
