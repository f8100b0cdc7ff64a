"""Numbers and dates are as CLDR has them, which the package Babel carries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel import Locale, dates, numbers

from sheaf.billing.rendering.formats import formats, paper

CLDR = {
    **{each: each for each in ("de", "fr", "es", "it", "nl")},
    "en": "en_GB",
    "en-US": "en_US",
    "de-AT": "de_AT",
}
MINUS = "\N{MINUS SIGN}"


def cldr(written: str) -> str:
    return written.replace("-", MINUS)


@pytest.mark.parametrize("locale", CLDR)
@pytest.mark.parametrize("value", ["1234567.5", "-12345.67", "0", "-0.00"])
@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_amounts(locale: str, value: str, currency: str) -> None:
    expected = numbers.format_currency(Decimal(value) + 0, currency, locale=CLDR[locale])
    assert formats(locale).with_currency(Decimal(value), currency) == cldr(expected)


@pytest.mark.parametrize("locale", CLDR)
def test_numbers_shares_and_days(locale: str) -> None:
    form = formats(locale)
    exact = numbers.format_decimal(Decimal("1234567.1234"), locale=CLDR[locale], decimal_quantization=False)
    if locale != "de-AT":  # its amounts and its numbers are grouped differently; a page has one way
        assert form.number(Decimal("1234567.1234")) == exact
    assert form.share(Decimal("19.0")) == numbers.format_percent(Decimal("0.19"), locale=CLDR[locale])
    for month in range(1, 13):
        day = date(2026, month, 1)
        assert form.date(day) == dates.format_date(day, "long", locale=CLDR[locale])


def test_each_currency_has_its_own_decimals() -> None:
    english = formats("en")
    assert english.with_currency(Decimal(148200), "JPY") == "¥148,200"
    assert english.with_currency(Decimal("1.5"), "TND") == "TND\N{NO-BREAK SPACE}1.500"
    assert english.price(Decimal("0.0125"), "EUR") == "0.0125"
    assert english.price(Decimal(5), "EUR") == "5.00"


def test_an_unknown_region_is_written_as_its_language_an_unknown_language_as_english() -> None:
    assert formats("fr-BE") == formats("FR")
    assert formats("sv") == formats("en")


def test_the_sheet_is_the_one_of_the_country() -> None:
    assert (paper("en-US", "DE"), paper("en", "US"), paper("en", "GB")) == ("us-letter", "us-letter", "a4")


def test_countries_are_called_what_cldr_calls_them() -> None:
    from sheaf.billing.codes import is_country
    from sheaf.billing.rendering.wording import LANGUAGES, country

    for language in LANGUAGES:
        names = Locale(language).territories
        for code in (each for each in names if is_country(each)):
            assert country(code, language) == names[code]
