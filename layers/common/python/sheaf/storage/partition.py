"""The first wall between workspaces: a partition makes every key, and every key starts with its workspace.

No method takes a workspace. A cursor is an id; the partition adds its own key to it, so a cursor of
another workspace is only a position in this one.

Every call is made as the workspace's principal: the second wall, AWS's own, compares the keys again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from sheaf.aws import TenantPrincipal
from sheaf.capture.documents import Status
from sheaf.storage._table import DocumentItem, RecordItem
from sheaf.storage.connection import STATUS_INDEX
from sheaf.storage.transactions import Write, read_batch, transact, write_batch

_INDEXED = frozenset(status.value for status in Status if status.is_final)


_PAGE = 500


class Partition:
    def __init__(self, connection: Connection, table: str, principal: TenantPrincipal) -> None:
        self._connection = connection
        self._table = table
        self._principal = principal
        self._workspace_id = principal.workspace_id

    def get[Item: RecordItem](self, item: type[Item], sk: str, *, consistent: bool = True) -> Item | None:
        with self._principal.acting():
            answer = self._connection.get_item(self._table, self._pk(item), sk, consistent_read=consistent)
        raw = answer.get("Item")
        return item.from_raw_data(raw) if raw else None

    def get_many[Item: RecordItem](
        self, item: type[Item], sks: Sequence[str], *, attributes: tuple[str, ...] | None = None
    ) -> list[Item]:
        """Those that are there, in no order; with only these attributes, if any are named.

        Raises NotYet when the table is too busy.
        """
        keys = [{"pk": {"S": self._pk(item)}, "sk": {"S": sk}} for sk in sks]
        with self._principal.acting():
            found = read_batch(self._connection, self._table, keys, attributes)
        return [item.from_raw_data(raw) for raw in found]

    def query[Item: RecordItem](
        self,
        item: type[Item],
        *,
        limit: int,
        after: str | None = None,
        newest_first: bool = False,
        where: Condition | None = None,
        only: Condition | None = None,
        status: str | None = None,
        consistent: bool = True,
    ) -> tuple[list[Item], str | None]:
        """One page in key order, and where the next begins (None: this was the last).

        ``where`` narrows the sort key, ``only`` filters what was read, ``status`` walks the status index,
        which is never ``consistent``.
        """
        pk = self._status_pk(item, status) if status else self._pk(item)
        start: dict[str, Any] | None = None
        if after is not None:
            start = {"pk": {"S": self._pk(item)}, "sk": {"S": after}}
            if status:
                start["status_pk"] = {"S": pk}
        with self._principal.acting():
            answer = self._connection.query(
                self._table,
                pk,
                range_key_condition=where,
                filter_condition=only,
                exclusive_start_key=start,
                index_name=STATUS_INDEX if status else None,
                limit=limit,
                scan_index_forward=not newest_first,
                consistent_read=consistent and not status,
            )
        last = answer.get("LastEvaluatedKey")
        return [item.from_raw_data(raw) for raw in answer["Items"]], last["sk"]["S"] if last else None

    def between[Item: RecordItem](self, item: type[Item], first: str, last: str) -> Iterator[Item]:
        """All from the one sort key to the other, both included, in their order."""
        after: str | None = None
        while True:
            items, after = self.query(item, limit=_PAGE, after=after, where=item.sk.between(first, last))
            yield from items
            if after is None:
                return

    def put(self, item: RecordItem, condition: Condition | None, *, status: str | None = None) -> Write:
        """``status`` puts it in the status index, among those of its kind; a document says its own."""
        item.pk = self._pk(type(item))
        if isinstance(item, DocumentItem):
            status = item.status if item.status in _INDEXED else None
        body = item.serialize()
        body.pop("status_pk", None)
        if status is not None:
            body["status_pk"] = {"S": self._status_pk(type(item), status)}
        return Write("put", self._request(item.pk, item.sk, key="Item", attributes=body, condition=condition))

    def delete(self, item: type[RecordItem], sk: str, condition: Condition | None = None) -> Write:
        return Write("delete", self._request(self._pk(item), sk, key="Key", condition=condition))

    def update(
        self, item: type[RecordItem], sk: str, actions: Sequence[Action], condition: Condition | None
    ) -> Write:
        pk = self._pk(item)
        return Write("update", self._request(pk, sk, key="Key", actions=actions, condition=condition))

    def require(self, item: type[RecordItem], sk: str, condition: Condition) -> Write:
        return Write("check", self._request(self._pk(item), sk, key="Key", condition=condition))

    def write_batch(
        self, *, puts: Sequence[RecordItem] = (), deletes: Sequence[tuple[type[RecordItem], str]] = ()
    ) -> None:
        """Each on its own, without conditions or transaction: for what may be written twice."""
        for item in puts:
            item.pk = self._pk(type(item))
        wanted = [("put", item.serialize()) for item in puts]
        wanted += [("delete", {"pk": {"S": self._pk(kind)}, "sk": {"S": sk}}) for kind, sk in deletes]
        with self._principal.acting():
            write_batch(self._connection, self._table, wanted)

    def commit(self, writes: Sequence[Write]) -> None:
        """All or nothing. Raises Conflict when a condition did not hold or another write was in the way."""
        with self._principal.acting():
            transact(self._connection, writes)

    def _request(self, pk: str, sk: str, **arguments: Any) -> dict[str, Any]:
        return self._connection.get_operation_kwargs(self._table, pk, sk, **arguments)

    def _pk(self, item: type[RecordItem]) -> str:
        return f"{self._workspace_id}#{item.KIND}"

    def _status_pk(self, item: type[RecordItem], status: str) -> str:
        return f"{self._pk(item)}#{status}"
