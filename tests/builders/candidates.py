"""AnalyzeExpense answers field by field, and what is read of them."""

from __future__ import annotations

from typing import Any

from sheaf.capture.normalise import normalise
from sheaf.capture.reading import Part, Reading, Source

type Values = dict[str, Any]


def field(kind: str, text: str, label: str = "", *, confidence: float = 99.0) -> Values:
    return {
        "Type": {"Text": kind, "Confidence": confidence},
        "LabelDetection": {"Text": label, "Confidence": confidence},
        "ValueDetection": {"Text": text, "Confidence": confidence},
    }


def row(**cells: str) -> Values:
    return {"LineItemExpenseFields": [field(kind, text) for kind, text in cells.items()]}


def page(
    *fields: Values, rows: tuple[Values, ...] = (), lines: tuple[str, ...] = (), number: int = 1
) -> Values:
    blocks = [{"BlockType": "LINE", "Text": line, "Confidence": 99.0, "Page": number} for line in lines]
    groups = [{"LineItemGroupIndex": 1, "LineItems": list(rows)}]
    summary = [{**one, "PageNumber": number} for one in fields]
    return {"SummaryFields": summary, "LineItemGroups": groups, **({"Blocks": blocks} if blocks else {})}


def parts(*pages: Values) -> tuple[Part, ...]:
    return normalise({"ExpenseDocuments": list(pages)}, source=Source.TEXTRACT)


def read(*pages: Values) -> Reading:
    """Of a file with one invoice."""
    (part,) = parts(*pages)
    return part.reading


def values(reading: Reading, *names: str) -> tuple[str | None, ...]:
    return tuple(map(reading.value, names))


def codes(reading: Reading) -> set[str]:
    return {check.code for check in reading.checks}


INVOICE = (
    field("VENDOR_NAME", "Fernhollow Paper Ltd"),
    field("INVOICE_RECEIPT_ID", "INV-1001", "Invoice no."),
    field("INVOICE_RECEIPT_DATE", "14 March 2026", "Invoice date"),
    field("SUBTOTAL", "£250.00", "Subtotal"),
    field("TAX", "£50.00", "VAT 20%"),
    field("TOTAL", "£300.00", "Total"),
)
