"""Which sheets of a file make up one invoice.

A sheet begins another invoice when enough speaks for it, and the invoice before it is complete: another
number, a letterhead and a date of its own, another total, "page 1 of 2". The same number, a run of page
numbers, or an amount carried forward speak against it. A wrong division is worse than a missed one, so
what is in doubt stays together, with a check that says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sheaf.capture.amounts import parse_amount
from sheaf.capture.dates import read_date
from sheaf.capture.normalise import labels
from sheaf.capture.normalise.numbers import identifier
from sheaf.capture.normalise.side_by_side import divided

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from sheaf.capture.normalise.answer import Answer, Entry

_BEGINS, _IN_DOUBT = 2.0, 1.5
_SURE_NUMBER, _NUMBER, _DATE, _VENDOR, _OTHER_VENDOR, _OTHER_TOTAL = 1.0, 0.5, 0.5, 0.5, 0.5, 0.5
_OTHER_DATE = 0.5
_FIRST_PAGE, _AFTER_LAST_PAGE = 1.0, 0.5
_PAGES_RUN_ON, _CARRIED_FORWARD, _NO_NUMBER = -1.5, -2.0, -0.5
_NEVER = float("-inf")
_SURE, _LIKELY = 0.75, 0.5
_LONG_NUMBER = 5
"""Characters from which a number that stands in a text is no coincidence."""

_PAGE_OF = re.compile(
    r"\b(?:page|seite|blatt|pag(?:ina)?|p|sida|side|sivu|strona|str|sayfa)\b[.:]?\s*(?:n[o°.]*\s*)?"
    r"(\d{1,3})\s*(?:/|of|von|de|di|sur|van|av|af|z|su|\()\s*(\d{1,3})\b"
)
_BARE_PAGE_OF = re.compile(r"\(?(\d{1,2})\s?/\s?(\d{1,2})\)?|-\s?(\d{1,2}) of (\d{1,2})\s?-")
_MARGIN = 0.08
_CARRY_WORDS_AT_MOST = 8
_MIDDLE = 0.5


@dataclass(frozen=True)
class Group:
    """The sheets of one invoice; ``in_doubt``: there may be another one among them."""

    sheets: tuple[Answer, ...]
    in_doubt: bool = False


@dataclass(frozen=True)
class _Facts:
    """What a sheet, or a run of sheets, says of whose it is. Everything may be missing.

    ``numbers``: compact invoice numbers, and how sure each is one. ``vendor``: the words of its name.
    ``continues`` and ``continued``: an amount is brought forward at its top, carried forward at its foot.
    Of a run, that, ``pages`` and ``counted`` ((2, 3) for "page 2 of 3") are those of its last sheet.
    """

    numbers: dict[str, float]
    totals: frozenset[Decimal]
    dates: frozenset[str]
    vendor: frozenset[str]
    texts: tuple[str, ...]
    pages: frozenset[int]
    counted: frozenset[tuple[int, int]]
    continues: bool
    continued: bool

    @property
    def has_sure_number(self) -> bool:
        return max(self.numbers.values(), default=0.0) >= _SURE

    def mentions(self, other: _Facts) -> bool:
        telling = [number for number in other.numbers if len(number) >= _LONG_NUMBER]
        return any(number in text for number in telling for text in self.texts)

    def followed_by(self, sheet: _Facts) -> _Facts:
        return _Facts(
            numbers={**sheet.numbers, **self.numbers},
            totals=self.totals | sheet.totals,
            dates=self.dates | sheet.dates,
            vendor=self.vendor or sheet.vendor,
            texts=(*self.texts, *sheet.texts),
            pages=sheet.pages,
            counted=sheet.counted,
            continues=sheet.continues,
            continued=sheet.continued,
        )


def divide(sheets: Sequence[Answer]) -> tuple[Group, ...]:
    """One group at least, empty if there is no sheet."""
    runs: list[_Run] = []
    for sheet in sheets:
        new = _Run((sheet,), _facts(sheet))
        evidence = _evidence(runs[-1].facts, new.facts) if runs else _BEGINS
        if evidence >= _BEGINS:
            runs.append(new)
        else:
            runs[-1] = runs[-1].followed_by(new, in_doubt=_is_doubtful(evidence, runs[-1].facts, new.facts))
    complete = _complete(runs)
    shared = divided([run.sheets for run in complete])
    return tuple(map(Group, shared, (run.in_doubt for run in complete))) or (Group(()),)


@dataclass(frozen=True)
class _Run:
    sheets: tuple[Answer, ...]
    facts: _Facts
    in_doubt: bool = False

    def followed_by(self, run: _Run, *, in_doubt: bool = False) -> _Run:
        return _Run(
            self.sheets + run.sheets,
            self.facts.followed_by(run.facts),
            in_doubt or self.in_doubt or run.in_doubt,
        )


def _complete(runs: Sequence[_Run]) -> list[_Run]:
    """An invoice has a total; what has none belongs to what comes before, or is a cover."""
    complete: list[_Run] = []
    for run in runs:
        if complete and not (run.facts.totals and complete[-1].facts.totals):
            complete[-1] = complete[-1].followed_by(run)
        else:
            complete.append(run)
    return complete


def _facts(sheet: Answer) -> _Facts:
    return _Facts(
        numbers=_numbers(sheet),
        totals=frozenset(filter(None, map(_amount, sheet.of_type("TOTAL", "AMOUNT_DUE")))),
        dates=frozenset(
            found.text
            for entry in sheet.of_type("INVOICE_RECEIPT_DATE")
            if entry.confidence >= _LIKELY and (found := read_date(entry.text))
        ),
        vendor=_vendor(sheet),
        texts=(_compact(" ".join(line.text for line in sheet.lines)),),
        pages=sheet.pages,
        counted=frozenset(page for line in sheet.lines for page in _page_of(line)),
        continues=any(_carries(line) and _is_between(line, 0.0, _MIDDLE) for line in sheet.lines),
        continued=any(_carries(line) and _is_between(line, _MIDDLE, 1.0) for line in sheet.lines),
    )


def _numbers(sheet: Answer) -> dict[str, float]:
    found: dict[str, float] = {}
    for entry in sheet.entries:
        said = labels.means(entry.label, "invoice_number")
        typed = entry.type == "INVOICE_RECEIPT_ID"
        if not (typed or (entry.type == "OTHER" and said)) or read_date(entry.text):
            continue
        number = _compact(identifier(entry.text) or "")
        if any(c.isdigit() for c in number):
            sure = 1.0 if said else _LIKELY if entry.label else entry.confidence
            found[number] = max(found.get(number, 0.0), sure)
    return found


def _vendor(sheet: Answer) -> frozenset[str]:
    names = (entry for entry in sheet.of_type("VENDOR_NAME") if entry.confidence >= _LIKELY)
    best = max(names, key=lambda entry: entry.confidence, default=None)
    return frozenset(re.findall(r"\w{2,}", labels.folded(best.text))) if best else frozenset()


def _amount(entry: Entry) -> Decimal | None:
    return parse_amount(entry.text)


def _carries(line: Entry) -> bool:
    is_short = len(line.text.split()) <= _CARRY_WORDS_AT_MOST
    return is_short and labels.means(line.text, "carried")


def _is_between(line: Entry, top: float, bottom: float) -> bool:
    """Or nobody knows where it is."""
    return line.box is None or top <= line.box.top + line.box.height / 2 <= bottom


def _evidence(before: _Facts, new: _Facts) -> float:
    """How much speaks for it that the sheet ``new`` begins another invoice than the run ``before`` it."""
    if not before.totals:
        return _NEVER
    if before.pages & new.pages:
        return _evidence_on_one_page(before, new)
    other_vendor = _differ(before.vendor, new.vendor)
    shared = before.numbers.keys() & new.numbers.keys()
    if (shared or new.mentions(before) or before.mentions(new)) and not other_vendor:
        return _NEVER
    score = _of_number(before, new, shared=bool(shared)) + _of_pages(before, new)
    score += _DATE * bool(new.dates) + _VENDOR * bool(new.vendor)
    score += _OTHER_TOTAL * bool(new.totals and not before.totals & new.totals)
    if other_vendor:
        score += _OTHER_VENDOR + _OTHER_DATE * _differ(before.dates, new.dates)
    return score + _CARRIED_FORWARD * (before.continued or new.continues)


def _evidence_on_one_page(before: _Facts, new: _Facts) -> float:
    """Two receipts side by side; the slip of the card that paid one repeats its total."""
    if not new.totals or before.numbers.keys() & new.numbers.keys():
        return _NEVER
    if not before.totals & new.totals:
        return _BEGINS
    return _BEGINS if before.has_sure_number and new.has_sure_number else _NEVER


def _of_number(before: _Facts, new: _Facts, *, shared: bool) -> float:
    """Without numbers to compare, only another supplier, date and total tell receipts apart."""
    if shared or not before.numbers or not new.numbers:
        return _NO_NUMBER
    return _SURE_NUMBER if new.has_sure_number else _NUMBER


def _of_pages(before: _Facts, new: _Facts) -> float:
    if any(page == 1 for page, _ in new.counted):
        return _FIRST_PAGE + _AFTER_LAST_PAGE * any(page == of for page, of in before.counted)
    return _PAGES_RUN_ON * bool(new.counted)


def _is_doubtful(evidence: float, before: _Facts, new: _Facts) -> bool:
    """Nearly enough speaks for another invoice, or another total of another day does."""
    if evidence == _NEVER or evidence >= _IN_DOUBT:
        return evidence != _NEVER
    return _differ(before.totals, new.totals) and _differ(before.dates, new.dates)


def _differ(some: frozenset[Any], others: frozenset[Any]) -> bool:
    return bool(some and others and not some & others)


def _page_of(line: Entry) -> Iterator[tuple[int, int]]:
    text = labels.folded(line.text)
    found = _PAGE_OF.findall(text)
    at_margin = line.box is not None and not _MARGIN < line.box.top + line.box.height / 2 < 1 - _MARGIN
    if not found and at_margin and (bare := _BARE_PAGE_OF.fullmatch(text)):
        found = [(bare[1] or bare[3], bare[2] or bare[4])]
    for page, of in found:
        if 1 <= int(page) <= int(of):
            yield int(page), int(of)


def _compact(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).upper()
