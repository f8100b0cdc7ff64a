"""Payments and refunds of issued documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.billing.payments.payment import Payment
from sheaf.storage._billing import PaymentItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.transactions import Write

if TYPE_CHECKING:
    from sheaf.storage.partition import Partition


class Payments:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes
        self._added: dict[str, list[Payment]] = {}

    def get(self, document_id: str, payment_id: str) -> Payment | None:
        item = self._partition.get(PaymentItem, f"{document_id}#{payment_id}")
        return unpack(Payment, item.body) if item else None

    def of(self, document_id: str) -> list[Payment]:
        """Payments first, then refunds, each in the order of their ids; with those that are staged."""
        under = f"{document_id}#"
        kept = [
            unpack(Payment, item.body) for item in self._partition.between(PaymentItem, under, f"{under}~")
        ]
        found = {payment.id: payment for payment in (*kept, *self._added.get(document_id, ()))}
        return [found[each] for each in sorted(found)]

    def put(self, document_id: str, payment: Payment) -> None:
        """New, or as it stands now: under the version of what is saved with it."""
        item = PaymentItem(sk=f"{document_id}#{payment.id}", body=pack(payment))
        self._writes.append(self._partition.put(item, None))
        self._added.setdefault(document_id, []).append(payment)
