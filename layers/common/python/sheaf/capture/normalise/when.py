"""The dates of a document, and the order of day and month they are written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sheaf.capture.dates import PrintedDate, day_first, read_date
from sheaf.capture.normalise import labels
from sheaf.capture.reading import Check, Field, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheaf.capture.normalise.answer import Answer, Entry

# Days between invoice and payment that businesses agree on.
_USUAL_TERMS = frozenset((0, 5, 7, 8, 10, 14, 15, 20, 21, 28, 29, 30, 31, 45, 60, 90))
_LONGEST_TERM = 366
_TERM = re.compile(
    r"(?:net\w*|within|innerhalb|innert|binnen|in|a|sous|entro|dentro de|zahlbar|term\w*|after|nach|dans|til"
    r"|om|inom|:|^)\W*(?:von|de|of|les|los)?\s*"
    r"(\d{1,3})\s*"
    r"(?:calendar |kalender)?(?:days?|tage?n?|jours?|giorni|dagen|dias|dage|dagar|dni|gg)\b"
)
_NET = re.compile(r"\bnet(?:to)?[\s-]?(\d{1,3})\b(?!\s*%)")
_DAYS_NET = re.compile(r"\b(\d{1,3})\s*(?:tage|days|dagen|giorni|jours|dias)?\s*net(?:to)?\b")
_AT_ONCE = re.compile(
    r"(?:due|payable) (?:up)?on receipt|sofort (?:fallig|zahlbar)|a reception|immediate|\bal contado"
    r"|\brimessa diretta|\bper omgaande|\ba vista\b"
)
_END_OF_MONTH = re.compile(
    r"end of month|\beom\b|fin de mois|fine mese|\bf\.?m\.?\b|monatsende|f\.?d\.?m\b|einde maand|fin de mes"
    r"|fim do mes"
)
_CLAUSES = re.compile(r"[;,|]|\bund\b|\band\b|\bou?\b|\bor\b|\boder\b|\bsonst\b|\bof\b(?= \d)")
_FOR_LESS = re.compile(r"%|\bskonto|discount|escompte|remise|sconto|descuento|desconto|korting|rabatt")
_INFERRED = 0.6
_OF_ORIGINAL = 0.7
_DATE_IN_TEXT = 0.5


@dataclass(frozen=True)
class _Dated:
    entry: Entry
    date: PrintedDate
    weight: float


@dataclass(frozen=True)
class Dates:
    fields: dict[str, Field]
    checks: tuple[Check, ...]


def find_dates(
    answer: Answer, *, usually_day_first: bool | None, credits_invoice: bool, source: Source
) -> Dates:
    """``usually_day_first`` is what country and language suggest; the dates themselves know better."""
    issued = max(
        _issued(answer, credits_invoice=credits_invoice), key=lambda found: found.weight, default=None
    )
    due = max(_due(answer), key=lambda found: found.weight, default=None)
    term = _term(answer)
    seen = tuple(_all_dates(answer))
    order = day_first(found for found in seen if not found.year_first)
    if order is None and issued and due:
        order = _order_by_term(issued.date, due.date, term[0] if term else None)
    if order is None:
        order = usually_day_first
    day_after_year = day_first(found for found in seen if found.year_first) is True
    fields, checks = {}, []
    for name, found in (("invoice_date", issued), ("due_date", due)):
        if found is None:
            continue
        value = found.date.resolve(day_first=order is not False, day_after_year=day_after_year)
        fields[name] = _field(found, value, source)
        if found.date.is_ambiguous and order is None:
            checks.append(_ambiguous(name, found.date))
    if due is None and term is not None and issued is not None:
        fields["due_date"] = _due_by_term(fields["invoice_date"], term)
    return Dates(fields, tuple(checks))


def _issued(answer: Answer, *, credits_invoice: bool) -> Iterator[_Dated]:
    for entry in answer.entries:
        weight = {"INVOICE_RECEIPT_DATE": 1.0, "ORDER_DATE": 0.2, "DELIVERY_DATE": 0.1}.get(entry.type, 0.0)
        said = labels.means(entry.label, "invoice_date")
        due = labels.means(entry.label, "due_date") and not said
        if not weight and (due or not (said or labels.means(entry.label, "any_date"))):
            continue
        if entry.type == "DUE_DATE" or (found := read_date(entry.text)) is None:
            continue
        weight += 0.5 * said - 0.6 * due + 0.2 * entry.confidence - 0.05 * ((entry.page or 1) > 1)
        weight -= _OF_ORIGINAL * (credits_invoice and labels.is_of_original(entry.label))
        yield _Dated(entry, found, weight)
    for line in answer.lines:
        if (found := read_date(line.text)) and not labels.means(line.text, "due_date"):
            yield _Dated(line, found, 0.1 if labels.means(line.text, "any_date") else 0.05)


def _due(answer: Answer) -> Iterator[_Dated]:
    for entry in answer.entries:
        said = labels.means(entry.label, "due_date")
        if entry.type == "DUE_DATE" or (entry.type == "OTHER" and said):
            found = read_date(entry.text)
            if found:
                yield _Dated(entry, found, (entry.type == "DUE_DATE") + 0.5 * said + 0.2 * entry.confidence)


def _all_dates(answer: Answer) -> Iterator[PrintedDate]:
    for entry in (*answer.entries, *answer.lines):
        if found := read_date(entry.text):
            yield found


def _order_by_term(issued: PrintedDate, due: PrintedDate, term: int | None) -> bool | None:
    """The order in which the time to pay is one that is agreed on; None if both or neither make sense."""
    if not (issued.is_ambiguous or due.is_ambiguous):
        return None
    sensible = set()
    for order in (True, False):
        days = (due.resolve(day_first=order) - issued.resolve(day_first=order)).days
        if days == term or (term is None and days in _USUAL_TERMS):
            sensible.add(order)
    return sensible.pop() if len(sensible) == 1 else None


def _field(found: _Dated, value: date, source: Source) -> Field:
    by_type = found.entry.type != "LINE"
    return Field(
        value=value.isoformat(),
        raw=found.entry.text,
        confidence=round(found.entry.confidence * (1.0 if by_type else _DATE_IN_TEXT), 3),
        page=found.entry.page,
        box=found.entry.box,
        source=source,
    )


def _ambiguous(name: str, printed: PrintedDate) -> Check:
    dates = (printed.resolve(day_first=True).isoformat(), printed.resolve(day_first=False).isoformat())
    return Check(
        code="date_ambiguous",
        message=f"The {name.replace('_', ' ')} “{printed.text}” is {dates[0]} or {dates[1]}: "
        "nothing on the page tells which.",
        fields=(name,),
        expected=dates[1],
        found=dates[0],
    )


def _term(answer: Answer) -> tuple[int, Entry] | None:
    stated = [entry for entry in answer.entries if entry.type == "PAYMENT_TERMS"]
    stated += [entry for entry in answer.entries if labels.means(entry.label, "terms")]
    for entry in (*stated, *answer.lines):
        text = labels.folded(f"{entry.label}: {entry.text}")
        days = _days(text, is_term=entry in stated or _speaks_of_paying(text))
        if days is not None and days <= _LONGEST_TERM:
            return days, entry
        if _AT_ONCE.search(text):
            return 0, entry
    return None


def _days(text: str, *, is_term: bool) -> int | None:
    """In how many days the whole amount is due; sooner, for less, is an offer: ``2/10 net 30``."""
    full = [clause for clause in _CLAUSES.split(text) if not _FOR_LESS.search(clause)]
    for clause in full:
        if found := _NET.search(clause) or _DAYS_NET.search(clause):
            return int(found[1])
    days = [int(found[1]) for clause in full if is_term and (found := _TERM.search(clause.strip()))]
    return max(days, default=None)


def _speaks_of_paying(text: str) -> bool:
    return re.search(r"pay|zahl|regl|paiement|pag[ao]|beta[al]|terms|due", text) is not None


def _due_by_term(issued: Field, term: tuple[int, Entry]) -> Field:
    days, entry = term
    due = date.fromisoformat(issued.value) + timedelta(days=days)
    if _END_OF_MONTH.search(labels.folded(entry.text)):
        due = (due.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return Field(
        value=due.isoformat(),
        raw=entry.text,
        confidence=round(_INFERRED * min(entry.confidence, issued.confidence), 3),
        page=entry.page,
        box=entry.box,
        source=issued.source,
    )
