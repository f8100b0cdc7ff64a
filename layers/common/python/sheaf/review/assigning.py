"""Saying whose a document is: a file of several invoices goes to one client, with all of them.

The bytes of a part are those of the whole file: whoever sees the one sees the other.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from sheaf.audit.entries import Change
from sheaf.capture.clients.choosing import ClientId, chosen_client
from sheaf.capture.documents import Document, Status
from sheaf.capture.duplicates import hold
from sheaf.capture.history import Told
from sheaf.capture.library import shown
from sheaf.capture.policy import Duplicates
from sheaf.capture.views import DocumentView
from sheaf.kernel.errors import Conflict
from sheaf.kernel.preconditions import IfMatch
from sheaf.review.ports import Tenant
from sheaf.review.steps import content, seen

PARTS_AT_ONCE = 30
"""A part, its audit entry and its history are three of the hundred actions of a transaction."""


class ClientChoice(BaseModel):
    """null: nobody's in particular."""

    model_config = ConfigDict(extra="forbid")

    client_id: ClientId | None


def assign(tenant: Tenant, document_id: str, client_id: str | None, if_match: IfMatch) -> Document | None:
    """Stages whose it is from now on; the document as it is then.

    None: there are more parts than fit one unit of work. Commit it, and call again.
    """
    document = seen(tenant, document_id, if_match)
    if document.part_of is not None:
        raise Conflict(
            "This is a part of a file: say whose the file is, and its parts go with it.", code="part_of_file"
        )
    if document.status is Status.READING:
        raise Conflict("This document is being read: try again in a moment.", code="being_read")
    chosen = chosen_client(tenant, client_id)
    if document.client_id == chosen:
        return document
    if chosen is not None:
        tenant.clients.require(chosen)
    found = (tenant.documents.get(part_id) for part_id in document.parts)
    parts = [part for part in found if part and part.client_id != chosen]
    going = parts[: _at_once(parts)]
    for part in going:
        _give(tenant, part, chosen)
    return _give(tenant, document, chosen) if len(going) == len(parts) else None


def show_assigned(tenant: Tenant, document: Document) -> DocumentView:
    return shown(tenant, document, content(tenant, document) if document.engine else None)


def _at_once(parts: list[Document]) -> int:
    """An approved one alone: two that are duplicates of each other want to hold the same."""
    return 1 if any(part.status is Status.APPROVED for part in parts) else PARTS_AT_ONCE


def _give(tenant: Tenant, document: Document, client_id: str | None) -> Document:
    after = document.model_copy(update={"client_id": client_id})
    if document.status is Status.APPROVED:
        tenant.holds.forget(document)
        if tenant.policies.get().duplicates is Duplicates.BLOCK:
            hold(tenant, after)
    before, now = {"client": document.client_id or "none"}, {"client": client_id or "none"}
    tenant.record(Change(subject=document.id, before=before, after=now), Told())
    return tenant.documents.save(after)
