"""What Paddle's events say of a workspace's subscription (https://developer.paddle.com/webhooks/overview).

``occurred_at`` tells microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from sheaf.subscription.stripe_events import Prices
from sheaf.subscription.subscription import Contract, Mark, Payment, Seller, SubscriptionStatus, Terms

_RANKS = {
    "subscription.created": 0,
    "subscription.trialing": 1,
    "subscription.activated": 1,
    "subscription.updated": 1,
    "subscription.resumed": 1,
    "subscription.past_due": 1,
    "subscription.paused": 2,
    "subscription.canceled": 3,
    "transaction.payment_failed": 0,
    "transaction.completed": 1,
}
_STATUSES = {
    "trialing": SubscriptionStatus.TRIALING,
    "active": SubscriptionStatus.ACTIVE,
    "past_due": SubscriptionStatus.PAST_DUE,
}

TYPES = frozenset(_RANKS)


class _Price(BaseModel):
    id: str


class _Item(BaseModel):
    price: _Price


class _Period(BaseModel):
    starts_at: datetime
    ends_at: datetime


class _Subscription(BaseModel):
    id: str
    customer_id: str
    status: str
    items: list[_Item] = []
    current_billing_period: _Period | None = None


class _Transaction(BaseModel):
    subscription_id: str | None = None


class _Event[Kind: BaseModel](BaseModel):
    event_id: str
    event_type: str
    occurred_at: datetime
    data: Kind

    @property
    def mark(self) -> Mark:
        return Mark(at=self.occurred_at, rank=_RANKS[self.event_type], event_id=self.event_id)


class _Kind(BaseModel):
    event_type: str


def contract_of(event: Mapping[str, Any], prices: Prices) -> Contract | None:
    """None: nothing that changes a subscription. Raises ValidationError."""
    kind = _Kind.model_validate(event).event_type
    if kind not in TYPES:
        return None
    if kind.startswith("subscription."):
        told = _Event[_Subscription].model_validate(event)
        return Contract(
            provider=Seller.PADDLE,
            id=told.data.id,
            since=told.mark.at,
            terms=_terms(told.data, told.mark, prices),
        )
    paid = _Event[_Transaction].model_validate(event)
    if paid.data.subscription_id is None:
        return None
    payment = Payment(mark=paid.mark, paid=kind == "transaction.completed")
    return Contract(provider=Seller.PADDLE, id=paid.data.subscription_id, since=paid.mark.at, payment=payment)


def _terms(subscription: _Subscription, mark: Mark, prices: Prices) -> Terms:
    period = subscription.current_billing_period
    plans = (prices[item.price.id] for item in subscription.items if item.price.id in prices)
    return Terms(
        mark=mark,
        customer_id=subscription.customer_id,
        status=_STATUSES.get(subscription.status, SubscriptionStatus.CANCELLED),
        plan=next(plans, None),
        period_starts=period.starts_at if period else None,
        period_ends=period.ends_at if period else None,
    )
