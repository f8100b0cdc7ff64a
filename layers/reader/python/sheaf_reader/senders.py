"""Who sent a document, when no heading says so: names scored by what a sender's name looks like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sheaf_reader import letterhead, names
from sheaf_reader.layout import Line, Span
from sheaf_reader.lexicon.common import squash
from sheaf_reader.sheet import Sheet

_TOP = 0.4  # of the page
_FOOT = 0.82
_TELLING = 4  # letters
_FIRST_PAGES = 3
_SPELLED_OUT = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}  # as host names are written
_ABOVE_THE_FACTS = 1.2
_LOWEST, _HIGHEST, _A_POINT = 0.05, 0.9, 0.11


@dataclass(frozen=True)
class Sender:
    name: Span
    address: Span | None
    score: float


@dataclass(frozen=True)
class _Place:
    """A line that may name the sender; ``order`` counts such lines from the top."""

    span: Span
    line: Line
    sheet: Sheet
    order: int

    @cached_property
    def address(self) -> Span | None:
        return (
            letterhead.address_in_line(self.span, self.line)
            or letterhead.address_under(self.line, self.sheet.layout)
            or letterhead.address_beside(self.line, self.sheet.layout)
        )

    @cached_property
    def squashed(self) -> str:
        return squash(self.span.text)


@dataclass(frozen=True)
class _Evidence:
    """``hosts`` are the names in web and mail addresses."""

    said: Counter[str]
    hosts: set[str]
    is_receipt: bool

    def owns_a_host(self, place: _Place) -> bool:
        spelled = {place.squashed, squash(place.span.text.lower().translate(_SPELLED_OUT))}
        return any(
            host in name or (len(name) > _TELLING and name in host) for host in self.hosts for name in spelled
        )


def senders(
    laid: Sequence[Sheet], strangers: set[int], receivers: set[str], *, is_receipt: bool
) -> Iterator[Sender]:
    """Heads and feet of the pages, scored by what a sender's name looks like."""
    telling = [*laid[:_FIRST_PAGES], *laid[_FIRST_PAGES:][-1:]]
    everything = [line for sheet in telling for line in sheet.layout.lines]
    evidence = _Evidence(
        said=Counter(squash(line.text) for line in everything),
        hosts={
            host
            for line in everything
            if not any(id(word) in strangers for word in line.words)
            for host in names.domains(line.text)
        },
        is_receipt=is_receipt,
    )
    said = "\n".join(evidence.said)
    places = [
        place
        for sheet in telling
        for place in _places(sheet, strangers, said, is_first=sheet is telling[0])
        if place.squashed not in receivers
    ]
    hosted = any(evidence.owns_a_host(place) for place in places)
    for place in places:
        points = _points(place, evidence) - (hosted and not evidence.owns_a_host(place)) * 1.5
        score = min(_HIGHEST, max(_LOWEST, _LOWEST + points * _A_POINT))
        yield Sender(place.span, place.address, score * (0.5 + 0.5 * place.span.confidence))


def _places(sheet: Sheet, strangers: set[int], said: str, *, is_first: bool) -> Iterator[_Place]:
    order = 0
    for line in sheet.layout.lines:
        if not _may_name_sender(line, sheet, strangers, is_first=is_first):
            continue
        last = letterhead.continuation(line, sheet.layout, said)
        spans = [] if last is None else [letterhead.over_two_lines(line, last)]
        if not spans:
            spans = list(names.company_parts(line))
        if not spans and names.is_namelike(line) and not names.is_address(line.text):
            spans = [names.without_title(line)]
        elif not spans and letterhead.is_whole(line):
            spans = [names.first_part(line)]
        if len(spans) == 1 and letterhead.is_street(line, sheet.layout):
            continue
        for span in spans:
            if names.is_all_form(span.text):
                continue
            yield _Place(span, last or line, sheet, order)
        order += bool(spans)


def _may_name_sender(line: Line, sheet: Sheet, strangers: set[int], *, is_first: bool) -> bool:
    if any(id(word) in strangers or id(word) in sheet.listed for word in line.words):
        return False
    if any(label.at_start and set(label.kinds) != {"VENDOR"} for label in sheet.labels[id(line)]):
        return False
    height = sheet.height_of(line)
    if height > _FOOT:
        return True
    return is_first and (height < _TOP or letterhead.address_under(line, sheet.layout) is not None)


def _points(place: _Place, evidence: _Evidence) -> float:
    """Legal form, place and size, what stands around it, and what else the document says of it."""
    line, layout, receipt = place.line, place.sheet.layout, evidence.is_receipt
    points = (1.4 if receipt else 1.5) if names.has_legal_form(place.span.text) else 0.0
    if place.sheet.height_of(line) < _TOP:
        points += max(0.0, (3.0 - 0.6 * place.order) if receipt else (2.4 - 0.5 * place.order))
        points += min(1.2, max(0.0, line.box.height / layout.text_height - 1.2))
    if place.address is not None:
        points += 1.0 if receipt else 1.4
    if not receipt:
        points += _contacts(place) + _ABOVE_THE_FACTS * (line.box.middle < place.sheet.first_fact)
    if evidence.owns_a_host(place):
        points += 1.6
    name = place.squashed
    if evidence.said[squash(line.text)] > 1 or sum(name in other for other in evidence.said) > 1:
        points += 0.5
    if len(place.span.words) == 1 and len(name) < _TELLING:
        points -= 1.5
    if names.is_address(place.span.text):
        points -= 2.0
    return points - letterhead.is_inside_address(line, layout)


def _contacts(place: _Place) -> float:
    line, sheet = place.line, place.sheet
    points = 0.6 * letterhead.has_tax_number(line, sheet.layout, sheet.labels)
    if letterhead.has_contacts(line, sheet.layout):
        at_foot = sheet.height_of(line) > _FOOT and place.address is not None
        points += 2.2 if at_foot else 1.2
    return points
