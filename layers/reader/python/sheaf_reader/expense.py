"""A document's pages to fields and line items: everything that was found, each with its score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sheaf_reader import names, patterns
from sheaf_reader.candidates import Candidate, candidates
from sheaf_reader.currency import Currency, currency_of
from sheaf_reader.labels import MONEY
from sheaf_reader.layout import Layout, Line, Span
from sheaf_reader.lexicon.common import squash
from sheaf_reader.page import Page
from sheaf_reader.parties import Party, parties
from sheaf_reader.runs import runs
from sheaf_reader.sheet import Sheet, sheets
from sheaf_reader.table import Table
from sheaf_reader.totals import weighed

_OURS = frozenset(("OTHER_DATE", "ORDER_NUMBER", "ROUNDING", "TENDER", "CHANGE"))  # no type of Textract's
_REFERENCES = frozenset(("ORDER_NUMBER", "PO_NUMBER", "CUSTOMER_NUMBER", "ACCOUNT_NUMBER"))
_NUMBER_SIGNS = frozenset(("nr", "no", "number", "nummer", "num", "numero", "n", "#", "id"))
_IN_TABLE = 0.4
_LEAST = 0.12
_SHORTEST_NUMBER = 3  # characters
_NUMBER_LINE = 3  # words
_PROSE = 9
_TITLE_REACH = 0.55  # of the page
_RECEIPT_WIDTH = 22  # heights of a line
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


def analyse(pages: Sequence[Page]) -> list[Expense]:
    laid = sheets(pages)
    found = [list(_candidates(sheet)) for sheet in laid]
    return [expense for run in runs(laid, found) for expense in _analysed(laid[run], found[run])]


def _analysed(laid: Sequence[Sheet], candidates: Sequence[Sequence[Candidate]]) -> list[Expense]:
    found = weighed([candidate for listed in candidates for candidate in listed])
    found += _undated(laid, found)
    people = parties(laid, is_receipt=_is_receipt(laid))
    currency = currency_of([sheet.layout for sheet in laid])
    fields = [*_party_fields(people), *(_field(candidate, people, currency) for candidate in found)]
    return [
        Expense(
            sheet.layout,
            tuple(_distinct(field for field in fields if field.value.page == sheet.number)),
            tuple(table for table in sheet.tables if table.items),
        )
        for sheet in laid
    ]


def _candidates(sheet: Sheet) -> Iterator[Candidate]:
    labelled = candidates(sheet.layout, sheet.labels)
    for candidate in (*labelled, *_titled(sheet)):
        inside = any(id(word) in sheet.listed for word in candidate.span.words)
        if not inside:
            yield candidate
        elif candidate.kind in MONEY:
            yield candidate.scored(candidate.score * _IN_TABLE)


def _titled(sheet: Sheet) -> Iterator[Candidate]:
    """The number behind what the document calls itself: ``Invoice INV/2023/03/0008``."""
    for line in sheet.layout.lines:
        if sheet.height_of(line) > _TITLE_REACH:
            continue
        longest = names.title_words(line.text)
        if any(label.at_start and _REFERENCES & set(label.kinds) for label in sheet.labels[id(line)]):
            continue
        if longest == len(line.words):
            number = _number_near(line, sheet)
            if number is not None:
                yield Candidate("INVOICE_RECEIPT_ID", number, 0.7)
        elif 0 < longest < len(line.words) <= _PROSE:
            said = [i for i in range(longest, len(line.words)) if squash(line.words[i].text) in _NUMBER_SIGNS]
            number = patterns.identifier(line, line.start_of(said[0] if said else longest))
            if number is not None and len(number.text) >= _SHORTEST_NUMBER:
                yield Candidate("INVOICE_RECEIPT_ID", number, 0.78)


def _number_near(title: Line, sheet: Sheet) -> Span | None:
    """A number alone to the right of a bare title, or ``No. 4711`` under it."""
    beside = next(iter(sheet.layout.rightwards(title)), None)
    below = next(sheet.layout.below(title.box, 2.0), None)
    for line in (beside, below):
        if line is None or _is_labelled(line, title, sheet):
            continue
        signed = squash(line.words[0].text) in _NUMBER_SIGNS and len(line.words) <= _NUMBER_LINE
        number = patterns.identifier(line)
        if number is not None and len(number.text) >= _SHORTEST_NUMBER and (signed or len(line.words) == 1):
            return number
    return None


def _is_labelled(line: Line, title: Line, sheet: Sheet) -> bool:
    """By itself or by what stands left of it: as something else than the document's number."""
    row = sheet.layout.rows[sheet.layout.row_of[id(line)]]
    before = (other for other in row[: row.index(line) + 1] if other is not title)
    labels = (label for other in before for label in sheet.labels[id(other)])
    return any(set(label.kinds) - {"INVOICE_RECEIPT_ID"} for label in labels)


def _undated(laid: Sequence[Sheet], found: Sequence[Candidate]) -> list[Candidate]:
    """Dates no label explains, the first the likeliest: tills print theirs bare."""
    explained = {id(word) for candidate in found for word in candidate.span.words}
    loose: list[Candidate] = []
    for sheet in laid:
        for line in sheet.layout.lines:
            for date in patterns.dates(line):
                if not any(id(word) in explained or id(word) in sheet.listed for word in date.words):
                    score = (0.5 if len(line.words) < _PROSE else 0.25) * 0.9 ** len(loose)
                    loose.append(Candidate("INVOICE_RECEIPT_DATE", date, score))
    return loose


def _is_receipt(laid: Sequence[Sheet]) -> bool:
    """A narrow column of text, or a till's words."""
    first = laid[0]
    if len(laid) > 1 or not first.layout.lines:
        return False
    kinds = {kind for found in first.labels.values() for label in found for kind in label.kinds}
    narrow = first.layout.box.width < _RECEIPT_WIDTH * first.layout.text_height
    return narrow or {"TENDER", "CHANGE"} <= kinds


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
