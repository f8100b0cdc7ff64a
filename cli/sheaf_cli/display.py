"""Readings for people: a table of many, or everything about one."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from sheaf_cli.reading import Record

_FIELDS = (
    "vendor", "vendor_address", "vendor_tax_id", "buyer", "buyer_address", "buyer_tax_id", "invoice_number",
    "purchase_order", "invoice_date", "due_date", "payment_terms", "currency", "subtotal", "discount",
    "charges", "tax", "total", "prepaid", "amount_due", "iban", "bic",
    "account_number", "routing_number",
)  # fmt: skip
_STYLES = {"ready": "green", "needs_review": "yellow", "failed": "red"}
_UNSURE = 0.6


def summary(records: Sequence[Record]) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    for heading, share in (("File", 3), ("Vendor", 3), ("Number", 2)):
        table.add_column(heading, overflow="ellipsis", no_wrap=True, ratio=share)
    table.add_column("Date", no_wrap=True, min_width=10)
    table.add_column("Total", justify="right", no_wrap=True, min_width=12)
    table.add_column("Status", no_wrap=True, min_width=12)
    for record in _invoices(records):
        table.add_row(
            Text(_name(record)),
            Text(record.get("vendor", "")),
            Text(record.get("invoice_number", "")),
            record.get("invoice_date", ""),
            " ".join(filter(None, (record.get("total"), record.get("currency")))),
            _status(record),
        )
    failures = [
        Text.assemble((_name(record), "bold"), ": ", (record["error"]["message"], "red"))
        for record in records
        if "error" in record
    ]
    return Group(table, *failures)


def detail(record: Record) -> RenderableType:
    """All there is to say of a file; of each invoice in it, one after the other."""
    if "error" in record:
        return Text.assemble((record["path"], "bold"), "  ", (record["error"]["message"], "red"))
    return Group(*map(_invoice, _invoices([record])))


def _invoices(records: Sequence[Record]) -> Iterator[Record]:
    """A record each, whose ``part`` says which of the file's it is."""
    for record in records:
        parts = record.get("parts")
        if parts is None:
            yield record
            continue
        for number, part in enumerate(parts, 1):
            yield {"path": record["path"], "part": f"{number}/{len(parts)}", **part}


def _invoice(record: Record) -> RenderableType:
    title = Text.assemble((record["path"], "bold"), _place(record), "  ", _status(record))
    parts: list[RenderableType] = [
        title,
        _fields(record),
    ]
    if record["line_items"]:
        parts.append(_line_items(record["line_items"]))
    parts.extend(
        Text.assemble(("! " if check["severity"] == "error" else "· ", "yellow"), check["message"])
        for check in record["checks"]
    )
    return Group(*parts)


def _name(record: Record) -> str:
    return " ".join(filter(None, (record.get("part"), PurePath(record["path"]).name)))


def _place(record: Record) -> str:
    if "part" not in record:
        return ""
    first, last = record["pages"]
    pages = f"page {first}" if first == last else f"pages {first} to {last}"
    return f", {record['part']}: {pages}"


def _status(record: Record) -> Text:
    return Text(record["status"].replace("_", " "), _STYLES[record["status"]])


def _fields(record: Record) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for name in _FIELDS:
        if name in record:
            confidence = record["confidence"][name]
            style = "yellow" if confidence < _UNSURE else "dim"
            value = Text(" ".join(record[name].split()))
            table.add_row(name.replace("_", " "), value, Text(f"{confidence:.0%}", style))
    return table


def _line_items(items: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Description", overflow="fold", ratio=1)
    for heading in ("Quantity", "Unit price", "Amount"):
        table.add_column(heading, justify="right", no_wrap=True)
    for item in items:
        quantity = " ".join(filter(None, (item.get("quantity"), item.get("unit"))))
        described = " ".join(item.get("description", "").split())
        table.add_row(Text(described), quantity, item.get("unit_price", ""), item.get("amount", ""))
    return table
