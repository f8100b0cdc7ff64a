"""Payments by card: what the provider tells of them, and the checkouts that asked for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sheaf.billing.payments.cards import CardPayment
from sheaf.billing.payments.checkouts import CardCheckout
from sheaf.kernel.ids import floor_id
from sheaf.storage._billing import CardPaymentItem, CheckoutItem
from sheaf.storage.codec import pack, seconds, unpack
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from sheaf.kernel.clock import Clock
    from sheaf.storage.partition import Partition

_LIFE_OF_UNKNOWN = timedelta(days=90)


class CardPayments:
    def __init__(self, partition: Partition, writes: list[Write], clock: Clock) -> None:
        self._partition = partition
        self._writes = writes
        self._clock = clock

    def get(self, payment_id: str) -> CardPayment | None:
        item = self._partition.get(CardPaymentItem, payment_id)
        if item is None:
            return None
        return unpack(CardPayment, item.body).model_copy(update={"version": int(item.version)})

    def save(self, payment: CardPayment) -> None:
        """Conflict when somebody changed it meanwhile."""
        version = payment.version
        ttl = None if payment.is_known else seconds(self._clock.now() + _LIFE_OF_UNKNOWN)
        body = pack(payment.model_copy(update={"version": 0}))
        item = CardPaymentItem(sk=payment.id, body=body, version=version + 1, ttl=ttl)
        unchanged = CardPaymentItem.version == version if version else absent(CardPaymentItem.pk)
        self._writes.append(self._partition.put(item, unchanged))


class Checkouts:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, checkout_id: str) -> CardCheckout | None:
        item = self._partition.get(CheckoutItem, checkout_id)
        return _checkout(item) if item else None

    def since(self, at: datetime) -> list[CardCheckout]:
        """Those that were begun then or later, oldest first."""
        found = self._partition.between(CheckoutItem, floor_id("chk", at), "chk_~")
        return [_checkout(item) for item in found]

    def save(self, checkout: CardCheckout) -> None:
        """Conflict when somebody changed it meanwhile, or began the same."""
        version = checkout.version
        body = pack(checkout.model_copy(update={"version": 0}))
        item = CheckoutItem(sk=checkout.id, body=body, version=version + 1)
        unchanged = CheckoutItem.version == version if version else absent(CheckoutItem.pk)
        self._writes.append(self._partition.put(item, unchanged))


def _checkout(item: CheckoutItem) -> CardCheckout:
    return unpack(CardCheckout, item.body).model_copy(update={"version": int(item.version)})
