"""The heading of a table of line items: which column holds what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sheaf_reader import patterns
from sheaf_reader.layout import Layout, Line, Span
from sheaf_reader.lexicon import lexicon
from sheaf_reader.lexicon.common import squash
from sheaf_reader.page import Box

_LONGEST = 6  # words
_RATE = re.compile(r"\d+(?:[.,]\d+)?\s?%")
_SUMS = frozenset(("SUBTOTAL", "TAX", "TOTAL", "AMOUNT_DUE", "AMOUNT_PAID", "DISCOUNT"))
_FEWEST = 2  # columns
_WHAT = frozenset(("ITEM", "PRODUCT_CODE", "DATE"))
_HOW_MUCH = frozenset(("QUANTITY", "UNIT_PRICE", "PRICE"))
_NUMERIC = frozenset(("QUANTITY", "UNIT_PRICE", "PRICE", "TAX_RATE", "DISCOUNT"))


@dataclass(frozen=True)
class Column:
    kind: str
    heading: Span

    @property
    def box(self) -> Box:
        return self.heading.box

    @property
    def is_numeric(self) -> bool:
        return self.kind in _NUMERIC


@dataclass(frozen=True)
class Heading:
    """``last_row`` is the index of the last row that belongs to the heading."""

    first_row: int
    last_row: int
    columns: tuple[Column, ...]

    def column_at(self, box: Box) -> Column:
        """The column whose heading a cell shares most width with, else the one it lines up with best."""
        return min(
            self.columns, key=lambda column: (-max(0.0, column.box.overlap_x(box)), _away(column, box))
        )

    def spans(self, box: Box) -> bool:
        """Whether something stands within the table's width, not in a column of text beside it."""
        left, right = self.columns[0].box, self.columns[-1].box
        margin = 2 * left.height
        return box.right > left.left - margin and box.left < right.right + margin


def _away(column: Column, box: Box) -> float:
    left, right = abs(column.box.left - box.left), abs(column.box.right - box.right)
    return min(left, right, abs(column.box.centre - box.centre))


def headings(layout: Layout) -> Iterator[Heading]:
    after = -1
    for index, row in enumerate(layout.rows):
        if index <= after:
            continue
        cells = [cell for line in row for cell in _cells(line)]
        if not _heads_a_table(row, cells):
            continue
        first, last = _extent(layout, index)
        extra = [
            cell
            for other in (*range(first, index), *range(index + 1, last + 1))
            for line in layout.rows[other]
            for cell in _cells(line)
        ]
        after = last
        yield Heading(first, last, tuple(_columns(_completed(cells, extra))))


def _cells(line: Line) -> Iterator[tuple[tuple[str, ...], Span]]:
    """The longest column names in a line, from left to right."""
    known = lexicon().columns
    squashed = [squash(word.text) for word in line.words]
    index = 0
    while index < len(squashed):
        text, longest = "", 0
        kinds: tuple[str, ...] = ()
        for count, part in enumerate(squashed[index : index + _LONGEST], 1):
            text += part
            if text in known:
                longest, kinds = count, known[text]
        if longest:
            yield kinds, line.between(line.start_of(index), line.end_of(index + longest - 1))
        index += max(longest, 1)


def _heads_a_table(row: tuple[Line, ...], cells: list[tuple[tuple[str, ...], Span]]) -> bool:
    kinds = {kind for possible, _ in cells for kind in possible}
    words = sum(len(line.words) for line in row)
    named = sum(len(span.words) for _, span in cells)
    if len(cells) < _FEWEST or named < words * 0.5 or not kinds & _HOW_MUCH:
        return False
    if not kinds & _WHAT and "QUANTITY" not in kinds:
        return False
    if any(amount.exact for line in row for amount in patterns.amounts(line)):
        return False
    sums = sum(_names_a_sum(line) for line in row)
    if sums == len(row) or (sums >= _FEWEST and "ITEM" not in kinds):
        return False
    if len(cells) == _FEWEST and any(line.has_digits for line in row):
        return False  # "30 days net"
    return len(cells) > _FEWEST or len(row) > 1


def _names_a_sum(line: Line) -> bool:
    """``Goods total``, ``VAT 20%``: a row of them heads the sums, not the goods."""
    kinds = lexicon().labels.get(squash(_RATE.sub("", line.text)), ())
    return bool(_SUMS & set(kinds))


def _extent(layout: Layout, index: int) -> tuple[int, int]:
    """Headings of two and three lines: neighbouring rows without a digit, close by."""
    first = last = index
    while first > 0 and _belongs(layout, first - 1, first):
        first -= 1
    while last + 1 < len(layout.rows) and _belongs(layout, last + 1, last):
        last += 1
    return first, last


def _belongs(layout: Layout, other: int, row: int) -> bool:
    lines, near = layout.rows[other], layout.rows[row]
    if any(character.isdigit() for line in lines for character in line.text):
        return False
    upper, lower = (lines[0], near[0]) if other < row else (near[0], lines[0])
    if lower.box.top - upper.box.bottom > 0.8 * layout.text_height:
        return False
    cells = [cell for line in lines for cell in _cells(line)]
    words = sum(len(line.words) for line in lines)
    return bool(cells) and sum(len(span.words) for _, span in cells) >= words * 0.6


_Cell = tuple[tuple[str, ...], Span]


def _completed(cells: list[_Cell], extra: list[_Cell]) -> list[_Cell]:
    """Names from the other rows of the heading fill the gaps of its main row."""
    completed = list(cells)
    for kinds, span in extra:
        if all(span.box.overlap_x(other.box) <= 0 for _, other in completed):
            completed.append((kinds, span))
    return sorted(completed, key=lambda cell: cell[1].box.left)


def _columns(cells: list[_Cell]) -> Iterator[Column]:
    """Each kind once, but for OTHER: the last amount of a row is its price."""
    chosen: list[str] = []
    taken: set[str] = set()
    itemised = sum("ITEM" in kinds for kinds, _ in cells)
    for kinds, _ in reversed(cells):
        preferred = _preferred(kinds, sole_item=itemised == 1)
        kind = next((kind for kind in preferred if kind not in taken), "OTHER")
        taken.add(kind)
        chosen.append(kind)
    for kind, (_, span) in zip(reversed(chosen), cells, strict=True):
        yield Column(kind, span)


def _preferred(kinds: tuple[str, ...], *, sole_item: bool) -> list[str]:
    """``Position`` counts the lines, or describes them when nothing else does."""
    order = ("PRICE", "ITEM") if sole_item else ("PRICE",)
    return sorted(kinds, key=lambda kind: order.index(kind) if kind in order else len(order))
