"""Every value that a label on the page points to: amounts, dates and numbers, each with a score."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from sheaf_reader import names, patterns
from sheaf_reader.labels import DATES, MONEY, NUMBERS, PARTIES, Label
from sheaf_reader.layout import Layout, Line, Span
from sheaf_reader.lexicon import lexicon
from sheaf_reader.lexicon.common import DASHES, squash
from sheaf_reader.page import Box

_BELOW = 3.5  # heights of the label
_ROWS_BELOW = 6
_PART_OF_A_SUM = 0.35
_ONLY_A_RATE = re.compile(r"[\s\d.,%()@:]*")
_PERCENT = re.compile(r"\d\s?%")
_WHOLE = frozenset(("SUBTOTAL", "TAX", "TOTAL", "AMOUNT_DUE"))  # can be printed without decimals
_LONGEST_WHOLE = 9  # characters
_TAX_NUMBERS = frozenset(("TAX_PAYER_ID", "VENDOR_VAT_NUMBER"))
_BESIDES = re.compile(
    r"\([^)]*\)|\b(?:in|on|of|von|sur|auf|over|incl|inc|including|gst|vat|rm|eur|usd|@)\b", re.IGNORECASE
)
_COLUMNS = frozenset(("amount", "amt"))  # a column of anything, when they stand over it
_FEW_LETTERS = 3
_NEAR = 12  # characters
_PREPOSITION = 3  # letters: "vom", "du", "del"
_TOO_FAR = 80.0  # heights
_ANY_NUMBER = 0.6  # "Number" says less than "Invoice number"


@dataclass(frozen=True)
class Candidate:
    """``score`` runs from 0 to 1 and becomes the field's confidence."""

    kind: str
    span: Span
    score: float
    label: Label | None = None
    value: Decimal | None = None
    currency: str | None = None

    def scored(self, score: float) -> Candidate:
        return replace(self, score=score)


def candidates(layout: Layout, labels: dict[int, list[Label]]) -> list[Candidate]:
    found: list[Candidate] = []
    for line in layout.lines:
        for label in labels[id(line)]:
            for kind in label.kinds:
                found.extend(_valued(kind, label, layout, labels))
    return found


def _valued(kind: str, label: Label, layout: Layout, labels: dict[int, list[Label]]) -> Iterator[Candidate]:
    if kind in MONEY:
        yield from _money(kind, label, layout, labels)
    elif kind in DATES:
        yield from _dates(kind, label, layout, labels)
    elif kind in NUMBERS:
        yield from _numbers(kind, label, layout, labels)
    elif kind == "PAYMENT_TERMS":
        yield from _terms(label, layout, labels)


def tail(label: Label, layout: Layout, labels: dict[int, list[Label]]) -> Iterator[tuple[Line, int, int]]:
    """What stands right of a label, up to the next one: pieces of lines (line, start, end)."""
    line = label.stacked or label.line
    start = 0 if label.stacked else label.end
    if label.stacked:
        start = len(line.text)
    end = min((other.start for other in labels[id(line)] if other.start >= start), default=len(line.text))
    if line.text[start:end].strip(f" :;#.{DASHES}"):
        yield line, start, end
    if end < len(line.text):
        return
    last = line
    for following in layout.rightwards(line) or layout.rightwards(label.line):
        if following.box.left - last.box.right > _TOO_FAR * line.box.height:
            return
        stop = min((other.start for other in labels[id(following)]), default=len(following.text))
        if stop:
            yield following, 0, stop
        if stop < len(following.text):
            return
        last = following


def _money(kind: str, label: Label, layout: Layout, labels: dict[int, list[Label]]) -> Iterator[Candidate]:
    kind = _taxed(kind, label)
    base = 0.9 if label.at_start else 0.6
    if label.in_prose:
        base = 0.3
    amounts = [
        amount
        for line, start, end in tail(label, layout, labels)
        for amount in patterns.amounts(line, start)
        if amount.span.offset < end
    ]
    exact = [amount for amount in amounts if amount.exact]
    if not exact and kind in _WHOLE:
        exact = [amount for amount in amounts[-1:] if len(amount.span.text) <= _LONGEST_WHOLE]
    for place, amount in enumerate(reversed(exact)):
        score = base * (0.6**place) * (1.0 if amount.exact else 0.5)
        shared = amount.span.words[0] in label.line.words
        if _is_qualified(label.line.text[label.end : amount.span.offset if shared else None]):
            score *= 0.6
        yield Candidate(kind, amount.span, score, label, amount.value, amount.currency)
    if not exact and not label.in_prose and label.phrase not in _COLUMNS:
        yield from _money_below(kind, label, base * 0.9, layout, labels)


