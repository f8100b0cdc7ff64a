"""Dates as people print them. ``03/04/2024`` is two dates; which one needs evidence.

``read_date`` gives every date a text can mean; ``day_first`` learns the order from the dates of a
document that can be read in one way only.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_TEXT = 120
_TEXTS = 1024  # kept: a document is asked for its dates again and again
_LAST_DAY = 31
# Those who write the month first do not write points.
_DAY_FIRST_SEPARATOR = "."
_FIRST_YEAR, _LAST_YEAR = 1970, 2099

# The wide names of CLDR, without accents; what a month begins with identifies it when no other does.
_MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "janner feber maerz april mai juni juli august september oktober november dezember",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november desember",
    (
        "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu "
        "joulukuu"
    ),
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december",
    "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
    "januari februari maret april mei juni juli agustus september oktober november desember",
)
_NUMERIC = re.compile(r"(?<![\d.,])(\d{1,4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_DAY_NAME_YEAR = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º|°)?[\s,./-]*(?:de |of |d')?\s*"
    r"([a-z]{3,12})[\s,./'-]*(?:de[l]? )?\s*(\d{4}|\d{2})(?!\d)"
)
_NAME_DAY_YEAR = re.compile(
    r"(?<![a-z])([a-z]{3,12})[\s,./-]*(\d{1,2})(?:st|nd|rd|th)?[\s,./'-]+(\d{4}|\d{2})(?![\d:])"
)
_YEAR_NAME_DAY = re.compile(r"(?<!\d)(\d{4})[\s,./-]*([a-z]{3,12})[\s,./-]*(\d{1,2})(?!\d)")


@dataclass(frozen=True)
class PrintedDate:
    """``day_first`` and ``month_first`` are what the two orders make of it; None where one cannot be.

    Where the year stands first, the month is expected to follow (ISO 8601): such a date is not ambiguous,
    though some programs do write ``2026-25-04``.
    """

    text: str
    day_first: date | None
    month_first: date | None
    year_first: bool = False

    @property
    def is_ambiguous(self) -> bool:
        known = self.day_first is not None and self.month_first is not None
        return known and self.day_first != self.month_first and not self.year_first

    def resolve(self, *, day_first: bool, day_after_year: bool = False) -> date:
        """``day_after_year`` is the order of the dates whose year stands first."""
        by_day = day_after_year if self.year_first else day_first
        preferred, other = self.day_first, self.month_first
        if not by_day:
            preferred, other = other, preferred
        found = preferred or other
        if found is None:
            raise ValueError(self.text)
        return found


@lru_cache(_TEXTS)
def read_date(text: str) -> PrintedDate | None:
    """The first date in ``text``; None when there is none between 1970 and 2099."""
    if not any(map(str.isnumeric, text)):
        return None
    printed = _tidy(text)
    return _named(text, printed) or _numeric(text, printed)


def month_of(name: str) -> int | None:
    """1 to 12, by a month's name or what it begins with, in the languages dates are read in."""
    return _MONTH_BY_NAME.get(_tidy(name))


def day_first(dates: Iterable[PrintedDate]) -> bool | None:
    """The order the unambiguous numeric dates prove; None when there are none or they disagree."""
    orders = {
        found.day_first is not None
        for found in dates
        if (found.day_first is None) != (found.month_first is None)
    }
    return orders.pop() if len(orders) == 1 else None


def _tidy(text: str) -> str:
    if text.isascii():
        return text[:_LONGEST_TEXT].lower()
    decomposed = unicodedata.normalize("NFKD", text[:_LONGEST_TEXT]).lower()
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _named(text: str, printed: str) -> PrintedDate | None:
    for pattern, order in ((_DAY_NAME_YEAR, "dmy"), (_NAME_DAY_YEAR, "mdy"), (_YEAR_NAME_DAY, "ymd")):
        for match in pattern.finditer(printed):
            parts = dict(zip(order, match.groups(), strict=True))
            month = _MONTH_BY_NAME.get(parts["m"])
            found = month and _date(parts["y"], month, int(parts["d"]))
            if found:
                return PrintedDate(text, found, found)
    return None


def _numeric(text: str, printed: str) -> PrintedDate | None:
    for pattern in (_CHINESE, _COMPACT):
        for match in pattern.finditer(printed):
            year, month, day = match.groups()
            if found := _date(year, int(month), int(day)):
                return PrintedDate(text, found, found)
    for match in _NUMERIC.finditer(printed):
        first, separator, second, third = match.groups()
        if int(first) > _LAST_DAY:
            iso, swapped = _date(first, int(second), int(third)), _date(first, int(third), int(second))
            if iso or swapped:
                return PrintedDate(text, swapped, iso, year_first=True)
            continue
        by_day = _date(third, int(second), int(first))
        by_month = _date(third, int(first), int(second))
        if by_day and separator == _DAY_FIRST_SEPARATOR:
            by_month = None
        if by_day or by_month:
            return PrintedDate(text, by_day, by_month)
    return None


def _date(year: str, month: int, day: int) -> date | None:
    if len(year) not in (2, 4):
        return None
    full_year = int(year) + (2000 if len(year) == 2 else 0)  # noqa: PLR2004 -- "24" is 2024
    if not _FIRST_YEAR <= full_year <= _LAST_YEAR:
        return None
    try:
        return date(full_year, month, day)
    except ValueError:
        return None


def _month_names() -> dict[str, int]:
    """Full names, and beginnings of three to five letters that mean the same month everywhere."""
    names = {name: month for row in _MONTHS for month, name in enumerate(row.split(), 1)}
    beginnings: dict[str, set[int]] = {}
    for row in _MONTHS:
        for month, name in enumerate(row.split(), 1):
            for length in (3, 4, 5):
                beginnings.setdefault(name[:length], set()).add(month)
    english = {name[:3]: month for month, name in enumerate(_MONTHS[0].split(), 1)}
    return {start: months.pop() for start, months in beginnings.items() if len(months) == 1} | english | names


_MONTH_BY_NAME = _month_names()
