"""Which pages of a file go together: one invoice's parties, dates and sums are not another's.

The rule is rough on purpose. It only keeps the pages of different invoices from being weighed against each
other; whoever reads the answer decides what is one document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sheaf_reader.candidates import Candidate
from sheaf_reader.lexicon.common import squash
from sheaf_reader.sheet import Sheet

_SURE, _LIKELY = 0.7, 0.6
_SUMS = frozenset(("TOTAL", "AMOUNT_DUE"))
_TELLING = 5  # characters of a number that stands in a text by no coincidence
_LATER_PAGE = re.compile(
    r"\b(?:page|seite|blatt|pag(?:ina)?|página)\b[.:]?\s*(?:[2-9]|[1-9]\d)\b",
    re.IGNORECASE,
)


def runs(laid: Sequence[Sheet], found: Sequence[Sequence[Candidate]]) -> Iterator[slice]:
    """Consecutive pages, all of them together in order. A run begins where another number stands."""
    start, numbers, text, has_total = 0, set[str](), "", False
    for index, (sheet, candidates) in enumerate(zip(laid, found, strict=True)):
        is_summed = any(candidate.kind in _SUMS for candidate in candidates)
        own, page = _numbers(candidates, _LIKELY if is_summed else _SURE), _text(sheet)
        foreign = bool(numbers and own) and not numbers & own and not _named(own, text)
        if has_total and foreign and not _named(numbers, page) and not _is_later_page(sheet):
            yield slice(start, index)
            start, numbers, text, has_total = index, set(), "", False
        numbers |= own
        text += page
        has_total = has_total or is_summed
    yield slice(start, len(laid))


def _numbers(candidates: Sequence[Candidate], least: float) -> set[str]:
    return {
        squash(candidate.span.text)
        for candidate in candidates
        if candidate.kind == "INVOICE_RECEIPT_ID" and candidate.score >= least
    }


def _named(numbers: set[str], text: str) -> bool:
    return any(len(number) >= _TELLING and number in text for number in numbers)


def _text(sheet: Sheet) -> str:
    return squash("".join(line.text for line in sheet.layout.lines))


def _is_later_page(sheet: Sheet) -> bool:
    return any(_LATER_PAGE.search(line.text) for line in sheet.layout.lines)
