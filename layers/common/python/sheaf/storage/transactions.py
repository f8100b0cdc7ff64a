"""Writes of one transaction, over both tables: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition

from sheaf.kernel.errors import Conflict

TRANSACTION_LIMIT = 100
"""Actions in one TransactWriteItems (DynamoDB's quota)."""


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


def absent(attribute: Attribute[Any]) -> Condition:
    return attribute.does_not_exist()


def _is_conflict(error: TransactWriteError) -> bool:
    codes = {reason.code for reason in error.cancellation_reasons if reason}
    return bool(codes) and codes <= {"ConditionalCheckFailed", "TransactionConflict"}
