"""Which files were issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.billing.freezing import Frozen
from sheaf.storage._billing import FrozenItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from sheaf.storage.partition import Partition


class FrozenFiles:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, issued_id: str) -> Frozen | None:
        item = self._partition.get(FrozenItem, issued_id)
        return unpack(Frozen, item.body) if item else None

    def add(self, issued_id: str, frozen: Frozen) -> None:
        """Conflict when there are some: the first ones count."""
        item = FrozenItem(sk=issued_id, body=pack(frozen))
        self._writes.append(self._partition.put(item, absent(FrozenItem.pk)))
