"""What every step of a review begins and ends with."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sheaf.audit.entries import Change
from sheaf.capture.history import Told
from sheaf.capture.kept import KeptReading
from sheaf.capture.library import find_document
from sheaf.capture.reading import Reading, Source
from sheaf.kernel.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheaf.capture.documents import Document
    from sheaf.kernel.preconditions import IfMatch
    from sheaf.review.ports import Tenant

_NOTHING_MORE = Told()


def seen(tenant: Tenant, document_id: str, if_match: IfMatch) -> Document:
    """The document, in the version that the caller has seen, and nobody else's at the moment.

    Raises NotFound, PreconditionFailed, Conflict.
    """
    document = find_document(tenant, document_id)
    if_match.check(document.version)
    in_nobodys_hands(tenant, document)
    return document


def in_nobodys_hands(tenant: Tenant, document: Document) -> None:
    """Raises Conflict when somebody else has claimed it."""
    claim = document.review.claim
    if claim and claim.by != tenant.actor.id and claim.until > tenant.clock.now():
        raise Conflict("Somebody else is looking at this document; they have claimed it.", code="claimed")


def content(tenant: Tenant, document: Document) -> KeptReading:
    """What is kept of it; of a file that could not be read, nothing yet."""
    kept = tenant.readings.get(document.id) if document.engine else None
    return kept or KeptReading(machine=Reading(engine=Source.PERSON))


def stage(
    tenant: Tenant,
    before: Document,
    after: Document,
    told: Told = _NOTHING_MORE,
    said: Mapping[str, str] = MappingProxyType({}),
) -> Document:
    """Saves the document and says so: in the audit log what was done (``said``), in its history what it was
    about.
    """
    moves = before.status is not after.status
    was = {"status": before.status.value} if moves else {}
    now = {"status": after.status.value} if moves else {}
    saved = tenant.documents.save(after)
    tenant.record(Change(subject=after.id, before=was, after={**now, **said}), told)
    return saved
