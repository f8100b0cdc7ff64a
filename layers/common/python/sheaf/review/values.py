"""What people type, in the one normal form of a reading. See ``sheaf.capture.reading``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from sheaf.capture.amounts import plain
from sheaf.capture.identifiers import compact
from sheaf.capture.reading import FIELD_NAMES
from sheaf.kernel.money import is_currency

_MOST_DIGITS = 18
_IBAN = re.compile(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[0-9A-Z]{2}(?:[0-9A-Z]{3})?")
_DATES = frozenset(("invoice_date", "due_date"))
_AMOUNTS = frozenset(("subtotal", "discount", "charges", "tax", "total", "prepaid", "amount_due"))
_BLOCKS = frozenset(("vendor_address", "buyer_address", "payment_terms"))
_LONGEST = 500


def normal_form(name: str, value: str | None) -> str | None:
    """Raises ValueError with a sentence that says what is wanted."""
    if name not in FIELD_NAMES:
        raise ValueError("There is no such field")
    if value is None:
        return None
    text = value.strip()
    if not text:
        raise ValueError("Empty; null says that the document has no such field")
    return _form_of(name)(text)


def decimal(text: str) -> str:
    """A plain decimal of at most 18 digits."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or "e" in text.lower() or "_" in text or not text.isascii():
        raise ValueError("A plain decimal is wanted, such as -1234.50")
    if len(number.as_tuple().digits) > _MOST_DIGITS or -int(number.as_tuple().exponent) > _MOST_DIGITS:
        raise ValueError("At most 18 digits")
    return plain(number)


def text_block(text: str) -> str:
    if any(not (character.isprintable() or character == "\n") for character in text):
        raise ValueError("There are control characters or invisible characters in it")
    return text


def _form_of(name: str) -> Callable[[str], str]:
    if name in _DATES:
        return _date
    if name in _AMOUNTS:
        return decimal
    if name in _BLOCKS:
        return lambda text: text_block(_not_too_long(text))
    return _FORMS.get(name, _line)


def _date(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError("A day of the calendar is wanted, as YYYY-MM-DD")
    return text


def _currency(text: str) -> str:
    if not is_currency(text.upper()):
        raise ValueError("A currency's code is wanted (ISO 4217), such as EUR")
    return text.upper()


def _iban(text: str) -> str:
    if not _IBAN.fullmatch(compact(text)):
        raise ValueError("An IBAN is wanted, such as DE89 3704 0044 0532 0130 00")
    return compact(text)


def _bic(text: str) -> str:
    if not _BIC.fullmatch(compact(text)):
        raise ValueError("A BIC is wanted: 8 or 11 characters")
    return compact(text)


def _line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("One line without control characters is wanted")
    return _not_too_long(text)


def _not_too_long(text: str) -> str:
    if len(text) > _LONGEST:
        raise ValueError(f"At most {_LONGEST} characters")
    return text


_FORMS: dict[str, Callable[[str], str]] = {"currency": _currency, "iban": _iban, "bic": _bic}

PlainDecimal = Annotated[str, StringConstraints(max_length=60), AfterValidator(decimal)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=_LONGEST), AfterValidator(text_block)
]
Remark = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(text_block),
]
"""A comment or a reason."""

Accepted = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=50)]
"""Codes of checks."""
