"""What both syntaxes share: values in the reading's normal form, and the fields made of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from sheaf.capture.amounts import plain
from sheaf.capture.reading import DocumentType, Field, Source

# UNTDID 1001, the codes EN 16931 treats as credit notes.
_CREDIT_NOTES = frozenset(
    ("81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"),
)


def document_type(code: str | None, *, credit_note: bool = False) -> DocumentType:
    return DocumentType.CREDIT_NOTE if credit_note or code in _CREDIT_NOTES else DocumentType.INVOICE


def decimal_text(text: str | None) -> str | None:
    """``"+1,00"`` and other things that are no xs:decimal give None."""
    number = decimal(text)
    return None if number is None else plain(number)


_MOST_DIGITS = 18
"""Before the point, and behind it: more is no amount, and costs more than its length to work with."""


def decimal(text: str | None) -> Decimal | None:
    if not text or "_" in text or not text.isascii():  # Python reads more than XML Schema writes
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    digits, exponent = len(number.as_tuple().digits), int(number.as_tuple().exponent)
    return number if exponent >= -_MOST_DIGITS and digits + exponent <= _MOST_DIGITS else None


def unit_price(
    price: str | None, base_quantity: str | None, *, quantity: str | None, line_amount: str | None
) -> str | None:
    """The price of one unit (BT-146 divided by BT-149), with at most ten decimals.

    Where the price times the quantity is the line's amount already, the base quantity is a mistake of
    the sender's and left alone.
    """
    per_base, base = decimal(price), decimal(base_quantity)
    if per_base is None or not base or base == 1:
        return decimal_text(price)
    billed, amount = decimal(quantity), decimal(line_amount)
    if billed is not None and amount is not None and billed * per_base == amount:
        return decimal_text(price)
    return plain(round(per_base / base, 10).normalize())


def date_text(text: str | None) -> str | None:
    """ISO 8601, with or without hyphens, a time or a zone after it."""
    digits = (text or "").replace("-", "")[:8]
    try:
        return date.fromisoformat(digits).isoformat()
    except ValueError:
        return None


def fields(values: dict[str, tuple[str | None, str | None]]) -> dict[str, Field]:
    """``values``: name → (normal form, as written); what is missing is left out."""
    return {
        name: Field(value=value, raw=raw, source=Source.XML) for name, (value, raw) in values.items() if value
    }


def as_text(text: str | None) -> tuple[str | None, str | None]:
    return text, text


def as_decimal(text: str | None) -> tuple[str | None, str | None]:
    return decimal_text(text), text


def as_date(text: str | None) -> tuple[str | None, str | None]:
    return date_text(text), text


def address(*lines: str | None) -> str | None:
    return "\n".join(line for line in lines if line) or None
