"""The same bytes once more: what the first document with them said serves for all."""

from __future__ import annotations

from sheaf.capture.documents import Document, Status
from sheaf.capture.finish import close, finish
from sheaf.capture.ports import Tenant
from sheaf.capture.splitting import marked_as_copy, split_as_copy


def finish_as_copy(tenant: Tenant, document: Document, first: Document) -> Document:
    """A duplicate gets the reading of the first document with these bytes, and a check that says so.

    Where that was split, it gets the next parts: it may still be ``reading`` then. Where something of that
    has been deleted, or people have divided it by hand, or it is another client's by now, it stands on its
    own from here: still ``reading``, by an analysis that is to be started.
    """
    if first.division or first.client_id != document.client_id:
        return stand_alone(tenant, document)
    if first.status is Status.SPLIT:
        return split_as_copy(tenant, document, first) or stand_alone(tenant, document)
    if first.failure:
        return close(tenant, document, document.failed(first.failure.code, first.failure.message))
    reading = tenant.readings.get(first.id)
    if reading is None:
        return stand_alone(tenant, document)
    return finish(tenant, document, marked_as_copy(reading, first.id))


def stand_alone(tenant: Tenant, document: Document) -> Document:
    """Parts that it has already stay."""
    alone = document.model_copy(update={"duplicate_of": None}).analysed()
    tenant.documents.save(alone)
    return alone.model_copy(update={"version": document.version + 1})


def catch_up(tenant: Tenant, document_id: str, first_id: str) -> Document | None:
    """Stages the outcome of the first document for one that waited for it; None when it does not."""
    document = tenant.documents.get(document_id)
    if document is None or document.status is not Status.READING or document.waits_for != first_id:
        return None
    first = tenant.documents.get(first_id)
    return finish_as_copy(tenant, document, first) if first and first.status.is_final else None
