"""POST /v1/uploads/batch: announce up to a thousand files at once."""

from __future__ import annotations

from collections.abc import Collection

from functions.upload.routes import api
from sheaf.access.limits import UPLOADS_IN_BATCHES, UPLOADS_OF_WORKSPACE
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.capture.batches import Batch, BatchForms, NewBatch, announce_rest, documents_of, find_batch, forms
from sheaf.capture.batches import open_batch as opened
from sheaf.storage.tenant import Tenant


def go_on(tenant: Tenant, body: NewBatch, app: Application, subject: str) -> BatchForms:
    """Where the first call ended half way, with what it did not come to."""
    _pay_for(app, tenant, body)
    batch = find_batch(tenant, subject)
    there = frozenset(documents_of(tenant, batch))
    return _announced(tenant, app, batch, body, there)


@api.post(
    "/v1/uploads/batch", permission=Permission.DOCUMENT_UPLOAD, audit=Action.DOCUMENT_UPLOADED, replay=go_on
)
def announce_batch(tenant: Tenant, body: NewBatch, app: Application) -> BatchForms:
    """Announce up to 1,000 files; the answer has a form for each, or says what is wrong with it.

    With an Idempotency-Key, a call that ended half way goes on when it is sent again.
    """
    _pay_for(app, tenant, body)
    batch = opened(tenant, body, app.upload_rules)
    tenant.commit(Action.DOCUMENT_UPLOADED)
    return _announced(tenant, app, batch, body, frozenset())


def _announced(
    tenant: Tenant, app: Application, batch: Batch, body: NewBatch, there: Collection[str]
) -> BatchForms:
    for _ in announce_rest(tenant, batch, body, there):
        tenant.commit(Action.DOCUMENT_UPLOADED)
    known = there if batch.complete else batch.ids.keys()
    return forms(tenant, batch, body, app.upload_rules, known)


def _pay_for(app: Application, tenant: Tenant, body: NewBatch) -> None:
    """Raises TooManyRequests."""
    app.throttles.take(UPLOADS_OF_WORKSPACE, tenant.workspace_id, tries=len(body.files))
    app.throttles.take(UPLOADS_IN_BATCHES, tenant.actor.id, tries=len(body.files))
