"""What people type becomes the one normal form of readings, or is refused with what is wanted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.review.values import decimal, normal_form


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("vendor", "  Müller & Söhne ", "Müller & Söhne"),
        ("vendor_address", "Hafenstr. 1\n20457 Hamburg", "Hafenstr. 1\n20457 Hamburg"),
        ("invoice_date", "2024-02-29", "2024-02-29"),
        ("total", "119.00", "119.00"),
        ("total", "-0.50", "-0.50"),
        ("total", "-0", "0"),
        ("currency", "eur", "EUR"),
        ("iban", "de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("bic", "cobadeffxxx", "COBADEFFXXX"),
    ],
)
def test_it_is_kept_in_one_form(name: str, typed: str, kept: str) -> None:
    assert normal_form(name, typed) == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("vendor", ""),
        ("vendor", " "),
        ("vendor", "two\nlines"),
        ("vendor", "turned \u202e around"),
        ("vendor", "x" * 501),
        ("vendor_address", "a\x00b"),
        ("invoice_date", "2023-02-29"),
        ("invoice_date", "29.02.2024"),
        ("invoice_date", "20240229"),
        ("invoice_date", "2024-W09-4"),
        ("total", "1,234.50"),
        ("total", "12 EUR"),
        ("total", "NaN"),
        ("total", "Infinity"),
        ("total", "1e3"),
        ("total", "1_000"),
        ("total", "١٢"),
        ("total", "9" * 19),
        ("total", "0." + "1" * 19),
        ("currency", "EURO"),
        ("currency", "XXX"),
        ("iban", "DE89"),
        ("bic", "COBA"),
        ("favourite_colour", "blue"),
    ],
)
def test_anything_else_is_refused(name: str, typed: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z]"):
        normal_form(name, typed)


def test_null_says_that_there_is_none() -> None:
    assert normal_form("due_date", None) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_every_amount_of_a_sensible_size_is_kept_exactly(amount: Decimal) -> None:
    kept = decimal(format(amount, "f"))
    assert Decimal(kept) == amount
    assert decimal(kept) == kept


@given(st.dates())
def test_every_day_is_kept(day: date) -> None:
    assert normal_form("due_date", day.isoformat()) == day.isoformat()
