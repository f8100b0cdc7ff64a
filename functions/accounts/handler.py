"""The workspace: settings, audit log, deletion certificates. The person: profile and sessions."""

from __future__ import annotations

from sheaf.access.roles import Permission
from sheaf.access.sessions import COOKIE
from sheaf.accounts.profile import Profile, show_profile
from sheaf.accounts.sessions import SessionList, end, end_others, list_sessions, sign_out
from sheaf.audit.entries import Action
from sheaf.audit.log import AuditQuery, EntryList, entries_as_csv, list_entries
from sheaf.edge.api import Answer, Api
from sheaf.edge.cookies import expired_cookie
from sheaf.retention.settings import (
    CertificateList,
    CertificateQuery,
    SettingsChange,
    SettingsView,
    WorkspaceView,
    change_settings,
    list_certificates,
    show_settings,
    show_workspace,
)
from sheaf.storage.tenant import Tenant
from sheaf.storage.visit import Visit

api = Api()


@api.get("/v1/workspace", permission=Permission.WORKSPACE_READ)
def workspace(tenant: Tenant) -> WorkspaceView:
    """The workspace this key belongs to."""
    return show_workspace(tenant)


@api.get("/v1/settings", permission=Permission.SETTINGS_READ)
def settings(tenant: Tenant) -> SettingsView:
    """The workspace's settings."""
    return show_settings(tenant)


@api.patch("/v1/settings", permission=Permission.SETTINGS_WRITE, audit=Action.SETTINGS_CHANGED)
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
    end_others(visit)


@api.delete("/v1/sessions/<session_id>", permission=Permission.OWN_ACCOUNT, audit=Action.SESSION_ENDED)
def end_session(visit: Visit, session_id: str) -> None:
    """End one of the caller's sessions."""
    end(visit, session_id)


@api.delete(
    "/v1/session", permission=Permission.OWN_ACCOUNT, audit=Action.SESSION_ENDED, half_way=True, status=200
)
def leave(visit: Visit) -> Answer[str]:
    """Sign out."""
    sign_out(visit)
    return Answer("{}", cookies=(expired_cookie(COOKIE),), headers={"clear-site-data": '"cache", "cookies"'})


handler = api.handler
