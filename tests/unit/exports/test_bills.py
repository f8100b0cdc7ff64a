from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.exports.bills import bill_of, refusal, tax_code_of
from sheaf.exports.rows import Layout
from tests.builders.bills import (
    credit_note,
    every_kind,
    exported,
    gross_receipt,
    invoice,
    reading,
    without_lines,
)

cents = st.decimals(-100_000, 100_000, places=2, allow_nan=False).map(str)
rates = st.sampled_from(["0", "5", "20", "5.5", None])
lines = st.lists(
    st.fixed_dictionaries({"description": st.text(max_size=9), "amount": cents, "tax_rate": rates}),
    max_size=5,
)
taxes = st.lists(st.fixed_dictionaries({"rate": rates, "base": cents, "amount": cents}), max_size=3)


@given(
    st.sampled_from(["invoice", "credit_note", "receipt"]),
    lines,
    taxes,
    cents,
    cents,
    st.one_of(st.none(), cents),
)
def test_whatever_was_read_the_rows_add_up_to_the_total(
    kind: str, lines: list[Any], taxes: list[Any], total: str, tax: str, subtotal: str | None
) -> None:
    read = reading(
        kind, lines, taxes, vendor="V", invoice_date="2026-01-31", total=total, tax=tax, subtotal=subtotal
    )
    bill = bill_of(exported(reading=read))
    assert bill.total == abs(Decimal(total))
    assert sum(row.amount for row in bill.rows) == bill.net
    assert bill.net + bill.tax == bill.total
    if all(row.tax is not None for row in bill.rows):
        assert sum(row.tax for row in bill.rows) == bill.tax


def test_lines_that_add_up_are_the_rows_each_with_its_tax() -> None:
    flour, bread = bill_of(exported(reading=invoice())).rows
    assert (flour.description, flour.quantity, flour.unit_price, flour.amount) == (
        "Flour",
        4,
        Decimal("17.5"),
        70,
    )
    assert (flour.tax, bread.tax) == (14, Decimal("1.5"))


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_credit_note_is_the_same_whichever_sign_it_prints(sign: str) -> None:
    bill = bill_of(exported(reading=credit_note(sign)))
    assert bill.is_credit
    assert (bill.net, bill.tax, bill.total) == (100, 19, 119)
    [row] = bill.rows
    assert (row.amount, row.quantity * (row.unit_price or 1), row.tax) == (100, 100, 19)


def test_an_invoice_below_zero_is_a_credit() -> None:
    bill = bill_of(exported(reading=invoice(subtotal="-100.00", tax="-15.50", total="-115.50")))
    assert bill.is_credit
    assert bill.total == Decimal("115.5")


def test_lines_with_tax_in_them_give_way_to_the_rates() -> None:
    [row] = bill_of(exported(reading=gross_receipt())).rows
    assert (row.amount, row.rate, row.tax) == (10, 20, 2)


def test_a_discount_on_the_whole_is_a_row() -> None:
    read = reading(
        lines=({"description": "Work", "amount": "100.00"},),
        vendor="V", invoice_date="2026-01-31", discount="10.00", total="90.00",
    )  # fmt: skip
    assert [(row.description, row.amount) for row in bill_of(exported(reading=read)).rows] == [
        ("Work", 100),
        ("Discount", -10),
    ]


def test_without_lines_there_is_one_row_with_the_total() -> None:
    [row] = bill_of(exported(reading=without_lines())).rows
    assert (row.description, row.amount) == ("Invoice T-1", 120_000)


def test_what_has_no_number_is_known_by_its_document_and_is_due_at_once() -> None:
    document = exported(reading=gross_receipt())
    bill = bill_of(document)
    assert document.id.endswith(bill.number)
    assert len(bill.number) == 20
    assert bill.due == bill.issued


@pytest.mark.parametrize(
    ("missing", "reason"),
    [("total", "total_missing"), ("vendor", "supplier_missing"), ("invoice_date", "date_missing")],
)
def test_what_cannot_be_posted_says_why(missing: str, reason: str) -> None:
    changes = {missing: None} | ({"subtotal": None} if missing == "total" else {})
    assert refusal(exported(reading=invoice(**changes))) == reason


def test_everything_else_can() -> None:
    assert [refusal(document) for document in every_kind()] == [None] * 6


def test_a_tax_code_is_the_document_s_or_that_of_its_rate() -> None:
    layout = Layout(tax_codes={"20": "20% (VAT on Expenses)", "5.5": "Reduced"})
    assert tax_code_of(exported(), layout, Decimal("20.00")) == "20% (VAT on Expenses)"
    assert tax_code_of(exported(), layout, Decimal("5.50")) == "Reduced"
    assert tax_code_of(exported(tax_code="T1"), layout, Decimal(20)) == "T1"
    assert tax_code_of(exported(), layout, Decimal(7)) is None
    assert tax_code_of(exported(), layout, None) is None
