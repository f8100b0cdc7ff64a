from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf_reader import patterns
from sheaf_reader.layout import Line
from sheaf_reader.page import Box, Word


def line(text: str) -> Line:
    return Line(tuple(Word(word, Box(0, 0, 10, 10)) for word in text.split()), 1)


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1,234.56", "1234.56", None),
        ("1.234,56", "1234.56", None),
        ("1 234,56 €", "1234.56", "EUR"),
        ("1'234.50 CHF", "1234.50", "CHF"),
        ("€ 82 003,30", "82003.30", "EUR"),
        ("RM12.30", "12.30", "MYR"),
        ("-USD 47.90", "-47.90", "USD"),
        ("$ (258.65)", "-258.65", "USD"),
        ("9.37-", "-9.37", None),
        ("−261,66 €", "-261.66", "EUR"),  # noqa: RUF001 -- as it is printed
        ("129 .15", "129.15", None),
    ],
)
def test_amounts_as_they_are_printed(text: str, value: str, currency: str | None) -> None:
    (amount,) = patterns.amounts(line(text))
    assert (amount.value, amount.currency, amount.exact) == (Decimal(value), currency, True)


@pytest.mark.parametrize(
    "text", ["19 %", "7.5%", "2026-03-14", "08.30 - 12.30 Uhr", "12:45", "INV/2026/0004"]
)
def test_rates_dates_hours_and_numbers_are_no_amounts(text: str) -> None:
    assert [amount for amount in patterns.amounts(line(text)) if amount.exact] == []


@given(
    st.decimals(min_value=0, max_value=9_999_999, places=2),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", ".")]),
)
def test_every_locale_prints_the_same_amount(value: Decimal, marks: tuple[str, str]) -> None:
    group, point = marks
    printed = f"{value:,}".replace(",", "§").replace(".", point).replace("§", group)
    (amount,) = patterns.amounts(line(f"Total {printed}"))
    assert amount.value == value


@pytest.mark.parametrize(
    "text",
    ["2026-03-14", "14/03/2026", "14.03.26", "March 14, 2026", "14 mars 2026", "7. Mai 2014", "20-Apr-2010",
     "28 de febrero de 2020", "JUL 09,2008", "Oct30'18", "1er juillet 2026", "2026年3月14日"],
)  # fmt: skip
def test_dates_as_they_are_printed(text: str) -> None:
    (date,) = patterns.dates(line(f"Date: {text}"))
    assert date.text == text


@pytest.mark.parametrize("text", ["192.168.10.1", "July 1 - July 31", "1.2.3.4", "tel 07-386-7524", "5/12"])
def test_what_only_looks_like_a_date(text: str) -> None:
    assert list(patterns.dates(line(text))) == []


def test_two_dates_side_by_side_are_two() -> None:
    found = patterns.dates(line("2016-02-02 2016-03-03"))
    assert [date.text for date in found] == ["2016-02-02", "2016-03-03"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("# INV/57-22/068", "INV/57-22/068"),
        (": 00.123.456.7-2018-1", "00.123.456.7-2018-1"),
        ("see page", None),
    ],
)
def test_numbers_that_identify(text: str, number: str | None) -> None:
    found = patterns.identifier(line(text))
    assert (found.text if found else None) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("DE 232 446 240", "DE 232 446 240"), (": GB999999973", "GB999999973"), ("21% 124,61", None)],
)
def test_tax_numbers_may_be_printed_in_groups(text: str, number: str | None) -> None:
    found = patterns.tax_number(line(text))
    assert (found.text if found else None) == number


@given(st.text(max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    if text.split():
        strange = line(text)
        for amount in patterns.amounts(strange):
            assert amount.span.text in strange.text
        for date in patterns.dates(strange):
            assert date.text in strange.text
        patterns.identifier(strange)
        patterns.tax_number(strange)
