"""A reading: what a captured file says, each field with where it came from.

Values are strings in one normal form, whatever the page shows: dates ``YYYY-MM-DD``, amounts and
quantities plain decimals with a point (``-1234.50``), currencies ISO 4217, tax rates in percent.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

FIELD_NAMES = (
    "vendor", "vendor_address", "vendor_tax_id", "buyer", "buyer_address", "buyer_tax_id",
    "invoice_number", "purchase_order", "invoice_date", "due_date", "payment_terms", "currency",
    "subtotal", "discount", "charges", "tax", "total", "prepaid", "amount_due", "iban", "bic",
    "account_number", "routing_number",
)  # fmt: skip


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(StrEnum):
    XML = "xml"
    TEXTRACT = "textract"
    EMBEDDED = "embedded"
    PERSON = "person"
    MEMORY = "memory"


class DocumentType(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"


class Box(_Record):
    """Left, top, width and height as shares of the page (0 to 1), the origin at the top left."""

    left: float
    top: float
    width: float
    height: float


class Field(_Record):
    """``raw`` is the text as printed; ``confidence`` runs from 0 to 1; ``page`` counts from 1."""

    value: str
    raw: str | None = None
    confidence: float = 1.0
    page: int | None = None
    box: Box | None = None
    source: Source


class LineItem(_Record):
    """``tax_rate`` is in percent; amounts are net where the document shows net amounts."""

    description: str | None = None
    product_code: str | None = None
    quantity: str | None = None
    unit: str | None = None
    unit_price: str | None = None
    tax_rate: str | None = None
    amount: str | None = None
    confidence: float = 1.0
    page: int | None = None
    box: Box | None = None


class TaxLine(_Record):
    rate: str | None = None
    base: str | None = None
    amount: str


class Check(_Record):
    """A finding. An ``error`` sends the document to a person; a ``warning`` is only shown."""

    code: str
    message: str
    severity: Literal["error", "warning"] = "error"
    fields: tuple[str, ...] = ()
    expected: str | None = None
    found: str | None = None


class Reading(_Record):
    document_type: DocumentType = DocumentType.INVOICE
    engine: Source
    fields: dict[str, Field] = {}
    line_items: tuple[LineItem, ...] = ()
    tax_breakdown: tuple[TaxLine, ...] = ()
    checks: tuple[Check, ...] = ()

    def value(self, name: str) -> str | None:
        field = self.fields.get(name)
        return field.value if field else None


class Part(_Record):
    """One of the invoices of a file: what it says, and the pages (counted from 1) it stands on."""

    reading: Reading
    first_page: int
    last_page: int
