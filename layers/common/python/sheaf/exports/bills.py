"""A document as bookkeeping sees it: what is owed to whom, on rows that add up to the total exactly.

    total_missing, supplier_missing, date_missing   why a document cannot be posted

The rows are the document's lines where these add up to its net amount; else one for each rate of its tax
breakdown, where that adds up; else a single one. A wrong sum in the books is worse than a missing detail.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sheaf.capture.amounts import plain
from sheaf.capture.reading import DocumentType, LineItem, Reading
from sheaf.exports.cells import date_of, decimal_of, one_line
from sheaf.exports.rows import ExportedDocument, Layout
from sheaf.kernel.money import quantize

_ZERO = Decimal(0)
_MOST_ROWS = 500
"""Of one bill; a longer one has a row for each tax rate, or a single one. Targets take 1,000 rows a file."""


@dataclass(frozen=True)
class Row:
    """``amount`` and ``unit_price`` are net, ``rate`` is in percent. What is None is not known."""

    description: str
    amount: Decimal
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    rate: Decimal | None = None
    tax: Decimal | None = None


@dataclass(frozen=True)
class Bill:
    """Amounts are positive, those of a credit note as well (``is_credit``): each target has its own sign.

    ``net`` + ``tax`` is ``total``, and the rows' amounts add up to ``net``.
    """

    supplier: str
    number: str
    issued: date
    due: date
    currency: str | None
    is_credit: bool
    net: Decimal
    tax: Decimal
    total: Decimal
    rows: tuple[Row, ...]


def refusal(document: ExportedDocument) -> str | None:
    """Why there is no bill in it."""
    reading = document.reading
    if _total(reading) is None:
        return "total_missing"
    if not reading.value("vendor"):
        return "supplier_missing"
    return None if date_of(reading.value("invoice_date")) else "date_missing"


def bill_of(document: ExportedDocument) -> Bill:
    """Of a document that has no ``refusal``.

    A receipt without a number is known by the end of its document's id; what says not when it is due is due
    at once.
    """
    reading = document.reading
    total, issued = _total(reading), date_of(reading.value("invoice_date"))
    if total is None or issued is None:
        raise ValueError("a document that cannot be posted")
    sign = Decimal(-1) if total < 0 else Decimal(1)
    total = total * sign
    tax = _tax(reading, total, sign)
    net = total - tax
    rows = _rows(reading, net, tax, sign)
    return Bill(
        supplier=one_line(reading.value("vendor") or ""),
        number=one_line(reading.value("invoice_number") or document.id[-20:]),
        issued=issued,
        due=date_of(reading.value("due_date")) or issued,
        currency=reading.value("currency"),
        is_credit=sign < 0 or reading.document_type is DocumentType.CREDIT_NOTE,
        net=net,
        tax=tax,
        total=total,
        rows=_with_taxes(rows, tax, reading.value("currency")),
    )


def account_of(document: ExportedDocument, layout: Layout) -> str | None:
    return document.account or layout.account


def tax_code_of(document: ExportedDocument, layout: Layout, rate: Decimal | None) -> str | None:
    if document.tax_code or rate is None:
        return document.tax_code
    return layout.tax_codes.get(plain(rate.normalize()))


def _total(reading: Reading) -> Decimal | None:
    total = decimal_of(reading.value("total"))
    if total is not None:
        return total
    subtotal = decimal_of(reading.value("subtotal"))
    if subtotal is None:
        return decimal_of(reading.value("amount_due"))
    return subtotal + (decimal_of(reading.value("tax")) or _ZERO)


def _tax(reading: Reading, total: Decimal, sign: Decimal) -> Decimal:
    """Credit notes print the sign of the total alone, at times."""
    printed, subtotal = decimal_of(reading.value("tax")), decimal_of(reading.value("subtotal"))
    tax = _ZERO if printed is None else printed * sign
    printed_alone = tax < 0 and subtotal is not None and total + tax == abs(subtotal)
    return -tax if printed_alone else tax


def _rows(reading: Reading, net: Decimal, tax: Decimal, sign: Decimal) -> tuple[Row, ...]:
    for rows in (_by_line(reading, net, sign), _by_rate(reading, net, tax)):
        if rows and len(rows) <= _MOST_ROWS and _sum(row.amount for row in rows) == net:
            return rows
    rates = _rates(reading)
    return (Row(_subject(reading), net, rate=rates[0] if len(rates) == 1 else None),)


def _by_line(reading: Reading, net: Decimal, sign: Decimal) -> tuple[Row, ...]:
    """With what is taken off or put on the whole, if the sum needs it. Lines of credit notes are printed with
    either sign.
    """
    lines = [line for line in reading.line_items if decimal_of(line.amount)]
    amounts = [decimal_of(line.amount) or _ZERO for line in lines]
    if not amounts:
        return ()
    turn = Decimal(-1) if _sum(amounts) < 0 <= net else Decimal(1)
    rows = tuple(_line(line, turn) for line in lines)
    if _sum(row.amount for row in rows) == net:
        return rows
    whole = [
        Row(name.capitalize(), direction * amount * sign)
        for name, direction in (("discount", -1), ("charges", 1))
        if (amount := decimal_of(reading.value(name)))
    ]
    return (*rows, *whole)


def _line(line: LineItem, turn: Decimal) -> Row:
    """Quantity and price only where their product is the amount."""
    amount = (decimal_of(line.amount) or _ZERO) * turn
    quantity, price = decimal_of(line.quantity), decimal_of(line.unit_price)
    row = Row(
        description=one_line(line.description or line.product_code or "") or "Item",
        amount=amount,
        rate=decimal_of(line.tax_rate),
    )
    if quantity and price and abs(quantity * price) == abs(amount):
        return replace(row, quantity=abs(quantity), unit_price=abs(price).copy_sign(amount))
    return row


def _by_rate(reading: Reading, net: Decimal, tax: Decimal) -> tuple[Row, ...]:
    rows = []
    for line in reading.tax_breakdown:
        base, amount, rate = decimal_of(line.base), decimal_of(line.amount), decimal_of(line.rate)
        if base is None or amount is None:
            return ()
        name = _subject(reading) if rate is None else f"{_subject(reading)} ({plain(rate.normalize())} %)"
        rows.append(Row(name, base, rate=rate, tax=amount))
    if _sum(row.amount for row in rows) < 0 <= net:
        rows = [replace(row, amount=-row.amount, tax=-(row.tax or _ZERO)) for row in rows]
    return tuple(rows) if _sum(row.tax or _ZERO for row in rows) == tax else ()


def _with_taxes(rows: tuple[Row, ...], tax: Decimal, currency: str | None) -> tuple[Row, ...]:
    """The tax of each row, where it follows from the rates; cents that rounding leaves go to the largest."""
    if len(rows) == 1:
        return (replace(rows[0], tax=tax),)
    if all(row.tax is not None for row in rows):
        return rows
    if any(row.rate is None for row in rows):
        return rows if tax else tuple(replace(row, tax=_ZERO) for row in rows)
    taxes = [quantize(row.amount * (row.rate or _ZERO) / 100, currency) for row in rows]
    left = tax - _sum(taxes)
    if abs(left) > Decimal("0.01") * len(rows):
        return rows
    largest = max(range(len(rows)), key=lambda number: abs(rows[number].amount))
    taxes[largest] += left
    return tuple(replace(row, tax=each) for row, each in zip(rows, taxes, strict=True))


def _rates(reading: Reading) -> Sequence[Decimal]:
    said = [line.rate for line in reading.tax_breakdown] or [line.tax_rate for line in reading.line_items]
    return sorted({rate for each in said if (rate := decimal_of(each)) is not None})


def _subject(reading: Reading) -> str:
    described = one_line(reading.line_items[0].description or "") if len(reading.line_items) == 1 else ""
    return described or f"{reading.document_type.value.replace('_', ' ').capitalize()} " + one_line(
        reading.value("invoice_number") or reading.value("vendor") or ""
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, _ZERO)
