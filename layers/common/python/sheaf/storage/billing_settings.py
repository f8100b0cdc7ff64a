"""How the workspace bills."""

from __future__ import annotations

from sheaf.billing.settings import BillingSettings
from sheaf.storage._billing import BillingSettingsItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent

_ONE = "BILLING"


class BillingSettingsRecord:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self) -> tuple[BillingSettings, int]:
        """With their version: 0 until somebody changed them."""
        item = self._partition.get(BillingSettingsItem, _ONE)
        if item is None:
            return BillingSettings(), 0
        return unpack(BillingSettings, item.body), int(item.version)

    def save(self, settings: BillingSettings, *, instead_of: int) -> None:
        """Conflict when somebody changed them meanwhile."""
        item = BillingSettingsItem(sk=_ONE, body=pack(settings), version=instead_of + 1)
        unchanged = (
            BillingSettingsItem.version == instead_of if instead_of else absent(BillingSettingsItem.pk)
        )
        self._writes.append(self._partition.put(item, unchanged))
