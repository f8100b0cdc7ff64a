"""Bills for QuickBooks Desktop: Intuit Interchange Format, tab-separated, in Windows-1252.

A bill is negative in accounts payable and positive in its expense accounts; a refund is the reverse; each
adds up to zero. Its file has no place for a currency: the memo says it.
http://support.quickbooks.intuit.com/support/Pages/InProductHelp/Core/QB2K8/ContentPackage/Core/IIF/iif_reference_transactions.html
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from sheaf.capture.amounts import plain
from sheaf.exports.bills import account_of, bill_of
from sheaf.exports.cells import inert, one_line
from sheaf.exports.rows import ExportedDocument, Layout, Written

HEADINGS: tuple[tuple[str, ...], ...] = (
    ("!TRNS", "TRNSID", "TRNSTYPE", "DATE", "ACCNT", "NAME", "CLASS", "AMOUNT", "DOCNUM", "MEMO", "CLEAR",
     "TOPRINT", "ADDR5", "DUEDATE", "TERMS"),
    ("!SPL", "SPLID", "TRNSTYPE", "DATE", "ACCNT", "NAME", "CLASS", "AMOUNT", "DOCNUM", "MEMO", "CLEAR",
     "QNTY", "REIMBEXP", "SERVICEDATE", "OTHER2"),
    ("!ENDTRNS",),
)  # fmt: skip
_PAYABLE = "Accounts Payable"
_ACCOUNT = "Uncategorized Expenses"
_NAME, _NUMBER, _MEMO = 41, 20, 200
"""Characters that QuickBooks keeps."""


def write(documents: Iterable[ExportedDocument], out: BinaryIO, layout: Layout) -> Written:
    for cells in HEADINGS:
        _line(out, cells)
    for document in documents:
        for cells in _transaction(document, layout):
            _line(out, cells)
    return Written(extension="iif", content_type="text/plain; charset=windows-1252")


def _transaction(document: ExportedDocument, layout: Layout) -> Iterator[tuple[str, ...]]:
    bill = bill_of(document)
    kind, sign = ("BILL REFUND", 1) if bill.is_credit else ("BILL", -1)
    issued, due, supplier = _day(bill.issued), _day(bill.due), _text(bill.supplier, _NAME)
    account = _text(account_of(document, layout) or _ACCOUNT, _MEMO)
    memo = _text(" ".join(filter(None, (bill.currency, document.id))), _MEMO)
    number = _text(bill.number[-_NUMBER:], _NUMBER)
    yield (
        "TRNS", "", kind, issued, _PAYABLE, supplier, "", _amount(sign * bill.total), number, memo, "N", "N",
        "", due, "",
    )  # fmt: skip
    rows = [(row.description, row.amount) for row in bill.rows]
    for described, amount in (*rows, *((("Tax", bill.tax),) if bill.tax else ())):
        yield (
            "SPL", "", kind, issued, account, "", "", _amount(-sign * amount), "", _text(described, _MEMO),
            "N", "", "NOTHING", "", "",
        )  # fmt: skip
    yield ("ENDTRNS",)


def _line(out: BinaryIO, cells: tuple[str, ...]) -> None:
    out.write("\t".join(cells).encode("cp1252") + b"\r\n")


def _text(text: str, longest: int) -> str:
    """Without what the format cannot say: tabs, quotes, and letters outside Windows-1252 lose their marks."""
    plainly = inert(one_line(text).replace('"', "'"))
    return "".join(map(_letter, plainly))[:longest]


def _letter(letter: str) -> str:
    for form in (letter, unicodedata.normalize("NFKD", letter)):
        fits = form.encode("cp1252", "ignore").decode("cp1252")
        if fits:
            return fits
    return "?"


def _day(on: date) -> str:
    return on.strftime("%m/%d/%Y")


def _amount(amount: Decimal) -> str:
    return plain(amount)
