"""Amounts on their way to Stripe and back lose nothing, or do not go."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.billing.payments.minor_units import from_minor, to_minor
from sheaf.kernel.errors import VendorRefused

CURRENCIES = ("EUR", "USD", "JPY", "KRW", "TND", "KWD", "ISK", "UGX", "HUF", "TWD", "MGA")


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("119.00", "EUR", 11900),
        ("0.01", "USD", 1),
        ("1000", "JPY", 1000),
        ("12.340", "TND", 12340),
        ("500", "ISK", 50000),
        ("500", "UGX", 50000),
        ("10.45", "HUF", 1045),
    ],
)
def test_each_currency_in_stripes_unit(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor
    assert from_minor(minor, currency.lower()) == Decimal(amount)


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(CURRENCIES))
def test_what_goes_comes_back_to_the_last_digit(amount: Decimal, currency: str) -> None:
    try:
        minor = to_minor(amount, currency)
    except VendorRefused:
        assert currency not in ("EUR", "USD", "TND", "KWD", "HUF", "TWD")
    else:
        assert from_minor(minor, currency) == amount


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("1.005", "EUR"), ("0.5", "JPY"), ("12.345", "TND"), ("0.50", "ISK"), ("0.2", "MGA")],
)
def test_what_has_too_many_digits_does_not_go(amount: str, currency: str) -> None:
    with pytest.raises(VendorRefused) as refused:
        to_minor(Decimal(amount), currency)
    assert refused.value.reason == "amount_unsupported"
