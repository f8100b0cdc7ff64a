"""Whether a value looks like what its field holds, and fits the document's other values: 0 to 1 each.

Amounts

    zero, negative, no_cents       what totals seldom are
    lines_agree                    the lines make the subtotal, the total or the total without tax
    largest                        no amount of the sums is larger
    usual_rate                     the tax is a usual percentage of what it is on
    unbalanced, alone              nothing adds up; there is no subtotal and no tax to add up

Dates

    ambiguous                      no other date tells whether day or month comes first
    either_order                   and the currency is of a place that does not always write the day first
    other_dates, near, unlikely    how many more there are, one within three months, years no invoice is of
    in_text                        no label and no type speaks of it
    usual_term, long_term          from invoice to payment

Vendor and buyer

    legal_form, in_host, tax_id    GmbH, Ltd; a word of it in a mail or web address; its registration is known
    large, below                   in larger letters than the rest; how many lines stand above it
    from_address, from_host        cut out of a postal, mail or web address
    label_like                     the words of a label
    words, digits, short           how many words; a digit in it; under four letters
    same                           vendor and buyer have one name

Invoice number

    digits, no_digits, short, words, date_like
    claimed                        another kind of number has the same value

Currency

    votes                          the share of what speaks of money that speaks of this one
    by_place                       nothing does: it is the country's
"""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from sheaf.capture.amounts import has_decimals, parse_amount
from sheaf.capture.dates import day_first, read_date
from sheaf.capture.normalise import labels
from sheaf.capture.normalise.parties import LEGAL_FORM

if TYPE_CHECKING:
    from sheaf.capture.dates import PrintedDate
    from sheaf.capture.normalise.answer import Answer, Entry
    from sheaf.capture.normalise.totals import Totals
    from sheaf.capture.reading import Field, Reading

AMOUNTS = ("subtotal", "tax", "total", "amount_due")
DATES = ("invoice_date", "due_date")
PARTIES = ("vendor", "buyer")
_OF_THE_SUMS = ("TOTAL", "SUBTOTAL", "TAX", "AMOUNT_DUE", "AMOUNT_PAID")
_MANY = 3
_MANY_WORDS = 6
_FEW_LETTERS = 4
_LINES_ABOVE = 8
_TWICE_AS_LARGE = 2.0
_CENT = Decimal("0.01")
_HIGHEST_RATE = 27  # percent: Hungary's
_QUARTER, _LONG_TERM = 92, 120  # days
_USUAL_TERMS = frozenset((0, 7, 10, 14, 15, 20, 21, 28, 30, 31, 45, 60, 90))
_OLDEST = 2000
_EITHER_ORDER = ("USD", "CAD", "PHP")
_LABELS = ("invoice_number", "purchase_order", "invoice_date", "due_date", "any_date", "terms")


def squashed(text: str) -> str:
    """Letters and digits only, without case and accents."""
    return re.sub(r"[\W_]+", "", labels.folded(text))


