"""What approved documents hold, so that no second one is approved that says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.duplicates import Hold
from sheaf.capture.search import twins
from sheaf.storage._table import HeldItem
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

    from sheaf.capture.documents import Document
    from sheaf.storage.partition import Partition


class Holds:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, key: str) -> Hold | None:
        item = self._partition.get(HeldItem, key)
        return Hold(key=key, document_id=item.document_id, version=int(item.version)) if item else None

    def take(self, hold: Hold, *, instead_of: Hold | None) -> None:
        """Conflict when somebody else has taken it meanwhile."""
        item = HeldItem(sk=hold.key, document_id=hold.document_id, version=hold.version)
        unchanged = _same(instead_of) if instead_of else absent(HeldItem.pk)
        self._writes.append(self._partition.put(item, unchanged))

    def forget(self, document: Document) -> None:
        """What a deleted document held, as far as nobody else has taken it."""
        for key in twins(document):
            held = self.get(key)
            if held and held.document_id == document.id:
                self._writes.append(self._partition.delete(HeldItem, key, _same(held)))


def _same(hold: Hold) -> Condition:
    same: Condition = (HeldItem.document_id == hold.document_id) & (HeldItem.version == hold.version)
    return same
