"""Claims: while somebody looks at a document, nobody else changes it."""

from __future__ import annotations

from datetime import timedelta

from sheaf.capture.documents import Claim, Document
from sheaf.capture.library import shown
from sheaf.capture.views import DocumentView
from sheaf.kernel.errors import Conflict
from sheaf.kernel.preconditions import ANY
from sheaf.review.ports import Tenant
from sheaf.review.steps import content, seen, stage

CLAIM_LASTS = timedelta(minutes=30)


def claim(tenant: Tenant, document_id: str) -> DocumentView:
    """One's own claim begins anew. Raises Conflict when it is somebody else's."""
    document = seen(tenant, document_id, ANY)
    if not document.status.is_open:
        raise Conflict(f"There is nothing to review: this document is {document.status}.", code="not_open")
    mine = Claim(by=tenant.actor.id, until=tenant.clock.now() + CLAIM_LASTS)
    saved = stage(tenant, document, _with_claim(document, mine))
    return shown(tenant, saved, content(tenant, document))


def release(tenant: Tenant, document_id: str) -> None:
    document = seen(tenant, document_id, ANY)
    if document.review.claim:
        stage(tenant, document, _with_claim(document, None))


def _with_claim(document: Document, claim: Claim | None) -> Document:
    return document.model_copy(update={"review": document.review.model_copy(update={"claim": claim})})
