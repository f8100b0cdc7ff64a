"""AnalyzeExpense answers, small."""

from __future__ import annotations

from typing import Any


def answer(**fields: str) -> dict[str, Any]:
    """One page; a field is named by its type: ``answer(VENDOR_NAME="Acme Ltd", TOTAL="$ 12.00")``."""
    summary = [
        {
            "Type": {"Text": kind, "Confidence": 99.0},
            "ValueDetection": {"Text": text, "Confidence": 99.0, "Geometry": _somewhere(row)},
            "PageNumber": 1,
        }
        for row, (kind, text) in enumerate(fields.items())
    ]
    return {
        "DocumentMetadata": {"Pages": 1},
        "ExpenseDocuments": [{"ExpenseIndex": 1, "SummaryFields": summary, "LineItemGroups": []}],
    }


def acme(total: str = "119.00", number: str = "INV-1001") -> dict[str, Any]:
    return answer(
        VENDOR_NAME="Acme Tools Ltd",
        INVOICE_RECEIPT_ID=number,
        INVOICE_RECEIPT_DATE="2026-11-02",
        SUBTOTAL="USD 100.00",
        TAX="USD 19.00",
        TOTAL=f"USD {total}",
    )


def packet(*pages: int) -> dict[str, Any]:
    """A file of invoices, each of so many pages: ``packet(1, 3, 1)``."""
    documents: list[dict[str, Any]] = []
    for number, count in enumerate(pages, 1):
        invoice = answer(
            VENDOR_NAME="Acme Tools Ltd",
            INVOICE_RECEIPT_ID=f"INV-20{number:02}",
            INVOICE_RECEIPT_DATE=f"2026-11-{number:02}",
            SUBTOTAL=f"USD {number}00.00",
            TAX=f"USD {number}9.00",
            TOTAL=f"USD {number * 100 + number * 10 + 9}.00",
        )["ExpenseDocuments"][0]
        for _ in range(count):
            documents.append(_on_page(invoice, len(documents) + 1))
    return {"DocumentMetadata": {"Pages": len(documents)}, "ExpenseDocuments": documents}


def _on_page(document: dict[str, Any], page: int) -> dict[str, Any]:
    fields = [{**field, "PageNumber": page} for field in document["SummaryFields"]]
    return {**document, "ExpenseIndex": page, "SummaryFields": fields}


def _somewhere(row: int) -> dict[str, Any]:
    left, top, width, height = 0.1, 0.05 + row * 0.05, 0.2, 0.02
    corners = ((left, top), (left + width, top), (left + width, top + height), (left, top + height))
    return {
        "BoundingBox": {"Left": left, "Top": top, "Width": width, "Height": height},
        "Polygon": [{"X": x, "Y": y} for x, y in corners],
    }
