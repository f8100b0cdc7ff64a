"""What text recognition confuses in amounts and dates, put right where only one reading makes sense."""

from __future__ import annotations

import re

_AMOUNT = re.compile(r"^(?P<mark>RM|[$€£S])?(?P<number>[\dOoIlB]{1,7}[.,][\dOoCIlSB]{2})(?P<rest>[A-Z*]?)$")
_DIGITS = str.maketrans("OoCIlSB", "0001158")
_MONTHS = (
    (re.compile(r"^0ct(?=\W?\d)", re.IGNORECASE), "Oct"),
    (re.compile(r"^Ju1(?=\W?\d)", re.IGNORECASE), "Jul"),
    (re.compile(r"(?<=\d)Ju1(?=\d)", re.IGNORECASE), "Jul"),
)
_FRACTION = re.compile(r"^\d{2}$")
_WHOLE = re.compile(r"^(?:RM|[$€£])?\d{1,4}$")


def repaired(text: str) -> str:
    """``RMO.00`` is RM0.00, ``170.0C`` 170.00, ``0ct30'18`` Oct30'18; anything else stays."""
    amount = _AMOUNT.match(text)
    if amount and any(character.isdigit() for character in amount["number"]):
        mark = (amount["mark"] or "").replace("S", "$")
        return mark + amount["number"].translate(_DIGITS) + amount["rest"]
    for month, name in _MONTHS:
        text = month.sub(name, text)
    return text


def is_split_amount(words: list[str]) -> bool:
    """A line of nothing but ``12 00`` is an amount whose point was not seen."""
    match words:
        case [whole, fraction]:
            return bool(_WHOLE.match(whole) and _FRACTION.match(fraction))
        case _:
            return False
