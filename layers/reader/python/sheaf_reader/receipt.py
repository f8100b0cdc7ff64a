"""The priced rows of a till receipt, or of any list without a heading: words left, an amount right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from sheaf_reader import patterns
from sheaf_reader.layout import Layout, Line, Span
from sheaf_reader.table import SUMS, Cell, Item, Labels, Table, summary_kind

_TIMES = re.compile(
    r"""(?<![\w.,])(?P<quantity>\d{1,5}(?:[.,]\d{1,3})?)
    \s?(?:pcs?|ea|un|stk|kg|unit|nos?)?\s?[x@*\N{MULTIPLICATION SIGN}]\s?@?\s?
    (?P<price>[^\w\s]?\s?\d+[.,]\d{2,4})(?!\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_LEADING_COUNT = re.compile(r"^(\d{1,3})\s*x?\s+(?=[^\W\d])", re.IGNORECASE)
_OUT_OF_COLUMN = 4.0  # heights


def priced_rows(layout: Layout, labels: Labels) -> Table:
    rows = _rows(layout, labels)
    priced = [price for _, _, price in rows if price is not None]
    if not priced:
        return Table((), range(0))
    edge = median(price.box.right for price in priced)
    items: list[Item] = []
    words: list[Line] = []
    for row, left, price in rows:
        if price is None or abs(price.box.right - edge) > _OUT_OF_COLUMN * layout.text_height:
            words = [*words, *row][-2:]
            continue
        item = _item(row, left, price, words)
        if item is not None:
            items.append(item)
        words = []
    if not items:
        return Table((), range(0))
    indexes = [layout.row_of[id(line)] for item in items for line in item.lines]
    return Table(tuple(items), range(min(indexes), max(indexes) + 1))


_Row = tuple[Sequence[Line], Span | None, Span | None]


def _rows(layout: Layout, labels: Labels) -> list[_Row]:
    """Down to the first sum after the first price: each row's words and its last amount."""
    rows: list[_Row] = []
    seen = False
    for row in layout.rows:
        kind = summary_kind(row, labels)
        if kind is not None:
            if seen and kind in SUMS:
                break
            if not seen:
                rows.clear()
            continue
        left, price = _split(row)
        seen = seen or price is not None
        rows.append((row, left, price))
    return rows


def _split(row: Sequence[Line]) -> tuple[Span | None, Span | None]:
    prices = [amount for line in row for amount in patterns.amounts(line) if amount.exact]
    if not prices or any(True for line in row for _ in patterns.dates(line)):
        return None, None
    price = prices[-1].span
    words = tuple(
        word
        for line in row
        for word in line.words
        if word not in price.words and word.box.left < price.box.left
    )
    if not words:
        return None, price
    return Span(" ".join(word.text for word in words), words, price.page), price


def _item(row: Sequence[Line], left: Span | None, price: Span, above: list[Line]) -> Item | None:
    item = Item(lines=list(row))
    text = left.text if left else ""
    times = _TIMES.search(text)
    if times and left:
        item.cells.append(Cell("QUANTITY", _part(left, times["quantity"])))
        item.cells.append(Cell("UNIT_PRICE", _part(left, times["price"])))
        text = (text[: times.start()] + text[times.end() :]).strip()
    elif left and (count := _LEADING_COUNT.match(text)):
        item.cells.append(Cell("QUANTITY", _part(left, count[1])))
        text = text[count.end() :]
    if left and sum(map(str.isalpha, text)) > 1:
        item.cells.insert(0, Cell("ITEM", Span(text, left.words, left.page)))
    elif above:
        item.lines = [*above, *row]
        described = " ".join(line.text for line in above)
        item.cells.insert(
            0, Cell("ITEM", Span(described, tuple(word for line in above for word in line.words), price.page))
        )
    item.cells.append(Cell("PRICE", price))
    return item if "ITEM" in item.kinds else None


def _part(span: Span, text: str) -> Span:
    words = tuple(word for word in span.words if text in word.text or word.text in text)
    return Span(text.strip(), words or span.words, span.page)
