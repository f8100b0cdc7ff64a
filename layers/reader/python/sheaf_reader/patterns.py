"""What amounts, dates and numbers look like in print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from sheaf_reader.layout import Line, Span
from sheaf_reader.lexicon.common import CURRENCY_MARKS, MONTHS

_MARKS = "|".join(
    re.escape(mark) + (r"(?![A-Za-z])" if mark[-1].isalpha() else "")
    for mark in sorted(CURRENCY_MARKS, key=len, reverse=True)
)
_NUMBER = (
    r"\d{1,3}(?:(?P<group>[ '’.,\u00a0\u202f])\d{3})(?:(?P=group)\d{3})*(?:\s?[.,]\s?\d{1,4})?"
    r"|\d+\s?[.,]\s?\d{1,4}|\d+"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,/])(?P<open>\()?\s?(?P<sign>[-+−–])?\s?(?:(?<![A-Za-z])(?P<before>{_MARKS}))?\s?(?P<inner>[-+−–(])?\s?"
    rf"(?P<number>{_NUMBER})(?P<dash>,[-–—]{{1,2}})?"
    rf"(?:\s?(?P<after>{_MARKS}))?(?P<close>\))?(?P<trailing>\s?[-−](?!\w))?(?![\w%/°]|[.,:]\d|\s?%)",
    re.IGNORECASE,
)

_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
# Two digits are no year when a full year follows: "July 1 - July 31, 2014".
_YEAR = r"(?:(?:19|20)\d\d|\d\d(?!\s?,?\s?(?:19|20)\d\d(?!\d)))"
_DATE = re.compile(
    rf"""(?<![\w./-])(?:
        (?:19|20)\d\d \s?[./-]\s? \d{{1,2}} \s?[./-]\s? \d{{1,2}}
      | \d{{1,2}} \s?[./-]\s? \d{{1,2}} \s?[./-]\s? {_YEAR}
      | \d{{1,2}} (?:st|nd|rd|th|er|\.)? [\s.,/-]* (?:de\s+|d['’])? (?:{_MONTH})(?![a-z])
        [\s.,/'’-]* (?:del?\s+)? {_YEAR}
      | (?:{_MONTH})(?![a-z]) [\s.,/-]* \d{{1,2}} (?:st|nd|rd|th)? [\s.,/'’-]+ {_YEAR}
      | (?:{_MONTH}) \d{{1,2}} ['’] \d\d
      | (?:19|20)\d\d年 \s?\d{{1,2}}月 \s?\d{{1,2}}日
    )(?![\w/-]|\.\d)(?!\s?:\s?\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_HOURS = re.compile(r"\d{1,2}[.:]\d\d\s?(?:h|Uhr)?\s?[-–]\s?\d{1,2}[.:]\d\d|\d{1,2}:\d\d(?::\d\d)?")
_IDENTIFIER = re.compile(r"[A-Z0-9][A-Z0-9._/\\\-–+]*", re.IGNORECASE)
_REACH = 3  # words
_MONEY = re.compile(r"\d+[.,]\d\d")
_TAX_NUMBER = re.compile(
    r"(?<![\w%])(?:[A-Z]{2,3}[\s.-]?)?(?=(?:[\s./-]?[A-Z0-9]){6,})[A-Z0-9]*\d[A-Z0-9]*(?:[\s./-][A-Z0-9]*\d[A-Z0-9]*)*(?!\s?%)"
)
_TAX_NUMBER_REACH = 24  # characters


class Amount(NamedTuple):
    span: Span
    value: Decimal
    mark: str | None
    exact: bool
    """Printed like money: with two or three decimals, or with a currency."""

    @property
    def currency(self) -> str | None:
        return CURRENCY_MARKS.get(self.mark.upper()) if self.mark else None


def amounts(line: Line, start: int = 0) -> Iterator[Amount]:
    """From that character of the line on; dates and percentages are none."""
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
        negative = any(
            sign in (match[name] or "") for name in ("sign", "inner", "trailing") for sign in "-−–"
        )
        bracketed = match["open"] is not None and match["close"] is not None
        begin, end = _trimmed(line.text, match.start(), match.end())
        yield Amount(
            line.between(begin, end),
            -value if negative or bracketed else value,
            mark,
            decimals in (2, 3) or mark is not None,
        )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def decimal_of(number: str) -> Decimal:
    """A first reading, good enough to add up with: the last separator is the decimal one unless three
    digits follow it and a group is plausible."""
    compact = re.sub(r"[\s'’]", "", number)
    last = max(compact.rfind("."), compact.rfind(","))
    if last < 0:
        return Decimal(compact)
    whole, fraction = re.sub(r"[.,]", "", compact[:last]), compact[last + 1 :]
    other_kind = "," if compact[last] == "." else "."
    grouped = len(fraction) == 3 and whole.strip("0") != "" and other_kind not in compact[:last]
    if grouped and len(compact[:last].split(compact[last])[0]) <= 3:
        return Decimal(whole + fraction)
    return Decimal(f"{whole or '0'}.{fraction}")


def dates(line: Line, start: int = 0) -> Iterator[Span]:
    for match in _DATE.finditer(line.text, start):
        yield line.between(match.start(), match.end())


def is_date(text: str) -> bool:
    return _DATE.fullmatch(text.strip()) is not None


def identifier(line: Line, start: int = 0) -> Span | None:
    """The first word with a digit among the next few: an invoice's number, an order's."""
    for match in islice(_IDENTIFIER.finditer(line.text, start), _REACH):
        found = match[0].rstrip(".-/\\")
        if not any(character.isdigit() for character in found):
            continue
        if line.text[match.end() :].lstrip().startswith("%") or _MONEY.fullmatch(found):
            return None
        if any(span.text.startswith(found) for span in dates(line, match.start())):
            return None
        return line.between(match.start(), match.start() + len(found))
    return None


def tax_number(line: Line, start: int = 0) -> Span | None:
    """A VAT or tax number, which may be printed in groups: ``DE 232 446 240``."""
    match = _TAX_NUMBER.search(line.text, start)
    if match is None or match.start() - start > _TAX_NUMBER_REACH:
        return None
    return line.between(match.start(), match.end())
