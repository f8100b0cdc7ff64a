"""What a workspace pays for Sheaf, what it is charged for beyond, and the files that wait for room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sheaf.kernel.clock import Clock
from sheaf.storage._subscription import MeteredItem, SubscriptionItem, WaitingItem, WatchedEntry
from sheaf.storage.codec import milliseconds, pack, unpack
from sheaf.storage.entries import DirectoryEntries
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from sheaf.subscription.metering import Metered
    from sheaf.subscription.subscription import Subscription

_ONE = "SUBSCRIPTION"


@dataclass(frozen=True)
class Watched:
    """``since``: when that was last asked for, in milliseconds."""

    workspace_id: str
    since: int


class WatchedWorkspaces(DirectoryEntries):
    def all(self) -> Iterator[Watched]:
        for item in self._query(WatchedEntry, WatchedEntry.KIND, WatchedEntry.sk.startswith("wrk_")):
            yield Watched(item.sk, int(item.since))

    def put(self, workspace_id: str, now: datetime) -> None:
        self._put(WatchedEntry(since=milliseconds(now)), WatchedEntry.KIND, workspace_id, None)

    def forget(self, workspace_id: str) -> None:
        self._forget(WatchedEntry.KIND, workspace_id)

    def drop(self, watched: Watched) -> None:
        """At once, unless it was asked for again meanwhile."""
        self._connection.delete_item(
            self._table,
            WatchedEntry.KIND,
            watched.workspace_id,
            condition=WatchedEntry.since == watched.since,
        )


class Subscriptions:
    """``watched`` stages with the same writes."""

    def __init__(
        self,
        workspace_id: str,
        partition: Partition,
        writes: list[Write],
        watched: Callable[[], WatchedWorkspaces],
        clock: Clock,
    ) -> None:
        self._workspace_id = workspace_id
        self._partition = partition
        self._writes = writes
        self._watched = watched
        self._clock = clock

    def get(self, *, consistent: bool = True) -> Subscription | None:
        item = self._partition.get(SubscriptionItem, _ONE, consistent=consistent)
        if item is None:
            return None
        from sheaf.subscription.subscription import Subscription

        return unpack(Subscription, item.body).model_copy(update={"version": int(item.version)})

    def save(self, subscription: Subscription) -> None:
        """Conflict when somebody changed it meanwhile."""
        version = subscription.version
        item = SubscriptionItem(sk=_ONE, body=pack(subscription), version=version + 1)
        unchanged = SubscriptionItem.version == version if version else absent(SubscriptionItem.pk)
        self._writes.append(self._partition.put(item, unchanged))

    def metered(self, month: str) -> Metered:
        from sheaf.subscription.metering import Metered

        item = self._partition.get(MeteredItem, month)
        if item is None:
            return Metered(month=month)
        known: dict[str, Any] = {
            name: int(getattr(item, name)) for name in Metered.model_fields if name != "month"
        }
        return Metered(month=month, **known)

    def save_metered(self, metered: Metered) -> None:
        """Conflict when somebody changed it meanwhile."""
        version = metered.version
        said = metered.model_dump(exclude={"month", "version"})
        item = MeteredItem(sk=metered.month, **said, version=version + 1)
        unchanged = MeteredItem.version == version if version else absent(MeteredItem.pk)
        self._writes.append(self._partition.put(item, unchanged))

    def watch(self) -> None:
        """The round is to come by at this workspace."""
        self._watched().put(self._workspace_id, self._clock.now())


class Waiting:
    """Documents whose files wait for room, oldest first."""

    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def first(self, limit: int) -> list[str]:
        return [item.sk for item in self._partition.query(WaitingItem, limit=limit)[0]]

    def add(self, document_id: str) -> None:
        self._writes.append(self._partition.put(WaitingItem(sk=document_id), None))

    def remove(self, document_id: str) -> None:
        """Whether it is still there or not."""
        self._writes.append(self._partition.delete(WaitingItem, document_id))
