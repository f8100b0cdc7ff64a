"""What is taxed at which rate: believed when the rate makes the tax, and the rates make all of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.capture.normalise import labels
from sheaf.capture.reading import Reading, TaxLine
from tests.builders.candidates import Values, codes, field, page, read, row


def sums(subtotal: str, tax: str, total: str, label: str = "VAT") -> tuple[Values, ...]:
    return (
        field("SUBTOTAL", subtotal, "Subtotal"),
        field("TAX", tax, label),
        field("TOTAL", total, "Total"),
    )


def rates(reading: Reading) -> list[tuple[str | None, str | None, str]]:
    return sorted((line.rate, line.base, line.amount) for line in reading.tax_breakdown)


@pytest.mark.parametrize(
    "line",
    [
        "20% of 100.00: 20.00",
        "VAT 20 % 100.00 20.00",
        "VAT (S) 100.00 20 20.00",
        "A 20,0% 100,00 20,00 120,00",
    ],
)
def test_a_row_says_rate_base_and_tax(line: str) -> None:
    assert rates(read(page(*sums("100.00", "20.00", "120.00"), lines=(line,)))) == [("20", "100.00", "20.00")]


def test_a_table_of_several_rates() -> None:
    lines = ("Taux HT TVA TTC", "5,5 % 40,00 2,20 42,20", "20 % 100,00 20,00 120,00")
    reading = read(page(*sums("140,00", "22,20", "162,20", "TVA"), lines=lines))
    assert rates(reading) == [("20", "100.00", "20.00"), ("5.5", "40.00", "2.20")]
    assert "tax_mismatch" not in codes(reading)


def test_a_rate_of_nothing_has_its_base() -> None:
    lines = ("0 % 50.00 0.00", "20 % 100.00 20.00")
    reading = read(page(*sums("150.00", "20.00", "170.00"), lines=lines))
    assert rates(reading) == [("0", "50.00", "0.00"), ("20", "100.00", "20.00")]


def test_cells_of_one_height_are_one_row() -> None:
    def cell(text: str, left: float, top: float) -> Values:
        box = {"Left": left, "Top": top, "Width": 0.1, "Height": 0.01}
        block = {"BlockType": "LINE", "Text": text, "Confidence": 99.0, "Page": 1}
        return {**block, "Geometry": {"BoundingBox": box}}

    cells = [("7 %", 0.1, 0.50), ("20,00", 0.3, 0.501), ("1,40", 0.5, 0.499), ("19 %", 0.1, 0.53)]
    cells += [("10,00", 0.3, 0.53), ("1,90", 0.5, 0.53)]
    sheet = {**page(*sums("30,00", "3,30", "33,30", "MwSt")), "Blocks": [cell(*one) for one in cells]}
    assert rates(read(sheet)) == [("19", "10.00", "1.90"), ("7", "20.00", "1.40")]


def test_taxes_on_the_same_amount() -> None:
    reading = read(
        page(
            field("SUBTOTAL", "100.00"),
            field("TAX", "5.00", "GST 5%"),
            field("TAX", "9.98", "QST 9.975%"),
            field("TOTAL", "114.98"),
        )
    )
    assert rates(reading) == [("5", "100.00", "5.00"), ("9.975", "100.00", "9.98")]


def test_the_lines_tell_when_nothing_else_does() -> None:
    goods = tuple(
        {**row(ITEM=name, PRICE=price), "LineItemExpenseFields": [
            *row(ITEM=name, PRICE=price)["LineItemExpenseFields"], field("OTHER", rate, "VAT %")]}
        for name, price, rate in (("Tea", "40.00", "5"), ("Paper", "60.00", "20"), ("Ink", "40.00", "20"))
    )  # fmt: skip
    reading = read(page(*sums("140.00", "22.00", "162.00"), rows=goods))
    assert [line.tax_rate for line in reading.line_items] == ["5", "20", "20"]
    assert rates(reading) == [("20", "100.00", "20.00"), ("5", "40.00", "2.00")]


def test_a_rate_said_beside_a_price_is_the_lines() -> None:
    (line,) = read(page(rows=(row(ITEM="Bureau", OTHER="1 700,00 TVA 5,5%", PRICE="1 700,00"),))).line_items
    assert line.tax_rate == "5.5"


def test_rows_that_do_not_make_the_tax_are_no_breakdown() -> None:
    lines = ("3 % 100.00 3.00", "Deposit 20 % 120.00 24.00")
    assert read(page(*sums("100.00", "8.25", "108.25"), lines=lines)).tax_breakdown == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("2.1", "4", "5.5", "7", "10", "19", "20", "21", "25")),
            st.integers(1_000, 10**7),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda one: one[0],
    )
)
def test_whatever_the_rates_the_breakdown_makes_the_tax(taxed: list[tuple[str, int]]) -> None:
    parts = [
        TaxLine(rate=rate, base=f"{base:.2f}", amount=f"{round(base * Decimal(rate) / 100, 2):.2f}")
        for rate, base in ((rate, Decimal(cents).scaleb(-2)) for rate, cents in taxed)
    ]
    net = sum(Decimal(part.base or 0) for part in parts)
    tax = sum(Decimal(part.amount) for part in parts)
    lines = tuple(f"VAT {part.rate}% {part.base} {part.amount}" for part in parts)
    reading = read(page(*sums(f"{net:.2f}", f"{tax:.2f}", f"{net + tax:.2f}"), lines=lines))
    assert sorted(reading.tax_breakdown, key=str) == sorted(parts, key=str)
    assert labels.tax_rate(lines[0]) == parts[0].rate
