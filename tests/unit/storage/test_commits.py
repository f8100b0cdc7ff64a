"""Which failures of a transaction mean that somebody else was faster."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from pynamodb.connection import Connection
from pynamodb.exceptions import CancellationReason, TransactWriteError, VerboseClientError

from sheaf.kernel.errors import Conflict
from sheaf.storage.transactions import transact


class Failing(Connection):
    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self._cause = cause

    def transact_write_items(self, **requests: Any) -> dict[str, Any]:
        raise TransactWriteError("Failed to write transaction items", self._cause)


def cancelled(*codes: str | None) -> Exception:
    return VerboseClientError(
        {"Error": {"Code": "TransactionCanceledException", "Message": "cancelled"}},
        "TransactWriteItems",
        {},
        cancellation_reasons=[CancellationReason(code=code) if code else None for code in codes],
    )


def commit(cause: Exception) -> None:
    transact(Failing(cause), [])


@pytest.mark.parametrize(
    "codes",
    [
        ("ConditionalCheckFailed",),
        (None, "ConditionalCheckFailed", None),
        ("TransactionConflict",),
        ("ConditionalCheckFailed", "TransactionConflict"),
    ],
)
def test_a_condition_that_does_not_hold_is_a_conflict(codes: tuple[str | None, ...]) -> None:
    with pytest.raises(Conflict):
        commit(cancelled(*codes))


@pytest.mark.parametrize(
    "cause",
    [
        cancelled("ThrottlingError"),
        cancelled("ConditionalCheckFailed", "ProvisionedThroughputExceeded"),
        cancelled("ValidationError"),
        cancelled(None, None),
        cancelled(),
        ReadTimeoutError(endpoint_url="https://dynamodb.example"),
    ],
    ids=repr,
)
def test_everything_else_is_tried_again_later(cause: Exception) -> None:
    with pytest.raises(TransactWriteError):
        commit(cause)
