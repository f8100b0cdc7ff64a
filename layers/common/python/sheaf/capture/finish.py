"""The last step of a reading: the document, its reading and what the audit entry says, in one unit."""

from __future__ import annotations

from sheaf.audit.entries import Change
from sheaf.capture.checks import needs_review
from sheaf.capture.documents import Document, Status
from sheaf.capture.ports import Tenant
from sheaf.capture.reading import Check, Reading
from sheaf.kernel.errors import SheafError, TooLarge


def finish(tenant: Tenant, document: Document, reading: Reading) -> None:
    try:
        tenant.readings.put(document.id, reading)
    except TooLarge as failure:
        fail(tenant, document, failure)
        return
    _close(tenant, document, document.read(reading, needs_review=needs_review(reading)))


def finish_as_copy(tenant: Tenant, document: Document, first: Document) -> None:
    """A duplicate gets the reading of the first document with these bytes, and a check that says so."""
    reading = tenant.readings.get(first.id)
    if reading is None:
        code, message = "reading_failed", "The same file was uploaded before and could not be read."
        if first.failure:
            code, message = first.failure.code, first.failure.message
        _close(tenant, document, document.failed(code, message))
        return
    duplicate = Check(
        code="duplicate_file", message=f"The same file is there already: {first.id}.", found=first.id
    )
    finish(tenant, document, reading.model_copy(update={"checks": (*reading.checks, duplicate)}))


def catch_up(tenant: Tenant, document_id: str, first: Document) -> None:
    """Stages the outcome of ``first`` for a document that waited for it, if it still does."""
    document = tenant.documents.get(document_id)
    settled = tenant.documents.get(first.id)
    if document and document.status is Status.READING and settled and settled.status.is_final:
        finish_as_copy(tenant, document, settled)


def fail(tenant: Tenant, document: Document, failure: SheafError) -> None:
    _close(tenant, document, document.failed(failure.code, failure.message))


def given_up() -> SheafError:
    return SheafError(
        "The file could not be read in several tries. Save or scan it in another way and upload that.",
        code="reading_failed",
    )


def _close(tenant: Tenant, before: Document, after: Document) -> None:
    tenant.documents.save(after)
    said = {"status": after.status.value}
    if after.failure:
        said["failure"] = after.failure.code
    tenant.record(Change(subject=after.id, before={"status": before.status.value}, after=said))
