"""What the directory's repositories share: reads answer at once, writes are staged for whoever commits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from sheaf.storage._table import DirectoryEntry
from sheaf.storage.transactions import Write


class DirectoryEntries:
    def __init__(self, connection: Connection, table: str, writes: list[Write]) -> None:
        self._connection = connection
        self._table = table
        self._writes = writes

    def _get[Item: DirectoryEntry](self, item: type[Item], pk: str, sk: str) -> Item | None:
        raw = self._connection.get_item(self._table, pk, sk, consistent_read=True).get("Item")
        return item.from_raw_data(raw) if raw else None

    def _query[Item: DirectoryEntry](self, item: type[Item], pk: str, where: Condition) -> Iterator[Item]:
        start: dict[str, Any] | None = None
        while True:
            answer = self._connection.query(
                self._table, pk, range_key_condition=where, exclusive_start_key=start, consistent_read=True
            )
            yield from (item.from_raw_data(raw) for raw in answer["Items"])
            start = answer.get("LastEvaluatedKey")
            if not start:
                return

    def _of_user[Item: DirectoryEntry](self, item: type[Item], user_id: str, prefix: str) -> Iterator[Item]:
        return self._query(item, f"USER#{user_id}", item.sk.startswith(prefix))

    def _put(self, item: DirectoryEntry, pk: str, sk: str, condition: Condition | None) -> None:
        item.pk, item.sk = pk, sk
        self._stage("put", pk, sk, key="Item", attributes=item.serialize(), condition=condition)

    def _update(self, pk: str, sk: str, action: Action, condition: Condition) -> None:
        self._stage("update", pk, sk, key="Key", actions=[action], condition=condition)

    def _delete(self, item: type[DirectoryEntry], pk: str, sk: str) -> None:
        """Conflict when there is nothing to delete any more."""
        self._stage("delete", pk, sk, key="Key", condition=item.pk.exists())

    def _forget(self, pk: str, sk: str) -> None:
        """Whether it is still there or not."""
        self._stage("delete", pk, sk, key="Key")

    def _stage(self, kind: str, pk: str, sk: str, **arguments: Any) -> None:
        request = self._connection.get_operation_kwargs(self._table, pk, sk, **arguments)
        self._writes.append(Write(kind, request))
