"""The lines of goods and services."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from sheaf.capture.amounts import parse_amount, plain
from sheaf.capture.normalise import labels
from sheaf.capture.reading import LineItem

if TYPE_CHECKING:
    from sheaf.capture.amounts import DecimalMark
    from sheaf.capture.normalise.answer import Answer, Entry, Row

_PRICE_LABEL = re.compile(r"price|preis|prix|precio|prezzo|prijs|rate|unit|tarif|einzel|\bp\.?u\b")
_UNIT = re.compile(
    r"\d\s*(pcs?|st(?:k|ck)?|hrs?|h|kg|g|l|m2?|days?|tage?|ea|unit[es]?|pce|box(?:es)?)\b\.?", re.IGNORECASE
)
_SUM_LABELS = (
    "total",
    "subtotal",
    "tax",
    "amount_due",
    "prepaid",
    "rounding",
    "tendered",
    "change",
    "ignored",
)
_ROUNDED = Decimal("0.02")
_SUM_WORDS_AT_MOST = 4


def find_line_items(answer: Answer, mark: DecimalMark | None) -> tuple[LineItem, ...]:
    """Rows that repeat a page's heading, its sums, or what the page before came to are left out."""
    lines: list[LineItem] = []
    for row in answer.rows:
        if _is_heading(row) or _is_sum(row):
            continue
        line = _line_item(row, mark)
        if line is not None and not _is_carried(row, line, lines):
            lines.append(line)
    return tuple(lines)


def lines_sum(lines: tuple[LineItem, ...]) -> Decimal | None:
    amounts = [Decimal(line.amount) for line in lines if line.amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def _is_heading(row: Row) -> bool:
    return len(row.cells) > 1 and not any(c.isdigit() for cell in row.cells for c in cell.text)


def _is_carried(row: Row, line: LineItem, before: list[LineItem]) -> bool:
    """What calls itself a sum or carried forward (though a "report" can be sold), and is what came before."""
    text = _said(row)
    is_sum = len(before) > 1 and (_is_bare(row) or labels.money_role(text) in _SUM_LABELS)
    if row.cell("QUANTITY", "UNIT_PRICE") or not (is_sum or labels.means(text, "carried")):
        return False
    so_far = lines_sum(tuple(before))
    return so_far is not None and line.amount is not None and Decimal(line.amount) == so_far


def _is_bare(row: Row) -> bool:
    return row.cell("ITEM", "PRODUCT_CODE") is None


def _said(row: Row) -> str:
    item = row.cell("ITEM")
    return item.text if item else (row.whole.text if row.whole else "")


def _is_sum(row: Row) -> bool:
    if row.cell("QUANTITY", "UNIT_PRICE", "PRODUCT_CODE"):
        return False
    text = _said(row)
    return len(text.split()) <= _SUM_WORDS_AT_MOST and labels.money_role(text) in _SUM_LABELS


def _line_item(row: Row, mark: DecimalMark | None) -> LineItem | None:
    item, price = row.cell("ITEM"), row.cell("PRICE")
    amount = parse_amount(price.text, mark=mark) if price else None
    quantity_cell = row.cell("QUANTITY")
    quantity = parse_amount(quantity_cell.text, mark=mark, three_digits="decimals") if quantity_cell else None
    unit_price = _unit_price(row, mark)
    if quantity is not None and unit_price is not None:
        net = round(quantity * unit_price, 2)
        amount = net if amount is None or _holds_tax(amount, net, row, mark) else amount
    if item is None and amount is None:
        return None
    shown = row.whole or row.cells[0]
    code = row.cell("PRODUCT_CODE")
    unit = _UNIT.search(quantity_cell.text) if quantity_cell else None
    return LineItem(
        description=" ".join(item.text.split()) if item else None,
        product_code=code.text if code else None,
        quantity=None if quantity is None else plain(quantity),
        unit=unit[1] if unit else None,
        unit_price=None if unit_price is None else plain(unit_price),
        tax_rate=_tax_rate(row),
        amount=None if amount is None else plain(amount),
        confidence=round(min(cell.confidence for cell in row.cells), 3),
        page=shown.page,
        box=shown.box,
    )


def _holds_tax(amount: Decimal, net: Decimal, row: Row, mark: DecimalMark | None) -> bool:
    """Whether a row states quantity and price without tax and, at its end, what they come to with it.

    The tax beside them proves it, as an amount or as a rate.
    """
    if abs(amount) <= abs(net):
        return False
    tax = amount - net
    rate = _tax_rate(row)
    if rate is not None and abs(net * Decimal(rate) / 100 - tax) <= _ROUNDED:
        return True
    taxes = (
        parse_amount(cell.text, mark=mark)
        for cell in row.cells
        if cell.type == "TAX" or (cell.type == "OTHER" and labels.money_role(cell.label) == "tax")
    )
    return any(stated is not None and abs(stated - tax) <= _ROUNDED for stated in taxes)


def _unit_price(row: Row, mark: DecimalMark | None) -> Decimal | None:
    """A column called "Price" beside one called "Amount" comes as OTHER."""
    cell: Entry | None = row.cell("UNIT_PRICE")
    if cell is None and row.cell("PRICE") is not None:
        cell = next(
            (c for c in row.cells if c.type == "OTHER" and _PRICE_LABEL.search(labels.folded(c.label))), None
        )
    if cell is None or "%" in cell.text:
        return None
    return parse_amount(cell.text, mark=mark)


def _tax_rate(row: Row) -> str | None:
    for cell in row.cells:
        if cell.type in ("OTHER", "TAX") and labels.money_role(cell.label) == "tax":
            rate = labels.tax_rate(cell.text) or labels.tax_rate(f"{cell.text}%")
            if rate:
                return rate
    said = (cell.text for cell in row.cells if labels.money_role(cell.text) == "tax")
    return next(filter(None, map(labels.tax_rate, said)), None)
