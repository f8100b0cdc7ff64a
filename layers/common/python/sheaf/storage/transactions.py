"""Writes of one transaction, over both tables: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition

from sheaf.kernel.errors import Conflict, NotYet

TRANSACTION_LIMIT = 100
"""Actions in one TransactWriteItems (DynamoDB's quota)."""

_BATCH_LIMIT = 25
"""Requests in one BatchWriteItem (DynamoDB's quota)."""

_READ_LIMIT = 100
"""Keys in one BatchGetItem (DynamoDB's quota)."""

_TRIES = 5


@dataclass(frozen=True)
class Write:
    """One action of a transaction, in the shape TransactWriteItems takes."""

    kind: str
    request: dict[str, Any]


def transact(connection: Connection, writes: Sequence[Write]) -> None:
    """Raises Conflict when a condition did not hold or another write was in the way."""
    by_kind = {
        kind: [w.request for w in writes if w.kind == kind] for kind in ("check", "delete", "put", "update")
    }
    try:
        connection.transact_write_items(
            condition_check_items=by_kind["check"],
            delete_items=by_kind["delete"],
            put_items=by_kind["put"],
            update_items=by_kind["update"],
        )
    except TransactWriteError as error:
        if _is_conflict(error):
            raise Conflict(
                "Somebody else changed this at the same moment. Load it again and retry."
            ) from error
        raise


def read_batch(
    connection: Connection, table: str, keys: Sequence[dict[str, Any]], attributes: tuple[str, ...] | None
) -> list[dict[str, Any]]:
    """The items that are there, consistently read. What DynamoDB was too busy for, or had no room for in its
    answer, is asked again; raises NotYet when nothing comes any more.
    """
    rest, found, tries = list(keys), list[dict[str, Any]](), 0
    while rest:
        batch, rest = rest[:_READ_LIMIT], rest[_READ_LIMIT:]
        answer = connection.batch_get_item(
            table,
            batch,  # type: ignore[arg-type]  # PynamoDB says str of what it takes as a mapping
            consistent_read=True,
            attributes_to_get=list(attributes) if attributes else None,
        )
        found += answer.get("Responses", {}).get(table, ())
        unprocessed = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", ())
        tries = tries + 1 if len(unprocessed) == len(batch) else 0
        if tries == _TRIES:
            raise NotYet("The table is too busy at the moment.")
        rest = [*unprocessed, *rest]
    return found


def write_batch(connection: Connection, table: str, wanted: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """``wanted``: ``put`` with an item, or ``delete`` with a key, as DynamoDB types them.

    What DynamoDB was too busy for is sent again; raises NotYet when it stays so.
    """
    rest, tries = list(wanted), 0
    while rest:
        batch, rest = rest[:_BATCH_LIMIT], rest[_BATCH_LIMIT:]
        answer = connection.batch_write_item(
            table,
            put_items=[body for kind, body in batch if kind == "put"],
            delete_items=[body for kind, body in batch if kind == "delete"],
        )
        unprocessed = answer.get("UnprocessedItems", {}).get(table, ())
        tries = tries + 1 if unprocessed else 0
        if tries == _TRIES:
            raise NotYet("The table is too busy at the moment.")
        rest = [_again(request) for request in unprocessed] + rest


def _again(request: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if "PutRequest" in request:
        return "put", request["PutRequest"]["Item"]
    return "delete", request["DeleteRequest"]["Key"]


def absent(attribute: Attribute[Any]) -> Condition:
    return attribute.does_not_exist()


def _is_conflict(error: TransactWriteError) -> bool:
    codes = {reason.code for reason in error.cancellation_reasons if reason}
    return bool(codes) and codes <= {"ConditionalCheckFailed", "TransactionConflict"}
