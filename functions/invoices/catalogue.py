"""Items of the catalogue."""

from __future__ import annotations

from functions.invoices.routes import api
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.billing.by_name import NameQuery
from sheaf.billing.items.library import (
    ItemChange,
    ItemList,
    ItemView,
    NewItem,
    change_item,
    delete_item,
    list_items,
    make_item,
    show_item,
)
from sheaf.edge.api import Answer
from sheaf.kernel.preconditions import IfMatch, etag
from sheaf.storage.tenant import Tenant


def _shown(view: ItemView) -> Answer[ItemView]:
    return Answer(view, headers={"etag": etag(view.version)})


def same_item(tenant: Tenant, subject: str) -> Answer[ItemView]:
    return _shown(show_item(tenant, subject))


@api.post("/v1/items", permission=Permission.BILLING_WRITE, audit=Action.ITEM_CREATED, replay=same_item)
def new_item(tenant: Tenant, body: NewItem) -> Answer[ItemView]:
    """Make an item that lines can name."""
    return _shown(make_item(tenant, body))


@api.get("/v1/items", permission=Permission.BILLING_READ)
def items(tenant: Tenant, query: NameQuery) -> ItemList:
    """Items by name, or those whose names begin with `q`."""
    return list_items(tenant, query)


@api.get("/v1/items/<item_id>", permission=Permission.BILLING_READ)
def item(tenant: Tenant, item_id: str) -> Answer[ItemView]:
    """An item: its prices, and how it is taxed."""
    return _shown(show_item(tenant, item_id))


@api.patch("/v1/items/<item_id>", permission=Permission.BILLING_WRITE, audit=Action.ITEM_CHANGED)
def edit_item(tenant: Tenant, item_id: str, body: ItemChange, if_match: IfMatch) -> Answer[ItemView]:
    """Change an item, archive it, or take it up again. Lines that name it stay as they are."""
    return _shown(change_item(tenant, item_id, body, if_match))


@api.delete("/v1/items/<item_id>", permission=Permission.BILLING_WRITE, audit=Action.ITEM_DELETED)
def remove_item(tenant: Tenant, item_id: str) -> None:
    """Delete an item. Lines that name it stay as they are."""
    delete_item(tenant, item_id)
