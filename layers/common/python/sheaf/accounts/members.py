"""Members of a workspace: who they are, what role they have, who may change that.

Three rules hold whatever else does: nobody touches a role above their own, nobody grants one above their
own, and a workspace always has an owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sheaf.access.roles import Role
from sheaf.access.users import folded_address
from sheaf.accounts.limiting import ClientIds, limit_to, shown, told
from sheaf.accounts.sessions import forget_workspace
from sheaf.audit.entries import Change
from sheaf.kernel.errors import Conflict, Forbidden, NotFound
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT

if TYPE_CHECKING:
    from sheaf.access.users import Membership
    from sheaf.accounts.ports import Tenant


class MemberView(BaseModel):
    """``clients``: those whose documents they see; null: every document."""

    user_id: str
    email: str
    name: str
    role: Role
    joined_at: AwareDatetime
    clients: list[str] | None = None


class MemberList(BaseModel):
    items: list[MemberView]
    next_cursor: str | None


class MemberQuery(BaseModel):
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^usr_[0-9a-z]{26}$")] | None = None


class MemberChange(BaseModel):
    """What is left out stays. ``clients``: those whose documents they will see; null: every document."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    clients: ClientIds | None = None


class Transfer(BaseModel):
    """``user_id`` is the member who becomes owner."""

    model_config = ConfigDict(extra="forbid")

    user_id: str


def list_members(tenant: Tenant, query: MemberQuery) -> MemberList:
    page = tenant.members.page(limit=query.limit, cursor=query.cursor)
    return MemberList(
        items=[membership_view(tenant, member) for member in page.items], next_cursor=page.next_cursor
    )


def show_member(tenant: Tenant, user_id: str) -> MemberView:
    return membership_view(tenant, _member(tenant, user_id))


def list_owners(tenant: Tenant) -> list[MemberView]:
    return [membership_view(tenant, owner) for owner in tenant.members.owners()]


def change_membership(tenant: Tenant, user_id: str, change: MemberChange, *, by: Role) -> MemberView:
    """``by`` is the role of whoever asks. What an owner or admin was limited to before counts again when they
    are a member again.
    """
    member = _member(tenant, user_id)
    role = change.role or member.role
    require_reach(by, member.role)
    require_reach(by, role)
    clients = member.clients
    if "clients" in change.model_fields_set:
        clients = limit_to(tenant, role, change.clients)
    after = member.model_copy(update={"role": role, "clients": clients})
    if after != member:
        _save(tenant, member, after)
    return membership_view(tenant, after)


def remove_member(tenant: Tenant, user_id: str, *, by: Role) -> MemberView:
    """Who it was."""
    member = _member(tenant, user_id)
    require_reach(by, member.role)
    return _removed(tenant, member)


def leave(tenant: Tenant, user_id: str) -> MemberView:
    """Who it was."""
    return _removed(tenant, _member(tenant, user_id))


def transfer_ownership(tenant: Tenant, transfer: Transfer, *, by: str) -> tuple[MemberView, MemberView]:
    """The other becomes owner and the caller admin, at once: the new owner, and the former one."""
    if transfer.user_id == by:
        raise Conflict("You are the owner already.", code="already_owner")
    heir, owner = _member(tenant, transfer.user_id), _member(tenant, by)
    if heir.role is not Role.OWNER:
        heir = _save(tenant, heir, heir.model_copy(update={"role": Role.OWNER}))
    else:
        tenant.members.require_owner(heir.user_id)
    former = owner.model_copy(update={"role": Role.ADMIN})
    tenant.members.save(former)
    tenant.record(_changed(owner, former))
    return membership_view(tenant, heir), membership_view(tenant, former)


def withdraw_all(tenant: Tenant, email: str, *, but: str | None = None) -> None:
    """No invitation to an address outlives its answer, another invitation, or the member's leaving."""
    address, cursor = folded_address(email), None
    while True:
        page = tenant.invitations.page(limit=MAX_LIMIT, cursor=cursor)
        for invitation in page.items:
            if folded_address(invitation.email) == address and invitation.id != but:
                tenant.invitations.forget(invitation)
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def require_reach(by: Role, role: Role) -> None:
    if role.outranks(by):
        raise Forbidden(f"The role {by} may not give or take the role {role}.")


def _save(tenant: Tenant, before: Membership, after: Membership) -> Membership:
    if after.role is not before.role:
        _keep_an_owner(tenant, before)
    tenant.members.save(after)
    tenant.record(_changed(before, after))
    return after


def _removed(tenant: Tenant, member: Membership) -> MemberView:
    _keep_an_owner(tenant, member)
    withdraw_all(tenant, member.email)
    tenant.members.remove(member)
    forget_workspace(tenant.people, member.user_id, tenant.workspace_id, tenant.clock.now())
    tenant.record(Change(subject=member.user_id, before={"role": member.role.value}))
    return membership_view(tenant, member)


def _keep_an_owner(tenant: Tenant, leaving: Membership) -> None:
    """Two owners who take the role from each other at once: the transaction lets one of them."""
    if leaving.role is not Role.OWNER:
        return
    other = tenant.members.another_owner(than=leaving.user_id)
    if other is None:
        raise Conflict(
            "A workspace needs an owner: make somebody else one first, or delete the workspace.",
            code="last_owner",
        )
    tenant.members.require_owner(other.user_id)


def _member(tenant: Tenant, user_id: str) -> Membership:
    member = tenant.members.get(user_id)
    if member is None:
        raise NotFound("There is no such member.")
    return member


def _changed(before: Membership, after: Membership) -> Change:
    old, new = _said(before), _said(after)
    return Change(
        subject=before.user_id,
        before={name: value for name, value in old.items() if new[name] != value},
        after={name: value for name, value in new.items() if old[name] != value},
    )


def _said(member: Membership) -> dict[str, str]:
    return {"role": member.role.value, "clients": told(member.clients)}


def membership_view(tenant: Tenant, member: Membership) -> MemberView:
    return MemberView(
        user_id=member.user_id,
        email=member.email,
        name=member.name,
        role=member.role,
        joined_at=member.joined_at,
        clients=shown(tenant, member.role, member.clients),
    )
