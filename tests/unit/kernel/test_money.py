"""Amounts have their currency's decimals, and halves are rounded up, as invoices round."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.kernel.money import exponent, quantize

currencies = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CLF", None, "XYZ"])
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=6)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "EUR", "0.01"),
        ("-0.005", "EUR", "-0.01"),
        ("1.0049", "EUR", "1.00"),
        ("2.5", "JPY", "3"),
        ("1.0005", "KWD", "1.001"),
        ("1.00005", "CLF", "1.0001"),
        ("1.005", None, "1.01"),
    ],
)
def test_rounding(amount: str, currency: str | None, rounded: str) -> None:
    assert str(quantize(Decimal(amount), currency)) == rounded


@given(amounts, currencies)
def test_a_rounded_amount_is_off_by_half_a_unit_at_most(amount: Decimal, currency: str | None) -> None:
    rounded = quantize(amount, currency)
    assert abs(rounded - amount) * 2 <= Decimal(1).scaleb(-exponent(currency))
    assert quantize(rounded, currency) == rounded


def test_an_unknown_currency_has_two_decimals() -> None:
    assert exponent(None) == exponent("") == exponent("XYZ") == 2
