"""Customers as the API shows them."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict

from sheaf.audit.entries import Change
from sheaf.billing.by_name import NameQuery, listed
from sheaf.billing.customers.customer import Customer, CustomerSummary
from sheaf.billing.document import Currency, Tax, Text
from sheaf.billing.parties import Party
from sheaf.billing.ports import Tenant
from sheaf.billing.sending.views import MailTrouble, trouble_view
from sheaf.billing.settings import Days, Locale
from sheaf.billing.sight import nowhere, require_sight, require_there
from sheaf.kernel.errors import Conflict
from sheaf.kernel.ids import created_at
from sheaf.kernel.names import Name
from sheaf.kernel.preconditions import IfMatch


class _Defaults(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reference: Name | None = None
    currency: Currency | None = None
    locale: Locale | None = None
    due_days: Days | None = None
    terms: Text | None = None
    tax: Tax | None = None


class NewCustomer(_Defaults):
    """``reference``: what the customer is called elsewhere. The rest is what documents for them begin with;
    what is left out is as in the workspace's settings. ``tax`` goes before what an item is taxed with.
    """

    party: Party


class CustomerChange(_Defaults):
    """What is left out stays; null takes it away. What was issued stays as it is. An ``archived`` customer
    gets no new documents.
    """

    party: Party | None = None
    archived: bool | None = None


class CustomerView(BaseModel):
    """``version`` counts its changes, and is its ETag. ``mail_trouble``: why mails to its address may not
    arrive.
    """

    id: str
    version: int
    created_at: AwareDatetime
    party: Party
    reference: str | None
    currency: str | None
    locale: str | None
    due_days: int | None
    terms: str | None
    tax: Tax | None
    archived: bool
    mail_trouble: MailTrouble | None


class CustomerList(BaseModel):
    items: list[CustomerSummary]
    next_cursor: str | None


def make_customer(tenant: Tenant, new: NewCustomer) -> CustomerView:
    require_sight(tenant)
    customer = Customer(id=tenant.new_id("cus"), **dict(new))
    tenant.record(Change(subject=customer.id))
    return _view(tenant, tenant.customers.save(customer, instead_of=None))


def list_customers(tenant: Tenant, query: NameQuery) -> CustomerList:
    """By name."""
    if tenant.visibility.is_limited:
        return CustomerList(items=[], next_cursor=None)
    page = listed(tenant.customers, query)
    return CustomerList(items=page.items, next_cursor=page.next_cursor)


def show_customer(tenant: Tenant, customer_id: str) -> CustomerView:
    return _view(tenant, find_customer(tenant, customer_id))


def change_customer(
    tenant: Tenant, customer_id: str, change: CustomerChange, if_match: IfMatch
) -> CustomerView:
    before = find_customer(tenant, customer_id)
    if_match.check(before.version)
    wanted = {name: getattr(change, name) for name in change.model_fields_set}
    kept = {
        name: value for name, value in wanted.items() if value is not None or name in _Defaults.model_fields
    }
    after = before.model_copy(update=kept)
    if after == before:
        return _view(tenant, before)
    changed = [name for name in kept if getattr(after, name) != getattr(before, name)]
    tenant.record(Change(subject=before.id, after={"changed": ", ".join(sorted(changed))}))
    return _view(tenant, tenant.customers.save(after, instead_of=before))


def delete_customer(tenant: Tenant, customer_id: str) -> None:
    customer = find_customer(tenant, customer_id)
    if tenant.issued.has_any_of(customer.id):
        raise Conflict("There are documents for this customer: archive it instead.", code="customer_in_use")
    tenant.customers.remove(customer)
    tenant.record(Change(subject=customer.id))


def find_customer(tenant: Tenant, customer_id: str) -> Customer:
    require_there(tenant, customer_id, "cus", what="customer")
    customer = tenant.customers.get(customer_id)
    if customer is None:
        raise nowhere("customer")
    return customer


def _view(tenant: Tenant, customer: Customer) -> CustomerView:
    email = customer.party.email
    known = tenant.addresses.get(email) if email else None
    return CustomerView(
        **dict(customer),
        created_at=created_at(customer.id),
        mail_trouble=trouble_view(known.standing_trouble if known else None),
    )
