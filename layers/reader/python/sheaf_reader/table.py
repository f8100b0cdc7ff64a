"""Line items: the rows under a table's heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sheaf_reader.columns import Column, Heading, headings
from sheaf_reader.labels import MONEY, Label
from sheaf_reader.layout import Layout, Line, Span
from sheaf_reader.patterns import amounts

_NEXT_LINE = 1.9  # heights of a line: what follows within it still belongs to the item
_NEXT_ITEM = 9.0
_DECIMALS = (-2, -3, -4)
_AMOUNTS = frozenset(("QUANTITY", "UNIT_PRICE", "PRICE"))
_SUMS = frozenset(("SUBTOTAL", "TAX", "TOTAL", "AMOUNT_DUE", "TENDER", "CHANGE", "AMOUNT_PAID"))
_COUNTS = re.compile(
    r"^\W{0,3}(?:[A-Z]{1,3}\W?)?\s?[-+(]?\s?\d[\d.,' ]*\W{0,3}(?:[^\W\d]{1,8}[.²³]?\W?)?$", re.IGNORECASE
)
_CLOSING = frozenset(("TOTAL", "AMOUNT_DUE", "TENDER", "CHANGE", "AMOUNT_PAID"))


@dataclass
class Cell:
    kind: str
    span: Span
    heading: Span | None = None


@dataclass
class Item:
    cells: list[Cell] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def has(self, kind: str) -> bool:
        return any(cell.kind == kind for cell in self.cells)

    @property
    def kinds(self) -> set[str]:
        return {cell.kind for cell in self.cells}


@dataclass(frozen=True)
class Table:
    """``rows`` are the indexes of the page's rows it covers, its heading among them."""

    items: tuple[Item, ...]
    rows: range
    heading: Heading | None = None


Labels = dict[int, list[Label]]


def tables(layout: Layout, labels: Labels) -> list[Table]:
    return [_headed(layout, labels, heading) for heading in headings(layout)]


def _headed(layout: Layout, labels: Labels, heading: Heading) -> Table:
    items = _items(layout, _body(layout, labels, heading), heading.columns)
    last = max((layout.row_of[id(line)] for item in items for line in item.lines), default=heading.last_row)
    return Table(tuple(items), range(heading.first_row, last + 1), heading)


_Row = tuple[int, list["Cell"]]


def _body(layout: Layout, labels: Labels, heading: Heading) -> list[_Row]:
    """The rows under a heading, down to the sums; sums of sections between items are passed over."""
    rows: list[_Row] = []
    after_sum = False
    for index in range(heading.last_row + 1, len(layout.rows)):
        row = layout.rows[index]
        cells = _cells(row, heading)
        found = {cell.kind for cell in cells} & _AMOUNTS
        summary = summary_kind(row, labels)
        if summary in _CLOSING and len(found) < 3:
            break
        if _names_sums(row, labels):
            break
        if summary is not None and len(found) < 3 and (summary in _SUMS or "PRICE" in found):
            after_sum = after_sum or summary in _SUMS
            continue
        if after_sum and len(found) == 1:
            break
        rows.append((index, cells))
    return rows


def _names_sums(row: Sequence[Line], labels: Labels) -> bool:
    """The heading of a block of sums: several of their names and no amount."""
    names = sum(any(kind in _SUMS for kind in label.kinds) for line in row for label in labels[id(line)])
    return names > 1 and not any(True for line in row for _ in amounts(line))


def summary_kind(row: Sequence[Line], labels: Labels) -> str | None:
    """What sum a row states, if its first words name one."""
    for line in row:
        for label in labels[id(line)]:
            if label.at_start and not label.in_prose:
                kind = next((kind for kind in label.kinds if kind in MONEY or kind == "IGNORE"), None)
                if kind is not None:
                    return kind
    return None


def _cells(row: Sequence[Line], heading: Heading) -> list[Cell]:
    cells: list[Cell] = []
    for line in row:
        for span in _pieces(line, heading):
            column = heading.column_at(span.box)
            kind = _kind(span, column)
            rival = next((cell for cell in cells if cell.kind == kind), None)
            if rival is None:
                cells.append(Cell(kind, span, column.heading))
            elif kind not in _AMOUNTS:
                rival.span = _together(rival.span, span)
            elif span.box.overlap_x(column.box) > rival.span.box.overlap_x(column.box):
                rival.kind = "OTHER"
                cells.append(Cell(kind, span, column.heading))
    return cells


def _kind(span: Span, column: Column) -> str:
    """A number does not describe, and words do not count: a cell out of place is OTHER."""
    if column.kind in _AMOUNTS:
        return column.kind if _COUNTS.match(span.text) else "OTHER"
    if column.kind in ("TAX_RATE", "DISCOUNT", "UNIT", "POSITION", "DATE"):
        return "OTHER"
    return column.kind


