"""Reading files once more."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from functions.documents.routes import api
from sheaf.access.limits import UPLOADS_OF_CALLER, UPLOADS_OF_WORKSPACE
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.capture.library import show_document, shown
from sheaf.capture.reprocessing import reprocess
from sheaf.capture.views import DocumentView
from sheaf.edge.api import Answer
from sheaf.edge.routes import Limits
from sheaf.kernel.preconditions import etag
from sheaf.storage.tenant import Tenant

SOON = timedelta(seconds=1)
"""The reader is told before the document says so, and told again if that is not there by then."""


def pay_for(app: Application, tenant: Tenant, files: int) -> None:
    """Raises TooManyRequests: what is read again counts as what is uploaded."""
    app.throttles.take(UPLOADS_OF_WORKSPACE, tenant.workspace_id, tries=files)
    app.throttles.take(UPLOADS_OF_CALLER, tenant.actor.id, tries=files)


def replay(tenant: Tenant, subject: str) -> Answer[DocumentView]:
    view = show_document(tenant, subject)
    return Answer(view, headers={"etag": etag(view.version)})


@api.post(
    "/v1/documents/<document_id>/reprocess",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.DOCUMENT_REPROCESSED,
    replay=replay,
    status=HTTPStatus.ACCEPTED,
    limits=Limits(of_caller=UPLOADS_OF_CALLER, of_workspace=UPLOADS_OF_WORKSPACE),
)
def read_again(tenant: Tenant, document_id: str, app: Application) -> Answer[DocumentView]:
    """Read the file once more, with the reader as it is now. Corrections stay; approvals are void.

    If it cannot be read this time, the earlier reading stands, with a warning among its checks.
    """
    document = reprocess(tenant, document_id)
    app.file_queues.read_again(tenant.workspace_id, document.id, version=document.version, after=SOON)
    view = shown(tenant, document, tenant.readings.get(document.id) if document.engine else None)
    return Answer(view, headers={"etag": etag(view.version)})
