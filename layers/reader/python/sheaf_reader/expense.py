"""A document's pages to fields and line items: everything that was found, each with its score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sheaf_reader import patterns
from sheaf_reader.candidates import Candidate, candidates
from sheaf_reader.currency import Currency, currency_of
from sheaf_reader.labels import MONEY, Label, find_labels
from sheaf_reader.layout import Layout, Line, Span, lay_out
from sheaf_reader.lexicon import lexicon
from sheaf_reader.lexicon.common import squash
from sheaf_reader.page import Page
from sheaf_reader.parties import Party, parties
from sheaf_reader.receipt import priced_rows
from sheaf_reader.table import Table, tables
from sheaf_reader.totals import weighed

_OURS = frozenset(("OTHER_DATE", "ORDER_NUMBER", "ROUNDING", "TENDER", "CHANGE"))  # no type of Textract's
_IN_TABLE = 0.4
_LEAST = 0.12
_TITLE_REACH = 0.55  # of the page
_RECEIPT_WIDTH = 0.62  # of the height
_LINES_BELOW = 5


@dataclass(frozen=True)
class Field:
    """``type`` is a SummaryField type of AnalyzeExpense; ``score`` runs from 0 to 1."""

    type: str
    value: Span
    score: float
    label: Span | None = None
    currency: Currency | None = None


@dataclass(frozen=True)
class Expense:
    """What one page says."""

    layout: Layout
    fields: tuple[Field, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class _Sheet:
    layout: Layout
    labels: dict[int, list[Label]]
    tables: list[Table]


def analyse(pages: Sequence[Page]) -> list[Expense]:
    sheets = _sheets(pages)
    found = weighed([candidate for sheet in sheets for candidate in _candidates(sheet)])
    found += _undated(sheets, found)
    people = parties([(sheet.layout, sheet.labels) for sheet in sheets], is_receipt=_is_receipt(sheets))
    currency = currency_of([sheet.layout for sheet in sheets])
    fields = [*_party_fields(people), *(_field(candidate, people, currency) for candidate in found)]
    return [
        Expense(
            sheet.layout,
            tuple(_distinct(field for field in fields if field.value.page == sheet.layout.page.number)),
            tuple(table for table in sheet.tables if table.items),
        )
        for sheet in sheets
    ]


def _sheets(pages: Sequence[Page]) -> list[_Sheet]:
    sheets = []
    for page in pages:
        layout = lay_out(page)
        labels = find_labels(layout)
        sheets.append(_Sheet(layout, labels, tables(layout, labels)))
    if not any(table.items for sheet in sheets for table in sheet.tables):
        for sheet in sheets:
            sheet.tables.append(priced_rows(sheet.layout, sheet.labels))
    for sheet in sheets:
        for line in _heading_lines(sheet):
            sheet.labels[id(line)] = []
    return sheets


def _heading_lines(sheet: _Sheet) -> Iterator[Line]:
    """The names of columns are no labels."""
    for table in sheet.tables:
        if table.heading is not None and table.items:
            for row in range(table.heading.first_row, table.heading.last_row + 1):
                yield from sheet.layout.rows[row]


def _candidates(sheet: _Sheet) -> Iterator[Candidate]:
    listed = {
        id(word)
        for table in sheet.tables
        for item in table.items
        for line in item.lines
        for word in line.words
    }
    labelled = candidates(sheet.layout, sheet.labels)
    for candidate in (*labelled, *_titled(sheet)):
        inside = any(id(word) in listed for word in candidate.span.words)
        if not inside:
            yield candidate
        elif candidate.kind in MONEY:
            yield candidate.scored(candidate.score * _IN_TABLE)


def _titled(sheet: _Sheet) -> Iterator[Candidate]:
    """The number behind what the document calls itself: ``Invoice INV/2023/03/0008``."""
    box = sheet.layout.box
    for line in sheet.layout.lines:
        if line.box.middle > box.top + _TITLE_REACH * box.height:
            continue
        words, longest = "", 0
        for count, word in enumerate(line.words[:6], 1):
            words += squash(word.text)
            if words in lexicon().titles:
                longest = count
        if 0 < longest < len(line.words) <= 10:
            number = patterns.identifier(line, line.start_of(longest))
            if number is not None and len(number.text) > 2:
                yield Candidate("INVOICE_RECEIPT_ID", number, 0.78)


def _undated(sheets: Sequence[_Sheet], found: Sequence[Candidate]) -> list[Candidate]:
    """Dates no label explains, the first the likeliest: tills print theirs bare."""
    explained = {id(word) for candidate in found for word in candidate.span.words}
    loose: list[Candidate] = []
    for sheet in sheets:
        listed = {index for table in sheet.tables if table.items for index in table.rows}
        for index, row in enumerate(sheet.layout.rows):
            for line in row if index not in listed else ():
                for date in patterns.dates(line):
                    if not any(id(word) in explained for word in date.words):
                        score = (0.5 if len(line.words) < 9 else 0.25) * 0.9 ** len(loose)
                        loose.append(Candidate("INVOICE_RECEIPT_DATE", date, score))
    return loose


def _is_receipt(sheets: Sequence[_Sheet]) -> bool:
    """A narrow column of text, or a till's words."""
    layout = sheets[0].layout
    if len(sheets) > 1 or not layout.lines:
        return False
    tills = sum(
        "TENDER" in label.kinds or "CHANGE" in label.kinds
        for found in sheets[0].labels.values()
        for label in found
    )
    return tills > 0 or layout.box.width < _RECEIPT_WIDTH * layout.box.height


