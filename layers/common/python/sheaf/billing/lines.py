"""Lines as people give them, completed by the catalogue, the customer and the settings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from sheaf.billing.customers.customer import Customer
from sheaf.billing.document import Discount, LineItem, Price, Quantity, Tax, Text, Unit
from sheaf.billing.items.item import Item
from sheaf.billing.ports import Tenant
from sheaf.billing.settings import BillingSettings, Code
from sheaf.kernel.errors import InvalidRequest
from sheaf.kernel.names import Name

MOST_ROWS = 5000
"""Of text on all lines: some hundred pages. What kept the typesetter busy, or took all its memory, would keep
the mails of other workspaces waiting.
"""

_ROW = 60
"""Characters, about as wide as a line's column."""

ItemId = Annotated[str, StringConstraints(pattern=r"^itm_[0-7][0-9a-hjkmnp-tv-z]{25}$")]


class DraftLine(BaseModel):
    """What is left out is as the item says, a quantity is 1. ``tax_code`` names one of the workspace's tax
    rates. Without either, tax is the customer's, else the item's, else the workspace's default.
    """

    model_config = ConfigDict(extra="forbid")

    item_id: ItemId | None = None
    description: Text | None = None
    details: Text | None = None
    code: Name | None = None
    quantity: Quantity = Decimal(1)
    unit: Unit | None = None
    unit_price: Price | None = None
    discount: Discount | None = None
    tax: Tax | None = None
    tax_code: Code | None = None


def completed(
    tenant: Tenant,
    settings: BillingSettings,
    customer: Customer | None,
    currency: str,
    lines: Sequence[DraftLine],
) -> tuple[LineItem, ...]:
    """Raises InvalidRequest, with one error for each thing that is not known, and for more text than pages
    are set of.
    """
    named = {line.item_id for line in lines if line.item_id}
    items = tenant.items.get_many(named) if named else {}
    errors: list[dict[str, str]] = []

    def wanted[Value](value: Value | None, number: int, field: str, message: str) -> Value | None:
        if value is None:
            errors.append({"field": f"lines.{number}.{field}", "message": message})
        return value

    found = []
    for number, line in enumerate(lines):
        item = items.get(line.item_id or "")
        if line.item_id and (item is None or item.archived):
            errors.append({"field": f"lines.{number}.item_id", "message": "There is no such item to be sold"})
            continue
        description = line.description or (item.name if item else None)
        price = item.prices.get(currency) if item and line.unit_price is None else line.unit_price
        tax = _tax(settings, customer, item, line)
        wanted(description, number, "description", "Say what it is, or name an item")
        wanted(price, number, "unit_price", f"Say the price in {currency}: there is none")
        wanted(
            tax, number, "tax_code" if line.tax_code else "tax", "Say how it is taxed: there is no such rate"
        )
        if description is not None and price is not None and tax is not None:
            found.append(_line(line, item, description, price, tax))
    if errors:
        raise InvalidRequest(f"Not accepted: {', '.join(each['field'] for each in errors)}.", errors=errors)
    if sum(map(_rows, found)) > MOST_ROWS:
        message = f"There is more text on them than {MOST_ROWS} rows hold"
        raise InvalidRequest("Not accepted: lines.", errors=[{"field": "lines", "message": message}])
    return tuple(found)


def _rows(line: LineItem) -> int:
    """That its texts take on a page, about."""
    parts = f"{line.description}\n{line.details or ''}".split("\n")
    return sum(1 + len(part) // _ROW for part in parts)


def _tax(
    settings: BillingSettings, customer: Customer | None, item: Item | None, line: DraftLine
) -> Tax | None:
    if line.tax or line.tax_code:
        return line.tax or settings.tax(line.tax_code)
    usual = (customer and customer.tax) or (item and item.tax)
    return usual or settings.tax(settings.default_tax)


def _line(line: DraftLine, item: Item | None, description: str, price: Decimal, tax: Tax) -> LineItem:
    return LineItem(
        description=description,
        details=line.details or (item.details if item else None),
        item_id=line.item_id,
        code=line.code or (item.code if item else None),
        quantity=line.quantity,
        unit=line.unit or (item.unit if item else "C62"),
        unit_price=price,
        discount=line.discount,
        tax=tax,
    )