def _pieces(line: Line, heading: Heading) -> Iterator[Span]:
    """A line that runs through several columns, cut where its words stand under another heading."""
    under = [column for column in heading.columns if column.box.overlap_x(line.box) > 0]
    if len(under) < 2 or not any(c.isdigit() for c in line.text):
        yield line.between(0, len(line.text))
        return
    owners: list[Column] = []
    for word in line.words:
        wordy = not any(c.isdigit() for c in word.text)
        column = heading.column_at(word.box)
        if owners and wordy and (not owners[-1].is_numeric or column.box.overlap_x(word.box) <= 0):
            column = owners[-1]
        elif not owners and wordy and column.is_numeric:
            column = under[0]
        owners.append(column)
    start = 0
    for index in range(1, len(owners) + 1):
        if index == len(owners) or owners[index] is not owners[start]:
            last = line.words[index - 1]
            yield line.between(line.start_of(start), line.start_of(index - 1) + len(last.text))
            start = index


def _together(one: Span, other: Span) -> Span:
    return Span(f"{one.text} {other.text}", one.words + other.words, one.page)


def _items(layout: Layout, rows: list[_Row], columns: Sequence[Column]) -> list[Item]:
    described_above = _described_above(layout, rows)
    headed = {column.kind for column in columns}
    items: list[Item] = []
    waiting: list[_Row] = []
    for index, cells in rows:
        lines = layout.rows[index]
        found = {cell.kind for cell in cells} & _AMOUNTS if _is_priced(lines) else set()
        near = bool(items) and _adjoins(layout, items[-1], lines, _NEXT_LINE)
        if items and not _adjoins(layout, items[-1], lines, _NEXT_ITEM):
            break
        if not (found if "PRICE" not in headed else "PRICE" in found or len(found) > 1):
            if described_above or not items:
                waiting.append((index, cells))
            elif near:
                _extend(items[-1], _worded(cells), lines)
            continue
        if not near or found & items[-1].kinds:
            items.append(Item())
            for above, words in waiting if described_above else ():
                _extend(items[-1], _worded(words), layout.rows[above])
        waiting = []
        _extend(items[-1], cells, lines)
    needed = headed & {"PRICE", "UNIT_PRICE"} or {"QUANTITY"}
    return [item for item in items if item.kinds & needed]


def _is_priced(row: Sequence[Line]) -> bool:
    """Holds an amount with decimals or a currency: a lone count in a line of words makes no item."""
    return any(
        amount.mark is not None or amount.value.as_tuple().exponent in _DECIMALS
        for line in row
        for amount in amounts(line)
    )


def _worded(cells: list[Cell]) -> list[Cell]:
    """What follows an item in words, whatever column it runs under."""
    spans = [cell.span for cell in cells]
    words = tuple(word for span in spans for word in span.words)
    return [Cell("ITEM", Span(" ".join(span.text for span in spans), words, spans[0].page))]


def _described_above(layout: Layout, rows: list[_Row]) -> bool:
    """Whether rows with amounts have no words of their own, and rows of words come first and not last."""
    priced = [place for place, (index, _) in enumerate(rows) if _is_priced(layout.rows[index])]
    if not priced or priced[0] == 0:
        return False
    last = priced[-1]
    if last + 1 < len(rows):
        gap = layout.rows[rows[last + 1][0]][0].box.top - layout.rows[rows[last][0]][0].box.bottom
        if gap < _NEXT_LINE * layout.text_height:
            return False
    bare = sum(
        not any(_is_wordy(cell.span.text) for cell in rows[place][1] if cell.kind == "ITEM")
        for place in priced
    )
    return bare > len(priced) / 2


def _is_wordy(text: str) -> bool:
    return sum(c.isalpha() for c in text) > max(2, sum(c.isdigit() for c in text))


def _adjoins(layout: Layout, item: Item, lines: Sequence[Line], heights: float) -> bool:
    bottom = max(line.box.bottom for line in item.lines)
    return min(line.box.top for line in lines) - bottom < heights * layout.text_height


def _extend(item: Item, cells: list[Cell], lines: Sequence[Line]) -> None:
    item.lines.extend(lines)
    for cell in cells:
        mine = next((own for own in item.cells if own.kind == cell.kind), None)
        if mine is None:
            item.cells.append(cell)
        elif cell.kind == "ITEM":
            mine.span = Span(
                f"{mine.span.text}\n{cell.span.text}", mine.span.words + cell.span.words, mine.span.page
            )
