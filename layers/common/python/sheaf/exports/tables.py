"""The readings as tables: a row for each document, or one for each line; as CSV (RFC 4180).

CSV is UTF-8 with a byte order mark, by which Excel knows it. Amounts are plain decimals, dates ISO 8601.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from sheaf.capture.amounts import plain
from sheaf.capture.reading import FIELD_NAMES
from sheaf.exports.cells import date_of, decimal_of, inert
from sheaf.exports.rows import ExportedDocument, Layout, Written

type Cell = str | Decimal | date | datetime | int | None

AMOUNTS = frozenset(("subtotal", "discount", "charges", "tax", "total", "prepaid", "amount_due"))
DATES = frozenset(("invoice_date", "due_date"))
DOCUMENT_COLUMNS = (
    "document_id", "filename", "status", "created_at", "decided_at", "document_type", *FIELD_NAMES,
    "account", "tax_code", "client", "lines",
)  # fmt: skip
LINE_COLUMNS = (
    "document_id", "vendor", "invoice_number", "invoice_date", "currency", "line", "description",
    "product_code", "quantity", "unit", "unit_price", "tax_rate", "amount",
)  # fmt: skip


def document_row(document: ExportedDocument) -> tuple[Cell, ...]:
    reading = document.reading
    return (
        document.id,
        document.filename,
        document.status.value,
        document.created_at,
        document.decided_at,
        reading.document_type.value,
        *(_cell(name, reading.value(name)) for name in FIELD_NAMES),
        document.account,
        document.tax_code,
        document.client,
        len(reading.line_items),
    )


def line_rows(document: ExportedDocument) -> Iterator[tuple[Cell, ...]]:
    reading = document.reading
    about = (
        document.id,
        *(
            _cell(name, reading.value(name))
            for name in ("vendor", "invoice_number", "invoice_date", "currency")
        ),
    )
    for number, line in enumerate(reading.line_items, start=1):
        yield (
            *about,
            number,
            line.description,
            line.product_code,
            _number(line.quantity),
            line.unit,
            _number(line.unit_price),
            _number(line.tax_rate),
            _number(line.amount),
        )


def write_documents(documents: Iterable[ExportedDocument], out: BinaryIO, _layout: Layout) -> Written:
    return write_csv(DOCUMENT_COLUMNS, map(document_row, documents), out)


def write_lines(documents: Iterable[ExportedDocument], out: BinaryIO, _layout: Layout) -> Written:
    return write_csv(LINE_COLUMNS, (row for document in documents for row in line_rows(document)), out)


def write_csv(columns: Iterable[str], rows: Iterable[Iterable[Cell]], out: BinaryIO) -> Written:
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_as_text(cell) for cell in row] for row in rows)
    text.detach()
    return Written(extension="csv", content_type="text/csv; charset=utf-8")


def _as_text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return inert(cell)
        case Decimal():
            return plain(cell)
        case datetime():
            return cell.isoformat(timespec="seconds").replace("+00:00", "Z")
        case date():
            return cell.isoformat()
        case int():
            return str(cell)


def _cell(name: str, value: str | None) -> Cell:
    if name in AMOUNTS:
        return _number(value)
    return date_of(value) or value if name in DATES else value


def _number(value: str | None) -> Cell:
    """What is no number stays what it is, as text."""
    number = decimal_of(value)
    return value if number is None else number
