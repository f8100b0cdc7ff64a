"""The last step of a reading: the document, its reading and what the audit entry says, in one unit."""

from __future__ import annotations

from sheaf.audit.entries import Change
from sheaf.capture.checks import needs_review
from sheaf.capture.documents import Document
from sheaf.capture.ports import Tenant
from sheaf.capture.reading import Reading
from sheaf.kernel.errors import SheafError, TooLarge


def finish(tenant: Tenant, document: Document, reading: Reading) -> Document:
    return close(tenant, document, with_reading(tenant, document, reading))


def with_reading(tenant: Tenant, document: Document, reading: Reading) -> Document:
    """The document read, its reading staged; or failed, when no item can hold that reading."""
    try:
        tenant.readings.put(document.id, reading)
    except TooLarge as failure:
        return document.failed(failure.code, failure.message)
    return document.read(reading, needs_review=needs_review(reading))


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
