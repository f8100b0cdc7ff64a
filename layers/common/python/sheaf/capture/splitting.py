"""A file of several invoices becomes a document for each, under the document of the file.

More parts than fit one unit of work are written in several. Until the last one the document stays
``reading`` and remembers the last part that was made, so whoever goes on, goes on after it: a part that is
deleted meanwhile shifts nothing and does not come back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sheaf.audit.entries import Change
from sheaf.capture.documents import Digest, Document, Failure, LastPart, PartOf, Status
from sheaf.capture.duplicates import DUPLICATE_FILE
from sheaf.capture.finish import close, fail, said_of, with_reading
from sheaf.capture.kept import KeptReading
from sheaf.capture.ports import Tenant
from sheaf.capture.reading import Check, Part
from sheaf.kernel.errors import SheafError
from sheaf.kernel.ids import derived_id

PARTS_AT_ONCE = 9
"""Their readings, of at most 390 KB each, fit the 4 MB of a transaction."""

_STEP = timedelta(milliseconds=1)
"""From the time in the id of one part to that of the next."""


@dataclass(frozen=True)
class Piece:
    """``copy_of``: the part of another document that says the same."""

    first_page: int
    last_page: int
    outcome: KeptReading | Failure
    copy_of: str | None = None


def split(tenant: Tenant, document: Document, parts: Sequence[Part]) -> Document:
    """Stages the next parts. With the last of them the document is ``split``, else it is ``reading``."""
    rest = _still_to_come(document, parts)
    pieces = [
        Piece(part.first_page, part.last_page, KeptReading(machine=part.reading))
        for part in rest[:PARTS_AT_ONCE]
    ]
    return _add(tenant, document, pieces, is_last=len(rest) <= PARTS_AT_ONCE)


def split_as_copy(tenant: Tenant, document: Document, first: Document) -> Document | None:
    """The same for a file with the bytes of ``first``, which is split.

    None: some of ``first`` has been deleted, so that what is left of it need not be all of the file.
    """
    if not _is_whole(tenant, first):
        return None
    rest = first.parts[_number_of_last(document) :]
    pieces = list(_copies(tenant, rest[:PARTS_AT_ONCE]))
    if len(pieces) < len(rest[:PARTS_AT_ONCE]):
        return None
    return _add(tenant, document, pieces, is_last=len(rest) <= PARTS_AT_ONCE)


def break_off(tenant: Tenant, document: Document, failure: SheafError) -> Document:
    """Stages the failure of what is not read yet: the whole file, unless there are parts. Those stay, the
    pages after them become a part that failed, and the same bytes once more are read anew.
    """
    done, file = document.last_part, document.file
    if done is None or file is None:
        return fail(tenant, document, failure)
    last = max(file.pages, done.last_page)
    first = min(done.last_page + 1, last)  # more than one invoice may stand on the last page
    rest = Piece(first, last, Failure(code=failure.code, message=failure.message))
    release_bytes(tenant, document)
    return _add(tenant, document, [rest], is_last=True)


def release_bytes(tenant: Tenant, document: Document) -> None:
    """The document is not all that the bytes of its file say, or will not be: they count as known no more."""
    digest = known_bytes(tenant, document)
    if digest and digest.document_id == document.id:
        tenant.digests.release(digest)


def known_bytes(tenant: Tenant, document: Document) -> Digest | None:
    """Which document of its client was the first with its bytes."""
    if document.file is None or document.file.sha256 is None:
        return None
    return tenant.digests.get(document.file.sha256, document.client_id)


def marked_as_copy(kept: KeptReading, of: str) -> KeptReading:
    check = Check(code=DUPLICATE_FILE, message=f"The same file is there already: {of}.", found=of)
    return kept.found((*kept.overlay.findings, check))


def _still_to_come(document: Document, parts: Sequence[Part]) -> Sequence[Part]:
    """By number; by page where the parts that were made come from a reading that divided otherwise: a copy
    that was begun with the parts of another document may go on with an analysis of its own.
    """
    done = document.last_part
    if done is None:
        return parts
    same = parts[done.number - 1 : done.number]
    if [(part.first_page, part.last_page) for part in same] == [(done.first_page, done.last_page)]:
        return parts[done.number :]
    return [part for part in parts if part.last_page > done.last_page]


def _number_of_last(document: Document) -> int:
    return document.last_part.number if document.last_part else 0


def _is_whole(tenant: Tenant, first: Document) -> bool:
    """Whoever deletes a part releases the bytes in the same unit of work."""
    digest = known_bytes(tenant, first)
    return digest is not None and digest.document_id == first.id


def _copies(tenant: Tenant, part_ids: Sequence[str]) -> Iterator[Piece]:
    """Without those that have been deleted since their document was loaded."""
    for part_id in part_ids:
        part = tenant.documents.get(part_id)
        if part is None or part.part_of is None:
            continue
        reading = tenant.readings.get(part_id)
        outcome = marked_as_copy(reading, part_id) if reading else part.failure
        if outcome is not None:
            yield Piece(part.part_of.first_page, part.part_of.last_page, outcome, part_id)


def _add(tenant: Tenant, document: Document, pieces: Sequence[Piece], *, is_last: bool) -> Document:
    ids, last = [], document.last_part
    for number, piece in enumerate(pieces, _number_of_last(document) + 1):
        ids.append(add_part(tenant, document, piece, number, str(number)))
        last = LastPart(number=number, first_page=piece.first_page, last_page=piece.last_page)
    after = document.model_copy(update={"parts": (*document.parts, *ids), "last_part": last})
    if is_last:
        return close(tenant, document, after.split())
    tenant.documents.save(after)
    return after


def add_part(tenant: Tenant, document: Document, piece: Piece, place: int, *facts: str) -> str:
    """Stages a part; its id, which follows from the document's and the facts, and orders parts by place."""
    at = document.created_at + place * _STEP
    part = Document(
        id=derived_id("doc", at, document.id, *facts),
        filename=document.filename,
        content_type=document.content_type,
        status=Status.READING,
        created_at=at,
        created_by=document.created_by,
        file=document.file,
        duplicate_of=piece.copy_of,
        part_of=PartOf(document_id=document.id, first_page=piece.first_page, last_page=piece.last_page),
        client_id=document.client_id,
    )
    if isinstance(piece.outcome, Failure):
        part = part.failed(piece.outcome.code, piece.outcome.message)
    else:
        part = with_reading(tenant, part, piece.outcome)
    tenant.documents.add(part)
    tenant.record(Change(subject=part.id, after=said_of(part)))
    return part.id
