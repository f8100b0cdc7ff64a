"""Entries get their place in the chain.

The table's stream tells of new entries; which they are, the log itself says. So an entry whose telling got
lost has its place with the next one, and one that is told of twice keeps the place it has.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Protocol

from sheaf.audit.chain import Head, Link, place
from sheaf.audit.entries import Entry
from sheaf.kernel.ids import created_at, floor_id


class Chain(Protocol):
    def head(self) -> Head: ...
    def links(self, first: str, last: str, *, consistent: bool = False) -> dict[str, Link]: ...
    def add(self, entry_id: str, link: Link) -> None: ...
    def move(self, head: Head, *, from_: Head) -> None: ...


class AuditLog(Protocol):
    def after(self, entry_id: str, *, limit: int) -> list[Entry]: ...


class Tenant(Protocol):
    @property
    def audit_log(self) -> AuditLog: ...
    @property
    def chain(self) -> Chain: ...


_AT_ONCE = 90
"""Entries in one transaction: a link each, and the head."""


_LOOKED_AT = 1000


def _since(head: Head) -> str:
    """A refusal is noted under the beginning of its minute: entries after it may have their place."""
    if not head.last:
        return ""
    return floor_id("aud", created_at(head.last).replace(second=0, microsecond=0) - timedelta(minutes=1))


def chain_entries(tenant: Tenant, told: Iterable[Entry] = ()) -> bool:
    """Stages the places of entries that have none: some of those told of, and of those after the last that
    has one. False: there were none.
    """
    before = head = tenant.chain.head()
    known = {entry.id: entry for entry in (*told, *tenant.audit_log.after(_since(head), limit=_LOOKED_AT))}
    ids = sorted(known)
    linked = tenant.chain.links(ids[0], ids[-1], consistent=True) if ids else {}
    new = [known[entry_id] for entry_id in ids if entry_id not in linked]
    for entry in new[:_AT_ONCE]:
        link, head = place(head, entry)
        tenant.chain.add(entry.id, link)
    if head == before:
        return False
    tenant.chain.move(head, from_=before)
    return True
