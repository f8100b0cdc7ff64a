"""How far the files of a batch have come, and another try for those that failed."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from functions.documents.again import pay_for
from functions.documents.bulk import begin_again
from functions.documents.routes import api
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.capture.batches import BatchQuery, BatchView, documents_of, find_batch, show_batch
from sheaf.capture.documents import Status
from sheaf.edge.bulk import MOST, BulkResult, ItemResult, Reference, for_each
from sheaf.storage.tenant import Tenant


@api.get("/v1/batches/<batch_id>", permission=Permission.DOCUMENT_READ)
def show_states(tenant: Tenant, batch_id: str, query: BatchQuery) -> BatchView:
    """A batch of uploads: how many of its files are in which state, and the state of each."""
    return show_batch(tenant, batch_id, query)


@api.post(
    "/v1/batches/<batch_id>/retry",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.DOCUMENT_REPROCESSED,
    repeatable=True,
    status=HTTPStatus.ACCEPTED,
)
def retry(tenant: Tenant, batch_id: str, app: Application) -> BulkResult:
    """Read the files of a batch once more that failed, a hundred at a time."""
    documents = documents_of(tenant, find_batch(tenant, batch_id))
    failed = [each.id for each in documents.values() if each.status is Status.FAILED]
    now, later = failed[:MOST], failed[MOST:]
    if now:
        pay_for(app, tenant, len(now))
    result = for_each(
        [Reference(id=document_id) for document_id in now],
        partial(begin_again, app, set()),
        action=Action.DOCUMENT_REPROCESSED,
        tenant=tenant,
    )
    rest = [ItemResult(id=document_id, status="not_reached") for document_id in later]
    return BulkResult(items=[*result.items, *rest])
