"""Something that is sold: a line names it and gets a copy of what is said here."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, Field

from sheaf.billing.by_name import Named
from sheaf.billing.document import Tax


class Item(Named):
    """``prices``: currency → the price of one ``unit`` (UN/ECE Recommendation 20), net."""

    name: str
    details: str | None = None
    code: str | None = None
    unit: str = "C62"
    prices: dict[str, Decimal] = Field(default_factory=dict)
    tax: Tax | None = None

    @property
    def listed_as(self) -> str:
        return self.name


class ItemSummary(BaseModel):
    """An item in lists."""

    id: str
    name: str
    code: str | None = None
    unit: str = "C62"
    prices: dict[str, str] = {}
    archived: bool = False


def summary_of(item: Item) -> ItemSummary:
    return ItemSummary(
        id=item.id,
        name=item.name,
        code=item.code,
        unit=item.unit,
        prices={currency: format(price, "f") for currency, price in item.prices.items()},
        archived=item.archived,
    )
