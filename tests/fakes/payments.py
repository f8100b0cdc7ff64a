"""A card payment provider without a network: it promises what Stripe does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sheaf.billing.payments.checkouts import CheckoutState
from sheaf.billing.payments.minor_units import to_minor
from sheaf.billing.payments.ports import Checkout, CheckoutRequest, PaymentAccount, WebhookEndpoint
from sheaf.kernel.clock import Clock, SystemClock
from sheaf.kernel.errors import CredentialsRefused, VendorRefused, VendorUnavailable

_SOONEST = timedelta(minutes=29)
_LATEST = timedelta(hours=24, minutes=1)


@dataclass
class FakePayments:
    """``payments`` are those of ``pay``: what is left of each."""

    clock: Clock = field(default_factory=SystemClock)
    key_is_good: bool = True
    is_down: bool = False
    checkouts: dict[str, CheckoutRequest] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    paid: set[str] = field(default_factory=set)
    payments: dict[str, Decimal] = field(default_factory=dict)
    refunds: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    endpoints: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    answers: dict[str, tuple[object, Any]] = field(default_factory=dict)

    def who_am_i(self) -> PaymentAccount:
        self._at_work()
        return PaymentAccount(id="acct_fake", name="Fake", takes_payments=True, is_live=False)

    def create_checkout(self, request: CheckoutRequest) -> Checkout:
        self._at_work()
        to_minor(request.amount, request.currency)
        now = self.clock.now()
        if not now + _SOONEST <= request.expires_at <= now + _LATEST:
            raise VendorRefused("Between 30 minutes and 24 hours.")
        return self._once(request.key, request, lambda: self._opened(request))

    def expire_checkout(self, checkout_id: str) -> CheckoutState:
        self._at_work()
        if checkout_id not in self.checkouts:
            raise VendorRefused("No such checkout.", reason="resource_missing")
        if checkout_id in self.paid:
            return CheckoutState.PAID
        self.ended.add(checkout_id)
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
        self._at_work()
        to_minor(amount, currency)
        return self._once(
            key, (payment_id, amount, dict(metadata or {})), lambda: self._refunded(payment_id, amount)
        )

    def find_refund(self, payment_id: str, asked_as: str) -> str | None:
        self._at_work()
        found = (answer for asked, answer in self.answers.values() if _is_refund(asked, payment_id, asked_as))
        return next(found, None)

    def create_webhook_endpoint(self, url: str, events: Sequence[str], *, key: str) -> WebhookEndpoint:
        self._at_work()
        return self._once(key, (url, tuple(events)), lambda: self._listening(url, tuple(events)))

    def remove_endpoint(self, endpoint_id: str) -> None:
        self._at_work()
        self.endpoints.pop(endpoint_id, None)

    def pay(self, checkout_id: str) -> str:
        """As somebody on the provider's page: the payment's id."""
        payment_id = f"pi_{len(self.payments) + 1}"
        self.payments[payment_id] = self.checkouts[checkout_id].amount
        self.paid.add(checkout_id)
        return payment_id

    def _at_work(self) -> None:
        if self.is_down:
            raise VendorUnavailable("Down.")
        if not self.key_is_good:
            raise CredentialsRefused("Not with this key.")

    def _once[Answer](self, key: str, asked: object, make: Any) -> Answer:
        if key not in self.answers:
            self.answers[key] = (asked, make())
        before, answer = self.answers[key]
        if before != asked:
            raise VendorRefused("Another call had this key.")
        return answer

    def _opened(self, request: CheckoutRequest) -> Checkout:
        checkout = Checkout(
            id=f"cs_{len(self.checkouts) + 1}", url=f"https://pay.invalid/{len(self.checkouts) + 1}"
        )
        self.checkouts[checkout.id] = request
        return checkout

    def _refunded(self, payment_id: str, amount: Decimal) -> str:
        if amount > self.payments.get(payment_id, Decimal(0)):
            raise VendorRefused("More than is left.")
        self.payments[payment_id] -= amount
        refund_id = f"re_{len(self.refunds) + 1}"
        self.refunds[refund_id] = (payment_id, amount)
        return refund_id

    def _listening(self, url: str, events: tuple[str, ...]) -> WebhookEndpoint:
        endpoint = WebhookEndpoint(id=f"we_{len(self.answers) + 1}", secret=f"whsec_{len(self.answers) + 1}")
        self.endpoints[endpoint.id] = (url, events)
        return endpoint


def _is_refund(asked: object, payment_id: str, asked_as: str) -> bool:
    match asked:
        case (str(of), Decimal(), {"refund": str(told)}):
            return (of, told) == (payment_id, asked_as)
    return False
