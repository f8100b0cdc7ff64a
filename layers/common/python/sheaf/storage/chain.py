"""The chain of a workspace's audit log: its links, each under the id of its entry, and its head."""

from __future__ import annotations

from typing import Any

from sheaf.audit.chain import Head, Link
from sheaf.audit.entries import Entry
from sheaf.storage._table import AuditItem, ChainHeadItem, LinkItem
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent
from sheaf.storage.workspace import entry_of

_HEAD = "HEAD"


class Chain:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def head(self) -> Head:
        item = self._partition.get(ChainHeadItem, _HEAD)
        if item is None:
            return Head()
        return Head(number=int(item.number), hash=item.hash.hex(), last=item.last)

    def links(self, first: str, last: str, *, consistent: bool = False) -> dict[str, Link]:
        """Entry id → link, of all entries between two ids."""
        found: dict[str, Link] = {}
        after: str | None = None
        while True:
            items, after = self._partition.query(
                LinkItem,
                limit=1000,
                after=after,
                where=LinkItem.sk.between(first, last),
                consistent=consistent,
            )
            found |= {item.sk: _link(item) for item in items}
            if after is None:
                return found

    def add(self, entry_id: str, link: Link) -> None:
        item = LinkItem(
            sk=entry_id,
            number=link.number,
            previous=bytes.fromhex(link.previous),
            hash=bytes.fromhex(link.hash),
        )
        self._writes.append(self._partition.put(item, absent(LinkItem.pk)))

    def move(self, head: Head, *, from_: Head) -> None:
        """Conflict when the chain went on meanwhile."""
        item = ChainHeadItem(sk=_HEAD, number=head.number, hash=bytes.fromhex(head.hash), last=head.last)
        here = ChainHeadItem.number == from_.number if from_.number else absent(ChainHeadItem.pk)
        self._writes.append(self._partition.put(item, here))


def recorded_entry(image: dict[str, Any]) -> tuple[str, Entry] | None:
    """The workspace and the entry that a new item of the table's stream is; None when it is no entry."""
    workspace_id, _, kind = image["pk"]["S"].partition("#")
    if kind != AuditItem.KIND:
        return None
    return workspace_id, entry_of(AuditItem.from_raw_data(image))


def _link(item: LinkItem) -> Link:
    return Link(number=int(item.number), previous=item.previous.hex(), hash=item.hash.hex())
