"""Which currency a document is in: its codes and signs, else its country's."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sheaf.capture.normalise.countries import currency_of_country
from sheaf.capture.normalise.labels import folded
from sheaf.capture.reading import Field, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheaf.capture.normalise.answer import Answer, Entry

# Without those that are words of a receipt (PEN, TRY, COP).
_CODES = (
    "AED|ARS|AUD|BGN|BHD|BRL|CAD|CHF|CLP|CNY|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|ISK"
    "|JOD|JPY|KES|KRW|KWD"
    "|LKR|MAD|MXN|MYR|NGN|NOK|NZD|OMR|PHP|PKR|PLN|QAR|RON|RSD|RUB|SAR|SEK|SGD|THB|TND|TWD|UAH|USD|UYU|VND|ZAR"
)
_CODE = re.compile(rf"(?<![A-Z])({_CODES})(?![A-Z])")
# "CHF 12.00" and "12.00 CHF", not "CHF-2026-07".
_CODE_AT_AMOUNT = re.compile(rf"(?<![A-Z])({_CODES})(?=\d|[\s:]+[-(]?\d)|\d\s?({_CODES})(?![A-Z])")
_SIGNS = tuple(
    (re.compile(pattern), currency)
    for pattern, currency in (
        (r"€|\b[Ee][Uu][Rr][Oo][Ss]?\b", "EUR"), (r"£", "GBP"), (r"₹|\bRs\.?\s?\d", "INR"), (r"₽", "RUB"),
        (r"₺|\d\s?TL\b", "TRY"), (r"₩", "KRW"), (r"₱|\bPhp\b", "PHP"), (r"₫", "VND"), (r"฿", "THB"),
        (r"₪", "ILS"), (r"₦", "NGN"), (r"₴", "UAH"), (r"\d\s?zł", "PLN"), (r"\d\s?Kč", "CZK"),
        (r"\d\s?Ft\b", "HUF"), (r"\bRM\b|\bRM\d", "MYR"), (r"\bRp\.?\s?\d", "IDR"), (r"R\$", "BRL"),
        (r"\bHK\$", "HKD"), (r"\bNZ\$", "NZD"), (r"\bAU?\$", "AUD"), (r"\bCA?\$", "CAD"), (r"\bS\$", "SGD"),
        (r"\bUS\$", "USD"), (r"\b(?:SFr|Fr)\.?\s?\d", "CHF"),
    )
)  # fmt: skip
_SHARED_SIGNS = (
    (re.compile(r"(?<![A-Z])\$"), ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS")),
    (re.compile(r"[¥￥]"), ("JPY", "CNY")),
    (re.compile(r"(?i:\bkr\b)"), ("SEK", "NOK", "DKK", "ISK")),
    (re.compile(r"\d\s?(?i:dhs?)\b"), ("AED", "MAD")),
)
_ANY_SIGN = re.compile("|".join(sign.pattern for sign, _ in (*_SIGNS, *_SHARED_SIGNS)))
_NAMED = re.compile(r"currency|wahrung|devise|monnaie|moneda|valuta|moeda|waluta|munt")
_LANGUAGE_CURRENCY = dict.fromkeys(("de", "fr", "es", "it", "nl", "pt"), "EUR") | {
    "pl": "PLN",
    "sv": "SEK",
    "da": "DKK",
}
_BY_SAYING_SO, _BY_THE_READER, _BY_CODE_AT_AMOUNT, _BY_CODE, _BY_SIGN = 8.0, 1.5, 3.0, 0.5, 2.0
_BY_COUNTRY, _BY_LANGUAGE = 1.0, 0.3
# The total is what the document is about; lines and conversions may quote another currency, many times.
_AT_THE_TOTAL = 3.0
_MOST_VOTES_OF_A_KIND = 3
_SURE = 2.0


def find_currency(
    answer: Answer, total: tuple[Entry, ...], *, country: str | None, language: str | None, source: Source
) -> Field | None:
    """Votes of everything that speaks of money, the chosen total first; the more agree, the surer."""
    local = currency_of_country(country) or _LANGUAGE_CURRENCY.get(language or "")
    votes: dict[str, float] = defaultdict(float)
    witness: dict[str, Entry] = {}
    given: Counter[tuple[str, float]] = Counter()
    for entry in (*answer.entries, *answer.lines):
        for currency, weight in _said(entry, local, _AT_THE_TOTAL if entry in total else 1.0):
            given[currency, weight] += 1
            if given[currency, weight] <= _MOST_VOTES_OF_A_KIND:
                votes[currency] += weight
                witness.setdefault(currency, entry)
    if local is not None:
        votes[local] += _BY_COUNTRY if country else _BY_LANGUAGE
    if not votes:
        return None
    currency, weight = max(votes.items(), key=lambda vote: vote[1])
    share = weight / sum(votes.values())
    seen = witness.get(currency)
    return Field(
        value=currency,
        raw=seen.text if seen else None,
        confidence=round(min(1.0, weight / _SURE) * (0.5 + share / 2), 3),
        page=seen.page if seen else None,
        box=seen.box if seen else None,
        source=source,
    )


def _said(entry: Entry, local: str | None, times: float) -> Iterable[tuple[str, float]]:
    if entry.currency:
        yield entry.currency, _BY_THE_READER
    text = f"{entry.label} {entry.text}"
    codes = _CODE.findall(text)
    if codes and _NAMED.search(folded(text)):
        yield codes[0], _BY_SAYING_SO
    for before, after in _CODE_AT_AMOUNT.findall(text):
        yield before or after, _BY_CODE_AT_AMOUNT * times
    for code in codes:
        yield code, _BY_CODE * times
    if not _ANY_SIGN.search(text):
        return
    for sign, currency in _SIGNS:
        if sign.search(text):
            yield currency, _BY_SIGN * times
    for sign, shared in _SHARED_SIGNS:
        if sign.search(text):
            yield local if local is not None and local in shared else shared[0], _BY_SIGN * times
