"""What leads to a workspace without anybody asking: Textract jobs by id, workspaces that are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import batched

from pynamodb.connection import Connection

from sheaf.capture.ports import Job
from sheaf.storage._table import ChainedItem, DirectoryItem, JobItem, WorkspaceItem
from sheaf.storage.codec import seconds
from sheaf.storage.connection import DUE_INDEX
from sheaf.storage.workspace import BILLING_PARTITION, DUE_PARTITION

_CHAINED_LIFE = timedelta(days=30)
_JOB_LIFE = timedelta(days=8)
"""Textract keeps a job's result for seven days."""


class Directory:
    def __init__(self, connection: Connection, *, directory_table: str, records_table: str) -> None:
        self._connection = connection
        self._table = directory_table
        self._records = records_table

    def job(self, job_id: str) -> Job | None:
        item = self._get(JobItem, job_id)
        if item is None:
            return None
        return Job(
            id=job_id,
            workspace_id=item.workspace_id,
            document_id=item.document_id,
            attempt=int(item.attempt),
            pages=tuple((int(first), int(last)) for first, last in batched(item.pages or (), 2, strict=True)),
        )

    def add_job(self, job: Job, now: datetime) -> None:
        item = JobItem(
            workspace_id=job.workspace_id,
            document_id=job.document_id,
            attempt=job.attempt,
            pages=[page for pages in job.pages for page in pages] or None,
            ttl=seconds(now + _JOB_LIFE),
        )
        self._put(item, job.id)

    def due_workspaces(self, as_of: date) -> list[str]:
        """Ids of the workspaces that may hold a file due on that day or before: no tenant data at all."""
        return self._due(DUE_PARTITION, as_of)

    def due_for_billing(self, as_of: date) -> list[str]:
        """Ids of the workspaces that may have something to bill, or to remind of."""
        return self._due(BILLING_PARTITION, as_of)

    def _due(self, partition: str, as_of: date) -> list[str]:
        found: list[str] = []
        start: dict[str, object] | None = None
        while True:
            answer = self._connection.query(
                self._records,
                partition,
                range_key_condition=WorkspaceItem.due_on <= as_of.isoformat(),
                index_name=DUE_INDEX,
                exclusive_start_key=start,
            )
            found += [raw["pk"]["S"].partition("#")[0] for raw in answer["Items"]]
            start = answer.get("LastEvaluatedKey")
            if not start:
                return found

    def note_chained(self, workspace_id: str, at: datetime) -> None:
        """That the workspace's audit chain went on that day: doing it twice changes nothing."""
        item = ChainedItem(workspace_id=workspace_id, ttl=seconds(at + _CHAINED_LIFE))
        item.pk, item.sk = f"{item.KIND}#{at.date().isoformat()}", workspace_id
        self._connection.put_item(self._table, item.pk, item.sk, attributes=item.serialize())

    def chained_on(self, day: date) -> Iterator[str]:
        """Ids of the workspaces whose audit chain went on that day."""
        start: dict[str, object] | None = None
        while True:
            answer = self._connection.query(
                self._table, f"{ChainedItem.KIND}#{day.isoformat()}", exclusive_start_key=start
            )
            yield from (raw["sk"]["S"] for raw in answer["Items"])
            start = answer.get("LastEvaluatedKey")
            if not start:
                return

    def _get[Item: DirectoryItem](self, item: type[Item], looked_up: str) -> Item | None:
        answer = self._connection.get_item(
            self._table, f"{item.KIND}#{looked_up}", item.KIND, consistent_read=True
        )
        raw = answer.get("Item")
        return item.from_raw_data(raw) if raw else None

    def _put(self, item: DirectoryItem, looked_up: str) -> None:
        """A plain put of the same facts: doing it twice changes nothing."""
        item.pk, item.sk = f"{item.KIND}#{looked_up}", item.KIND
        self._connection.put_item(self._table, item.pk, item.sk, attributes=item.serialize())
