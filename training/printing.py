"""How a country prints amounts, dates and numbers of registers."""

from __future__ import annotations

import string
from datetime import date
from decimal import Decimal

from training.chance import Chance

_NARROW = "\N{NARROW NO-BREAK SPACE}"
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}


def number(value: Decimal, style: str) -> str:
    """``style`` is an example: ``1,234.56``, ``1'234.56``, ``1234,56``; ``lakh`` groups as India does."""
    whole, _, decimals = f"{abs(value):f}".partition(".")
    if style == "lakh":
        head, tail, mark = whole[:-3], whole[-3:], "."
        pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
        grouped = ",".join([*pairs, tail])
    else:
        separator, mark = style[1].strip(string.digits), style[-3]
        separator = _NARROW if separator == " " else separator
        grouped = f"{int(whole):,}".replace(",", separator)
    return ("-" if value < 0 else "") + grouped + (mark + decimals if decimals else "")


def day(value: date, style: str, language: str) -> str:
    """``style``: d, dd, do (1st), m, mm, b (Jan), M (January), yy, Y, and what stands between."""
    month = _MONTHS[language].split()[value.month - 1]
    parts = {
        "dd": f"{value.day:02}",
        "do": f"{value.day}{_ordinal(value.day)}",
        "d": f"{value.day}",
        "mm": f"{value.month:02}",
        "m": f"{value.month}",
        "M": month,
        "b": month[:3],
        "yy": f"{value.year % 100:02}",
        "Y": f"{value.year}",
    }
    words = []
    word = ""
    for character in f"{style} ":
        if character.isalpha():
            word += character
            continue
        words.append(parts.get(word, word) + character)
        word = ""
    return "".join(words).rstrip()


def filled(pattern: str, chance: Chance) -> str:
    """``#`` becomes a digit, ``@`` a capital letter."""
    made = {"#": string.digits, "@": "ABCDEFGHJKLMNPRSTUVWXYZ"}
    return "".join(chance.choice(made[c]) if c in made else c for c in pattern)


def _ordinal(number_of_day: int) -> str:
    if number_of_day in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number_of_day % 10, "th")
