"""A customer, and what documents for them begin with."""

from __future__ import annotations

from pydantic import BaseModel

from sheaf.billing.by_name import Named
from sheaf.billing.document import Tax
from sheaf.billing.parties import Party


class Customer(Named):
    """``tax`` goes before what an item is taxed with: that of an export, say. What is None is as in the
    workspace's settings.
    """

    party: Party
    reference: str | None = None
    currency: str | None = None
    locale: str | None = None
    due_days: int | None = None
    terms: str | None = None
    tax: Tax | None = None

    @property
    def listed_as(self) -> str:
        return self.party.name


class CustomerSummary(BaseModel):
    """A customer in lists."""

    id: str
    name: str
    reference: str | None = None
    email: str | None = None
    country: str
    archived: bool = False


def summary_of(customer: Customer) -> CustomerSummary:
    return CustomerSummary(
        id=customer.id,
        name=customer.party.name,
        reference=customer.reference,
        email=customer.party.email,
        country=customer.party.address.country,
        archived=customer.archived,
    )
