from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.capture.amounts import decimal_mark, parse_amount, plain

NARROW_SPACE, SPACE, APOSTROPHE = (
    "\N{NARROW NO-BREAK SPACE}",
    "\N{NO-BREAK SPACE}",
    "\N{RIGHT SINGLE QUOTATION MARK}",
)
# group separator, decimal mark
LOCALES = {
    "en": (",", "."),
    "de": (".", ","),
    "fr": (NARROW_SPACE, ","),
    "sv": (SPACE, ","),
    "de-CH": (APOSTROPHE, "."),
    "it-CH": ("'", "."),
}
NEGATIVES = ("-{}", "- {}", "{}-", "({})", "{} CR", "\N{MINUS SIGN}{}", "€ -{}", "-€{}", "$ ({})", "{}- EUR")
locales = st.sampled_from(sorted(LOCALES))
cents = st.integers(0, 10**14).map(lambda number: Decimal(number).scaleb(-2))


def printed(amount: Decimal, locale: str) -> str:
    group, mark = LOCALES[locale]
    return f"{amount:,.2f}".translate({ord(","): group, ord("."): mark})


def in_lakhs(amount: Decimal) -> str:
    whole, _, decimals = f"{amount:.2f}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail]) + "." + decimals


@given(cents, locales)
def test_an_amount_survives_being_printed_in_any_locale(amount: Decimal, locale: str) -> None:
    assert parse_amount(printed(amount, locale)) == amount


@given(cents)
def test_an_amount_survives_indian_grouping(amount: Decimal) -> None:
    assert parse_amount(f"₹ {in_lakhs(amount)}") == amount


@given(
    cents, locales, st.sampled_from(("{} €", "€{}", "EUR {}", "{} USD", "RM{}", "R$ {}", "Total: {}", "{} T"))
)
def test_currencies_and_words_around_it_do_not_matter(amount: Decimal, locale: str, around: str) -> None:
    assert parse_amount(around.format(printed(amount, locale))) == amount


@given(cents.filter(bool), locales, st.sampled_from(NEGATIVES))
def test_every_way_to_print_a_negative_amount_is_one(amount: Decimal, locale: str, sign: str) -> None:
    assert parse_amount(sign.format(printed(amount, locale))) == -amount


@given(st.integers(1_000, 10**12), st.sampled_from((".", ",")))
def test_the_last_separator_is_not_always_the_decimal_one(number: int, group: str) -> None:
    mark = "," if group == "." else "."
    assert parse_amount(f"{number:,}".replace(",", group), mark=mark) == number  # type: ignore[arg-type] # one of two


@given(cents)
def test_plain_form_and_back_is_the_same_amount(amount: Decimal) -> None:
    assert Decimal(plain(amount)) == amount
    assert "E" not in plain(amount)


@given(st.text(max_size=60))
def test_any_text_gives_an_amount_or_none(text: str) -> None:
    amount = parse_amount(text)
    assert amount is None or amount.is_finite()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234.567", "1234567"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("1.234,567", "1234.567"),
        ("1.234.56", "1234.56"),
        ("12,-", "12"),
        ("CHF 12.--", "12"),
        ("1, 234.56", "1234.56"),
        ("1,125.0\n0", "1125.00"),
        ("7.725% 4.63", "4.63"),
        ("2 x 21.50", "21.50"),
        ("P21.50/Unit", "21.50"),
        ("१२३.४५", "123.45"),
    ],
)
def test_oddities_seen_in_print(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "n/a", "19 %", "EUR", "9" * 40])
def test_no_amount(text: str) -> None:
    assert parse_amount(text) is None


def test_three_digits_are_thousands_in_an_amount_and_decimals_in_a_quantity() -> None:
    assert parse_amount("1,500") == 1500
    assert parse_amount("1.500", three_digits="decimals") == Decimal("1.500")
    assert parse_amount("1,500", mark=",") == Decimal("1.500")


def test_the_mark_of_a_document_is_the_one_its_cents_follow() -> None:
    assert decimal_mark(["1.234 Stück", "zu 12,50", "macht 15.425,00"]) == ","
    assert decimal_mark(["12.50", "1,000"]) == "."
    assert decimal_mark(["25.12.2026", "1.234"]) is None


def test_there_is_no_negative_zero() -> None:
    assert plain(Decimal("-0.00")) == "0.00"


def test_cents_without_a_zero_before_the_point() -> None:
    assert parse_amount("TAX .53") == Decimal("0.53")
    assert parse_amount("$.99") == Decimal("0.99")
    assert parse_amount("No.12") == Decimal(12)