def _is_qualified(between: str) -> bool:
    """``Total 6% supplies: 22.80`` is the total of something less than the document."""
    plain = _BESIDES.sub("", between)
    return sum(map(str.isalpha, plain)) > _FEW_LETTERS


def _taxed(kind: str, label: Label) -> str:
    """``Total (excl. GST)`` is a subtotal, ``Subtotal incl. VAT`` a total, ``Price incl. VAT`` too."""
    words = {squash(word) for word in label.line.text.replace("/", " ").split()}
    if kind == "TOTAL" and words & lexicon().exclusive and not words & lexicon().inclusive:
        return "SUBTOTAL"
    if kind == "SUBTOTAL" and words & lexicon().inclusive and not words & lexicon().exclusive:
        return "TOTAL"
    if kind == "TAX" and _is_included(label):
        return "TOTAL"
    return kind


def _is_included(label: Label) -> bool:
    """``Premium including 19 % tax``: the amount is the premium's, not the tax's."""
    before = [squash(word) for word in label.line.text[: label.start].split()]
    places = [place for place, word in enumerate(before) if word in lexicon().inclusive]
    return bool(places) and any(word.isalpha() for word in before[: places[-1]])


def _money_below(
    kind: str, label: Label, base: float, layout: Layout, labels: dict[int, list[Label]]
) -> Iterator[Candidate]:
    """A column under its heading; its last amount is the likeliest, as sums come last."""
    found: list[tuple[patterns.Amount, bool]] = []
    rest = label.line.text[label.end :]
    box = label.line.box if label.at_start and _ONLY_A_RATE.fullmatch(rest) else label.span.box
    for _ in range(_ROWS_BELOW):
        line = next(layout.below(box, _BELOW), None)
        if line is None or labels[id(line)]:
            break
        amounts = [amount for amount in patterns.amounts(line) if amount.span.box.overlap_x(box) > 0]
        if not amounts:
            break
        amount = max(amounts, key=lambda amount: amount.span.box.overlap_x(box))
        found.append((amount, _is_of_a_rate(line, layout)))
        box = box._replace(top=line.box.top, bottom=line.box.bottom)
    in_parts = sum(of_a_rate for _, of_a_rate in found) > 1
    for place, (amount, of_a_rate) in enumerate(reversed(found)):
        if amount.exact:
            score = base * (_PART_OF_A_SUM if in_parts and of_a_rate else 0.7**place)
            yield Candidate(kind, amount.span, score, label, amount.value, amount.currency)


def _is_of_a_rate(line: Line, layout: Layout) -> bool:
    """A row of a summary of taxes, which states a part of each sum."""
    return any(_PERCENT.search(other.text) for other in layout.rows[layout.row_of[id(line)]])


def _dates(kind: str, label: Label, layout: Layout, labels: dict[int, list[Label]]) -> Iterator[Candidate]:
    base = {"DATE": 0.7, "OTHER_DATE": 0.6}.get(kind, 0.95) * (1.0 if label.at_start else 0.85)
    reported = "INVOICE_RECEIPT_DATE" if kind == "DATE" else kind
    is_preposition = kind == "DATE" and len(label.phrase) <= _PREPOSITION
    if is_preposition and not names.title_words(label.line.text):
        base *= 0.5
    for line, start, end in tail(label, layout, labels):
        date = next(patterns.dates(line, start), None)
        if date is not None and date.offset < end:
            near = len(line.text[start : date.offset].strip(" :.-")) < _NEAR
            if not is_preposition or near:
                yield Candidate(reported, date, base if near else base * 0.8, label)
            return
    if is_preposition or _says_more(label, labels):
        return
    box = label.span.box
    for line in layout.below(box, _BELOW):
        date = _date_under(label, line, layout, labels)
        if date is not None:
            yield Candidate(reported, date, base * 0.95, label)
            return
        if labels[id(line)]:
            return


