"""The same bytes once more: what the first document with them said serves for all."""

from __future__ import annotations

from sheaf.capture.documents import Document, Status
from sheaf.capture.finish import close, finish
from sheaf.capture.ports import Tenant
from sheaf.capture.splitting import NOT_READ, marked_as_copy, split_as_copy


def finish_as_copy(tenant: Tenant, document: Document, first: Document) -> Document:
    """A duplicate gets the reading of the first document with these bytes, and a check that says so.

    Where that was split, it gets the next parts: it may still be ``reading`` then.
    """
    if first.status is Status.SPLIT:
        return split_as_copy(tenant, document, first)
    reading = tenant.readings.get(first.id)
    if reading is None:
        failure = (first.failure.code, first.failure.message) if first.failure else NOT_READ
        return close(tenant, document, document.failed(*failure))
    return finish(tenant, document, marked_as_copy(reading, first.id))


def catch_up(tenant: Tenant, document_id: str, first_id: str) -> Document | None:
    """Stages the outcome of the first document for one that waited for it; None when it does not."""
    document = tenant.documents.get(document_id)
    first = tenant.documents.get(first_id)
    if document and document.status is Status.READING and first and first.status.is_final:
        return finish_as_copy(tenant, document, first)
    return None
