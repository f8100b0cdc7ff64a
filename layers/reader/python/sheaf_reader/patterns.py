"""What amounts, dates and numbers look like in print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from sheaf_reader.layout import Line, Span
from sheaf_reader.lexicon.common import CURRENCY_MARKS, DASHES, MONTHS, QUOTES

_MARKS = "|".join(
    re.escape(mark).replace(r"\ ", r"\s") + (r"(?![A-Za-z])" if mark[-1].isalpha() else "")
    for mark in sorted(CURRENCY_MARKS, key=len, reverse=True)
)
_AMOUNT = re.compile(
    rf"""(?<![\w.,/])
    (?P<open>\()? \s? (?P<sign>[{DASHES}+])? \s? (?:(?<![A-Za-z])(?P<before>{_MARKS}))? \s?
    (?P<inner>[{DASHES}+(])? \s?
    (?P<number>
        \d{{1,2}} (?:,\d{{2}})+ ,\d{{3}} (?:\.\d{{1,2}})?
      | \d{{1,3}} (?P<group>[\ {QUOTES}.,\u00a0\u202f])\d{{3}} (?:(?P=group)\d{{3}})* (?:\s?[.,]\s?\d{{1,4}})?
      | \d+\s?[.,]\s?\d{{1,4}}
      | \.\d\d(?!\d)
      | \d+
    )
    (?:,[{DASHES}]{{1,2}})? (?:\s?(?P<after>{_MARKS}))? (?P<close>\))?
    (?P<trailing>\s?[{DASHES}](?!\w))? (?![\w%/°]|[.,:]\d|\s?%)""",
    re.IGNORECASE | re.VERBOSE,
)

_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
# Two digits are no year when a full year follows: "July 1 - July 31, 2014".
_YEAR = r"(?:(?:19|20)\d\d|\d\d(?!\s?,?\s?(?:19|20)\d\d(?!\d)))"
_DATE = re.compile(
    rf"""(?<![\w./-])(?:
        (?:19|20)\d\d \s?[./-]\s? \d{{1,2}} \s?[./-]\s? \d{{1,2}}
      | \d{{1,2}} \s?[./-]\s? \d{{1,2}} \s?[./-]\s? {_YEAR}
      | \d{{1,2}} (?:st|nd|rd|th|er|\.)? (?!\s-\s)[\s.,/-]{{0,3}} (?:de\s|d[{QUOTES}])? (?:{_MONTH})(?![a-z])
        [\s.,/{QUOTES}-]{{0,3}} (?:del?\s)? {_YEAR}
      | (?:{_MONTH})(?![a-z]) [\s.,/-]{{0,3}} \d{{1,2}} (?:st|nd|rd|th)? [\s.,/{QUOTES}-]{{1,3}} {_YEAR}
      | (?:{_MONTH}) \d{{1,2}} [{QUOTES}] \d\d
      | (?:19|20)\d\d年 \s?\d{{1,2}}月 \s?\d{{1,2}}日
    )(?!(?!\d\d:\d\d)[\w/-]|\.\d)(?!\s?:\s?\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_HOUR = r"\d{1,2}[.:]\d\d"
_HOURS = re.compile(rf"{_HOUR}\s?(?:h|Uhr)?\s?[{DASHES}]\s?{_HOUR}|\d{{1,2}}:\d\d(?::\d\d)?")
_IDENTIFIER = re.compile(rf"[A-Z0-9][A-Z0-9._/\\+{DASHES[::-1]}]*", re.IGNORECASE)
_SERIES = re.compile(r"(?<!\w)[A-Z]{1,4}\s$")  # "FT" in "FT 2026/17"
_GROUPED = re.compile(r"\d{2,5}(?: \d{3,5}){2,}(?![\w.,/-])")  # "84 1188 2233 4455"
_REACH = 3  # words
_MONEY = re.compile(r"\d+[.,]\d\d")
_PART = r"[A-Z0-9]{0,14}\d[A-Z0-9]{0,14}"
_TAX_NUMBER = re.compile(
    rf"(?<![\w%])(?:[A-Z]{{2,3}}[\s.-]?)?(?=(?:[\s./-]?[A-Z0-9]){{6}}){_PART}(?:[\s./-]{_PART}){{0,5}}(?!\s?%)"
)
_TAX_NUMBER_REACH = 24  # characters
_GROUP = 3  # digits
_MONEY_DECIMALS = (2, 3)


class Amount(NamedTuple):
    """``exact``: printed like money, with two or three decimals or with a currency."""

    span: Span
    value: Decimal
    mark: str | None
    exact: bool

    @property
    def currency(self) -> str | None:
        return CURRENCY_MARKS.get(self.mark.upper()) if self.mark else None


def amounts(line: Line, start: int = 0) -> Iterator[Amount]:
    """From that character of the line on; dates, times and percentages are none."""
    if not line.has_digits:
        return
    taken = [match.span() for pattern in (_DATE, _HOURS) for match in pattern.finditer(line.text)]
    for match in _AMOUNT.finditer(line.text, start):
        if any(match.start("number") < end and begin < match.end("number") for begin, end in taken):
            continue
        mark = match["before"] or match["after"]
        value = decimal_of(match["number"])
        decimals = -int(value.as_tuple().exponent)
        spaced = match["group"] is not None and match["group"].isspace()
        if spaced and not decimals and mark is None:
            continue  # two numbers side by side
        signs = f"{match['sign']}{match['inner']}{match['trailing']}"
        bracketed = match["close"] and (match["open"] or "(" in signs)
        negative = bracketed or any(dash in signs for dash in DASHES)
        begin, end = _trimmed(line.text, match.start(), match.end())
        exact = decimals in _MONEY_DECIMALS or mark is not None
        yield Amount(line.between(begin, end), -value if negative else value, mark, exact)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    inside = text[start:end]
    return end - len(inside.lstrip()), start + len(inside.rstrip())


def decimal_of(number: str) -> Decimal:
    """A first reading, good enough to add up with.

    The last separator is the decimal one, unless three digits follow it and a group is plausible.
    """
    compact = re.sub(rf"[\s{QUOTES}]", "", number)
    last = max(compact.rfind("."), compact.rfind(","))
    if last < 0:
        return Decimal(compact)
    before, fraction = compact[:last], compact[last + 1 :]
    whole = re.sub(r"[.,]", "", before)
    mixed = ("," if compact[last] == "." else ".") in before
    leading = before.split(compact[last])[0]
    grouped = len(fraction) == _GROUP and not mixed and whole.strip("0") and len(leading) <= _GROUP
    return Decimal(whole + fraction) if grouped else Decimal(f"{whole or '0'}.{fraction}")


def dates(line: Line, start: int = 0) -> Iterator[Span]:
    if not line.has_digits:
        return
    for match in _DATE.finditer(line.text, start):
        yield line.between(match.start(), match.end())


def identifier(line: Line, start: int = 0) -> Span | None:
    """The first word with a digit among the next few: an invoice's number, an order's."""
    if not line.has_digits:
        return None
    for match in islice(_IDENTIFIER.finditer(line.text, start), _REACH):
        found = match[0].rstrip(".-/\\")
        if not any(map(str.isdigit, found)):
            continue
        if line.text[match.end() :].lstrip().startswith("%") or _MONEY.fullmatch(found):
            return None
        if any(span.text.startswith(found) for span in dates(line, match.start())):
            return None
        grouped = _GROUPED.match(line.text, match.start())
        if grouped is not None:
            return line.between(*grouped.span())
        series = _SERIES.search(line.text, start, match.start()) if "/" in found else None
        begin = series.start() if series else match.start()
        return line.between(begin, match.start() + len(found))
    return None


def tax_number(line: Line, start: int = 0) -> Span | None:
    """A VAT or tax number, which may be printed in groups: ``DE 232 446 240``."""
    match = _TAX_NUMBER.search(line.text, start)
    if match is None or match.start() - start > _TAX_NUMBER_REACH:
        return None
    return line.between(match.start(), match.end())
