"""Amounts as people print them, in any locale, and back to plain decimals.

Which separator is the decimal one is decided by the shape of the number where that proves it
(``1.234,50``, ``1,23,456``, ``12.5``); ``1.234`` and ``1,234`` prove nothing, so they need the
document's own mark, found by ``decimal_mark``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

type DecimalMark = Literal[".", ","]

_LONGEST_TEXT = 200
_MOST_DIGITS = 18
_GROUP = 3
_NUMBER = re.compile(r"(?<![\w.,])\.\d\d(?![\d.,])|\d(?:[\d.,']|[ ](?=\d{3}(?!\d)))*")
_MINUS = "\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{FIGURE DASH}\N{SMALL HYPHEN-MINUS}"
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{ACUTE ACCENT}`\N{PRIME}"
_AS_TYPED = str.maketrans(dict.fromkeys(_MINUS, "-") | dict.fromkeys(_APOSTROPHE, "'"))
# A wrapped cell ("1,125.0" over "0") and the gaps text recognition leaves at a separator.
_WRAPPED = re.compile(r"(?<=\d)([.,]\d?)\n(?=\d{1,2}$)")
_GAP = re.compile(r"(?<=\d)([.,]) (?=\d{2,3}(?!\d))|(?<=\d) ([.,])(?=\d{2}(?!\d))")
_AFTER_CENTS = re.compile(r"([.,]\d{1,2}) (?=\d)")
_NO_CENTS = re.compile(r"(?<=\d)[.,][ ]?-{1,2}(?!\d)")
_MONEY_BEFORE = re.compile(r"(?:[^\W\d_]{1,4}\.?|[^\w\s.,()'-])\s*[-+(]?\s*$")
_CREDIT_AFTER = re.compile(r"\s*(?:[A-Z]{3}|\W)?\s*(?:-(?![\w])|CR\b|Cr\b)")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_PROOF_OF_MARK = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:(?:[.,' ]\d{3})+|\d*)|(?<!\w))([.,])\d{2}(?![\d.,]*\d)")


def plain(amount: Decimal) -> str:
    """No exponent, no negative zero: ``-1234.50``."""
    return format(amount or abs(amount), "f")


def parse_amount(
    text: str, *, mark: DecimalMark | None = None, three_digits: Literal["group", "decimals"] = "group"
) -> Decimal | None:
    """The amount in ``text``, or None when there is no number in it.

    ``mark`` is the document's decimal mark; ``three_digits`` says what ``1.234`` is without one: a
    group of thousands, as in amounts, or decimals, as in quantities. Negative: a sign before or after,
    parentheses, CR. Percentages are passed over; of several numbers the one beside a currency wins,
    else the last with decimals, else the first.
    """
    printed = _tidy(text)
    numbers = [found for found in _NUMBER.finditer(printed) if not _is_rate(printed, found.end())]
    if not numbers:
        return None
    return _amount(printed, _likeliest(printed, numbers), mark, three_digits)


def every_amount(text: str, *, mark: DecimalMark | None = None) -> list[Decimal]:
    """All amounts in ``text`` in their order; percentages are passed over."""
    printed = _AFTER_CENTS.sub(r"\1\n", _tidy(text))
    numbers = (found for found in _NUMBER.finditer(printed) if not _is_rate(printed, found.end()))
    amounts = (_amount(printed, number, mark, "group") for number in numbers)
    return [amount for amount in amounts if amount is not None]


def decimal_mark(texts: Iterable[str]) -> DecimalMark | None:
    """The mark most numbers with two decimals use, or None when nothing or a tie is found."""
    marks: Counter[str] = Counter()
    for text in texts:
        marks.update(_PROOF_OF_MARK.findall(_tidy(text)))
    if marks["."] == marks[","]:
        return None
    return "." if marks["."] > marks[","] else ","


def has_decimals(text: str) -> bool:
    return _PROOF_OF_MARK.search(_tidy(text)) is not None


def _tidy(text: str) -> str:
    printed = text[:_LONGEST_TEXT].translate(_AS_TYPED)
    if not printed.isascii():
        printed = unicodedata.normalize("NFKC", printed)
        printed = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in printed)
    printed = _WRAPPED.sub(r"\1", printed.strip())
    return _NO_CENTS.sub("", _GAP.sub(r"\1\2", printed))


def _is_rate(text: str, end: int) -> bool:
    return text[end : end + 2].lstrip().startswith("%")


def _likeliest(text: str, numbers: list[re.Match[str]]) -> re.Match[str]:
    for number in numbers:
        if _MONEY_BEFORE.search(text, 0, number.start()) and has_decimals(number.group()):
            return number
    return next((number for number in reversed(numbers) if has_decimals(number.group())), numbers[0])


def _amount(text: str, number: re.Match[str], mark: DecimalMark | None, three_digits: str) -> Decimal | None:
    digits = number.group().rstrip(".,'")
    if sum(map(str.isdigit, digits)) > _MOST_DIGITS:
        return None
    amount = _decimal(digits, mark, three_digits)
    return -amount if _is_negative(text, number.start(), number.end()) else amount


def _is_negative(text: str, start: int, end: int) -> bool:
    before = re.sub(r"[^\W\d_]+\.?|[^\w\s()+-]", "", text[:start]).replace(" ", "")
    if before.endswith("-") or (before.endswith("(") and ")" in text[end:]):
        return True
    return _CREDIT_AFTER.match(text, end) is not None


def _decimal(digits: str, mark: DecimalMark | None, three_digits: str) -> Decimal:
    digits = digits.replace(" ", "").replace("'", "")
    split = _decimal_position(digits, mark, three_digits)
    whole, decimals = (digits, "") if split is None else (digits[:split], digits[split + 1 :])
    return Decimal(re.sub(r"[.,]", "", whole) + "." + re.sub(r"[.,]", "", decimals))


def _decimal_position(digits: str, mark: DecimalMark | None, three_digits: str) -> int | None:
    """Where the decimal separator stands; the last separator is not always one."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0 or _INDIAN.fullmatch(digits):
        return None
    separator, after = digits[last], len(digits) - last - 1
    other = "," if separator == "." else "."
    if digits.count(separator) > 1:
        # 1.234.567 is grouped; 1.234.56 is a decimal point taken for a group's, or the reverse.
        return None if after == _GROUP else last
    if other in digits or after != _GROUP or last > _GROUP or digits.startswith("0"):
        return last
    if mark is not None:
        return last if separator == mark else None
    return last if three_digits == "decimals" else None
