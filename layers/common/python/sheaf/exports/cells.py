"""Values as cells: text that no spreadsheet takes for a formula, exact decimals, dates.

https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

_FORMULA = frozenset("=+-@\N{MINUS SIGN}")
_DECIMAL = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?")
_UNSEEN = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))
_KEPT = frozenset("\t\n\r")


def printable(text: str) -> str:
    """Without control characters, which XML forbids and spreadsheets choke on; line breaks stay."""
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cs"))


def inert(text: str) -> str:
    """With a leading apostrophe where a spreadsheet would see a formula: ``=``, ``+``, ``-``, ``@``, also in
    full width and behind blanks or what nobody sees, and where it begins with a tab or a carriage return.
    """
    clean = printable(text)
    return f"'{clean}" if clean.startswith(("\t", "\r")) or _begins_formula(clean) else clean


def one_line(text: str) -> str:
    """Line breaks and tabs become single blanks."""
    return " ".join(printable(text).split())


def decimal_of(value: str | None) -> Decimal | None:
    """None for what is no plain decimal: it is text then."""
    return Decimal(value) if value is not None and _DECIMAL.fullmatch(value) and value.isascii() else None


def date_of(value: str | None) -> date | None:
    """None for what is no day of the calendar."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _begins_formula(text: str) -> bool:
    first = next((c for c in text if unicodedata.category(c) not in _UNSEEN), "")
    return unicodedata.normalize("NFKC", first)[:1] in _FORMULA if first else False
