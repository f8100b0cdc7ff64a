"""The account at a payment provider where a workspace's customers pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.billing.payments.account import PROVIDER, PaymentAccountRecord
from sheaf.storage._billing import PaymentAccountItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from sheaf.storage.partition import Partition


class PaymentAccounts:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self) -> PaymentAccountRecord | None:
        item = self._partition.get(PaymentAccountItem, PROVIDER)
        if item is None:
            return None
        kept = unpack(PaymentAccountRecord, item.body)
        return kept.model_copy(update={"sealed_key": item.sealed, "version": int(item.version)})

    def save(self, account: PaymentAccountRecord) -> PaymentAccountRecord:
        """Conflict when somebody changed it meanwhile. The account in its new version."""
        version = account.version
        body = pack(account.model_copy(update={"sealed_key": b"", "version": 0}))
        item = PaymentAccountItem(sk=PROVIDER, body=body, sealed=account.sealed_key, version=version + 1)
        unchanged = PaymentAccountItem.version == version if version else absent(PaymentAccountItem.pk)
        self._writes.append(self._partition.put(item, unchanged))
        return account.model_copy(update={"version": version + 1})

    def remove(self, account: PaymentAccountRecord) -> None:
        unchanged = PaymentAccountItem.version == account.version
        self._writes.append(self._partition.delete(PaymentAccountItem, PROVIDER, unchanged))
