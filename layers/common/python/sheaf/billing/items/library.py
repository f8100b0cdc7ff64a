"""Items of the catalogue as the API shows them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sheaf.audit.entries import Change
from sheaf.billing.by_name import NameQuery, listed
from sheaf.billing.document import Currency, Price, Tax, Text, Unit
from sheaf.billing.items.item import Item, ItemSummary
from sheaf.billing.ports import Tenant
from sheaf.billing.sight import nowhere, require_sight, require_there
from sheaf.kernel.ids import created_at
from sheaf.kernel.names import Name
from sheaf.kernel.preconditions import IfMatch

_Prices = Annotated[dict[Currency, Price], Field(max_length=50)]


class NewItem(BaseModel):
    """``prices``: currency → the net price of one ``unit`` (UN/ECE Recommendation 20; C62 is a piece)."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    details: Text | None = None
    code: Name | None = None
    unit: Unit = "C62"
    prices: _Prices = {}
    tax: Tax | None = None


class ItemChange(BaseModel):
    """What is left out stays; null takes away ``details``, ``code`` and ``tax``. Lines that name the item
    stay as they are. An ``archived`` item is in no new lines.
    """

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    details: Text | None = None
    code: Name | None = None
    unit: Unit | None = None
    prices: _Prices | None = None
    tax: Tax | None = None
    archived: bool | None = None


_CLEARED_BY_NULL = frozenset({"details", "code", "tax"})


class ItemView(BaseModel):
    """``version`` counts its changes, and is its ETag."""

    id: str
    version: int
    created_at: AwareDatetime
    name: str
    details: str | None
    code: str | None
    unit: str
    prices: dict[str, Price]
    tax: Tax | None
    archived: bool


class ItemList(BaseModel):
    items: list[ItemSummary]
    next_cursor: str | None


def make_item(tenant: Tenant, new: NewItem) -> ItemView:
    require_sight(tenant)
    item = Item(id=tenant.new_id("itm"), **dict(new))
    tenant.record(Change(subject=item.id))
    return _view(tenant.items.save(item, instead_of=None))


def list_items(tenant: Tenant, query: NameQuery) -> ItemList:
    """By name."""
    if tenant.visibility.is_limited:
        return ItemList(items=[], next_cursor=None)
    page = listed(tenant.items, query)
    return ItemList(items=page.items, next_cursor=page.next_cursor)


def show_item(tenant: Tenant, item_id: str) -> ItemView:
    return _view(find_item(tenant, item_id))


def change_item(tenant: Tenant, item_id: str, change: ItemChange, if_match: IfMatch) -> ItemView:
    before = find_item(tenant, item_id)
    if_match.check(before.version)
    wanted = {name: getattr(change, name) for name in change.model_fields_set}
    kept = {name: value for name, value in wanted.items() if value is not None or name in _CLEARED_BY_NULL}
    after = before.model_copy(update=kept)
    if after == before:
        return _view(before)
    changed = [name for name in kept if getattr(after, name) != getattr(before, name)]
    tenant.record(Change(subject=before.id, after={"changed": ", ".join(sorted(changed))}))
    return _view(tenant.items.save(after, instead_of=before))


def delete_item(tenant: Tenant, item_id: str) -> None:
    """Lines that name it have a copy of all that they need."""
    item = find_item(tenant, item_id)
    tenant.items.remove(item)
    tenant.record(Change(subject=item.id))


def find_item(tenant: Tenant, item_id: str) -> Item:
    require_there(tenant, item_id, "itm", what="item")
    item = tenant.items.get(item_id)
    if item is None:
        raise nowhere("item")
    return item


def _view(item: Item) -> ItemView:
    return ItemView(**dict(item), created_at=created_at(item.id))