def _party_fields(people: Sequence[Party]) -> Iterator[Field]:
    types = {"VENDOR": "VENDOR", "RECEIVER": "RECEIVER"}
    for party in people:
        prefix = types.get(party.kind)
        if prefix is None:
            continue
        label = party.label.span if party.label else None
        yield Field(f"{prefix}_NAME", party.name, party.score, label)
        if party.address is not None:
            yield Field(f"{prefix}_ADDRESS", party.address, party.score * 0.95, label)


def _field(candidate: Candidate, people: Sequence[Party], currency: Currency | None) -> Field:
    kind = candidate.kind
    if kind == "VENDOR_VAT_NUMBER" and _belongs_to_receiver(candidate, people):
        kind = "RECEIVER_VAT_NUMBER"
    if kind in _OURS:
        kind = "OTHER"
    money = candidate.kind in MONEY
    own = Currency(candidate.currency, 0.99) if money and candidate.currency else None
    if own and currency and own.code == "USD" and candidate.span.text.count("$"):
        own = currency  # a bare dollar sign is the document's own dollar
    label = candidate.label.printed(candidate.span) if candidate.label else None
    return Field(kind, candidate.span, candidate.score, label, (own or currency) if money else None)


def _belongs_to_receiver(candidate: Candidate, people: Sequence[Party]) -> bool:
    """Printed in the receiver's block, or called yours."""
    if candidate.label is not None:
        before = squash(candidate.label.line.text[: candidate.label.end])
        if before.startswith(("ihre", "your", "customer", "buyer", "client", "uw", "votre")):
            return True
    box = candidate.span.box
    for party in people:
        if party.kind == "RECEIVER" and party.name.page == candidate.span.page:
            block = party.address.box if party.address else party.name.box
            depth = box.top - block.bottom
            left = candidate.label.span.box.left if candidate.label else box.left
            if (
                -block.height < depth < _LINES_BELOW * box.height
                and abs(left - party.name.box.left) < 4 * box.height
            ):
                return True
    return False


def _distinct(fields: Iterator[Field]) -> Iterator[Field]:
    """One field for each type and place, the best; what is too unlikely is left out."""
    best: dict[tuple[str, int], Field] = {}
    for field in fields:
        key = (field.type, id(field.value.words[0]))
        if field.score >= _LEAST and (key not in best or best[key].score < field.score):
            best[key] = field
    yield from best.values()
