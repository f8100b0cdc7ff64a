"""What Stripe's events say of a workspace's subscription (https://docs.stripe.com/api/events/types).

``created`` tells seconds. Within one, a subscription's creation comes before its updates, and those before
its end. That a checkout was completed says nothing more: the subscription comes with events of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from sheaf.subscription.plans import PlanCode
from sheaf.subscription.subscription import Contract, Mark, Payment, Seller, SubscriptionStatus, Terms

type Prices = Mapping[str, PlanCode]
"""The plan that each price of ours at the provider is for."""

_RANKS = {
    "customer.subscription.created": 0,
    "customer.subscription.updated": 1,
    "customer.subscription.deleted": 2,
    "invoice.payment_failed": 0,
    "invoice.paid": 1,
}
_STATUSES = {
    "trialing": SubscriptionStatus.TRIALING,
    "active": SubscriptionStatus.ACTIVE,
    "past_due": SubscriptionStatus.PAST_DUE,
}
"""Of the others none lets anybody use what was not paid for: incomplete, unpaid, paused, canceled."""

TYPES = frozenset(_RANKS)


class _Price(BaseModel):
    id: str


class _Item(BaseModel):
    price: _Price
    current_period_start: datetime | None = None
    current_period_end: datetime | None = None


class _Items(BaseModel):
    data: list[_Item] = []


class _Subscription(BaseModel):
    """The period is the items' since API version 2025-03-31, the subscription's before."""

    id: str
    customer: str
    status: str
    items: _Items = _Items()
    current_period_start: datetime | None = None
    current_period_end: datetime | None = None


class _OfSubscription(BaseModel):
    subscription: str | None = None


class _Parent(BaseModel):
    subscription_details: _OfSubscription | None = None


class _Invoice(BaseModel):
    """``parent`` since API version 2025-03-31."""

    parent: _Parent | None = None
    subscription: str | None = None
    subscription_details: _OfSubscription | None = None

    @property
    def of(self) -> _OfSubscription:
        if self.parent and self.parent.subscription_details:
            return self.parent.subscription_details
        details = self.subscription_details or _OfSubscription()
        return details.model_copy(update={"subscription": self.subscription or details.subscription})


class _Object[Kind: BaseModel](BaseModel):
    object: Kind


class _Event[Kind: BaseModel](BaseModel):
    id: str
    type: str
    created: datetime
    data: _Object[Kind]

    @property
    def mark(self) -> Mark:
        return Mark(at=self.created, rank=_RANKS[self.type], event_id=self.id)


class _Kind(BaseModel):
    type: str


def contract_of(event: Mapping[str, Any], prices: Prices) -> Contract | None:
    """None: nothing that changes a subscription. Raises ValidationError."""
    kind = _Kind.model_validate(event).type
    if kind not in TYPES:
        return None
    if kind.startswith("customer.subscription."):
        told = _Event[_Subscription].model_validate(event)
        return Contract(
            provider=Seller.STRIPE,
            id=told.data.object.id,
            since=told.mark.at,
            terms=_terms(told.data.object, told.mark, prices),
        )
    paid = _Event[_Invoice].model_validate(event)
    subscription_id = paid.data.object.of.subscription
    if subscription_id is None:
        return None
    payment = Payment(mark=paid.mark, paid=kind == "invoice.paid")
    return Contract(provider=Seller.STRIPE, id=subscription_id, since=paid.mark.at, payment=payment)


def _terms(subscription: _Subscription, mark: Mark, prices: Prices) -> Terms:
    items = subscription.items.data
    item = next((item for item in items if item.price.id in prices), None)
    return Terms(
        mark=mark,
        customer_id=subscription.customer,
        status=_STATUSES.get(subscription.status, SubscriptionStatus.CANCELLED),
        plan=prices[item.price.id] if item else None,
        period_starts=(item.current_period_start if item else None) or subscription.current_period_start,
        period_ends=(item.current_period_end if item else None) or subscription.current_period_end,
    )
