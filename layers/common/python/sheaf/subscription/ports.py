"""Who sells the plans: customers, checkout, portal and metered use at a payment provider.

All of it raises VendorUnavailable and VendorRefused (``sheaf.kernel.errors``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class Subscriber:
    """By the provider's ids."""

    customer_id: str
    subscription_id: str


@dataclass(frozen=True)
class Checkout:
    """A page where a plan is bought; ``id`` is the provider's."""

    id: str
    url: str


@dataclass(frozen=True)
class CheckoutOutcome:
    """Neither: nobody bought anything there, nor can any more. ``plan`` is what it sells to
    the customer; ``subscription_id`` None: not known yet.
    """

    is_open: bool = False
    is_bought: bool = False
    customer_id: str | None = None
    plan: str | None = None
    subscription_id: str | None = None


@dataclass(frozen=True)
class Usage:
    """Documents above the quota that were not reported before. ``key`` makes them count once."""

    key: str
    documents: int
    at: datetime
    unit_price: Decimal
    currency: str


class SubscriptionProvider(Protocol):
    def create_customer(self, *, workspace_id: str, name: str, email: str, key: str) -> str:
        """The customer's id."""

    def checkout(
        self,
        customer_id: str,
        plan: str,
        *,
        workspace_id: str,
        success_url: str,
        cancel_url: str,
        key: str,
        instead_of: str | None = None,
    ) -> Checkout:
        """``workspace_id`` comes back with every event about the subscription. ``instead_of``: the id of one
        that is open; afterwards nobody can buy there what it was for.
        """

    def outcome_of(self, checkout_id: str) -> CheckoutOutcome: ...

    def is_looked_after_by(self, customer_id: str, email: str) -> bool:
        """Whether whoever has that address may open the customer's portal. Where a customer is an address,
        its portal shows whatever that address ever bought, for other workspaces too: then only its owner may.
        """

    def portal(self, subscriber: Subscriber, *, return_url: str) -> str:
        """The address of a page where cards, plans and bills are looked after; not to be kept."""

    def report_usage(self, subscriber: Subscriber, usage: Usage) -> None: ...

    def cancel(self, subscriber: Subscriber, *, key: str) -> None:
        """At once, for the workspace is erased. To one that has ended, or is not there, nothing is done."""