@dataclass(frozen=True)
class Plausibility:
    answer: Answer
    totals: Totals
    reading: Reading

    def of(self, name: str, field: Field, sources: list[Entry]) -> dict[str, float]:
        if name in AMOUNTS:
            return self._amount(field)
        if name in DATES:
            return self._date(name, field, sources)
        if name in PARTIES:
            return self._party(name, field, sources)
        if name == "invoice_number":
            return self._number(field.value)
        if name == "currency":
            return {"votes": field.confidence, "by_place": float(field.raw is None)}
        return {}

    def _amount(self, field: Field) -> dict[str, float]:
        value = abs(Decimal(field.value))
        return self._sums | {
            "zero": float(not value),
            "negative": float(field.value.startswith("-")),
            "no_cents": float(field.raw is not None and not has_decimals(field.raw)),
            "largest": float(value >= max(self._amounts, default=value)),
        }

    @cached_property
    def _amounts(self) -> list[Decimal]:
        found = (parse_amount(entry.text) for entry in self.answer.of_type(*_OF_THE_SUMS))
        return [abs(amount) for amount in found if amount is not None]

    @cached_property
    def _sums(self) -> dict[str, float]:
        subtotal, tax, total = (_decimal(self.reading.value(name)) for name in ("subtotal", "tax", "total"))
        lines = [Decimal(line.amount) for line in self.reading.line_items if line.amount is not None]
        net = None if total is None else total - (tax or 0)
        base = subtotal or net
        return {
            "lines_agree": float(bool(lines) and sum(lines) in (subtotal, total, net)),
            "usual_rate": float(base is not None and tax is not None and _is_usual(base, tax)),
            "unbalanced": float(not self.totals.balanced),
            "alone": float(subtotal is None and tax is None),
        }

    def _date(self, name: str, field: Field, sources: list[Entry]) -> dict[str, float]:
        value, printed = date.fromisoformat(field.value), read_date(field.raw or "")
        order = day_first(found for found in self._dates if not found.year_first)
        days = {day for found in self._dates for day in (found.day_first, found.month_first) if day}
        other = self.reading.value("due_date" if name == "invoice_date" else "invoice_date")
        term = abs((date.fromisoformat(other) - value).days) if other else None
        distinct = {found.day_first or found.month_first for found in self._dates}
        is_ambiguous = printed is not None and printed.is_ambiguous and order is None
        return {
            "ambiguous": float(is_ambiguous),
            "either_order": float(is_ambiguous and self.reading.value("currency") in _EITHER_ORDER),
            "other_dates": min(max(len(distinct) - 1, 0), _MANY) / _MANY,
            "near": float(any(0 < abs((day - value).days) <= _QUARTER for day in days)),
            "unlikely": float(value.year < _OLDEST),
            "in_text": float(bool(sources) and all(entry.type == "LINE" for entry in sources)),
            "usual_term": float(term in _USUAL_TERMS),
            "long_term": float(term is not None and term > _LONG_TERM),
        }

    @cached_property
    def _dates(self) -> list[PrintedDate]:
        found = (read_date(entry.text) for entry in (*self.answer.entries, *self.answer.lines))
        return [printed for printed in found if printed is not None]

    def _party(self, name: str, field: Field, sources: list[Entry]) -> dict[str, float]:
        value = field.value
        longest = max(re.findall(r"[a-z]{4,}", labels.folded(value)), key=len, default="")
        other = self.reading.value("buyer" if name == "vendor" else "vendor")
        types = {entry.type for entry in sources}
        kind = {"vendor": "VENDOR", "buyer": "RECEIVER"}[name]
        return {
            "legal_form": float(LEGAL_FORM.search(value) is not None),
            "in_host": float(bool(longest) and any(longest in host for host in self._hosts)),
            "tax_id": float(f"{name}_tax_id" in self.reading.fields),
            "large": self._largeness(field, sources),
            "below": self._above(field),
            "from_address": float(f"{kind}_ADDRESS" in types and f"{kind}_NAME" not in types),
            "from_host": float("." in value and " " not in value and value.islower()),
            "label_like": float(_is_label(value)),
            "words": min(len(value.split()), _MANY_WORDS) / _MANY_WORDS,
            "digits": float(any(map(str.isdigit, value))),
            "short": float(len(squashed(value)) < _FEW_LETTERS),
            "same": float(other is not None and squashed(other) == squashed(value)),
        }

    @cached_property
    def _hosts(self) -> list[str]:
        texts = (entry.text.lower() for entry in (*self.answer.entries, *self.answer.lines))
        return [text for text in texts if "@" in text or "www." in text or ".com" in text]

    def _largeness(self, field: Field, sources: list[Entry]) -> float:
        if field.box is None or not self._usual_height:
            return 0.0
        rows = min(entry.text.count("\n") + 1 for entry in sources) if sources else 1
        return min(field.box.height / rows / self._usual_height / _TWICE_AS_LARGE, 1.0)

    @cached_property
    def _usual_height(self) -> float:
        heights = [line.box.height for line in self.answer.lines if line.box is not None]
        return statistics.median(heights) if heights else 0.0

    def _above(self, field: Field) -> float:
        if field.box is None:
            return 0.0
        boxes = (line.box for line in self.answer.lines if line.page == field.page)
        above = sum(box is not None and box.top < field.box.top for box in boxes)
        return min(above, _LINES_ABOVE) / _LINES_ABOVE

    def _number(self, value: str) -> dict[str, float]:
        digits = sum(map(str.isdigit, value))
        others = (entry for entry in self.answer.entries if entry.type not in ("INVOICE_RECEIPT_ID", "OTHER"))
        return {
            "digits": digits / max(len(value), 1),
            "no_digits": float(not digits),
            "short": float(len(squashed(value)) < _FEW_LETTERS),
            "words": min(len(value.split()) - 1, _MANY) / _MANY,
            "date_like": float(read_date(value) is not None),
            "claimed": float(any(squashed(entry.text) == squashed(value) for entry in others)),
        }


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _is_usual(base: Decimal, tax: Decimal) -> bool:
    """A percentage in steps of a half, to the cent."""
    if not base or not tax:
        return False
    rate = (tax / base * 200).to_integral_value() / 2
    return 0 < rate <= _HIGHEST_RATE and abs(base * rate / 100 - tax) <= _CENT


def _is_label(value: str) -> bool:
    return labels.money_role(value) is not None or any(labels.means(value, meaning) for meaning in _LABELS)
