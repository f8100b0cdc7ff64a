"""POST /v1/uploads: announce a file, get a form to send it with."""

from __future__ import annotations

from functions.upload import batches
from functions.upload.routes import api
from sheaf.access.limits import UPLOADS_OF_CALLER, UPLOADS_OF_WORKSPACE
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.capture.uploads import NewUpload, Upload, announce_upload, renew_upload
from sheaf.edge.routes import Limits
from sheaf.storage.tenant import Tenant

__all__ = ["api", "batches", "handler"]


def renew(tenant: Tenant, body: NewUpload, app: Application, subject: str) -> Upload:
    return renew_upload(tenant, subject, body, app.upload_rules)


@api.post(
    "/v1/uploads",
    permission=Permission.DOCUMENT_UPLOAD,
    audit=Action.DOCUMENT_UPLOADED,
    replay=renew,
    limits=Limits(of_caller=UPLOADS_OF_CALLER, of_workspace=UPLOADS_OF_WORKSPACE),
)
def announce(tenant: Tenant, body: NewUpload, app: Application) -> Upload:
    """Announce a file; the answer is a form that takes exactly this file."""
    return announce_upload(tenant, body, app.upload_rules)


handler = api.handler
