"""Members of the workspace, and invitations to become one."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from functions.accounts.routes import api
from sheaf.access.limits import INVITATIONS_OF_CALLER, INVITATIONS_OF_WORKSPACE
from sheaf.access.roles import Permission
from sheaf.accounts.invitations import (
    InvitationList,
    InvitationQuery,
    InvitationView,
    NewInvitation,
    invite,
    list_invitations,
    show_invitation,
    take_back,
)
from sheaf.accounts.mail import invitation_mail
from sheaf.accounts.members import (
    MemberChange,
    MemberList,
    MemberQuery,
    MemberView,
    change_membership,
    list_members,
    remove_member,
)
from sheaf.accounts.notices import News, notice
from sheaf.accounts.workspaces import show_workspace
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.identity import Credential
from sheaf.edge.notices import occasion, telling
from sheaf.edge.request import Request
from sheaf.edge.routes import Limits
from sheaf.storage.tenant import Tenant


@api.get("/v1/members", permission=Permission.MEMBER_READ)
def members(tenant: Tenant, query: MemberQuery) -> MemberList:
    """Who belongs to the workspace, and with which role."""
    return list_members(tenant, query)


@api.patch(
    "/v1/members/<user_id>", permission=Permission.MEMBER_WRITE, audit=Action.MEMBER_CHANGED, step_up=True
)
def change_member(
    tenant: Tenant,
    credential: Credential,
    user_id: str,
    body: MemberChange,
    app: Application,
    request: Request,
) -> Answer[MemberView]:
    """Give a member another role, or other clients to see; it counts from their next request on."""
    member = change_membership(tenant, user_id, body, by=credential.held_role)
    if not any("role" in change.after for change in tenant.changes):
        return Answer(member)
    name = show_workspace(tenant).name
    mail = notice(
        News.ROLE_CHANGED, member.email, occasion(app, request), workspace=name, role=member.role.value
    )
    return Answer(member, then=telling(app, request, [mail]))


@api.delete("/v1/members/<user_id>", permission=Permission.MEMBER_WRITE, audit=Action.MEMBER_REMOVED)
def remove(
    tenant: Tenant, credential: Credential, user_id: str, app: Application, request: Request
) -> Answer[str]:
    """Take a member out of the workspace."""
    member = remove_member(tenant, user_id, by=credential.held_role)
    name = show_workspace(tenant).name
    mail = notice(News.REMOVED, member.email, occasion(app, request), workspace=name)
    return Answer("", then=telling(app, request, [mail]))


def same_invitation(tenant: Tenant, subject: str, **_: object) -> InvitationView:
    return show_invitation(tenant, subject)


@api.post(
    "/v1/invitations",
    permission=Permission.MEMBER_WRITE,
    audit=Action.MEMBER_INVITED,
    replay=same_invitation,
    status=HTTPStatus.CREATED,
    step_up=True,
    limits=Limits(of_caller=INVITATIONS_OF_CALLER, of_workspace=INVITATIONS_OF_WORKSPACE),
)
def invite_member(
    tenant: Tenant, credential: Credential, body: NewInvitation, app: Application
) -> Answer[InvitationView]:
    """Invite somebody by mail; the link in it is good for a week, once, for that address."""
    invitation, token = invite(tenant, body, by=credential.held_role)
    message = invitation_mail(
        body.email,
        workspace=show_workspace(tenant).name,
        link=f"{app.settings.origin}/invitations#{token}",
        key=invitation.id,
    )
    return Answer(invitation, then=partial(app.mail.send, message))


@api.get("/v1/invitations", permission=Permission.MEMBER_WRITE)
def invitations(tenant: Tenant, query: InvitationQuery) -> InvitationList:
    """Invitations nobody has answered yet."""
    return list_invitations(tenant, query)


@api.delete(
    "/v1/invitations/<invitation_id>",
    permission=Permission.MEMBER_WRITE,
    audit=Action.INVITATION_WITHDRAWN,
)
def withdraw(tenant: Tenant, credential: Credential, invitation_id: str) -> None:
    """Take an invitation back."""
    take_back(tenant, invitation_id, by=credential.held_role)
