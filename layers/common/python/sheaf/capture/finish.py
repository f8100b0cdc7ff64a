"""The last step of a reading: the document, its reading and what the audit entry says, in one unit."""

from __future__ import annotations

from sheaf.audit.entries import Change
from sheaf.capture.documents import Document
from sheaf.capture.findings import recalled
from sheaf.capture.kept import KeptReading, carrying
from sheaf.capture.ports import Tenant
from sheaf.capture.reading import Check
from sheaf.kernel.errors import SheafError, TooLarge, UnreadableFile

REPROCESS_FAILED = "reprocess_failed"


def finish(tenant: Tenant, document: Document, kept: KeptReading) -> Document:
    """What people corrected in an earlier reading of the same file stays corrected."""
    earlier = _earlier(tenant, document)
    if earlier:
        kept = kept.over(earlier.overlay)
    read = with_reading(tenant, document, kept)
    if earlier and read.failure:
        return fail(tenant, document, UnreadableFile(read.failure.message, code=read.failure.code))
    return close(tenant, document, read)


def with_reading(tenant: Tenant, document: Document, kept: KeptReading) -> Document:
    """The document read, its reading staged; or failed, when no item can hold that reading."""
    seen = recalled(tenant, document, kept)
    try:
        tenant.readings.put(document.id, seen.kept)
    except TooLarge as failure:
        return document.failed(failure.code, failure.message)
    return seen.document


def fail(tenant: Tenant, document: Document, failure: SheafError) -> Document:
    """Where there is an earlier reading, that stands, and says that there is no later one."""
    earlier = _earlier(tenant, document)
    if earlier is None:
        return close(tenant, document, document.failed(failure.code, failure.message))
    check = Check(
        code=REPROCESS_FAILED,
        message=f"Read again without success, so the earlier reading stands. {failure.message}",
        severity="warning",
        found=failure.code,
    )
    kept = earlier.found((*earlier.overlay.findings, check))
    try:
        tenant.readings.put(document.id, kept)
    except TooLarge:  # so full that the warning has no room
        kept = earlier
    return close(tenant, document, carrying(document, kept))


def _earlier(tenant: Tenant, document: Document) -> KeptReading | None:
    """What was read before, without what was said of another try to read it again."""
    kept = tenant.readings.get(document.id) if document.engine else None
    if kept is None or not kept.overlay.findings:
        return kept
    return kept.found(tuple(check for check in kept.overlay.findings if check.code != REPROCESS_FAILED))


def given_up() -> SheafError:
    return SheafError(
        "The file could not be read in several tries. Save or scan it in another way and upload that.",
        code="reading_failed",
    )


def close(tenant: Tenant, before: Document, after: Document) -> Document:
    """Stages the final state; ``after``."""
    after = after.model_copy(update={"rereading": None})
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
