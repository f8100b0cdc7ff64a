"""What happened to each document, in one workspace's partition: audit entries, told in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.history import Event, Told
from sheaf.kernel.pages import Page
from sheaf.storage._table import HistoryItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.paging import collect
from sheaf.storage.transactions import Write

if TYPE_CHECKING:
    from sheaf.audit.entries import Entry
    from sheaf.storage.partition import Partition

_END = "~"
"""Sorts after everything an id is made of."""


class History:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def add(self, entry: Entry, told: Told) -> None:
        self._writes.append(self._partition.put(_item(entry, told), None))

    def put(self, entry: Entry, told: Told) -> None:
        """At once, in no transaction: the same entry again is the same event."""
        self._partition.write_batch(puts=[_item(entry, told)])

    def page(
        self, document_id: str, *, limit: int, cursor: str | None, consistent: bool = True
    ) -> Page[Event]:
        """Oldest first. What is told from the stream is behind anyway: read so, it costs half."""
        where = HistoryItem.sk.between(f"{document_id}#{cursor or ''}", f"{document_id}#{_END}")
        first = f"{document_id}#{cursor}" if cursor else None

        def fetch(after: str | None, count: int) -> tuple[list[HistoryItem], str | None]:
            return self._partition.query(
                HistoryItem, limit=count, after=after, where=where, consistent=consistent
            )

        page = collect(fetch, lambda item: unpack(Event, item.body), limit=limit, cursor=first)
        return Page(page.items, page.next_cursor.partition("#")[2] if page.next_cursor else None)

    def forget(self, document_id: str) -> None:
        """All of it, at once."""
        where = HistoryItem.sk.between(f"{document_id}#", f"{document_id}#{_END}")
        while items := self._partition.query(HistoryItem, limit=100, where=where)[0]:
            self._partition.write_batch(deletes=[(HistoryItem, item.sk) for item in items])


def _item(entry: Entry, told: Told) -> HistoryItem:
    event = Event(
        id=entry.id,
        action=entry.action,
        actor=entry.actor,
        before=entry.before,
        after=entry.after,
        told=told,
    )
    return HistoryItem(sk=f"{entry.subject}#{entry.id}", body=pack(event))
