"""Line items: the rows under a table's heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from sheaf_reader.columns import Column, Heading, headings
from sheaf_reader.labels import MONEY, Label
from sheaf_reader.layout import Layout, Line, Span
from sheaf_reader.lexicon.common import DASHES, QUOTES
from sheaf_reader.patterns import amounts

_NARROW = 0.4  # heights of a line: the space within a number
_NEXT_LINE = 1.9  # heights of a line: what follows within it still belongs to the item
_NEXT_ITEM = 9.0
_DECIMALS = (-2, -3, -4)
_AMOUNTS = frozenset(("QUANTITY", "UNIT_PRICE", "PRICE"))
SUMS = frozenset(("SUBTOTAL", "TAX", "TOTAL", "AMOUNT_DUE", "TENDER", "CHANGE", "AMOUNT_PAID"))
_EXTRAS = MONEY - SUMS
_CLOSING = frozenset(("TOTAL", "AMOUNT_DUE", "TENDER", "CHANGE", "AMOUNT_PAID"))
_SECTIONS = frozenset(("PAYMENT_TERMS", "DUE_DATE", "ACCOUNT_NUMBER", "INVOICE_RECEIPT_ID"))
_COUNTS = re.compile(
    rf"""^\W{{0,3}}(?:[A-Z]{{1,3}}\W?)?\s?[{DASHES}+(]?\s?
    \d[\d.,\ {QUOTES}]*
    \W{{0,3}}(?:[^\W\d]{{1,8}}[.²³]?\W?)?$""",
    re.IGNORECASE | re.VERBOSE,
)

Labels = dict[int, list[Label]]


@dataclass
class Cell:
    kind: str
    span: Span
    heading: Span | None = None


@dataclass
class Item:
    cells: list[Cell] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        return {cell.kind for cell in self.cells}

    def extend(self, cells: Sequence[Cell], lines: Sequence[Line]) -> None:
        """Further rows complete the item: only its description grows."""
        self.lines.extend(lines)
        for cell in cells:
            mine = next((own for own in self.cells if own.kind == cell.kind), None)
            if mine is None or cell.kind == "OTHER":
                self.cells.append(cell)
            elif cell.kind == "ITEM":
                mine.span = _together(mine.span, cell.span, "\n")


@dataclass(frozen=True)
class Table:
    """``rows`` are the indexes of the page's rows it covers, its heading among them."""

    items: tuple[Item, ...]
    rows: range
    heading: Heading | None = None


class _Row(NamedTuple):
    lines: Sequence[Line]
    cells: list[Cell]

    @property
    def found(self) -> set[str]:
        return {cell.kind for cell in self.cells} & _AMOUNTS

    @property
    def is_priced(self) -> bool:
        """Holds an amount with decimals or a currency: a lone count among words makes no item."""
        return any(
            amount.mark is not None or amount.value.as_tuple().exponent in _DECIMALS
            for line in self.lines
            for amount in amounts(line)
        )

    @property
    def top(self) -> float:
        return min(line.box.top for line in self.lines)

    @property
    def bottom(self) -> float:
        return max(line.box.bottom for line in self.lines)


def tables(layout: Layout, labels: Labels) -> list[Table]:
    found = list(headings(layout))
    ends = [heading.first_row for heading in found[1:]] + [len(layout.rows)]
    return [_headed(layout, labels, heading, end) for heading, end in zip(found, ends, strict=False)]


def continued(layout: Layout, labels: Labels, before: Table) -> Table:
    """A page without a heading, under the columns of the page before; empty if it is no such page."""
    if before.heading is None:
        return Table((), range(0))
    heading = Heading(-1, -1, before.heading.columns)
    table = _headed(layout, labels, heading, len(layout.rows))
    items = tuple(item for item in table.items if "PRICE" in item.kinds and len(item.kinds & _AMOUNTS) > 1)
    return Table(items, range(table.rows.stop))


def is_open(layout: Layout, table: Table) -> bool:
    """Whether no amounts follow a table on its page: it may go on overleaf."""
    after = layout.rows[table.rows.stop :]
    return bool(table.items) and not any(
        amount.exact for row in after for line in row for amount in amounts(line)
    )


def _headed(layout: Layout, labels: Labels, heading: Heading, end: int) -> Table:
    items = _items(layout, _body(layout, labels, heading, end), heading.columns)
    last = max((layout.row_of[id(line)] for item in items for line in item.lines), default=heading.last_row)
    return Table(tuple(items), range(heading.first_row, last + 1), heading)


def _body(layout: Layout, labels: Labels, heading: Heading, end: int) -> list[_Row]:
    """The rows under a heading, down to the sums; sums of sections between items are passed over."""
    rows: list[_Row] = []
    after_sum = False
    for whole in layout.rows[heading.last_row + 1 : end]:
        lines = [line for line in whole if heading.spans(line.box)]
        if not lines:
            continue
        row = _Row(lines, _cells(lines, heading))
        summary = summary_kind(lines, labels)
        if (summary in _CLOSING and len(row.found) < len(_AMOUNTS)) or _names_sums(lines, labels):
            break
        if _opens_section(lines, labels):
            break
        sums = summary in SUMS or (summary is not None and "PRICE" in row.found)
        if sums and len(row.found) < len(_AMOUNTS):
            after_sum = after_sum or (summary in SUMS and row.is_priced)
            continue
        if after_sum and len(row.found) == 1:
            break
        rows.append(row)
    return rows


def _names_sums(row: Sequence[Line], labels: Labels) -> bool:
    """The heading of a block of sums: several of their names and no amount."""
    names = sum(any(kind in SUMS for kind in label.kinds) for line in row for label in labels[id(line)])
    return names > 1 and not any(True for line in row for _ in amounts(line))


def _opens_section(row: Sequence[Line], labels: Labels) -> bool:
    return any(label.at_start and _SECTIONS & set(label.kinds) for line in row for label in labels[id(line)])


def summary_kind(row: Sequence[Line], labels: Labels) -> str | None:
    """What sum a row states, if its first words name one."""
    for line in row:
        for label in labels[id(line)]:
            if label.at_start and not label.in_prose:
                kind = next((kind for kind in label.kinds if kind in MONEY or kind == "IGNORE"), None)
                if kind in _EXTRAS and _names_goods(label, row, labels):
                    continue
                if kind is not None:
                    return kind
    return None


def _names_goods(label: Label, row: Sequence[Line], labels: Labels) -> bool:
    """``Delivery of gravel``; not ``Charge: delivery costs``, nor a discount that is taken off."""
    named = [other for line in row for other in labels[id(line)] if MONEY & set(other.kinds)]
    taken_off = any(amount.value < 0 for line in row for amount in amounts(line))
    return label.is_part_of_a_name and len(named) == 1 and not taken_off


def _cells(row: Sequence[Line], heading: Heading) -> list[Cell]:
    cells: list[Cell] = []
    for line in row:
        for span in _pieces(line, heading):
            column = heading.column_at(span.box)
            kind = _kind(span, column)
            rival = next((cell for cell in cells if _compete(cell, kind, column)), None)
            if rival is None:
                cells.append(Cell(kind, span, column.heading))
            elif kind not in _AMOUNTS:
                rival.span = _together(rival.span, span, " ")
            elif span.box.overlap_x(column.box) > rival.span.box.overlap_x(column.box):
                rival.kind = "OTHER"
                cells.append(Cell(kind, span, column.heading))
    return cells


def _compete(cell: Cell, kind: str, column: Column) -> bool:
    return cell.kind == kind and (kind != "OTHER" or cell.heading is column.heading)


def _kind(span: Span, column: Column) -> str:
    """A number does not describe, and words do not count: a cell out of place is OTHER."""
    if column.kind in _AMOUNTS:
        return column.kind if _COUNTS.match(span.text) else "OTHER"
    return column.kind if column.kind in ("ITEM", "PRODUCT_CODE") else "OTHER"


def _pieces(line: Line, heading: Heading) -> Iterator[Span]:
    """A line that runs through several columns, cut where its words stand under another heading."""
    under = [column for column in heading.columns if column.box.overlap_x(line.box) > 0]
    if len(under) <= 1 or not line.has_digits:
        yield line.between(0, len(line.text))
        return
    owners: list[Column] = []
    for word in line.words:
        wordy = not any(map(str.isdigit, word.text))
        column = heading.column_at(word.box)
        if owners and wordy and (not owners[-1].is_numeric or column.box.overlap_x(word.box) <= 0):
            column = owners[-1]
        elif not owners and wordy and column.is_numeric:
            column = under[0]
        owners.append(column)
    _keep_grouped(line, heading, owners)
    start = 0
    for index in range(1, len(owners) + 1):
        if index == len(owners) or owners[index] is not owners[start]:
            yield line.between(line.start_of(start), line.end_of(index - 1))
            start = index


def _keep_grouped(line: Line, heading: Heading, owners: list[Column]) -> None:
    """``10% 5 340,00``: the words of one amount, a narrow space apart, stand in one column."""
    for amount in amounts(line):
        words = amount.span.words
        gaps = [right.box.left - left.box.right for left, right in pairwise(words)]
        if gaps and max(gaps) < _NARROW * line.box.height:
            first = line.words.index(words[0])
            owners[first : first + len(words)] = [heading.column_at(amount.span.box)] * len(words)


def _together(one: Span, other: Span, mark: str) -> Span:
    return Span(f"{one.text}{mark}{other.text}", one.words + other.words, one.page)


def _items(layout: Layout, rows: list[_Row], columns: Sequence[Column]) -> list[Item]:
    described_above = _described_above(layout, rows)
    headed = {column.kind for column in columns}
    items: list[Item] = []
    waiting: list[_Row] = []
    bottom = rows[0].top if rows else 0.0
    for row in rows:
        gap, bottom = row.top - bottom, row.bottom
        if items and gap > _NEXT_ITEM * layout.text_height:
            break
        near = bool(items) and gap < _NEXT_LINE * layout.text_height
        found = row.found if row.is_priced else set()
        if not found or ("PRICE" in headed and "PRICE" not in found and len(found) <= 1):
            if described_above or not items:
                waiting.append(row)
            elif near:
                items[-1].extend(_worded(row), row.lines)
            continue
        if not near or found & items[-1].kinds:
            items.append(Item())
            for above in waiting if described_above else ():
                items[-1].extend(_worded(above), above.lines)
        waiting = []
        items[-1].extend(row.cells, row.lines)
    needed = headed & {"PRICE", "UNIT_PRICE"} or {"QUANTITY"}
    return [item for item in items if item.kinds & needed]


def _worded(row: _Row) -> list[Cell]:
    """What follows an item in words, whatever column it runs under."""
    words = tuple(word for line in row.lines for word in line.words)
    return [Cell("ITEM", Span(" ".join(word.text for word in words), words, row.lines[0].page))]


def _described_above(layout: Layout, rows: list[_Row]) -> bool:
    """Whether rows with amounts have no words of their own, and rows of words come first and not last."""
    priced = [place for place, row in enumerate(rows) if row.is_priced]
    if not priced or priced[0] == 0:
        return False
    last = priced[-1]
    if last + 1 < len(rows) and rows[last + 1].top - rows[last].bottom < _NEXT_LINE * layout.text_height:
        return False
    bare = sum(
        not any(_is_wordy(cell.span.text) for cell in rows[place].cells if cell.kind == "ITEM")
        for place in priced
    )
    return bare > len(priced) / 2


def _is_wordy(text: str) -> bool:
    return sum(map(str.isalpha, text)) > max(2, sum(map(str.isdigit, text)))
