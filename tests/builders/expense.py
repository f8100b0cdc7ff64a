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


def acme(total: str = "119.00") -> dict[str, Any]:
    return answer(
        VENDOR_NAME="Acme Tools Ltd",
        INVOICE_RECEIPT_ID="INV-1001",
        INVOICE_RECEIPT_DATE="2026-11-02",
        SUBTOTAL="USD 100.00",
        TAX="USD 19.00",
        TOTAL=f"USD {total}",
    )


def _somewhere(row: int) -> dict[str, Any]:
    left, top, width, height = 0.1, 0.05 + row * 0.05, 0.2, 0.02
    corners = ((left, top), (left + width, top), (left + width, top + height), (left, top + height))
    return {
        "BoundingBox": {"Left": left, "Top": top, "Width": width, "Height": height},
        "Polygon": [{"X": x, "Y": y} for x, y in corners],
    }
