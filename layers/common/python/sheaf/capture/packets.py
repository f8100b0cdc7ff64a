"""Files that people have divided, or joined, by hand.

    ready | needs_review | failed | split ──> reading ──> split, or read as one
                       ^                                    │
                       └────────────── undone ──────────────┘

The file is recognised anew, and divided as people say. What was there before is set aside, and nothing of it
is lost until the next division.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.audit.entries import Change
from sheaf.capture.documents import Document, Failure
from sheaf.capture.finish import close, fail, finish
from sheaf.capture.kept import KeptReading
from sheaf.capture.splitting import PARTS_AT_ONCE, Piece, add_part, marked_as_copy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheaf.capture.documents import Division, Pages
    from sheaf.capture.ports import Tenant
    from sheaf.capture.reading import Part, Reading
    from sheaf.kernel.errors import SheafError

AT_ONCE = 20
"""Parts that one division replaces, and that it makes: setting one aside, or bringing it back, are two of the
hundred actions of a transaction."""


def divided_by_hand(
    tenant: Tenant, document: Document, division: Division, parts: Sequence[Part]
) -> Document | None:
    """Stages the next documents that were asked for. It is still ``reading`` while there are more.

    None: the answer is divided otherwise; that is of a job which ran before.
    """
    read = {(part.first_page, part.last_page): part.reading for part in parts}
    if any(each.range not in read for each in division.pending):
        return None
    if _is_all(document, division.pending):
        reading = read[division.pending[0].range]
        return finish(tenant, _done(document, division), _kept(document, reading))
    now, later = division.pending[:PARTS_AT_ONCE], division.pending[PARTS_AT_ONCE:]
    pieces = [Piece(each.first, each.last, _kept(document, read[each.range])) for each in now]
    after = _with_parts(tenant, document, division, pieces)
    if not later:
        return close(tenant, document, _done(after, division).split())
    still = division.model_copy(update={"pending": later})
    after = after.model_copy(update={"division": still})
    tenant.documents.save(after)
    return after


def not_divided_by_hand(
    tenant: Tenant, document: Document, division: Division, failure: SheafError
) -> Document:
    """Stages the failure of what is not read yet, as it was to be divided: it can be typed in, or undone."""
    done = _done(document, division)
    if _is_all(document, division.pending):
        return fail(tenant, done, failure)
    why = Failure(code=failure.code, message=failure.message)
    pieces = [Piece(each.first, each.last, why) for each in division.pending]
    return close(tenant, document, _done(_with_parts(tenant, document, division, pieces), division).split())


def forget_set_aside(tenant: Tenant, document: Document) -> Document:
    """Stages the end of what could be undone, for good; the document as it is then."""
    for aside in tenant.set_aside.of(document.id):
        tenant.set_aside.remove(document.id, aside.document.id)
        if aside.document.id != document.id:
            tenant.readings.remove(aside.document.id)
            tenant.record(Change(subject=aside.document.id, before={"part_of": document.id}))
    return tenant.documents.save(document.model_copy(update={"undoable": False}))


def _is_all(document: Document, pending: Sequence[Pages]) -> bool:
    pages = document.file.pages if document.file else 0
    return [each.range for each in pending] == [(1, pages)]


def _done(document: Document, division: Division) -> Document:
    done = division.model_copy(update={"pending": ()})
    return document.model_copy(update={"division": done})


def _kept(document: Document, reading: Reading) -> KeptReading:
    kept = KeptReading(machine=reading)
    return marked_as_copy(kept, document.duplicate_of) if document.duplicate_of else kept


def _with_parts(tenant: Tenant, document: Document, division: Division, pieces: Sequence[Piece]) -> Document:
    """Each before the part that comes next after its pages."""
    parts = list(document.parts)
    for piece, pages in zip(pieces, division.pending, strict=False):
        facts = (division.at.isoformat(), f"{pages.first}-{pages.last}")
        part_id = add_part(tenant, document, piece, pages.first, *facts)
        parts.insert(parts.index(pages.before) if pages.before in parts else len(parts), part_id)
    return document.model_copy(update={"parts": tuple(parts)})
