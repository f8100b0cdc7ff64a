"""Exports: files of many documents, for spreadsheets and books."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from sheaf.access.limits import Limit
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.edge.api import Api
from sheaf.edge.routes import Limits
from sheaf.exports.requests import (
    ExportLink,
    ExportList,
    ExportQuery,
    ExportView,
    NewExport,
    delete_export,
    link_to_export,
    list_exports,
    renew_link,
    repeat_export,
    request_export,
    show_export,
)
from sheaf.storage.tenant import Tenant

api = Api()

LINK_LIFETIME = timedelta(minutes=5)
SOON = timedelta(seconds=1)
"""The worker is told before the export is there, and told again if it is not there by then."""

OF_CALLER = Limit("exports", 60, timedelta(hours=1))
OF_WORKSPACE = Limit("exports of workspace", 200, timedelta(hours=1))


def replay_request(tenant: Tenant, subject: str) -> ExportView:
    return show_export(tenant, subject)


def replay_link(tenant: Tenant, subject: str) -> ExportLink:
    return renew_link(tenant, subject, LINK_LIFETIME)


@api.post(
    "/v1/exports",
    permission=Permission.DOCUMENT_EXPORT,
    audit=Action.EXPORT_REQUESTED,
    replay=replay_request,
    status=HTTPStatus.ACCEPTED,
    step_up=True,
    limits=Limits(of_caller=OF_CALLER, of_workspace=OF_WORKSPACE),
)
def request(tenant: Tenant, body: NewExport, app: Application) -> ExportView:
    """Ask for an export; it is made in the background."""
    export = request_export(tenant, body)
    app.export_queue.send(tenant.workspace_id, export.id, after=SOON)
    return export


@api.get("/v1/exports", permission=Permission.DOCUMENT_EXPORT)
def index(tenant: Tenant, query: ExportQuery) -> ExportList:
    """The exports, newest first."""
    return list_exports(tenant, query)


@api.get("/v1/exports/<export_id>", permission=Permission.DOCUMENT_EXPORT)
def show(tenant: Tenant, export_id: str) -> ExportView:
    """An export: how far it has come, and what became of it."""
    return show_export(tenant, export_id)


@api.post(
    "/v1/exports/<export_id>/link",
    permission=Permission.DOCUMENT_EXPORT,
    audit=Action.EXPORT_DOWNLOADED,
    replay=replay_link,
    step_up=True,
)
def link(tenant: Tenant, export_id: str) -> ExportLink:
    """A link to the file that works for five minutes. The file is there for seven days."""
    return link_to_export(tenant, export_id, LINK_LIFETIME)


@api.post(
    "/v1/exports/<export_id>/repeat",
    permission=Permission.DOCUMENT_EXPORT,
    audit=Action.EXPORT_REPEATED,
    replay=replay_request,
    status=HTTPStatus.ACCEPTED,
    step_up=True,
)
def repeat(tenant: Tenant, export_id: str, app: Application) -> ExportView:
    """The same rows once more, as they were: the same bytes."""
    export = repeat_export(tenant, export_id)
    app.throttles.take(
        OF_WORKSPACE, tenant.workspace_id
    )  # not before it is known that there is something to do
    app.export_queue.send(tenant.workspace_id, export.id, after=SOON)
    return export


@api.delete("/v1/exports/<export_id>", permission=Permission.DOCUMENT_EXPORT, audit=Action.EXPORT_WITHDRAWN)
def delete(tenant: Tenant, export_id: str) -> None:
    """Delete an export's file and all it is made of. That it was made stays on record."""
    delete_export(tenant, export_id)


handler = api.handler
