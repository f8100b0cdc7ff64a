"""Stripe by its SDK: charging cards on a workspace's own account.

https://docs.stripe.com/api
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sheaf.billing.payments.checkouts import CheckoutState
from sheaf.billing.payments.minor_units import to_minor
from sheaf.billing.payments.ports import Checkout, CheckoutRequest, PaymentAccount, WebhookEndpoint
from sheaf.kernel.errors import VendorRefused
from sheaf.vendors._stripe_client import MISSING, keyed, stripe_client, told_as_ours

if TYPE_CHECKING:
    from stripe import Refund, StripeClient

_LIVE = ("sk_live_", "rk_live_")
_MOST_LISTED = 100


class StripePayments:
    """``api_key`` is the workspace's."""

    def __init__(self, api_key: str, *, base_url: str = "") -> None:
        self._api_key = api_key
        self._base_url = base_url

    def who_am_i(self) -> PaymentAccount:
        with told_as_ours():
            account = self._stripe.v1.accounts.retrieve_current()
        profile = account.business_profile
        return PaymentAccount(
            id=account.id,
            name=(profile.name if profile else None) or account.email or account.id,
            takes_payments=bool(account.charges_enabled),
            is_live=self._api_key.startswith(_LIVE),
        )

    def create_checkout(self, request: CheckoutRequest) -> Checkout:
        """The metadata goes to the checkout and to its payment: events about either carry it.

        Nobody is offered another currency than the invoice's: what came in that is added to nothing.
        """
        currency = request.currency.lower()
        line = {
            "price_data": {
                "currency": currency,
                "unit_amount": to_minor(request.amount, request.currency),
                "product_data": {"name": request.description},
            },
            "quantity": 1,
        }
        metadata = dict(request.metadata)
        asked: dict[str, Any] = {
            "mode": "payment",
            "adaptive_pricing": {"enabled": False},
            "line_items": [line],
            "client_reference_id": request.reference,
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata, "description": request.description},
            "success_url": request.success_url,
            "cancel_url": request.cancel_url,
            "expires_at": int(request.expires_at.timestamp()),
        }
        if request.email:
            asked["customer_email"] = request.email
        if request.locale:
            asked["locale"] = request.locale
        with told_as_ours():
            session = self._stripe.v1.checkout.sessions.create(asked, keyed(request.key))  # type: ignore[arg-type]  # built from optional parts
        return Checkout(id=session.id, url=str(session.url))

    def expire_checkout(self, checkout_id: str) -> CheckoutState:
        sessions = self._stripe.v1.checkout.sessions
        try:
            with told_as_ours():
                sessions.expire(checkout_id, options=keyed(f"expire:{checkout_id}"))
        except VendorRefused as refusal:
            if refusal.reason == MISSING:
                raise
            with told_as_ours():
                session = sessions.retrieve(checkout_id)
            if session.status == "open":
                raise
            if session.status == "complete":
                return CheckoutState.PAID if session.payment_status == "paid" else CheckoutState.PROCESSING
        return CheckoutState.EXPIRED

    def refund(
        self,
        payment_id: str,
        amount: Decimal,
        currency: str,
        *,
        key: str,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        with told_as_ours():
            refund = self._stripe.v1.refunds.create(
                {
                    "payment_intent": payment_id,
                    "amount": to_minor(amount, currency),
                    "metadata": dict(metadata or {}),
                },
                keyed(key),
            )
        return refund.id

    def find_refund(self, payment_id: str, asked_as: str) -> str | None:
        with told_as_ours():
            refunds = self._stripe.v1.refunds.list({"payment_intent": payment_id, "limit": _MOST_LISTED})
            found = (each.id for each in refunds.auto_paging_iter() if _asked_as(each) == asked_as)
            return next(found, None)

    def create_webhook_endpoint(self, url: str, events: Sequence[str], *, key: str) -> WebhookEndpoint:
        """Told in the shape that the SDK was made for, whatever the account's own is."""
        import stripe

        asked: Any = {
            "url": url,
            "enabled_events": list(events),
            "description": "Sheaf",
            "api_version": stripe.api_version,
        }
        with told_as_ours():
            endpoint = self._stripe.v1.webhook_endpoints.create(asked, keyed(key))
        return WebhookEndpoint(id=endpoint.id, secret=str(endpoint.secret))

    def remove_endpoint(self, endpoint_id: str) -> None:
        try:
            with told_as_ours():
                self._stripe.v1.webhook_endpoints.delete(endpoint_id)
        except VendorRefused as refusal:
            if refusal.reason != MISSING:
                raise

    @cached_property
    def _stripe(self) -> StripeClient:
        return stripe_client(self._api_key, self._base_url)


def _asked_as(refund: Refund) -> str | None:
    metadata: dict[str, str] = refund.to_dict().get("metadata") or {}
    return metadata.get("refund")
