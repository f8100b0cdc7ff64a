"""Erasing a workspace: every item it owns, what the directory says of it, every version in the bucket.

Each step finds what is there and deletes it, so it may be stopped anywhere and begun again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheaf.storage import _billing, _people, _subscription, _table, _webhooks
from sheaf.storage._billing import PaymentLinkItem
from sheaf.storage._people import InvitationItem, MemberItem
from sheaf.storage._subscription import SubscriptionItem
from sheaf.storage._table import KeyItem, RecordItem, WorkspaceItem
from sheaf.storage._webhooks import EndpointItem, VendorObjectItem
from sheaf.storage.transactions import Write

if TYPE_CHECKING:
    from sheaf.storage.blobs import Blobs
    from sheaf.storage.keys import KeyDirectory
    from sheaf.storage.partition import Partition
    from sheaf.storage.payment_links import LinkDirectory
    from sheaf.storage.people import People
    from sheaf.storage.subscriptions import WatchedWorkspaces
    from sheaf.storage.vendor_objects import VendorDirectory

_AT_ONCE = 40
"""Items that are read at once."""

_FULL = 50
"""Writes in one transaction; an item may bring several."""

KINDS: dict[str, type[RecordItem]] = {
    kind.KIND: kind
    for module in (_table, _people, _billing, _subscription, _webhooks)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, RecordItem) and kind is not RecordItem
}
"""All that a workspace owns, by name: a kind of item that is declared is erased, too."""


@dataclass(frozen=True)
class Erased:
    """``complete`` is False when the time ran out."""

    items: int
    versions: int
    complete: bool


@dataclass(frozen=True)
class Doors:
    """Where the directory says who and what leads into a workspace."""

    people: People
    keys: KeyDirectory
    vendors: VendorDirectory
    links: LinkDirectory
    watched: WatchedWorkspaces


class Estate:
    """What a workspace leaves behind."""

    def __init__(self, partition: Partition, doors: Doors, writes: list[Write], blobs: Blobs) -> None:
        self._partition = partition
        self._doors = doors
        self._writes = writes
        self._blobs = blobs

    def erase(self, *, has_time: Callable[[], bool]) -> Erased:
        """Who may come in goes first, the files last. Conflict when somebody is still at work."""
        items = 0
        for kind in _in_order():
            for batch in self._batches(kind):
                for item in batch:
                    self._close_door(item)
                    self._writes.append(self._partition.delete(kind, item.sk))
                    self._commit_if(_FULL)
                self._commit_if(1)
                items += len(batch)
                if not has_time():
                    return Erased(items, versions=0, complete=False)
        return Erased(items, self._blobs.erase_everything(), complete=True)

    def _batches(self, kind: type[RecordItem]) -> Iterator[list[RecordItem]]:
        while items := self._partition.query(kind, limit=_AT_ONCE)[0]:
            yield items

    def _close_door(self, item: RecordItem) -> None:
        match item:
            case MemberItem():
                self._expel(item.sk, item.pk.partition("#")[0])
            case KeyItem():
                self._doors.keys.forget(item.digest)
            case InvitationItem():
                self._doors.people.forget_invitation(item.digest)
            case EndpointItem():
                self._doors.vendors.forget_endpoint(item.sk)
            case VendorObjectItem():
                self._doors.vendors.forget_object(item.sk)
            case PaymentLinkItem():
                self._doors.links.forget(item.digest)
            case SubscriptionItem():
                self._doors.watched.forget(item.pk.partition("#")[0])

    def _expel(self, user_id: str, workspace_id: str) -> None:
        people = self._doors.people
        people.forget_membership(user_id, workspace_id)
        for session in people.sessions_of(user_id):
            if session.workspace_id == workspace_id:
                people.save_session(session.model_copy(update={"workspace_id": None, "role": None}))
                self._commit_if(_FULL)

    def _commit_if(self, at_least: int) -> None:
        if len(self._writes) < at_least:
            return
        try:
            self._partition.commit(self._writes)
        finally:
            self._writes.clear()


def _in_order() -> list[type[RecordItem]]:
    first: list[type[RecordItem]] = [
        KeyItem, InvitationItem, MemberItem, EndpointItem, VendorObjectItem, PaymentLinkItem,
        SubscriptionItem,
    ]  # fmt: skip
    others = [kind for kind in KINDS.values() if kind not in first and kind is not WorkspaceItem]
    return [*first, *others, WorkspaceItem]
