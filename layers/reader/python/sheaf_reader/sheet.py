"""A page laid out, with its labels and its line items: what fields and parties are found on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sheaf_reader import names
from sheaf_reader.labels import Label, find_labels
from sheaf_reader.layout import Layout, Line, lay_out
from sheaf_reader.page import Page
from sheaf_reader.receipt import priced_rows
from sheaf_reader.table import Table, continued, is_open, tables

_FACTS = frozenset(
    ("INVOICE_RECEIPT_ID", "INVOICE_RECEIPT_DATE", "DATE", "DUE_DATE", "CUSTOMER_NUMBER", "RECEIVER")
)


@dataclass(frozen=True)
class Sheet:
    layout: Layout
    labels: dict[int, list[Label]]
    """By ``id`` of the line. The names of columns are no labels."""
    tables: tuple[Table, ...]

    @property
    def number(self) -> int:
        return self.layout.page.number

    @cached_property
    def listed(self) -> frozenset[int]:
        """``id`` of every word in a table of line items or its heading."""
        items = [line.words for table in self.tables for item in table.items for line in item.lines]
        heads = [
            column.heading.words
            for table in self.tables
            if table.heading and table.items
            for column in table.heading.columns
        ]
        return frozenset(id(word) for words in (*items, *heads) for word in words)

    @cached_property
    def first_fact(self) -> float:
        """Where the letterhead ends at the latest: the first title, number, date or customer."""
        told = (
            line.box.top
            for line in self.layout.lines
            if names.title_words(line.text)
            or any(label.at_start and _FACTS & set(label.kinds) for label in self.labels[id(line)])
        )
        return min(told, default=self.layout.box.bottom)

    def height_of(self, line: Line) -> float:
        """0 at the top of the text, 1 at its end."""
        box = self.layout.box
        return (line.box.middle - box.top) / max(box.height, 1e-6)


def sheets(pages: Sequence[Page]) -> list[Sheet]:
    laid_out = [lay_out(page) for page in pages]
    labelled = [find_labels(layout) for layout in laid_out]
    listed = [tables(layout, labels) for layout, labels in zip(laid_out, labelled, strict=True)]
    for number in range(1, len(laid_out)):
        before = next(iter(listed[number - 1][-1:]), None)
        if not listed[number] and before is not None and is_open(laid_out[number - 1], before):
            listed[number].append(continued(laid_out[number], labelled[number], before))
    if not any(table.items for found in listed for table in found):
        for layout, labels, found in zip(laid_out, labelled, listed, strict=True):
            found.append(priced_rows(layout, labels))
    for layout, labels, found in zip(laid_out, labelled, listed, strict=True):
        for line in _heading_lines(layout, found):
            labels[id(line)] = []
    return [
        Sheet(layout, labels, tuple(found))
        for layout, labels, found in zip(laid_out, labelled, listed, strict=True)
    ]


def _heading_lines(layout: Layout, found: Sequence[Table]) -> Iterator[Line]:
    for table in found:
        if table.heading is not None and table.items:
            for row in range(table.heading.first_row, table.heading.last_row + 1):
                yield from layout.rows[row]
