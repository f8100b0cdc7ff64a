"""The workspace itself, its audit log, its deletion certificates and its idempotency keys."""

from __future__ import annotations

import functools
import operator
from datetime import date, datetime, timedelta

from pydantic import BaseModel
from pynamodb.expressions.condition import Condition

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.audit.entries import Action, Entry, EntryFilter
from sheaf.kernel.ids import created_at, floor_id
from sheaf.kernel.pages import Page
from sheaf.retention.certificates import Certificate
from sheaf.retention.windows import Window
from sheaf.retention.workspace import Workspace
from sheaf.storage._table import AuditItem, CertificateItem, IdempotencyItem, WorkspaceItem
from sheaf.storage.codec import instant, milliseconds, pack, seconds, unpack
from sheaf.storage.paging import collect
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent

DUE_PARTITION, BILLING_PARTITION = "DUE", "BILLING"
"""Of the index of what is due: files to be deleted, and what is to be billed or reminded of."""

_ITSELF = "WORKSPACE"
_IDEMPOTENCY_LIFE = timedelta(hours=24)


class WorkspaceRecord:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self) -> Workspace | None:
        item = self._partition.get(WorkspaceItem, _ITSELF)
        if item is None:
            return None
        return Workspace(
            id=item.pk.partition("#")[0],
            name=item.name,
            created_at=instant(item.created),
            retention=Window(item.retention),
            due_on=date.fromisoformat(item.due_on) if item.due_on else None,
            closes_at=instant(item.closes) if item.closes else None,
            version=int(item.version),
        )

    def add(self, workspace: Workspace) -> None:
        self._put(workspace, absent(WorkspaceItem.pk))

    def save(self, workspace: Workspace) -> None:
        self._put(workspace, WorkspaceItem.version == workspace.version)

    def _put(self, workspace: Workspace, condition: Condition) -> None:
        item = WorkspaceItem(
            sk=_ITSELF,
            name=workspace.name,
            created=milliseconds(workspace.created_at),
            retention=workspace.retention.value,
            closes=milliseconds(workspace.closes_at) if workspace.closes_at else None,
            version=workspace.version + 1,
            due_pk=DUE_PARTITION if workspace.due_on else None,
            due_on=workspace.due_on.isoformat() if workspace.due_on else None,
        )
        self._writes.append(self._partition.put(item, condition))


class AuditLog:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def add(self, entry: Entry, *, told: bool = False) -> None:
        detail = _Detail(origin=entry.origin, before=entry.before, after=entry.after)
        item = AuditItem(
            sk=entry.id,
            action=entry.action.value,
            actor_kind=entry.actor.kind.value,
            actor_id=entry.actor.id,
            subject=entry.subject,
            detail=detail.model_dump_json(exclude_defaults=True),
            told=told or None,
        )
        self._writes.append(self._partition.put(item, absent(AuditItem.pk)))

    def page(self, chosen: EntryFilter, *, limit: int, cursor: str | None) -> Page[Entry]:
        """Newest first. DynamoDB refuses empty ranges, and cursors that lie outside of the range."""
        low = floor_id("aud", chosen.since) if chosen.since else None
        high = floor_id("aud", chosen.until) if chosen.until else None
        if cursor and high and cursor >= high:
            cursor = None
        if low and ((high and high <= low) or (cursor and cursor < low)):
            return Page([], None)
        where, only = _between(low, high), _only(chosen)

        def fetch(after: str | None, count: int) -> tuple[list[AuditItem], str | None]:
            return self._partition.query(
                AuditItem, limit=count, after=after, newest_first=True, where=where, only=only
            )

        return collect(fetch, entry_of, limit=limit, cursor=cursor)

    def after(self, entry_id: str, *, limit: int) -> list[Entry]:
        """The next ones, oldest first; from the beginning when ``entry_id`` is empty."""
        items, _ = self._partition.query(AuditItem, limit=limit, after=entry_id or None)
        return [entry_of(item) for item in items]


class Certificates:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def add(self, certificate: Certificate) -> None:
        """Kept under the youngest file it covers. Sweeps go oldest first, so the first certificate at or
        after a file is nearly always the one that covers it.
        """
        last = certificate.files[-1].file_id
        item = CertificateItem(sk=last, body=pack(certificate))
        self._writes.append(self._partition.put(item, absent(CertificateItem.pk)))

    def covering(self, file_id: str) -> Certificate | None:
        after: str | None = None
        while True:
            where = CertificateItem.sk >= file_id
            items, after = self._partition.query(CertificateItem, limit=1, after=after, where=where)
            for item in items:
                certificate = unpack(Certificate, item.body)
                if any(file.file_id == file_id for file in certificate.files):
                    return certificate
            if after is None:
                return None

    def page(self, *, limit: int, cursor: str | None) -> Page[Certificate]:
        """Oldest first."""

        def fetch(after: str | None, count: int) -> tuple[list[CertificateItem], str | None]:
            return self._partition.query(CertificateItem, limit=count, after=after)

        return collect(fetch, lambda item: unpack(Certificate, item.body), limit=limit, cursor=cursor)


class IdempotencyKeys:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, key: str) -> tuple[str, str] | None:
        """The fingerprint of the request that used this key, and the id of what it made."""
        item = self._partition.get(IdempotencyItem, key)
        return (item.fingerprint, item.subject) if item else None

    def add(self, key: str, *, fingerprint: str, subject: str, now: datetime) -> None:
        item = IdempotencyItem(
            sk=key, fingerprint=fingerprint, subject=subject, ttl=seconds(now + _IDEMPOTENCY_LIFE)
        )
        self._writes.append(self._partition.put(item, absent(IdempotencyItem.pk)))


class _Detail(BaseModel):
    origin: Origin = Origin()
    before: dict[str, str] = {}
    after: dict[str, str] = {}


def entry_of(item: AuditItem) -> Entry:
    detail = _Detail.model_validate_json(item.detail or "{}")
    return Entry(
        id=item.sk,
        at=created_at(item.sk),
        action=Action(item.action),
        actor=Actor(kind=ActorKind(item.actor_kind), id=item.actor_id),
        subject=item.subject,
        origin=detail.origin,
        before=detail.before,
        after=detail.after,
    )


def _between(low: str | None, high: str | None) -> Condition | None:
    if low and high:
        return AuditItem.sk.between(low, high)
    if low:
        return AuditItem.sk >= low
    return AuditItem.sk < high if high else None


def _only(chosen: EntryFilter) -> Condition | None:
    wanted = [
        attribute == value
        for attribute, value in (
            (AuditItem.action, chosen.action),
            (AuditItem.actor_id, chosen.actor),
            (AuditItem.subject, chosen.subject),
        )
        if value is not None
    ]
    return functools.reduce(operator.and_, wanted) if wanted else None
