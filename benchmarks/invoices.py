"""Invoices as they come in life, for the counts: the samples' contents, as Textract would answer them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

SAMPLES = Path(__file__).parents[1] / "samples"
SIX_LINES = "us-office-furniture.pdf"
SIXTY_LINES = "ch-components-60-lines.pdf"
E_INVOICE = "be-printer-ubl.xml"

_TYPES = {
    "vendor": "VENDOR_NAME",
    "buyer": "RECEIVER_NAME",
    "invoice_number": "INVOICE_RECEIPT_ID",
    "invoice_date": "INVOICE_RECEIPT_DATE",
    "due_date": "DUE_DATE",
    "subtotal": "SUBTOTAL",
    "tax": "TAX",
    "total": "TOTAL",
    "amount_due": "AMOUNT_DUE",
}
_CELLS = {"description": "ITEM", "quantity": "QUANTITY", "unit_price": "UNIT_PRICE", "amount": "PRICE"}
_LINES_A_PAGE = 28


@cache
def contents() -> dict[str, dict[str, Any]]:
    """By file name: what each sample says."""
    answers = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
    return {answer["path"]: answer for answer in answers}


def filename(invoice: dict[str, Any]) -> str:
    """The way accounting departments name files: date, supplier, number."""
    name = f"{invoice['invoice_date']} {invoice['vendor']} {invoice['invoice_number']}.pdf"
    return name.replace("/", "-")


def several(count: int) -> Iterator[dict[str, Any]]:
    """Different invoices of different suppliers: of each, one a day."""
    known = list(contents().values())
    for turn in range(count):
        invoice = dict(known[turn % len(known)])
        invoice["invoice_number"] = f"{invoice.get('invoice_number', 'R')}-{turn}"
        day = date.fromisoformat(invoice["invoice_date"]) - timedelta(days=turn // len(known))
        invoice["invoice_date"] = day.isoformat()
        yield invoice


def analysed(invoice: dict[str, Any]) -> dict[str, Any]:
    """An AnalyzeExpense answer: one expense document a page, every value with its full-precision box."""
    random = Random(invoice["path"])  # noqa: S311 - the same answer in every run, nothing secret
    lines = invoice["line_items"]
    sheets = [lines[at : at + _LINES_A_PAGE] for at in range(0, len(lines), _LINES_A_PAGE)] or [[]]
    documents = []
    for page, sheet in enumerate(sheets, start=1):
        fields = [
            _field(random, kind, _printed(invoice, name), page)
            for name, kind in _TYPES.items()
            if page == 1 and name in invoice
        ]
        rows = [{"LineItemExpenseFields": _row(random, line, page)} for line in sheet]
        documents.append(
            {
                "ExpenseIndex": page,
                "SummaryFields": fields,
                "LineItemGroups": [{"LineItemGroupIndex": 1, "LineItems": rows}],
            }
        )
    return {"DocumentMetadata": {"Pages": len(sheets)}, "ExpenseDocuments": documents}


def _printed(invoice: dict[str, Any], name: str) -> str:
    value = str(invoice[name])
    return f"{invoice['currency']} {value}" if name in ("subtotal", "tax", "total", "amount_due") else value


def _row(random: Random, line: dict[str, Any], page: int) -> list[dict[str, Any]]:
    cells = [_field(random, kind, str(line[name]), page) for name, kind in _CELLS.items() if line.get(name)]
    whole = " ".join(str(line[name]) for name in _CELLS if line.get(name))
    return [*cells, _field(random, "EXPENSE_ROW", whole, page)]


def _field(random: Random, kind: str, text: str, page: int) -> dict[str, Any]:
    left, top = random.random() / 2, random.random()
    width, height = random.random() / 2, random.random() / 50
    box = {"Left": left, "Top": top, "Width": width, "Height": height}
    return {
        "Type": {"Text": kind, "Confidence": 90 + 10 * random.random()},
        "ValueDetection": {
            "Text": text,
            "Confidence": 90 + 10 * random.random(),
            "Geometry": {"BoundingBox": box},
        },
        "PageNumber": page,
    }
