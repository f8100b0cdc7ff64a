"""What documents were before their file was divided, or joined, by hand: in no list until that is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.documents import Document
from sheaf.capture.kept import Aside, KeptReading, Overlay
from sheaf.capture.reading import Reading
from sheaf.storage._table import SetAsideItem
from sheaf.storage.codec import pack, unpack

if TYPE_CHECKING:
    from sheaf.storage.partition import Partition
    from sheaf.storage.transactions import Write

_AT_ONCE = 100
_END = "~"
"""Sorts after everything an id is made of."""


class SetAside:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def has(self, whole_id: str, document_id: str) -> bool:
        return self._partition.get(SetAsideItem, _key(whole_id, document_id)) is not None

    def of(self, whole_id: str) -> list[Aside]:
        """The document of the file among them. None, if nothing was divided by hand."""
        where = SetAsideItem.sk.between(_key(whole_id, ""), _key(whole_id, _END))
        found: list[Aside] = []
        after: str | None = None
        while True:
            items, after = self._partition.query(SetAsideItem, limit=_AT_ONCE, where=where, after=after)
            found += map(_aside, items)
            if after is None:
                return found

    def put(self, whole_id: str, aside: Aside) -> None:
        """In place of what was set aside of the same document before."""
        kept = aside.kept
        item = SetAsideItem(
            sk=_key(whole_id, aside.document.id),
            body=pack(aside.document),
            reading=pack(kept.machine) if kept else None,
            overlay=pack(kept.overlay) if kept else None,
        )
        self._writes.append(self._partition.put(item, None))

    def remove(self, whole_id: str, document_id: str) -> None:
        self._writes.append(self._partition.delete(SetAsideItem, _key(whole_id, document_id)))


def _key(whole_id: str, document_id: str) -> str:
    return f"{whole_id}#{document_id}"


def _aside(item: SetAsideItem) -> Aside:
    kept = None
    if item.reading:
        overlay = unpack(Overlay, item.overlay) if item.overlay else Overlay()
        kept = KeptReading(machine=unpack(Reading, item.reading), overlay=overlay)
    return Aside(document=unpack(Document, item.body), kept=kept)
