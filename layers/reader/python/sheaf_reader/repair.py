"""What text recognition confuses in amounts and dates, put right where only one reading makes sense."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_AMOUNT = re.compile(r"^(?P<mark>RM|[$€£S])?(?P<number>[\dOoIlB]{1,7}[.,][\dOoCIlSB]{2})(?P<rest>[A-Z*]?)$")
_DIGITS = str.maketrans("OoCIlSB", "0001158")
_MONTHS = (
    (re.compile(r"^0ct(?=\W?\d)", re.IGNORECASE), "Oct"),
    (re.compile(r"^Ju1(?=\W?\d)", re.IGNORECASE), "Jul"),
    (re.compile(r"(?<=\d)Ju1(?=\d)", re.IGNORECASE), "Jul"),
)
_DATE = re.compile(r"^[\dOoIl]{1,2}([./-])[\dOoIl]{1,2}\1(?:[12][\dOoIl]{3}|[\dOoIl]{2})(?=\D?$)")
_LEAST_DATE_DIGITS = 4
_FRACTION = re.compile(r"^\d{2}$")
_WHOLE = re.compile(r"^(?:RM|[$€£])?\d{1,4}$")
_MARKED = re.compile(r"^\$(\d{1,5}\.\d\d)$")
_MAYBE_MARKED = re.compile(r"^([0568])(\d{1,5}\.\d\d)$")
_FEWEST_MARKED = 2


def repaired(text: str) -> str:
    """``RMO.00`` is RM0.00, ``170.0C`` 170.00, ``0ct30'18`` Oct30'18, ``07-03-201o`` 07-03-2010."""
    amount = _AMOUNT.match(text)
    if amount and any(character.isdigit() for character in amount["number"]):
        mark = (amount["mark"] or "").replace("S", "$")
        return mark + amount["number"].translate(_DIGITS) + amount["rest"]
    date = _DATE.match(text)
    if date and sum(map(str.isdigit, date[0])) >= _LEAST_DATE_DIGITS:
        return date[0].translate(_DIGITS) + text[date.end() :]
    for month, name in _MONTHS:
        text = month.sub(name, text)
    return text


def with_dollar_signs(texts: Sequence[str]) -> list[str]:
    """A page's words, with the dollar signs that were taken for a digit: ``869.60`` among ``$16.90``.

    A digit is known to be the sign where the rest of the amount is printed with one elsewhere; a zero that
    leads a number is nothing else.
    """
    marked = Counter(match[1] for text in texts if (match := _MARKED.match(text)))
    if marked.total() < _FEWEST_MARKED:
        return list(texts)
    confused = {"0"} | {
        match[1] for text in texts if (match := _MAYBE_MARKED.match(text)) and match[2] in marked
    }
    return [
        f"${match[2]}" if (match := _MAYBE_MARKED.match(text)) and match[1] in confused else text
        for text in texts
    ]


def is_split_amount(words: list[str]) -> bool:
    """A line of nothing but ``12 00`` is an amount whose point was not seen."""
    match words:
        case [whole, fraction]:
            return bool(_WHOLE.match(whole) and _FRACTION.match(fraction))
        case _:
            return False
