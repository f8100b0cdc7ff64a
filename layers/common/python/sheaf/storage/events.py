"""What vendors have told, kept until it is done and for as long as they may tell it again."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sheaf.access.webhooks import Event, Source
from sheaf.storage._webhooks import EventEntry, EventItem
from sheaf.storage.codec import instant, milliseconds, seconds
from sheaf.storage.entries import DirectoryEntries
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent

_LIFE = timedelta(days=90)
_LIFE_OF_UNCLAIMED = timedelta(days=7)


class State(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    KEPT = "kept"
    """Nothing follows from events of its type."""


@dataclass(frozen=True)
class KeptEvent:
    event: Event
    state: State


class Events:
    """A workspace's."""

    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, source: Source, event_id: str) -> KeptEvent | None:
        item = self._partition.get(EventItem, _key(source, event_id))
        if item is None:
            return None
        event = Event(source, event_id, item.type, instant(item.at), zlib.decompress(item.body))
        return KeptEvent(event, State(item.state))

    def add(self, event: Event, now: datetime) -> None:
        """Conflict when it was told before."""
        item = EventItem(
            sk=_key(event.source, event.id),
            type=event.type,
            at=milliseconds(event.at),
            state=State.WAITING.value,
            body=zlib.compress(event.body, level=9),
            ttl=seconds(now + _LIFE),
        )
        self._writes.append(self._partition.put(item, absent(EventItem.pk)))

    def finish(self, kept: KeptEvent, state: State) -> None:
        """Conflict when somebody else did."""
        unchanged = EventItem.state == kept.state.value
        key = _key(kept.event.source, kept.event.id)
        actions = [EventItem.state.set(state.value)]
        self._writes.append(self._partition.update(EventItem, key, actions, unchanged))


class UnclaimedEvents(DirectoryEntries):
    """Those of nobody we know: they are gone after a week."""

    def get(self, source: Source, event_id: str) -> Event | None:
        item = self._get(EventEntry, f"EVENT#{_key(source, event_id)}", EventEntry.KIND)
        if item is None:
            return None
        return Event(source, event_id, item.type, instant(item.at), zlib.decompress(item.body))

    def put(self, event: Event, now: datetime) -> None:
        """At once: doing it twice changes nothing."""
        item = EventEntry(
            type=event.type,
            at=milliseconds(event.at),
            body=zlib.compress(event.body, level=9),
            ttl=seconds(now + _LIFE_OF_UNCLAIMED),
        )
        item.pk, item.sk = f"EVENT#{_key(event.source, event.id)}", EventEntry.KIND
        self._connection.put_item(self._table, item.pk, item.sk, attributes=item.serialize())

    def drop(self, event: Event) -> None:
        """At once, whether it is still there or not."""
        pk = f"EVENT#{_key(event.source, event.id)}"
        self._connection.delete_item(self._table, pk, EventEntry.KIND)


def _key(source: Source, event_id: str) -> str:
    return f"{source.value}#{event_id}"
