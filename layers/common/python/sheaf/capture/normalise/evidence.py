"""What speaks for the value of a field and what against it, as numbers from 0 to 1.

Gathered from the whole answer once every field has its value, for ``confidence`` to weigh:

    typed         how sure the reader is that this is the kind of value the field holds
    letters       how sure the recogniser is of the letters
    page          the same, mean of all lines of the document
    labelled      the label means the field
    mislabelled   it means something else
    agreeing      other places the reader took for the field say the same
    rivals        they say something else
    margin        how much surer it is of this value than of a rival: -1 to 1
    printed       how often the value is found in the text
    inferred      it is not printed, but worked out
    balanced      subtotal, tax and total are there and add up
    disputed      a check names the field
    mismatch      the sums do not make the total
    lines_off     the lines do not make the subtotal
    missing       required fields without a value
    in_part       something was paid before
    receipt       the document is one
    digital       its text was given, not recognised

What only some fields have is in ``plausibility``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from sheaf.capture.amounts import parse_amount
from sheaf.capture.checks import run_checks
from sheaf.capture.dates import read_date
from sheaf.capture.normalise import labels
from sheaf.capture.normalise.plausibility import AMOUNTS, DATES, PARTIES, Plausibility, squashed
from sheaf.capture.reading import DocumentType

if TYPE_CHECKING:
    from sheaf.capture.normalise.answer import Answer, Entry
    from sheaf.capture.normalise.totals import Totals
    from sheaf.capture.reading import Check, Field, Reading

type Evidence = dict[str, float]

_TYPES = {
    "vendor": "VENDOR_NAME",
    "buyer": "RECEIVER_NAME",
    "invoice_number": "INVOICE_RECEIPT_ID",
    "invoice_date": "INVOICE_RECEIPT_DATE",
    "due_date": "DUE_DATE",
    "subtotal": "SUBTOTAL",
    "tax": "TAX",
    "total": "TOTAL",
    "amount_due": "AMOUNT_DUE",
    "currency": None,
}
_MANY = 3  # places: more say no more
_REQUIRED = 5
_UNKNOWN = 0.5  # a page whose lines did not come with the answer
_MARKS = (".", ",")
_DIGITS = re.compile(r"\d[\d.,' ]*\d|\d")


def gather(answer: Answer, totals: Totals, reading: Reading) -> dict[str, Evidence]:
    """Evidence for the fields whose confidence is learnt.

    ``reading`` has the values and the checks found while they were read.
    """
    document = _Document(answer, totals, reading)
    plausibility = Plausibility(answer, totals, reading)
    found = {}
    for name, field in reading.fields.items():
        if name not in _TYPES:
            continue
        sources = _sources(answer, field)
        # What is due in full stands where the total stands.
        asked = "total" if name == "amount_due" and field.value == reading.value("total") else name
        found[name] = document.of(asked, field, sources) | plausibility.of(asked, field, sources)
    return found


def _sources(answer: Answer, field: Field) -> list[Entry]:
    """Where the value stands: a place may come as several kinds of value, and as a line of text."""
    if field.raw is None:
        return []
    texts = {field.raw, *field.raw.split(" + ")}
    return [
        entry
        for entry in (*answer.entries, *answer.lines)
        if entry.text in texts and entry.page == field.page and field.box in (None, entry.box)
    ]


@dataclass(frozen=True)
class _Document:
    answer: Answer
    totals: Totals
    reading: Reading

    def of(self, name: str, field: Field, sources: list[Entry]) -> Evidence:
        own_type = _TYPES[name]
        said = [entry for entry in sources if entry.label]
        labelled = any(_means(entry.label, name) for entry in said)
        agreeing, rivals = self._others(name, field)
        surest, its_rival = (max((e.confidence for e in some), default=0.0) for some in (agreeing, rivals))
        return self._whole | {
            "typed": max((entry.confidence for entry in sources if entry.type == own_type), default=0.0),
            "letters": min((entry.letters for entry in sources), default=self._whole["page"]),
            "labelled": float(labelled),
            "mislabelled": float(bool(said) and not labelled),
            "agreeing": _share(len(agreeing)),
            "rivals": _share(len({squashed(entry.text) for entry in rivals})),
            "margin": surest - its_rival,
            "printed": _share(self._printed(name, field)),
            "inferred": float(not sources),
            "disputed": float(any(name in check.fields for check in self._complaints)),
            "in_part": float("prepaid" in self.reading.fields),
        }

    @cached_property
    def _whole(self) -> Evidence:
        letters = [line.letters for line in self.answer.lines]
        codes = [check.code for check in self._complaints]
        return {
            "page": sum(letters) / len(letters) if letters else _UNKNOWN,
            "digital": float(bool(letters) and min(letters) == 1),
            "receipt": float(self.reading.document_type is DocumentType.RECEIPT),
            "balanced": float(self.totals.balanced and {"subtotal", "tax"} <= self.totals.parts.keys()),
            "mismatch": float("total_mismatch" in codes),
            "lines_off": float("lines_mismatch" in codes),
            "missing": codes.count("field_missing") / _REQUIRED,
        }

    @cached_property
    def _complaints(self) -> list[Check]:
        found = run_checks(self.reading)
        return [check for check in found if check.severity == "error" and check.code != "low_confidence"]

    def _others(self, name: str, field: Field) -> tuple[list[Entry], list[Entry]]:
        """The values the reader, or their label, takes for the field: those that agree, those that do not."""
        agreeing: list[Entry] = []
        rivals: list[Entry] = []
        for entry in self.answer.entries:
            by_label = entry.type == "OTHER" and name not in PARTIES and _means(entry.label, name)
            if entry.type == _TYPES[name] or by_label:
                (agreeing if _says(entry, name, field.value) else rivals).append(entry)
        return agreeing, rivals

    def _printed(self, name: str, field: Field) -> int:
        if name in DATES:
            return sum(_says(line, name, field.value) for line in self.answer.lines)
        if name in AMOUNTS:
            digits = _DIGITS.search(field.raw or field.value)
            return sum(_holds(line.text, digits[0]) for line in self.answer.lines) if digits else 0
        value = squashed(field.value)
        return sum(value in line for line in self._squashed_lines) if value else 0

    @cached_property
    def _squashed_lines(self) -> list[str]:
        return [squashed(line.text) for line in self.answer.lines]


def _holds(text: str, number: str) -> bool:
    """Whether the number is printed in the text, and not as a part of another one."""
    before, found, after = text.partition(number)
    inside = before[-1:].isdigit() or before[-1:] in _MARKS or (after.lstrip(".,")[:1].isdigit())
    return bool(found) and (not inside or _holds(after, number))


def _share(count: int) -> float:
    return min(count, _MANY) / _MANY


def _means(label: str, name: str) -> bool:
    if not label or name == "currency":
        return False
    if name in AMOUNTS:
        role = labels.money_role(label)
        return role == name or (name == "total" and role == "amount_due")
    if name == "invoice_date":
        any_date = labels.means(label, "any_date") and not labels.means(label, "due_date")
        return any_date or labels.means(label, "invoice_date")
    return name in PARTIES or labels.means(label, name)


def _says(entry: Entry, name: str, value: str) -> bool:
    """Whether an entry may mean the value: amounts whatever their sign, dates in either order."""
    if name in AMOUNTS:
        amount = parse_amount(entry.text)
        return amount is not None and abs(amount) == abs(Decimal(value))
    if name in DATES:
        found = read_date(entry.text)
        return found is not None and value in [str(found.day_first), str(found.month_first)]
    one, other = squashed(entry.text), squashed(value)
    return one == other or (name in PARTIES and other in one)
