"""Dividing a file by hand, and joining its parts: what is asked for, and whether it can be.

Parts whose pages stay as they are stay what they are, with all that people have done to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from sheaf.capture.documents import Document, Pages, Status
from sheaf.capture.packets import AT_ONCE
from sheaf.capture.reading import Source
from sheaf.kernel.errors import Conflict, Gone, InvalidRequest
from sheaf.review.steps import in_nobodys_hands, seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sheaf.kernel.preconditions import IfMatch
    from sheaf.review.ports import Tenant

_MOST_PARTS = 500


class DivideRequest(BaseModel):
    """``parts``: the first and the last page of each, in their order; every page is in one of them."""

    model_config = ConfigDict(extra="forbid")

    parts: Annotated[
        list[Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=2)]],
        Field(min_length=2, max_length=_MOST_PARTS),
    ]


class JoinRequest(BaseModel):
    """``parts``: ids of parts that stand one after the other, to become one. Without them all parts, and all
    pages of the file, become one document.
    """

    model_config = ConfigDict(extra="forbid")

    parts: (
        Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=2, max_length=_MOST_PARTS)]
        | None
    ) = None


@dataclass(frozen=True)
class Plan:
    """What becomes of a file's document: which parts stay and go, and what is to be read."""

    whole: Document
    staying: tuple[Document, ...]
    going: tuple[Document, ...]
    pending: tuple[Pages, ...]

    @property
    def pages(self) -> list[tuple[int, int]]:
        return sorted([*map(_range, self.staying), *(each.range for each in self.pending)])


def plan_division(tenant: Tenant, document_id: str, request: DivideRequest, if_match: IfMatch) -> Plan:
    """Raises NotFound, PreconditionFailed, Conflict, Gone, InvalidRequest."""
    whole = _whole(tenant, document_id, if_match)
    wanted = [(first, last) for first, last in request.parts]
    _cover(wanted, whole.file.pages if whole.file else 0)
    return _plan(tenant, whole, parts_of(tenant, whole), wanted)


def plan_join(tenant: Tenant, document_id: str, request: JoinRequest, if_match: IfMatch) -> Plan:
    """Raises NotFound, PreconditionFailed, Conflict, Gone, InvalidRequest."""
    whole = _whole(tenant, document_id, if_match)
    if whole.status is not Status.SPLIT:
        raise Conflict("There is nothing to join: this file is one document.", code="not_split")
    parts = parts_of(tenant, whole)
    if request.parts is None or set(request.parts) == {part.id for part in parts}:
        wanted = [(1, whole.file.pages if whole.file else 0)]
    else:
        wanted = _joined(parts, set(request.parts))
    return _plan(tenant, whole, parts, wanted)


def _whole(tenant: Tenant, document_id: str, if_match: IfMatch) -> Document:
    """The document of a file that can be divided otherwise."""
    whole = seen(tenant, document_id, if_match)
    if whole.part_of:
        of = whole.part_of.document_id
        raise Conflict(
            f"This is a part of a file: divide, or join, the document of that, {of}.", code="is_part"
        )
    if not whole.status.is_final:
        raise Conflict("This file is still being read: wait for that.", code="not_read_yet")
    if whole.engine is Source.XML:
        raise Conflict("An e-invoice is one document: it cannot be divided.", code="einvoice")
    may_go(tenant, [whole])
    if whole.file is None or tenant.files.get(whole.file.id) is None:
        raise Gone("The file was deleted when its retention window closed. It cannot be read again.")
    if whole.file.pages < 1:
        raise Conflict("Nobody knows the pages of this file: it could not be opened.", code="file_unreadable")
    return whole


def parts_of(tenant: Tenant, whole: Document) -> list[Document]:
    """Raises Conflict unless all of them are there for whoever asks."""
    parts = [part for each in whole.parts if (part := tenant.documents.get(each))]
    if len(parts) < len(whole.parts):
        raise Conflict("Not every part of this file is yours to divide.", code="not_all_yours")
    return parts


def _cover(wanted: Sequence[tuple[int, int]], pages: int) -> None:
    """Raises InvalidRequest unless every page is in one of them, and they are in order."""
    following = 1
    for number, (first, last) in enumerate(wanted):
        if first != following or not first <= last <= pages:
            raise _not_accepted(number, f"Pages from {following} on are wanted here, up to {pages}")
        following = last + 1
    if following != pages + 1:
        raise _not_accepted(len(wanted) - 1, f"The file goes on up to page {pages}: no page may be left out")


def _not_accepted(number: int, why: str) -> InvalidRequest:
    errors = [{"field": f"parts.{number}", "message": why}]
    return InvalidRequest(f"Not accepted: parts.{number}. {why}.", errors=errors)


def _joined(parts: Sequence[Document], ids: set[str]) -> list[tuple[int, int]]:
    """The pages of all parts, those of the named ones as one."""
    at = [number for number, part in enumerate(parts) if part.id in ids]
    named = [parts[number] for number in at]
    if len(named) < len(ids):
        raise _unfit("Only parts of this file can be joined")
    if any(after != before + 1 for before, after in pairwise(at)):
        raise _unfit("Only parts that stand one after the other can be joined")
    pages = [_range(part) for part in named]
    if any(after[0] > before[1] + 1 for before, after in pairwise(pages)):
        raise _unfit("Between these parts are pages that belong to none: divide the file instead")
    one = (min(first for first, _ in pages), max(last for _, last in pages))
    others = [_range(part) for part in parts if part.id not in ids]
    if any(first <= one[1] and one[0] <= last for first, last in others):
        raise _unfit("Another part stands on the same page: join that as well")
    return sorted([*others, one])


def _unfit(why: str) -> InvalidRequest:
    return InvalidRequest(f"{why}.", errors=[{"field": "parts", "message": why}])


def _plan(
    tenant: Tenant, whole: Document, parts: Sequence[Document], wanted: Sequence[tuple[int, int]]
) -> Plan:
    """A part stays if it keeps its pages, and shares them with no other part than before."""
    ranges = [_range(part) for part in parts]
    kept = {each for each in ranges if ranges.count(each) == wanted.count(each)}
    staying = tuple(part for part in parts if _range(part) in kept)
    going = tuple(part for part in parts if _range(part) not in kept)
    pending = tuple(
        Pages(first=first, last=last, before=next((p.id for p in staying if _range(p)[0] > last), None))
        for first, last in wanted
        if (first, last) not in kept
    )
    if not pending:
        raise Conflict("The file is divided like that already.", code="nothing_to_do")
    if max(len(going), len(pending)) > AT_ONCE:
        raise Conflict(
            f"At most {AT_ONCE} parts can be replaced by at most {AT_ONCE} others: do it in several steps.",
            code="too_many_parts",
        )
    may_go(tenant, going)
    return Plan(whole, staying, going, pending)


def may_go(tenant: Tenant, documents: Iterable[Document]) -> None:
    """Raises Conflict when somebody counts on one of them."""
    for document in documents:
        in_nobodys_hands(tenant, document)
        if document.status.is_decided:
            raise Conflict(f"{document.id} is {document.status}: open it again first.", code="decided")
        if document.engine and tenant.export_marks.of(document.id):
            raise Conflict(f"{document.id} has been exported: it stays what it is.", code="exported")


def _range(part: Document) -> tuple[int, int]:
    of = part.part_of
    return (of.first_page, of.last_page) if of else (0, 0)
