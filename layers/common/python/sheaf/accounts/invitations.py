"""Invitations: made by a member, mailed, accepted once, by whoever is signed in with that address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from sheaf.access.invitations import LIFETIME, Invitation
from sheaf.access.roles import Role
from sheaf.access.tokens import digest_of, is_token, new_token
from sheaf.access.users import Address, Membership, folded_address
from sheaf.accounts.limiting import ClientIds, limit_to, shown, told
from sheaf.accounts.members import MemberView, membership_view, require_reach, withdraw_all
from sheaf.accounts.sessions import work_in
from sheaf.accounts.workspaces import WorkspaceView, show_workspace
from sheaf.audit.entries import Change
from sheaf.kernel.errors import Conflict, Forbidden, Gone, NotFound
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT

if TYPE_CHECKING:
    from sheaf.accounts.ports import Tenant, Visit

_GONE = "This invitation was used, taken back, or has run out: ask for another."


class NewInvitation(BaseModel):
    """``clients``: those whose documents they will see; null: every document."""

    model_config = ConfigDict(extra="forbid")

    email: Address
    role: Role = Role.MEMBER
    clients: ClientIds | None = None


class InvitationView(BaseModel):
    id: str
    email: str
    role: Role
    clients: list[str] | None = None
    invited_by: str
    expires_at: AwareDatetime


class InvitationList(BaseModel):
    items: list[InvitationView]
    next_cursor: str | None


class InvitationQuery(BaseModel):
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^ivt_[0-9a-z]{26}$")] | None = None


class Acceptance(BaseModel):
    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, StringConstraints(max_length=100)]


def invite(tenant: Tenant, new: NewInvitation, *, by: Role) -> tuple[InvitationView, str]:
    """The invitation, in place of any other to that address, and the token that goes into the mail."""
    require_reach(by, new.role)
    user_id = tenant.people.user_id_at(new.email)
    if user_id is not None and tenant.members.get(user_id) is not None:
        raise Conflict("That person is a member already: change their role instead.", code="already_member")
    withdraw_all(tenant, new.email)
    token, now = new_token(), tenant.clock.now()
    invitation = Invitation(
        id=tenant.new_id("ivt"),
        email=new.email,
        role=new.role,
        clients=limit_to(tenant, new.role, new.clients),
        invited_by=tenant.actor.id,
        expires_at=now + LIFETIME,
        digest=digest_of(token),
    )
    tenant.invitations.add(invitation, tenant.workspace_id)
    limit = {"clients": told(invitation.clients)} if invitation.clients else {}
    tenant.record(Change(subject=invitation.id, after={"role": new.role.value, **limit}))
    return _view(tenant, invitation), token


def show_invitation(tenant: Tenant, invitation_id: str) -> InvitationView:
    return _view(tenant, _invitation(tenant, invitation_id))


def list_invitations(tenant: Tenant, query: InvitationQuery) -> InvitationList:
    """The open ones."""
    page, now = tenant.invitations.page(limit=query.limit, cursor=query.cursor), tenant.clock.now()
    return InvitationList(
        items=[_view(tenant, invitation) for invitation in page.items if invitation.is_open(now)],
        next_cursor=page.next_cursor,
    )


def take_back(tenant: Tenant, invitation_id: str, *, by: Role) -> None:
    invitation = _invitation(tenant, invitation_id)
    require_reach(by, invitation.role)
    tenant.invitations.remove(invitation)
    tenant.record(Change(subject=invitation.id, before={"role": invitation.role.value}))


def accept(visit: Visit, acceptance: Acceptance) -> tuple[MemberView, WorkspaceView]:
    """Makes the caller a member, and the workspace the one their session works in."""
    digest = digest_of(acceptance.token)
    found = visit.people.invitation(digest) if is_token(acceptance.token) else None
    if found is None:
        raise Gone(_GONE, code="invitation_gone")
    workspace_id, invitation_id = found
    tenant = visit.inside(workspace_id)
    invitation = tenant.invitations.get(invitation_id)
    if invitation is None or invitation.digest != digest or not invitation.is_open(visit.clock.now()):
        raise Gone(_GONE, code="invitation_gone")
    inviter = tenant.members.get(invitation.invited_by)
    if inviter is None or invitation.role.outranks(inviter.role):
        raise Gone(_GONE, code="invitation_gone")
    user = visit.people.user(visit.user_id)
    if user is None or folded_address(user.email) != folded_address(invitation.email):
        raise Forbidden(
            "This invitation is for another address: sign in with that one.", code="invitation_not_yours"
        )
    if visit.people.role(user.id, workspace_id) is not None:
        raise Conflict("You are a member of this workspace already.", code="already_member")
    membership = Membership(
        user_id=user.id,
        workspace_id=workspace_id,
        role=invitation.role,
        email=user.email,
        name=user.name,
        joined_at=visit.clock.now(),
        clients=invitation.clients,
    )
    withdraw_all(tenant, invitation.email, but=invitation.id)
    tenant.invitations.remove(invitation)
    tenant.members.add(membership)
    tenant.record(Change(subject=user.id, after={"role": invitation.role.value}))
    work_in(visit, workspace_id, invitation.role)
    return membership_view(tenant, membership), show_workspace(tenant)


def _invitation(tenant: Tenant, invitation_id: str) -> Invitation:
    invitation = tenant.invitations.get(invitation_id)
    if invitation is None or not invitation.is_open(tenant.clock.now()):
        raise NotFound("There is no such invitation.")
    return invitation


def _view(tenant: Tenant, invitation: Invitation) -> InvitationView:
    return InvitationView(
        id=invitation.id,
        email=invitation.email,
        role=invitation.role,
        clients=shown(tenant, invitation.role, invitation.clients),
        invited_by=invitation.invited_by,
        expires_at=invitation.expires_at,
    )
