"""Who sent a document, when no heading says so: names scored by what a sender's name looks like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sheaf_reader import names
from sheaf_reader.layout import Layout, Line, Span, whole
from sheaf_reader.lexicon.common import DASHES, squash
from sheaf_reader.sheet import Sheet

_LONGEST_ADDRESS = 5  # lines
_TOP = 0.4  # of the page
_FOOT = 0.82
_TELLING = 4  # letters
_FIRST_PAGES = 3


@dataclass(frozen=True)
class Sender:
    name: Span
    address: Span | None
    score: float


def senders(
    laid: Sequence[Sheet], strangers: set[int], receivers: set[str], *, is_receipt: bool
) -> Iterator[Sender]:
    """Heads and feet of the pages, scored by what a sender's name looks like."""
    telling = [*laid[:_FIRST_PAGES], *laid[_FIRST_PAGES:][-1:]]
    everything = [line for sheet in telling for line in sheet.layout.lines]
    evidence = _Evidence(
        said=Counter(squash(line.text) for line in everything),
        hosts={host for line in everything for host in names.domains(line.text)},
        is_receipt=is_receipt,
    )
    for sheet in telling:
        order = 0
        for line in sheet.layout.lines:
            if not _may_name_sender(line, sheet, strangers):
                continue
            spans = list(names.company_parts(line))
            if not spans and names.is_namelike(line) and not names.is_address(line.text):
                spans = [names.without_title(line)]
            for span in spans:
                if squash(span.text) not in receivers:
                    score = _score(span, line, sheet, order, evidence)
                    address = _address_beside(span, line) or _address_after(line, sheet.layout)
                    yield Sender(span, address, score)
            order += bool(spans)


def _may_name_sender(line: Line, sheet: Sheet, strangers: set[int]) -> bool:
    if any(id(word) in strangers or id(word) in sheet.listed for word in line.words):
        return False
    if any(label.at_start and set(label.kinds) != {"VENDOR"} for label in sheet.labels[id(line)]):
        return False
    height = sheet.height_of(line)
    if height > _FOOT:
        return True
    return sheet.number == 1 and (height < _TOP or _address_after(line, sheet.layout) is not None)


@dataclass(frozen=True)
class _Evidence:
    said: Counter[str]
    hosts: set[str]
    is_receipt: bool


def _score(span: Span, line: Line, sheet: Sheet, order: int, evidence: _Evidence) -> float:
    """0.1 to 0.9, from points: legal form, place, size, an address below, its own web address."""
    name = squash(span.text)
    receipt = evidence.is_receipt
    points = (1.4 if receipt else 1.5) if names.has_legal_form(span.text) else 0.0
    if sheet.height_of(line) < _TOP:
        points += max(0.0, (3.0 - 0.6 * order) if receipt else (2.4 - 0.5 * order))
        points += min(1.2, max(0.0, line.box.height / sheet.layout.text_height - 1.2))
    if _address_beside(span, line) or _address_after(line, sheet.layout):
        points += 1.0 if receipt else 1.4
    if any(host in name or (len(name) > _TELLING and name in host) for host in evidence.hosts):
        points += 1.6
    if evidence.said[squash(line.text)] > 1 or sum(name in other for other in evidence.said) > 1:
        points += 0.5
    if len(span.words) == 1 and len(name) < _TELLING:
        points -= 1.5
    if names.is_address(span.text):
        points -= 2.0
    if _is_inside_address(line, sheet.layout):
        points -= 1.0
    return min(0.9, max(0.1, 0.1 + points * 0.14)) * (0.5 + 0.5 * span.confidence)


def _is_inside_address(line: Line, layout: Layout) -> bool:
    """An address line above it in its block: the name stands further up."""
    block = next((block for block in layout.blocks if line in block), ())
    return any(names.is_address(other.text) for other in block[: block.index(line)]) if block else False


def _address_beside(name: Span, line: Line) -> Span | None:
    """``Acme Ltd · 1 High Street · Leeds LS1 1AA``: a letterhead in one line."""
    rest = line.text[name.offset + len(name.text) :]
    if not names.has_postcode(rest):
        return None
    text = rest.strip(f" ·•|,{DASHES}")
    start = line.text.index(text, name.offset)
    return line.between(start, start + len(text))


def _address_after(line: Line, layout: Layout) -> Span | None:
    lines: list[Line] = []
    above = line
    while len(lines) < _LONGEST_ADDRESS:
        below = next(layout.below(above.box, 1.3), None)
        if below is None or names.is_contact(below.text):
            break
        lines.append(below)
        above = below
    last = max((i for i, below in enumerate(lines) if names.is_address(below.text)), default=-1)
    return whole(lines[: last + 1]) if last >= 0 else None
