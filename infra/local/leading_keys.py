"""Which items a DynamoDB request touches, as IAM sees it: for each action and table, the partition keys.

A transaction is authorized item by item, as the action each of them is.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Any
PartitionKey = Callable[[str, str | None], str | None]
"""Of a table, or of its index: the attribute's name. None: there is no such table."""

_EQUALS = re.compile(r"(#?\w+)\s*=\s*(:\w+)")
_IN_TRANSACTIONS = {
    "ConditionCheck": "ConditionCheckItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
}


@dataclass(frozen=True)
class Touch:
    """``operation`` is the API call that this is a part of, if it is a part. No ``keys``: no single item is
    named, as in a scan.
    """

    action: str
    table: str
    index: str | None
    keys: tuple[str, ...]
    enclosing: str | None = None


def touches(operation: str, request: Mapping[str, Json], partition_key: PartitionKey) -> Iterator[Touch]:
    match operation:
        case "TransactWriteItems" | "TransactGetItems":
            for item in request["TransactItems"]:
                for kind, part in item.items():
                    keys = _of_item(part, partition_key)
                    yield Touch(_IN_TRANSACTIONS[kind], _name(part), None, keys, enclosing=operation)
        case "BatchGetItem" | "BatchWriteItem":
            for table, requested in request["RequestItems"].items():
                parts = _batched(requested)
                keys = tuple(
                    key for part in parts for key in _of_item(part | {"TableName": table}, partition_key)
                )
                yield Touch(operation, table, None, keys)
        case "Query":
            index = request.get("IndexName")
            yield Touch(operation, _name(request), index, _of_query(request, index, partition_key))
        case "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem":
            yield Touch(operation, _name(request), None, _of_item(request, partition_key))
        case _:
            yield Touch(operation, _name(request), request.get("IndexName"), ())


def _name(request: Mapping[str, Json]) -> str:
    """A table may be named by its ARN as well."""
    return str(request.get("TableName", "*")).rpartition("table/")[2]


def _batched(requested: Json) -> list[dict[str, Json]]:
    if isinstance(requested, dict):
        return [{"Key": key} for key in requested["Keys"]]
    return [part for write in requested for part in write.values()]


def _of_item(part: Mapping[str, Json], partition_key: PartitionKey) -> tuple[str, ...]:
    name = partition_key(_name(part), None)
    value = (part.get("Item") or part.get("Key") or {}).get(name)
    return () if value is None else (_text(value),)


def _of_query(request: Mapping[str, Json], index: str | None, partition_key: PartitionKey) -> tuple[str, ...]:
    wanted = partition_key(_name(request), index)
    names = request.get("ExpressionAttributeNames", {})
    values = request.get("ExpressionAttributeValues", {})
    return tuple(
        _text(values[value])
        for name, value in _EQUALS.findall(request.get("KeyConditionExpression", ""))
        if names.get(name, name) == wanted and value in values
    )


def _text(value: Mapping[str, Json]) -> str:
    [text] = value.values()
    return str(text)
