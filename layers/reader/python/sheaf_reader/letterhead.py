"""What stands around a sender's name: its address, in the line, under it or beside it, and its contacts."""

from __future__ import annotations

import re

from sheaf_reader import names
from sheaf_reader.labels import Label
from sheaf_reader.layout import Layout, Line, Span, whole
from sheaf_reader.lexicon.common import DASHES, squash

_LONGEST_ADDRESS = 5  # lines
_NEXT = 1.3  # heights
_TAX_NUMBERS = frozenset(("TAX_PAYER_ID", "VENDOR_VAT_NUMBER"))
_LARGE = 1.3  # times ordinary text
_ALIKE = 0.15
_HOUSE_NUMBER = re.compile(r"^\d{1,4}[a-z]?,?\s\D|\D\s\d{1,4}\s?[a-z]?$", re.IGNORECASE)


def continuation(line: Line, layout: Layout, said: str) -> Line | None:
    """The second line of a name: a legal form alone, more of a name set in large type, or what completes a
    name ``said`` (the squashed text, line by line) in full elsewhere.
    """
    below = next(layout.below(line.box, _NEXT), None)
    if below is None or not _is_plain_name(line) or names.has_legal_form(line.text):
        return None
    if names.is_all_form(below.text) or squash(line.text + below.text) in said:
        return below
    is_large = min(line.box.height, below.box.height) > _LARGE * layout.text_height
    alike = abs(line.box.height - below.box.height) < _ALIKE * line.box.height
    return below if is_large and alike and _is_plain_name(below) else None


def over_two_lines(line: Line, last: Line) -> Span:
    return Span(f"{line.text} {last.text}", (*line.words, *last.words), line.page)


def _is_plain_name(line: Line) -> bool:
    return names.is_namelike(line) and not line.has_digits


def address_in_line(name: Span, line: Line) -> Span | None:
    """``Acme Ltd · 1 High Street · Leeds LS1 1AA``: a letterhead in one line."""
    rest = line.text[name.offset + len(name.text) :]
    if not names.has_postcode(rest):
        return None
    text = rest.strip(f" ·•|,{DASHES}")
    start = line.text.index(text, name.offset)
    return line.between(start, start + len(text))


def address_under(line: Line, layout: Layout) -> Span | None:
    lines: list[Line] = []
    above = line
    while len(lines) < _LONGEST_ADDRESS:
        below = next(layout.below(above.box, _NEXT), None)
        if below is None or names.is_contact(below.text):
            break
        lines.append(below)
        above = below
    last = max((i for i, below in enumerate(lines) if names.is_address(below.text)), default=-1)
    return whole(lines[: last + 1]) if last >= 0 else None


def address_beside(line: Line, layout: Layout) -> Span | None:
    """A name on the left, its address without a name on the right."""
    block = _nameless_block_beside(line, layout)
    last = max((i for i, other in enumerate(block) if names.is_address(other.text)), default=-1)
    return whole(block[: last + 1]) if last >= 0 else None


def has_contacts(line: Line, layout: Layout) -> bool:
    """A telephone, mail or web address with the name: those of customers are seldom printed."""
    own = layout.block_of[id(line)]
    following = own[own.index(line) :]
    beside = _nameless_block_beside(line, layout)
    row = layout.rows[layout.row_of[id(line)]]
    return any(names.is_contact(other.text) for other in (*following, *beside, *row))


def has_tax_number(line: Line, layout: Layout, labels: dict[int, list[Label]]) -> bool:
    own = layout.block_of[id(line)]
    following = own[own.index(line) :]
    return any(
        _TAX_NUMBERS & set(label.kinds)
        for other in (*following, *_nameless_block_beside(line, layout))
        for label in labels[id(other)]
    )


def is_whole(line: Line) -> bool:
    """Name, address and contacts in one line, at the foot of a page."""
    first = names.first_part(line)
    return (
        len(first.text) < len(line.text)
        and not names.is_address(first.text)
        and not names.is_contact(first.text)
        and names.is_namelike(Line(first.words, line.page))
        and (names.has_postcode(line.text) and names.is_contact(line.text))
    )


def is_street(line: Line, layout: Layout) -> bool:
    """``Gewerbepark 155`` over a postcode is the street, whatever it is called."""
    below = next(layout.below(line.box, _NEXT), None)
    return bool(_HOUSE_NUMBER.search(line.text)) and below is not None and names.has_postcode(below.text)


def is_inside_address(line: Line, layout: Layout) -> bool:
    """An address line above it in its block: the name stands further up."""
    block = layout.block_of[id(line)]
    return any(names.is_address(other.text) for other in block[: block.index(line)])


def _nameless_block_beside(line: Line, layout: Layout) -> tuple[Line, ...]:
    for other in layout.rightwards(line):
        block = layout.block_of[id(other)]
        first = block[0]
        is_nameless = is_street(first, layout) or names.is_address(first.text)
        if is_nameless and first.box.top < line.box.bottom and line.box.top < block[-1].box.bottom:
            return block
    return ()
