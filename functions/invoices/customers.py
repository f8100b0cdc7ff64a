"""Customers."""

from __future__ import annotations

from functions.invoices.routes import api
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.billing.by_name import NameQuery
from sheaf.billing.customers.library import (
    CustomerChange,
    CustomerList,
    CustomerView,
    NewCustomer,
    change_customer,
    delete_customer,
    list_customers,
    make_customer,
    show_customer,
)
from sheaf.edge.api import Answer
from sheaf.kernel.preconditions import IfMatch, etag
from sheaf.storage.tenant import Tenant


def _shown(view: CustomerView) -> Answer[CustomerView]:
    return Answer(view, headers={"etag": etag(view.version)})


def same_customer(tenant: Tenant, subject: str) -> Answer[CustomerView]:
    return _shown(show_customer(tenant, subject))


@api.post(
    "/v1/customers",
    permission=Permission.BILLING_WRITE,
    audit=Action.CUSTOMER_CREATED,
    replay=same_customer,
)
def new_customer(tenant: Tenant, body: NewCustomer) -> Answer[CustomerView]:
    """Make a customer, whom invoices and estimates are for."""
    return _shown(make_customer(tenant, body))


@api.get("/v1/customers", permission=Permission.BILLING_READ)
def customers(tenant: Tenant, query: NameQuery) -> CustomerList:
    """Customers by name, or those whose names begin with `q`."""
    return list_customers(tenant, query)


@api.get("/v1/customers/<customer_id>", permission=Permission.BILLING_READ)
def customer(tenant: Tenant, customer_id: str) -> Answer[CustomerView]:
    """A customer, and what documents for them begin with."""
    return _shown(show_customer(tenant, customer_id))


@api.patch("/v1/customers/<customer_id>", permission=Permission.BILLING_WRITE, audit=Action.CUSTOMER_CHANGED)
def edit_customer(
    tenant: Tenant, customer_id: str, body: CustomerChange, if_match: IfMatch
) -> Answer[CustomerView]:
    """Change a customer, archive it, or take it up again. What was issued stays as it is."""
    return _shown(change_customer(tenant, customer_id, body, if_match))


@api.delete("/v1/customers/<customer_id>", permission=Permission.BILLING_WRITE, audit=Action.CUSTOMER_DELETED)
def remove_customer(tenant: Tenant, customer_id: str) -> None:
    """Delete a customer that has no documents; one that has some is archived instead."""
    delete_customer(tenant, customer_id)
