"""What each format can take, and what writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from sheaf.exports import bills, plain_json, quickbooks_csv, quickbooks_iif, tables, ubl, workbook, xero_csv
from sheaf.exports.formats import Format
from sheaf.exports.rows import ExportedDocument, Layout, Written


def _any_document(_document: ExportedDocument) -> None:
    return None


@dataclass(frozen=True)
class Target:
    """``write`` puts documents into a file in one pass, in memory that does not grow with their number (an
    archive remembers the names of its members). ``refusal``: why it cannot take a document, None if it can.

    ``one_currency``: its rows do not say in which currency they are.
    """

    write: Callable[[Iterable[ExportedDocument], BinaryIO, Layout], Written]
    refusal: Callable[[ExportedDocument], str | None] = _any_document
    one_currency: bool = False


TARGETS: dict[Format, Target] = {
    Format.CSV: Target(tables.write_documents),
    Format.CSV_LINES: Target(tables.write_lines),
    Format.XLSX: Target(workbook.write),
    Format.JSON: Target(plain_json.write),
    Format.QUICKBOOKS_CSV: Target(quickbooks_csv.write, quickbooks_csv.refusal),
    Format.QUICKBOOKS_IIF: Target(quickbooks_iif.write, bills.refusal, one_currency=True),
    Format.XERO_CSV: Target(xero_csv.write, bills.refusal),
    Format.UBL: Target(ubl.write, ubl.refusal),
}
