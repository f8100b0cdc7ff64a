"""Entries get their place in the chain.

The table's stream tells of new entries; which they are, the log itself says. So an entry whose telling got
lost has its place with the next one, and one that is told of twice keeps the place it has.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sheaf.audit.chain import Head, Link, place
from sheaf.audit.entries import Entry


class Chain(Protocol):
    def head(self) -> Head: ...
    def link(self, entry_id: str) -> Link | None: ...
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


def chain_entries(tenant: Tenant, told: Iterable[Entry] = ()) -> bool:
    """Stages the places of entries that have none: some of those told of, and of those after the last that
    has one. False: there were none.
    """
    before = head = tenant.chain.head()
    known = {entry.id: entry for entry in (*told, *tenant.audit_log.after(head.last, limit=_AT_ONCE))}
    new = [known[entry_id] for entry_id in sorted(known) if tenant.chain.link(entry_id) is None]
    for entry in new[:_AT_ONCE]:
        link, head = place(head, entry)
        tenant.chain.add(entry.id, link)
    if head == before:
        return False
    tenant.chain.move(head, from_=before)
    return True
