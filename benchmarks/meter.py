"""Counts what a DynamoDB client's calls cost, from the requests it sends and the items they meet.

An emulator's own ConsumedCapacity is not asked. Before a call, the items it names are read through a
client of the meter's own, and after it once more: their sizes decide. A write that is refused by its
condition costs what the existing item would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import botocore.session

from benchmarks.request_units import (
    TRANSACTIONAL,
    Index,
    Item,
    Table,
    item_size,
    read_units,
    write_units,
)

_WRITES = {"PutItem", "UpdateItem", "DeleteItem"}
_FREE = {"DescribeTable"}
_NARROWING = {"FilterExpression", "ProjectionExpression", "Select", "ReturnConsumedCapacity"}
"""Parameters that change what a query answers, not what it reads."""


@dataclass(frozen=True)
class Charge:
    operation: str
    table: str
    reads: float = 0
    writes: int = 0


@dataclass
class Bill:
    charges: list[Charge] = field(default_factory=list)

    @property
    def reads(self) -> float:
        return sum(charge.reads for charge in self.charges)

    @property
    def writes(self) -> int:
        return sum(charge.writes for charge in self.charges)

    def of(self, table: str) -> Bill:
        return Bill([charge for charge in self.charges if charge.table == table])


@dataclass(frozen=True)
class _Written:
    """One item that a request writes, or checks only, and its image before."""

    table: Table
    key: dict[str, Any]
    before: Item | None
    checked_only: bool = False


class Meter:
    def __init__(self, client: Any) -> None:
        """``client``: the botocore client whose calls are counted."""
        self._own: Any = botocore.session.get_session().create_client(
            "dynamodb", region_name=client.meta.region_name, endpoint_url=client.meta.endpoint_url
        )
        self._tables: dict[str, Table] = {}
        self._bills: list[Bill] = []
        client.meta.events.register("before-parameter-build.dynamodb", self._before)
        client.meta.events.register("after-call.dynamodb", self._after)

    @contextmanager
    def counting(self) -> Iterator[Bill]:
        bill = Bill()
        self._bills.append(bill)
        yield bill
        self._bills.remove(bill)

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        match model.name:
            case "GetItem":
                context["charges"] = [self._got(params)]
            case "BatchGetItem":
                context["charges"] = [
                    self._got({**batch, "TableName": table, "Key": key})
                    for table, batch in params["RequestItems"].items()
                    for key in batch["Keys"]
                ]
            case "Query":
                context["charges"] = [self._queried(params)]
            case "TransactWriteItems":
                context["written"] = [
                    self._met(kind, action)
                    for actions in params["TransactItems"]
                    for kind, action in actions.items()
                ]
            case "BatchWriteItem":
                context["written"] = [
                    self._met(kind.removesuffix("Request"), {**action, "TableName": table})
                    for table, actions in params["RequestItems"].items()
                    for each in actions
                    for kind, action in each.items()
                ]
            case name if name in _WRITES:
                context["written"] = [self._met(name.removesuffix("Item"), params)]
            case name if name not in _FREE:
                raise NotImplementedError(f"{name} is not counted")

    def _after(self, model: Any, context: dict[str, Any], **_: Any) -> None:
        factor = TRANSACTIONAL if model.name == "TransactWriteItems" else 1
        charges = [
            *context.get("charges", ()),
            *(self._charge(model.name, written, factor) for written in context.get("written", ())),
        ]
        for bill in self._bills:
            bill.charges += charges

    def _got(self, params: Mapping[str, Any]) -> Charge:
        item = self._look_up(params["TableName"], params["Key"])
        units = read_units(item_size(item or {}), consistent=bool(params.get("ConsistentRead")))
        return Charge("GetItem", params["TableName"], reads=units)

    def _queried(self, params: Mapping[str, Any]) -> Charge:
        """What was read counts, also what a filter then hid; from an index, its own entries."""
        table = self._table(params["TableName"])
        index = next((index for index in table.indexes if index.name == params.get("IndexName")), None)
        wanted = {name: value for name, value in params.items() if name not in _NARROWING}
        wanted = _without_unused_names(wanted)
        items = self._own.query(**wanted)["Items"]
        found = [table.entry(index, item) or {} if index else item for item in items]
        units = read_units(sum(map(item_size, found)), consistent=bool(params.get("ConsistentRead")))
        return Charge("Query", table.name, reads=units)

    def _met(self, kind: str, action: Mapping[str, Any]) -> _Written:
        table = self._table(action["TableName"])
        key = table.key_of(action["Item"]) if kind == "Put" else dict(action["Key"])
        before = self._look_up(table.name, key)
        return _Written(table, key, before, checked_only=kind == "ConditionCheck")

    def _charge(self, operation: str, written: _Written, factor: int) -> Charge:
        after = written.before if written.checked_only else self._look_up(written.table.name, written.key)
        units = factor * write_units(written.before, after) + written.table.index_units(written.before, after)
        return Charge(operation, written.table.name, writes=units)

    def _look_up(self, table: str, key: Mapping[str, Any]) -> Item | None:
        item: Item | None = self._own.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return item

    def _table(self, name: str) -> Table:
        if name not in self._tables:
            self._tables[name] = _described(self._own.describe_table(TableName=name)["Table"])
        return self._tables[name]


def _described(description: Mapping[str, Any]) -> Table:
    def keys(schema: list[Mapping[str, str]]) -> tuple[str, ...]:
        return tuple(key["AttributeName"] for key in schema)

    return Table(
        description["TableName"],
        keys(description["KeySchema"]),
        tuple(
            Index(index["IndexName"], keys(index["KeySchema"]), _projected(index["Projection"]))
            for index in description.get("GlobalSecondaryIndexes", ())
        ),
    )


def _projected(projection: Mapping[str, Any]) -> frozenset[str] | None:
    if projection["ProjectionType"] == "ALL":
        return None
    return frozenset(projection.get("NonKeyAttributes", ()))


def _without_unused_names(params: dict[str, Any]) -> dict[str, Any]:
    """DynamoDB refuses a placeholder that no expression uses, and the filter is gone."""
    expression = params.get("KeyConditionExpression", "")
    words = set(expression.replace("(", " ").replace(")", " ").replace(",", " ").split())
    for kind in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        used = {name: value for name, value in params.get(kind, {}).items() if name in words}
        params = {name: value for name, value in params.items() if name != kind}
        if used:
            params[kind] = used
    return params
