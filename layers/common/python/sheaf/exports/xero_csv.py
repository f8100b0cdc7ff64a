"""Bills for Xero: the columns of its own template (Bills to pay → Import), net amounts.

https://central.xero.com/s/article/Import-bills-into-Xero
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from sheaf.capture.amounts import plain
from sheaf.exports.bills import Bill, Row, account_of, bill_of, tax_code_of
from sheaf.exports.pieces import Limits, in_pieces
from sheaf.exports.rows import ExportedDocument, Layout, Written
from sheaf.exports.tables import Cell, write_csv

COLUMNS = (
    "*ContactName", "EmailAddress", "POAddressLine1", "POAddressLine2", "POAddressLine3", "POAddressLine4",
    "POCity", "PORegion", "POPostalCode", "POCountry", "*InvoiceNumber", "*InvoiceDate", "*DueDate", "Total",
    "InventoryItemCode", "Description", "*Quantity", "*UnitAmount", "*AccountCode", "*TaxType", "TaxAmount",
    "TrackingName1", "TrackingOption1", "TrackingName2", "TrackingOption2", "Currency",
)  # fmt: skip
_LIMITS = Limits(bills=500, rows=1000)
_PRICE_DECIMALS = 4
_ONE = Decimal(1)


def write(documents: Iterable[ExportedDocument], out: BinaryIO, layout: Layout) -> Written:
    """A bill whose total is negative becomes a credit note."""
    bills = (list(_rows(document, layout)) for document in documents)
    return in_pieces(
        bills, lambda rows, into: write_csv(COLUMNS, rows, into), out, limits=_LIMITS, name="xero-bills"
    )


def _rows(document: ExportedDocument, layout: Layout) -> Iterator[tuple[Cell, ...]]:
    bill = bill_of(document)
    for row in bill.rows:
        cells: dict[str, Cell] = {
            "*ContactName": bill.supplier,
            "*InvoiceNumber": bill.number,
            "*InvoiceDate": day(bill.issued, layout),
            "*DueDate": day(bill.due, layout),
            "Total": _signed(bill, bill.total),
            "Description": row.description,
            **_price(bill, row),
            "*AccountCode": account_of(document, layout),
            "*TaxType": tax_code_of(document, layout, row.rate),
            "TaxAmount": None if row.tax is None else _signed(bill, row.tax),
            "Currency": bill.currency,
        }
        yield tuple(cells.get(name) for name in COLUMNS)


def day(on: date, layout: Layout) -> str:
    return on.strftime("%m/%d/%Y" if layout.month_first else "%d/%m/%Y")


def _price(bill: Bill, row: Row) -> dict[str, Cell]:
    """Xero multiplies the two, and takes four decimals of a price."""
    price = row.unit_price
    if price is None or -int(price.normalize().as_tuple().exponent) > _PRICE_DECIMALS:
        return {"*Quantity": _ONE, "*UnitAmount": _signed(bill, row.amount)}
    return {"*Quantity": Decimal(plain(row.quantity)), "*UnitAmount": _signed(bill, price)}


def _signed(bill: Bill, amount: Decimal) -> Decimal:
    return -amount if bill.is_credit else amount
