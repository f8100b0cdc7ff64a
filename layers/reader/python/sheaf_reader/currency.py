"""The currency of a document: its marks and codes, else what its tax numbers and companies say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sheaf_reader import patterns
from sheaf_reader.layout import Layout, Line
from sheaf_reader.lexicon.common import CURRENCY_MARKS

_CODE = re.compile(
    r"(?<![A-Za-z])(?:[A-Z]{3}|RM|EURO?S?|US DOLLARS)(?![A-Za-z])|[€£₹¥₩₺₽₴₪฿₱₫$]", re.IGNORECASE
)
_DOLLARS = ("CAD", "AUD", "SGD", "NZD", "HKD")
_WORDS = frozenset(("MAD", "TRY", "COP", "RON", "FT", "RP", "RS", "KR", "SAR", "CLP"))  # also words
_US_DOLLAR = re.compile(r"\bUSD?\s?\$|\bUSD\b|\bUS dollars\b", re.IGNORECASE)
_MARK, _WORD = 3, 1  # votes
_EVIDENCE = (
    (
        re.compile(r"\bSDN\.?\s*BHD\b|\bKUALA LUMPUR\b|\bSELANGOR\b|\bJOHOR\b|\bMALAYSIA\b", re.IGNORECASE),
        "MYR",
    ),
    (re.compile(r"\bGSTIN\b|\bCGST\b|\bPVT\.?\s*LTD\b", re.IGNORECASE), "INR"),
    (re.compile(r"\bA\.?B\.?N\.?:?\s*\d{2}\s?\d{3}\s?\d{3}\s?\d{3}\b"), "AUD"),
    (re.compile(r"\bPTY\.?\s+LTD\b", re.IGNORECASE), "AUD"),
    (re.compile(r"\b\d{9}\s?RT\s?\d{4}\b|\b(?:GST/HST|HST|QST)\b"), "CAD"),
    (re.compile(r"\bUID\b.*CHE|\bCHE-\d{3}\.\d{3}\.\d{3}\b"), "CHF"),
    (re.compile(r"\bGB\s?\d{3}\s?\d{4}\s?\d{2}\b"), "GBP"),
    (re.compile(r"\b(?:AT|BE|DE|ES|FI|FR|IE|IT|LU|NL|PT)\s?[A-Z\d]{2}\s?\d{2,3}\s?\d{3}\s?\d{2,3}"), "EUR"),
    (re.compile(r"\bTVA\b|\bMwSt\b|\bUSt\b|\bBTW\b|\bP\.?\s?IVA\b", re.IGNORECASE), "EUR"),
)


class Currency(NamedTuple):
    """``confidence`` runs from 0 to 1."""

    code: str
    confidence: float


def currency_of(layouts: Sequence[Layout]) -> Currency | None:
    lines = [line for layout in layouts for line in layout.lines]
    votes = Counter[str]()
    for line in lines:
        for amount in patterns.amounts(line):
            if amount.currency:
                votes[amount.currency] += _MARK
        for code in _codes(line.text):
            votes[code] += _WORD
    if votes:
        code, count = votes.most_common(1)[0]
        if code == "USD":
            code = next((dollar for dollar in _DOLLARS if votes[dollar]), code)
        if code == "USD" and not any("US" in line.text and _US_DOLLAR.search(line.text) for line in lines):
            code = next((local for local in _said_by_taxes(lines) if local in _DOLLARS), code)
        return Currency(code, 0.6 + 0.39 * count / votes.total())
    return next((Currency(code, 0.55) for code in _said_by_taxes(lines)), None)


def _said_by_taxes(lines: Sequence[Line]) -> Iterator[str]:
    text = "\n".join(line.text for line in lines)
    return (code for pattern, code in _EVIDENCE if pattern.search(text))


def _codes(text: str) -> Iterable[str]:
    for match in _CODE.finditer(text):
        mark = match[0]
        if mark.upper() in _WORDS:
            continue
        if (
            mark.isupper() or not mark.isalpha() or mark.lower().startswith(("euro", "us d"))
        ) and mark.upper() in CURRENCY_MARKS:
            yield CURRENCY_MARKS[mark.upper()]
