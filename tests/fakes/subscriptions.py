"""A seller of plans without a network: it promises what Stripe and Paddle do."""

from __future__ import annotations

from dataclasses import dataclass, field

from sheaf.kernel.errors import VendorRefused, VendorUnavailable
from sheaf.subscription.ports import Checkout, CheckoutOutcome, Subscriber, Usage


@dataclass
class FakeSubscriptions:
    """``checkouts`` are (customer, plan, workspace) by their addresses, ``bought`` the subscriptions
    that were bought there; ``used`` is what was reported.

    ``sells_to_people``: as at Paddle, an address is one customer.
    """

    plans: tuple[str, ...] = ("starter", "business", "scale")
    is_down: bool = False
    sells_to_people: bool = False
    customers: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    checkouts: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    bought: dict[str, str] = field(default_factory=dict)
    expired: set[str] = field(default_factory=set)
    used: dict[str, Usage] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)

    def create_customer(self, *, workspace_id: str, name: str, email: str, key: str) -> str:
        self._at_work()
        named = f"address:{email}" if self.sells_to_people else key
        customer_id = self.keys.setdefault(named, f"cus_{len(self.customers) + 1}")
        if self.addresses.get(customer_id, email) != email:
            raise VendorRefused("The key was used with something else.", reason="idempotency_error")
        self.customers[customer_id] = workspace_id
        self.addresses[customer_id] = email
        return customer_id

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
        self._at_work()
        self._know(customer_id)
        if plan not in self.plans:
            raise VendorRefused("Not for sale.", reason="no_price")
        if instead_of:
            self._expire(instead_of)
        url = self.keys.setdefault(key, f"https://checkout.invalid/{len(self.checkouts) + 1}")
        self.checkouts[url] = (customer_id, plan, workspace_id)
        return Checkout(url, url)

    def outcome_of(self, checkout_id: str) -> CheckoutOutcome:
        self._at_work()
        if checkout_id not in self.checkouts:
            return CheckoutOutcome()
        customer_id, plan, _ = self.checkouts[checkout_id]
        bought = self.bought.get(checkout_id)
        return CheckoutOutcome(
            is_open=bought is None and checkout_id not in self.expired,
            is_bought=bought is not None,
            customer_id=customer_id,
            plan=plan,
            subscription_id=bought,
        )

    def is_looked_after_by(self, customer_id: str, email: str) -> bool:
        self._at_work()
        return not self.sells_to_people or self.addresses.get(customer_id) == email

    def portal(self, subscriber: Subscriber, *, return_url: str) -> str:
        self._at_work()
        self._know(subscriber.customer_id)
        return f"https://portal.invalid/{subscriber.customer_id}"

    def report_usage(self, subscriber: Subscriber, usage: Usage) -> None:
        self._at_work()
        self._know(subscriber.customer_id)
        self.used.setdefault(usage.key, usage)

    def cancel(self, subscriber: Subscriber, *, key: str) -> None:
        self._at_work()
        self.cancelled.add(subscriber.subscription_id)

    def _expire(self, checkout_id: str) -> None:
        if not self.outcome_of(checkout_id).is_open:
            raise VendorRefused("It is not open.", reason="")
        self.expired.add(checkout_id)

    def _at_work(self) -> None:
        if self.is_down:
            raise VendorUnavailable("Down.")

    def _know(self, customer_id: str) -> None:
        if customer_id not in self.customers:
            raise VendorRefused("No such customer.", reason="resource_missing")
