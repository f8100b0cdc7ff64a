"""Stripe by its SDK: selling our plans on our own account.

https://docs.stripe.com/billing/subscriptions/build-subscriptions
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sheaf.kernel.errors import VendorRefused
from sheaf.subscription.ports import Checkout, CheckoutOutcome
from sheaf.vendors._stripe_client import MISSING, keyed, stripe_client, told_as_ours

if TYPE_CHECKING:
    from stripe import StripeClient

    from sheaf.subscription.ports import Subscriber, Usage


class StripeSubscriptions:
    """``prices`` are a plan's: the monthly one, and after it, for a metered plan, that of its meter."""

    def __init__(
        self, api_key: str, *, prices: Mapping[str, Sequence[str]], meter: str, base_url: str = ""
    ) -> None:
        self._api_key = api_key
        self._prices = prices
        self._meter = meter
        self._base_url = base_url

    def create_customer(self, *, workspace_id: str, name: str, email: str, key: str) -> str:
        with told_as_ours():
            customer = self._stripe.v1.customers.create(
                {"name": name, "email": email, "metadata": {"workspace_id": workspace_id}}, keyed(key)
            )
        return customer.id

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
        """A metered price has no quantity: its meter says it. Stripe does not expire what was bought."""
        metadata = {"workspace_id": workspace_id, "plan": plan}
        monthly, *metered = self._prices_of(plan)
        asked: Any = {
            "mode": "subscription",
            "customer": customer_id,
            "client_reference_id": workspace_id,
            "line_items": [{"price": monthly, "quantity": 1}, *({"price": price} for price in metered)],
            "metadata": metadata,
            "subscription_data": {"metadata": metadata},
            "success_url": success_url,
            "cancel_url": cancel_url,
        }
        sessions = self._stripe.v1.checkout.sessions
        with told_as_ours():
            if instead_of:
                sessions.expire(instead_of)
            session = sessions.create(asked, keyed(key))
        return Checkout(session.id, str(session.url))

    def outcome_of(self, checkout_id: str) -> CheckoutOutcome:
        try:
            with told_as_ours():
                session = self._stripe.v1.checkout.sessions.retrieve(checkout_id)
        except VendorRefused as refusal:
            if refusal.reason != MISSING:
                raise
            return CheckoutOutcome()
        bought, customer = session.subscription, session.customer
        metadata: dict[str, str] = session.to_dict().get("metadata") or {}
        return CheckoutOutcome(
            is_open=session.status == "open",
            is_bought=session.status == "complete",
            customer_id=customer if customer is None or isinstance(customer, str) else customer.id,
            plan=metadata.get("plan"),
            subscription_id=bought if bought is None or isinstance(bought, str) else bought.id,
        )

    def is_looked_after_by(self, customer_id: str, email: str) -> bool:
        """A customer is a workspace: whoever pays for it may."""
        del customer_id, email
        return True

    def portal(self, subscriber: Subscriber, *, return_url: str) -> str:
        with told_as_ours():
            session = self._stripe.v1.billing_portal.sessions.create(
                {"customer": subscriber.customer_id, "return_url": return_url}
            )
        return session.url

    def report_usage(self, subscriber: Subscriber, usage: Usage) -> None:
        """The meter's formula is ``sum``. Stripe refuses an identifier it has seen within a day.

        No idempotency key of ours: told again an hour later it has another time, and Stripe would take the
        same key with that for a mistake until the identifier is forgotten as well.
        """
        asked: Any = {
            "event_name": self._meter,
            "identifier": usage.key,
            "timestamp": int(usage.at.timestamp()),
            "payload": {"stripe_customer_id": subscriber.customer_id, "value": str(usage.documents)},
        }
        try:
            with told_as_ours():
                self._stripe.v1.billing.meter_events.create(asked)
        except VendorRefused as refusal:
            if refusal.reason != "resource_already_exists":
                raise

    def cancel(self, subscriber: Subscriber, *, key: str) -> None:
        try:
            with told_as_ours():
                self._stripe.v1.subscriptions.cancel(subscriber.subscription_id, options=keyed(key))
        except VendorRefused as refusal:
            if refusal.reason != MISSING:
                raise

    def _prices_of(self, plan: str) -> Sequence[str]:
        if not self._prices.get(plan):
            raise VendorRefused(f"The plan {plan} is not for sale here.", reason="no_price")
        return self._prices[plan]

    @cached_property
    def _stripe(self) -> StripeClient:
        return stripe_client(self._api_key, self._base_url)
