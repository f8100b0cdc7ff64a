"""A file of several invoices becomes a document for each, under the document of the file.

More parts than fit one unit of work are written in several. Until the last one the document stays
``reading`` and names the parts that are there, so whoever goes on, goes on after them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sheaf.audit.entries import Change
from sheaf.capture.documents import Document, PartOf, Status
from sheaf.capture.finish import close, said_of, with_reading
from sheaf.capture.ports import Tenant
from sheaf.capture.reading import Check, Part, Reading
from sheaf.kernel.ids import derived_id

PARTS_AT_ONCE = 9
"""Their readings, of at most 390 KB each, fit the 4 MB of a transaction."""

NOT_READ = ("reading_failed", "The same file was uploaded before and could not be read.")


@dataclass(frozen=True)
class _Piece:
    """``original``: the part of another document that it is a copy of."""

    first_page: int
    last_page: int
    reading: Reading | None
    original: Document | None = None


def split(tenant: Tenant, document: Document, parts: Sequence[Part]) -> Document:
    """Stages the next parts. With the last of them the document is ``split``, else it is ``reading``."""
    rest = parts[len(document.parts) :]
    pieces = [_Piece(part.first_page, part.last_page, part.reading) for part in rest[:PARTS_AT_ONCE]]
    return _add(tenant, document, pieces, is_last=len(rest) <= PARTS_AT_ONCE)


def split_as_copy(tenant: Tenant, document: Document, first: Document) -> Document:
    """The same for a file with the bytes of ``first``, which is split."""
    rest = first.parts[len(document.parts) :]
    originals = [part for part_id in rest[:PARTS_AT_ONCE] if (part := tenant.documents.get(part_id))]
    pieces = [
        _Piece(
            original.part_of.first_page,
            original.part_of.last_page,
            marked_as_copy(reading, original.id) if (reading := tenant.readings.get(original.id)) else None,
            original,
        )
        for original in originals
        if original.part_of
    ]
    return _add(tenant, document, pieces, is_last=len(rest) <= PARTS_AT_ONCE)


def marked_as_copy(reading: Reading, of: str) -> Reading:
    check = Check(code="duplicate_file", message=f"The same file is there already: {of}.", found=of)
    return reading.model_copy(update={"checks": (*reading.checks, check)})


def _add(tenant: Tenant, document: Document, pieces: Sequence[_Piece], *, is_last: bool) -> Document:
    ids = []
    for number, piece in enumerate(pieces, len(document.parts) + 1):
        part = _part(tenant, document, number, piece)
        tenant.documents.add(part)
        tenant.record(Change(subject=part.id, after=said_of(part)))
        ids.append(part.id)
    after = document.model_copy(update={"parts": (*document.parts, *ids)})
    if is_last:
        return close(tenant, document, after.split())
    tenant.documents.save(after)
    return after


def _part(tenant: Tenant, document: Document, number: int, piece: _Piece) -> Document:
    """Its id follows from the document's, and orders the parts as their pages are."""
    at = document.created_at + timedelta(milliseconds=number)
    part = Document(
        id=derived_id("doc", at, document.id, str(number)),
        filename=document.filename,
        content_type=document.content_type,
        status=Status.READING,
        created_at=at,
        created_by=document.created_by,
        file=document.file,
        duplicate_of=piece.original.id if piece.original else None,
        part_of=PartOf(document_id=document.id, first_page=piece.first_page, last_page=piece.last_page),
    )
    if piece.reading is not None:
        return with_reading(tenant, part, piece.reading)
    failure = piece.original.failure if piece.original else None
    return part.failed(*(failure.code, failure.message) if failure else NOT_READ)
