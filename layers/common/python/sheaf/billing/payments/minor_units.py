"""Amounts as Stripe counts them: whole numbers of a unit that is not always ISO 4217's.

https://docs.stripe.com/currencies
"""

from __future__ import annotations

from decimal import Decimal

from sheaf.kernel.errors import VendorRefused

_EXPONENTS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF",
         "XPF"), 0,
    ),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}  # fmt: skip
_STEPS = {
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 10),
    **dict.fromkeys(("ISK", "UGX"), 100),
}
"""What they are told in is finer than what they are charged in."""


def to_minor(amount: Decimal, currency: str) -> int:
    """Raises VendorRefused for what cannot be charged to the last digit."""
    minor = amount.scaleb(_exponent(currency))
    if minor != minor.to_integral_value() or minor % _STEPS.get(currency, 1):
        raise VendorRefused(
            f"Cards cannot be charged {amount} {currency}: it has too many decimals.",
            reason="amount_unsupported",
        )
    return int(minor)


def from_minor(minor: int, currency: str) -> Decimal:
    """``currency`` in either case: Stripe writes it small."""
    return Decimal(minor).scaleb(-_exponent(currency.upper()))


def _exponent(currency: str) -> int:
    return _EXPONENTS.get(currency, 2)
