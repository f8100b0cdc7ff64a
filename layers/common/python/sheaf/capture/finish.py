"""The last step of a reading: the document, its reading and what the audit entry says, in one unit."""

from __future__ import annotations

from sheaf.audit.entries import Change
from sheaf.capture.documents import Document
from sheaf.capture.findings import recalled
from sheaf.capture.kept import KeptReading
from sheaf.capture.ports import Tenant
from sheaf.kernel.errors import SheafError, TooLarge


def finish(tenant: Tenant, document: Document, kept: KeptReading) -> Document:
    """What people corrected in an earlier reading of the same file stays corrected."""
    earlier = tenant.readings.get(document.id) if document.engine else None
    if earlier:
        kept = kept.over(earlier.overlay)
    return close(tenant, document, with_reading(tenant, document, kept))


def with_reading(tenant: Tenant, document: Document, kept: KeptReading) -> Document:
    """The document read, its reading staged; or failed, when no item can hold that reading."""
    seen = recalled(tenant, document, kept)
    try:
        tenant.readings.put(document.id, seen.kept)
    except TooLarge as failure:
        return document.failed(failure.code, failure.message)
    return seen.document


def fail(tenant: Tenant, document: Document, failure: SheafError) -> Document:
    return close(tenant, document, document.failed(failure.code, failure.message))


def given_up() -> SheafError:
    return SheafError(
        "The file could not be read in several tries. Save or scan it in another way and upload that.",
        code="reading_failed",
    )


def close(tenant: Tenant, before: Document, after: Document) -> Document:
    """Stages the final state; ``after``."""
    tenant.documents.save(after)
    tenant.record(Change(subject=after.id, before={"status": before.status.value}, after=said_of(after)))
    return after


def said_of(document: Document) -> dict[str, str]:
    """What an audit entry says of a document's outcome."""
    said = {"status": document.status.value}
    if document.failure:
        said["failure"] = document.failure.code
    if document.parts:
        said["parts"] = str(len(document.parts))
    if document.part_of:
        said["part_of"] = document.part_of.document_id
    return said
