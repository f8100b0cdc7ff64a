"""Reading the audit log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Protocol

from pydantic import AfterValidator, BaseModel, Field

from sheaf.audit.chain import Link
from sheaf.audit.csv import to_csv
from sheaf.audit.entries import Action, Entry, EntryFilter
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT, Page


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


Instant = Annotated[datetime, AfterValidator(_utc)]
"""A time without a zone is in UTC, like every time this API gives."""


class AuditQuery(BaseModel):
    """``since`` is inclusive, ``until`` exclusive: ``2026-01-31`` or ``2026-01-31T09:30:00Z``.

    ``actor`` and ``subject`` are ids.
    """

    action: Action | None = None
    actor: str | None = None
    subject: str | None = None
    since: Instant | None = None
    until: Instant | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^aud_[0-9a-z]{26}$")] | None = None

    @property
    def filter(self) -> EntryFilter:
        return EntryFilter(
            action=self.action, actor=self.actor, subject=self.subject, since=self.since, until=self.until
        )


class ChainedEntry(Entry):
    """``link`` is the entry's place in the chain; it comes a moment after the entry."""

    link: Link | None = None

    @property
    def entry(self) -> Entry:
        """Without its place: what the place's hash is about."""
        return Entry(**{name: getattr(self, name) for name in Entry.model_fields})


class EntryList(BaseModel):
    items: list[ChainedEntry]
    next_cursor: str | None


class AuditLog(Protocol):
    def page(self, chosen: EntryFilter, *, limit: int, cursor: str | None) -> Page[Entry]: ...


class Chain(Protocol):
    def links(self, first: str, last: str) -> dict[str, Link]: ...


class Tenant(Protocol):
    @property
    def audit_log(self) -> AuditLog: ...
    @property
    def chain(self) -> Chain: ...


def list_entries(tenant: Tenant, query: AuditQuery) -> EntryList:
    page = tenant.audit_log.page(query.filter, limit=query.limit, cursor=query.cursor)
    ids = sorted(entry.id for entry in page.items)
    links = tenant.chain.links(ids[0], ids[-1]) if ids else {}
    items = [ChainedEntry(**dict(entry), link=links.get(entry.id)) for entry in page.items]
    return EntryList(items=items, next_cursor=page.next_cursor)


def entries_as_csv(tenant: Tenant, query: AuditQuery) -> tuple[str, str | None]:
    """The same page as ``list_entries`` gives, as CSV, and the next cursor."""
    entries = list_entries(tenant, query)
    return to_csv((entry, entry.link) for entry in entries.items), entries.next_cursor
