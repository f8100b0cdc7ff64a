"""Which version of the workspace's logo is the one that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.billing.letterhead import Logo
from sheaf.storage._billing import LogoItem
from sheaf.storage.codec import pack, unpack

if TYPE_CHECKING:
    from sheaf.storage.partition import Partition
    from sheaf.storage.transactions import Write

_ONE = "LOGO"


class LogoRecord:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self) -> Logo | None:
        item = self._partition.get(LogoItem, _ONE)
        return unpack(Logo, item.body) if item and item.body else None

    def save(self, logo: Logo | None) -> None:
        """The last one counts."""
        self._writes.append(self._partition.put(LogoItem(sk=_ONE, body=pack(logo) if logo else None), None))
