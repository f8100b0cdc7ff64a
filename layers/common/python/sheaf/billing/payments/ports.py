"""Cards, charged by the workspace's own payment provider.

All of it raises VendorUnavailable, VendorRefused and CredentialsRefused (``sheaf.kernel.errors``). A ``key``
makes the same call twice the same thing once; with other arguments it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from sheaf.billing.payments.checkouts import CheckoutState


@dataclass(frozen=True)
class PaymentAccount:
    """``id`` is the provider's; ``is_live`` says that real money moves."""

    id: str
    name: str
    takes_payments: bool
    is_live: bool


@dataclass(frozen=True)
class CheckoutRequest:
    """``reference`` and ``metadata`` come back with every event about the checkout and its payment.

    ``expires_at`` is between 30 minutes and 24 hours ahead, says Stripe.
    """

    key: str
    reference: str
    amount: Decimal
    currency: str
    description: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    email: str | None = None
    locale: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Checkout:
    """``url`` is the provider's page."""

    id: str
    url: str


@dataclass(frozen=True)
class WebhookEndpoint:
    """``secret`` is told once."""

    id: str
    secret: str


class CardPayments(Protocol):
    def who_am_i(self) -> PaymentAccount: ...

    def create_checkout(self, request: CheckoutRequest) -> Checkout: ...

    def expire_checkout(self, checkout_id: str) -> CheckoutState:
        """How far it got: ``EXPIRED``, also when it had run out; ``PROCESSING`` when somebody went through
        it, and what they pay has not arrived, or never did; ``PAID``.
        """

    def refund(
        self,
        payment_id: str,
        amount: Decimal,
        currency: str,
        *,
        key: str,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        """The refund's id. More than is left of the payment is refused."""

    def find_refund(self, payment_id: str, asked_as: str) -> str | None:
        """The id of that refund of the payment whose metadata say ``refund: asked_as``."""

    def create_webhook_endpoint(self, url: str, events: Sequence[str], *, key: str) -> WebhookEndpoint: ...

    def remove_endpoint(self, endpoint_id: str) -> None:
        """Also when it is gone already."""
