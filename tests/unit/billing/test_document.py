"""What a document may say: codes that exist, so that its e-invoice can say them, too."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from sheaf.billing.document import LineItem, Tax
from sheaf.billing.parties import Address

VAT_19 = Tax(rate=Decimal(19))


def line(unit: str) -> LineItem:
    return LineItem(description="Work", unit_price=Decimal(1), tax=VAT_19, unit=unit)


@pytest.mark.parametrize("code", ["DE", "GB", "US", "GR", "XI"])
def test_countries_are_those_of_iso_3166(code: str) -> None:
    assert Address(country=code).country == code


@pytest.mark.parametrize("code", ["ZZ", "EL", "UK", "de", "DEU", ""])
def test_what_is_no_country_is_refused(code: str) -> None:
    with pytest.raises(ValidationError, match="country"):
        Address(country=code)


@pytest.mark.parametrize("code", ["C62", "HUR", "KGM", "LS", "XPP"])
def test_units_are_those_of_the_recommendation(code: str) -> None:
    assert line(code).unit == code


@pytest.mark.parametrize("code", ["QQQ", "hur", "PIECE", "H"])
def test_what_is_no_unit_is_refused(code: str) -> None:
    with pytest.raises(ValidationError, match="unit"):
        line(code)
