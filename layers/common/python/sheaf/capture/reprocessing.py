"""Reading a file once more, with the reader as it is by then. What people corrected stays corrected.

    ready | needs_review | failed … ──> reading ──> as after a first reading
                                           └──> as it was, when this time it cannot be read

Whoever asks for it says so in the document; ``rereading`` is what happens then.
"""

from __future__ import annotations

from sheaf.audit.entries import Change
from sheaf.capture.documents import Document, Rereading, Status
from sheaf.capture.library import find_document
from sheaf.capture.ports import Tenant
from sheaf.kernel.errors import Conflict, Gone
from sheaf.kernel.preconditions import ANY, IfMatch
from sheaf.subscription.quota import require_room


def reprocess(tenant: Tenant, document_id: str, if_match: IfMatch = ANY, *, ahead: int = 0) -> Document:
    """Stages that the file is to be read again: whoever is told of this version of the document does it.

    ``ahead``: so many of those that waited for room were begun just now, and are not counted yet.

    Raises NotFound, Gone, PreconditionFailed, Conflict, and QuotaExhausted for one that waits for room still,
    or where the workspace's plan has ended.
    """
    document = find_document(tenant, document_id)
    if_match.check(document.version)
    _require_rest(tenant, document)
    if document.file is None or tenant.files.get(document.file.id) is None:
        raise Gone("There is no file to be read again: it was not kept, or its retention window has closed.")
    require_room(tenant, ahead + 1 if document.waits_for_room else 0)
    return begin_again(tenant, document)


def begin_again(tenant: Tenant, document: Document) -> Document:
    """One that waited for room has not been counted yet, and waits no more."""
    again = Rereading(at=tenant.clock.now(), analyses=document.attempt, is_first=document.waits_for_room)
    if again.is_first:
        tenant.waiting.remove(document.id)
    changes = {"status": Status.READING, "failure": None, "rereading": again}
    saved = tenant.documents.save(document.model_copy(update=changes))
    before = {"status": document.status.value}
    tenant.record(Change(subject=document.id, before=before, after={"status": saved.status.value}))
    return saved


def _require_rest(tenant: Tenant, document: Document) -> None:
    if document.part_of or document.status is Status.SPLIT:
        raise Conflict(
            "A file of several invoices is not read again: delete its document and upload it once more.",
            code="several_invoices",
        )
    if not document.status.is_final:
        raise Conflict("It is being read, or its file has not arrived.", code="not_read_yet")
    if document.status.is_decided:
        raise Conflict(f"This document is {document.status}: open it again first.", code="decided")
    claim = document.review.claim
    if claim and claim.by != tenant.actor.id and claim.until > tenant.clock.now():
        raise Conflict("Somebody else is looking at this document; they have claimed it.", code="claimed")
