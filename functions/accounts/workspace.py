"""The workspace itself: name, owner, settings, audit log, deletion certificates."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from functions.accounts.routes import api
from sheaf.access.roles import Permission
from sheaf.accounts.closing import Closing, close_workspace, keep_workspace
from sheaf.accounts.members import MemberView, Transfer, list_owners, show_member, transfer_ownership
from sheaf.accounts.notices import News, notice, said
from sheaf.accounts.workspaces import NewWorkspace, WorkspaceView, rename_workspace, show_workspace
from sheaf.audit.entries import Action
from sheaf.audit.log import AuditQuery, EntryList, entries_as_csv, list_entries
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.notices import occasion, telling
from sheaf.edge.request import Request
from sheaf.retention.settings import (
    CertificateList,
    CertificateQuery,
    SettingsChange,
    SettingsView,
    change_settings,
    list_certificates,
    show_settings,
)
from sheaf.storage.tenant import Tenant


@api.get("/v1/workspace", permission=Permission.WORKSPACE_READ)
def workspace(tenant: Tenant) -> WorkspaceView:
    """The workspace this key belongs to, or this session works in."""
    return show_workspace(tenant)


@api.patch("/v1/workspace", permission=Permission.WORKSPACE_WRITE, audit=Action.WORKSPACE_RENAMED)
def rename(tenant: Tenant, body: NewWorkspace) -> WorkspaceView:
    """Give the workspace another name."""
    return rename_workspace(tenant, body)


@api.put(
    "/v1/workspace/owner",
    permission=Permission.WORKSPACE_OWN,
    audit=Action.WORKSPACE_TRANSFERRED,
    step_up=True,
)
def transfer(tenant: Tenant, body: Transfer, app: Application, request: Request) -> Answer[MemberView]:
    """Make another member the owner; the caller stays as admin."""
    heir, former = transfer_ownership(tenant, body, by=tenant.actor.id)
    name, at = show_workspace(tenant).name, occasion(app, request)
    mails = [
        notice(News.OWNERSHIP_RECEIVED, heir.email, at, workspace=name, other=former.email),
        notice(News.OWNERSHIP_GIVEN, former.email, at, workspace=name, other=heir.email),
    ]
    return Answer(heir, then=telling(app, request, mails))


@api.get("/v1/settings", permission=Permission.SETTINGS_READ)
def settings(tenant: Tenant) -> SettingsView:
    """The workspace's settings."""
    return show_settings(tenant)


@api.patch("/v1/settings", permission=Permission.SETTINGS_WRITE, audit=Action.SETTINGS_CHANGED, step_up=True)
def change(tenant: Tenant, body: SettingsChange) -> SettingsView:
    """Change how long original files are kept. Applies at once, to files that are there as well."""
    return change_settings(tenant, body)


@api.get("/v1/audit-events", permission=Permission.AUDIT_READ)
def audit_events(tenant: Tenant, query: AuditQuery) -> EntryList:
    """The audit log, newest first."""
    return list_entries(tenant, query)


@api.get("/v1/audit-events.csv", permission=Permission.AUDIT_READ, produces="text/csv; charset=utf-8")
def audit_events_csv(tenant: Tenant, query: AuditQuery) -> Answer[str]:
    """The same entries as CSV; the header `x-next-cursor` says where the next page begins."""
    csv, next_cursor = entries_as_csv(tenant, query)
    headers = {"content-disposition": 'attachment; filename="audit-events.csv"'}
    if next_cursor:
        headers["x-next-cursor"] = next_cursor
    return Answer(csv, content_type="text/csv; charset=utf-8", headers=headers)


@api.get("/v1/deletion-certificates", permission=Permission.AUDIT_READ)
def deletion_certificates(tenant: Tenant, query: CertificateQuery) -> CertificateList:
    """What the retention sweep has hard-deleted, oldest first."""
    return list_certificates(tenant, query)


@api.put(
    "/v1/workspace/closing",
    permission=Permission.WORKSPACE_OWN,
    audit=Action.WORKSPACE_CLOSED,
    step_up=True,
)
def close(tenant: Tenant, body: Closing, app: Application, request: Request) -> Answer[WorkspaceView]:
    """Delete the workspace and all there is in it: in seven days, or at once."""
    workspace, news = close_workspace(tenant, body), News.CLOSED if body.now else News.CLOSING
    return Answer(workspace, then=_telling_owners(tenant, app, request, news, workspace))


@api.delete(
    "/v1/workspace/closing",
    permission=Permission.WORKSPACE_OWN,
    audit=Action.WORKSPACE_KEPT,
    status=HTTPStatus.OK,
)
def keep(tenant: Tenant, app: Application, request: Request) -> Answer[WorkspaceView]:
    """Keep the workspace after all."""
    workspace = keep_workspace(tenant)
    return Answer(workspace, then=_telling_owners(tenant, app, request, News.KEPT, workspace))


def _telling_owners(
    tenant: Tenant, app: Application, request: Request, news: News, workspace: WorkspaceView
) -> Callable[[], None]:
    facts = {"workspace": workspace.name, "other": show_member(tenant, tenant.actor.id).email}
    if workspace.closes_at is not None:
        facts["when"] = said(workspace.closes_at)
    at = occasion(app, request)
    return telling(app, request, [notice(news, owner.email, at, **facts) for owner in list_owners(tenant)])
