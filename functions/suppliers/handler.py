"""Suppliers: looking them up, what goes with their documents, what was learned about them."""

from __future__ import annotations

from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.capture.suppliers.library import (
    SupplierChange,
    SupplierList,
    SupplierQuery,
    SupplierView,
    change_supplier,
    forget_fact,
    list_suppliers,
    show_supplier,
)
from sheaf.edge.api import Answer, Api
from sheaf.kernel.preconditions import IfMatch, etag
from sheaf.storage.tenant import Tenant

api = Api()


def _shown(view: SupplierView) -> Answer[SupplierView]:
    return Answer(view, headers={"etag": etag(view.version)})


@api.get("/v1/suppliers", permission=Permission.SUPPLIER_READ)
def find(tenant: Tenant, query: SupplierQuery) -> SupplierList:
    """Suppliers by name, or those whose names begin with `q`."""
    return list_suppliers(tenant, query)


@api.get("/v1/suppliers/<supplier_id>", permission=Permission.SUPPLIER_READ)
def show(tenant: Tenant, supplier_id: str) -> Answer[SupplierView]:
    """What is known of a supplier, and from which approved document."""
    return _shown(show_supplier(tenant, supplier_id))


@api.patch("/v1/suppliers/<supplier_id>", permission=Permission.SUPPLIER_WRITE, audit=Action.SUPPLIER_CHANGED)
def change(tenant: Tenant, supplier_id: str, body: SupplierChange, if_match: IfMatch) -> Answer[SupplierView]:
    """Say what a supplier is called, and what goes with its documents."""
    return _shown(change_supplier(tenant, supplier_id, body, if_match))


@api.delete(
    "/v1/suppliers/<supplier_id>/memory/<fact_id>",
    permission=Permission.SUPPLIER_WRITE,
    audit=Action.SUPPLIER_FACT_FORGOTTEN,
)
def forget(tenant: Tenant, supplier_id: str, fact_id: str) -> None:
    """Undo something that was learned. The documents that taught it do not teach it again."""
    forget_fact(tenant, supplier_id, fact_id)


handler = api.handler
