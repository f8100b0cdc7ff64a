"""Bills for QuickBooks Online (Settings → Import data → Bills): the columns of its sample file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from sheaf.exports.bills import account_of, bill_of, tax_code_of
from sheaf.exports.bills import refusal as no_bill
from sheaf.exports.pieces import Limits, in_pieces
from sheaf.exports.rows import ExportedDocument, Layout, Written
from sheaf.exports.tables import Cell, write_csv
from sheaf.exports.xero_csv import day

COLUMNS = (
    "*BillNo", "*Supplier", "*BillDate", "*DueDate", "Terms", "Location", "Memo", "*Account",
    "LineDescription", "*LineAmount", "*LineTaxCode", "LineTaxAmount", "Currency",
)  # fmt: skip
_LIMITS = Limits(bills=100, rows=1000)
_LONGEST_NUMBER = 21
_ACCOUNT = "Uncategorised Expense"
"""QuickBooks' own account for what nobody has sorted yet."""


def refusal(document: ExportedDocument) -> str | None:
    """QuickBooks Online imports no negative bills, and no supplier credits."""
    reason = no_bill(document)
    if reason is None and bill_of(document).is_credit:
        return "credit_note_not_taken"
    return reason


def write(documents: Iterable[ExportedDocument], out: BinaryIO, layout: Layout) -> Written:
    bills = (list(_rows(document, layout)) for document in documents)
    return in_pieces(
        bills, lambda rows, into: write_csv(COLUMNS, rows, into), out, limits=_LIMITS, name="quickbooks-bills"
    )


def _rows(document: ExportedDocument, layout: Layout) -> Iterator[tuple[Cell, ...]]:
    """A tax that no code says anything about is a row of its own, so that the bill comes to its total."""
    bill = bill_of(document)
    about = (
        bill.number[-_LONGEST_NUMBER:],
        bill.supplier,
        day(bill.issued, layout),
        day(bill.due, layout),
        None,
        None,
        document.id,
        account_of(document, layout) or _ACCOUNT,
    )
    codes = [tax_code_of(document, layout, row.rate) for row in bill.rows]
    is_coded = all(code and row.tax is not None for row, code in zip(bill.rows, codes, strict=True))
    for row, code in zip(bill.rows, codes, strict=True):
        tax = (code, row.tax) if is_coded else (None, None)
        yield (*about, row.description, row.amount, *tax, bill.currency)
    if not is_coded and bill.tax:
        yield (*about, "Tax", bill.tax, None, None, bill.currency)