def _says_more(label: Label, labels: dict[int, list[Label]]) -> bool:
    """``Payment due within 10 days`` has said what it says: nothing under it is meant."""
    if label.stacked or label.span.text.endswith(":"):
        return False
    further = min((o.start for o in labels[id(label.line)] if o.start >= label.end), default=None)
    return _is_qualified(label.line.text[label.end : further])


def _date_under(label: Label, line: Line, layout: Layout, labels: dict[int, list[Label]]) -> Span | None:
    """As many dates as labels: in their order. Else the one that stands under this label."""
    dates = list(patterns.dates(line))
    in_row = [date for other in layout.rows[layout.row_of[id(line)]] for date in patterns.dates(other)]
    heads = [
        other
        for head in layout.rows[layout.row_of[id(label.stacked or label.line)]]
        for other in labels[id(head)]
        if set(other.kinds) & DATES
    ]
    if dates and label in heads and len(heads) == len(in_row):
        return in_row[heads.index(label)]
    box = label.span.box
    return max(dates, key=lambda date: date.box.overlap_x(box), default=None)


def _numbers(kind: str, label: Label, layout: Layout, labels: dict[int, list[Label]]) -> Iterator[Candidate]:
    base = 0.95 if label.at_start else 0.85
    if kind == "NUMBER":
        kind, base = "INVOICE_RECEIPT_ID", _ANY_NUMBER
        if label.start or label.in_prose or _is_of_a_party(label, layout, labels):
            return
    find = patterns.tax_number if kind in _TAX_NUMBERS else patterns.identifier
    for line, start, end in tail(label, layout, labels):
        number = find(line, start)
        if number is not None and line is not label.line:
            led_by_words = sum(map(str.isalpha, line.text[start : number.offset])) > _FEW_LETTERS
            number = None if led_by_words else number
        if number is not None and number.offset < end:
            yield Candidate(kind, number, base, label)
            return
        if number is None and line is not label.line and any(map(str.isalpha, line.text)):
            break
    for line in layout.below(label.span.box, _BELOW):
        if labels[id(line)]:
            return
        number = _under(find, line, label.span.box)
        if number is not None and number.box.overlap_x(label.span.box) > -2 * line.box.height:
            yield Candidate(kind, number, base * 0.9, label)
            return


def _is_of_a_party(label: Label, layout: Layout, labels: dict[int, list[Label]]) -> bool:
    """Printed under ``Seller`` or ``Buyer``: what the other side is numbered."""
    block = layout.block_of[id(label.line)]
    above = block[: block.index(label.line)]
    return any(PARTIES & set(other.kinds) for line in above for other in labels[id(line)])


def _under(find: Callable[[Line, int], Span | None], line: Line, box: Box) -> Span | None:
    """The number that stands under a label: not always the line's first."""
    found = (find(line, line.start_of(index)) for index in range(len(line.words)))
    return max(filter(None, found), key=lambda span: span.box.overlap_x(box), default=None)


def _terms(label: Label, layout: Layout, labels: dict[int, list[Label]]) -> Iterator[Candidate]:
    """All that stands beside the label: terms are made of words that are labels elsewhere."""
    beside = (
        (label.line.between(label.end, len(label.line.text)),) if label.end < len(label.line.text) else ()
    )
    further = (
        line.between(0, len(line.text))
        for line in layout.rightwards(label.line)[:1]
        if not any(other.span.text == line.text for other in labels[id(line)])
    )
    for span in (*beside, *further):
        text = span.text.strip(f" :{DASHES}")
        if any(map(str.isalpha, text)):
            yield Candidate("PAYMENT_TERMS", replace(span, text=text), 0.9, label)
            return
    for line in layout.below(label.span.box, 2.0):
        if not any(o.at_start for o in labels[id(line)]) and squash(line.text) not in lexicon().columns:
            yield Candidate("PAYMENT_TERMS", line.between(0, len(line.text)), 0.7, label)
        return
