"""The file of a document that is to be read again. It begins with the bytes, as it did when they landed: an
e-invoice is read from its XML, anything else by a new text analysis.
"""

from __future__ import annotations

from sheaf.capture.documents import Document, Status
from sheaf.capture.examination import Examination, examine
from sheaf.capture.finish import fail, finish
from sheaf.capture.inspection import Limits
from sheaf.capture.kept import KeptReading
from sheaf.capture.ports import Tenant
from sheaf.kernel.errors import Gone, UnreadableFile


def is_told_of(document: Document | None, version: int) -> bool:
    """Whether the document is that version, or a later one: it is announced before it is there."""
    return document is not None and document.version >= version


def read_again(tenant: Tenant, document_id: str, limits: Limits) -> Document | None:
    """Stages what the file says now. The document; while it is ``reading``, its text analysis must be
    started, or found. None when nobody waits for it.
    """
    document = tenant.documents.get(document_id)
    if document is None or document.status is not Status.READING or document.rereading is None:
        return None
    if not document.is_to_be_examined:
        return document
    try:
        inspection, reading = _examined(tenant, document, limits)
    except (UnreadableFile, Gone) as failure:
        return fail(tenant, document, failure)
    if reading:
        return finish(tenant, document, KeptReading(machine=reading))
    if document.file and inspection.readable and inspection.readable_content_type:
        tenant.blobs.put_readable(
            document.id, document.file.id, inspection.readable, inspection.readable_content_type
        )
        tenant.files.mark_converted(document.file.id)
    return tenant.documents.save(document.analysed())


def _examined(tenant: Tenant, document: Document, limits: Limits) -> Examination:
    stored = tenant.files.get(document.file.id) if document.file else None
    data = tenant.blobs.read(document.id, stored.version_id) if stored else None
    if data is None:
        raise Gone("Its file is not there any more.")
    return examine(data, content_type=document.content_type, limits=limits)
