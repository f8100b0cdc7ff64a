"""Amounts of money: ``Decimal`` with the currency's own number of decimals, never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

# ISO 4217, list one: the currencies whose minor unit is not 2.
_EXPONENTS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
         "XAF", "XOF", "XPF"), 0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}  # fmt: skip


def exponent(currency: str | None) -> int:
    """Decimals of a currency's minor unit; 2 when the currency is not known."""
    return _EXPONENTS.get(currency or "", 2)


_ABSURD = 20
"""Digits before the point; an amount that has more was misread, and is left as it is."""


def quantize(amount: Decimal, currency: str | None) -> Decimal:
    if amount.adjusted() > _ABSURD:
        return amount
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), rounding=ROUND_HALF_UP)
