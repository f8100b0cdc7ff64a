"""Bills of readings: whatever was read, the lines come to its total, or it is told that they do not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sheaf.billing.captured import bill_of_reading
from sheaf.billing.document import Discount, TaxCategory
from sheaf.billing.parties import Address, Party
from sheaf.billing.sums import totals
from sheaf.capture.reading import Field, LineItem, Reading, Source, TaxLine
from sheaf.kernel.errors import Conflict

OWN = Party(name="Acme", address=Address(country="DE"))
amounts = st.decimals(Decimal("0.01"), Decimal(99999), places=2)


def reading(*lines: LineItem, taxes: tuple[TaxLine, ...] = (), **fields: str) -> Reading:
    said = {"vendor": "Bakery", "total": "119.00", "tax": "19.00", "currency": "EUR"} | fields
    return Reading(
        engine=Source.XML,
        fields={name: Field(value=value, source=Source.XML) for name, value in said.items() if value},
        line_items=lines,
        tax_breakdown=taxes,
    )


def test_lines_that_add_up_are_kept() -> None:
    lines = (
        LineItem(description="Bread", quantity="4", unit_price="20.00", amount="80.00", tax_rate="19"),
        LineItem(description="Rolls", amount="30.00", tax_rate="19"),
        LineItem(description="Rebate", amount="-10.00", tax_rate="19"),
    )
    bill = bill_of_reading(reading(*lines), OWN, "EUR")
    shown = [(line.description, line.quantity, line.unit_price) for line in bill.content.lines]
    assert shown == [("Bread", 4, 20), ("Rolls", 1, 30), ("Rebate", -1, 10)]
    assert totals(bill.content).total == bill.total == 119


def test_units_that_are_codes_are_taken_over() -> None:
    bread = LineItem(description="Bread", quantity="4", unit_price="25.00", amount="100.00", tax_rate="19")
    lines = (bread.model_copy(update={"unit": "HUR"}), bread.model_copy(update={"unit": "loaves"}))
    bill = bill_of_reading(reading(*lines, total="238.00", tax="38.00"), OWN, "EUR")
    assert [line.unit for line in bill.content.lines] == ["HUR", "C62"]


def test_what_is_taken_off_a_line_is_taken_over() -> None:
    lines = (
        LineItem(description="Bread", quantity="4", unit_price="25.00", amount="90.00", tax_rate="19"),
        LineItem(description="Rolls", quantity="1", unit_price="10.00", amount="10.00", tax_rate="19"),
    )
    bill = bill_of_reading(reading(*lines), OWN, "EUR")
    assert [line.discount for line in bill.content.lines] == [Discount(percent=Decimal(10)), None]
    assert totals(bill.content).total == 119


@given(amounts, st.integers(1, 9999))
def test_whatever_is_taken_off_in_an_e_invoice_the_lines_add_up(price: Decimal, share: int) -> None:
    off = (price * share / 10_000).quantize(Decimal("0.01"))
    assume(off < price)
    line = LineItem(description="Bread", quantity="1", unit_price=str(price), amount=str(price - off))
    bill = bill_of_reading(reading(line, total=str(price - off), tax="0.00"), OWN, "EUR")
    (made,) = bill.content.lines
    assert totals(bill.content).total == bill.total
    assert made.unit_price == (price if made.discount else price - off)


def test_a_quantity_that_was_read_wrong_is_no_discount() -> None:
    line = LineItem(description="Bread", quantity="7", unit_price="20.00", amount="100.00", tax_rate="19")
    page = reading(line).model_copy(update={"engine": Source.TEXTRACT})
    (made,) = bill_of_reading(page, OWN, "EUR").content.lines
    assert (made.quantity, made.unit_price, made.discount) == (1, 100, None)


def test_what_is_taken_off_the_whole_is_taken_over() -> None:
    lines = (LineItem(description="Bread", amount="80.00"), LineItem(description="Rolls", amount="30.00"))
    taxes = (TaxLine(rate="19", base="100.00", amount="19.00"),)
    bill = bill_of_reading(reading(*lines, taxes=taxes, discount="10.00"), OWN, "EUR")
    assert [line.unit_price for line in bill.content.lines] == [80, 30]
    assert bill.content.discount == Discount(amount=Decimal("10.00"))
    assert totals(bill.content).total == 119


def test_lines_that_do_not_give_way_to_the_rates() -> None:
    taxes = (TaxLine(rate="19", base="50.00", amount="9.50"), TaxLine(rate="7", base="50.00", amount="3.50"))
    said = reading(LineItem(description="Bread", amount="99.00"), taxes=taxes, total="113.00", tax="13.00")
    bill = bill_of_reading(said, OWN, "EUR")
    assert [(line.tax.rate, line.unit_price) for line in bill.content.lines] == [(19, 50), (7, 50)]
    assert totals(bill.content).total == 113


@given(amounts, st.integers(0, 25))
def test_a_total_and_its_tax_are_enough(net: Decimal, rate: int) -> None:
    tax = (net * rate / 100).quantize(Decimal("0.01"))
    said = reading(total=str(net + tax), tax=str(tax))
    bill = bill_of_reading(said, OWN, "EUR")
    (line,) = bill.content.lines
    assert (line.unit_price, bill.total) == (net, net + tax)
    assert abs(totals(bill.content).total - bill.total) <= Decimal("0.51"), "a rate has three decimals"


def test_without_tax_nothing_is_taxed() -> None:
    bill = bill_of_reading(reading(tax="", total="40.00"), OWN, "EUR")
    assert [line.tax.category for line in bill.content.lines] == [TaxCategory.ZERO_RATED]


@pytest.mark.parametrize(
    ("said", "country"),
    [
        ({"vendor_tax_id": "FR83404833048"}, "FR"),
        ({"vendor_tax_id": "EL123456789"}, "GR"),
        ({"vendor_tax_id": "12-3456789", "iban": "GB82WEST12345698765432"}, "GB"),
        ({}, "DE"),
    ],
)
def test_where_the_supplier_is(said: dict[str, str], country: str) -> None:
    assert bill_of_reading(reading(**said), OWN, "EUR").content.seller.address.country == country


def test_an_account_with_wrong_check_digits_is_none() -> None:
    assert bill_of_reading(reading(iban="GB82WEST12345698765433"), OWN, "EUR").content.account is None


@pytest.mark.parametrize("said", [{"total": ""}, {"vendor": ""}, {"total": "-119.00"}])
def test_what_is_no_bill(said: dict[str, str]) -> None:
    with pytest.raises(Conflict) as refusal:
        bill_of_reading(reading(**said), OWN, "EUR")
    assert refusal.value.code == "not_a_bill"
