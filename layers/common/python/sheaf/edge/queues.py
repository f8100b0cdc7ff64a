"""Messages from SQS, one at a time. Apart from ``jobs``, for what Powertools' batches cost a cold start."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from sheaf.edge.conflicts import again_on_conflict
from sheaf.edge.log import logger

if TYPE_CHECKING:
    from types import TracebackType

    from aws_lambda_powertools.utilities.batch import ExceptionInfo, FailureResponse
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

type Message = dict[str, Any]
type Handler = Callable[[Mapping[str, Any], LambdaContext], Any]


LAST_DELIVERY = 5
"""The queues' ``maxReceiveCount``: a message that fails once more goes to the dead letters."""


class GivenUp(Exception):
    """What the message asked for has failed each time; it joins the dead letters, where people see it."""


def sqs_handler(
    process: Callable[[Message], None], *, give_up: Callable[[Message], None] | None = None
) -> Handler:
    """A Lambda handler that gives ``process`` one message at a time and reports the failed ones to SQS.

    At its last delivery a message is not tried once more, because what ended the tries before may have
    ended the whole process (time, memory): ``give_up`` says so where people wait for the outcome.

    A Conflict means that another delivery was at work on the same thing: the message is looked at again
    at once, and finds it further on.
    """

    def each(record: SQSRecord) -> None:
        message = json.loads(record.body)
        if give_up is not None and int(record.attributes.approximate_receive_count) >= LAST_DELIVERY:
            again_on_conflict(lambda: give_up(message))
            raise GivenUp
        again_on_conflict(lambda: process(message))

    def handler(event: Mapping[str, Any], context: LambdaContext) -> Any:
        return process_partial_response(
            event=dict(event), record_handler=each, processor=_Batch(), context=context
        )

    return handler


class _Batch(BatchProcessor):
    """Says in the log what went wrong and where, but not the exception's text: it may quote an invoice."""

    def __init__(self) -> None:
        super().__init__(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

    def failure_handler(self, record: SQSRecord, exception: ExceptionInfo) -> FailureResponse:
        kind, _, trace = exception
        logger.warning(
            "message failed",
            message_id=record.message_id,
            failure=kind.__name__ if kind else None,
            at=_place(trace),
        )
        outcome = super().failure_handler(record, exception)
        traceback.clear_frames(trace)  # they may hold a whole file and its pixels, as long as the batch lives
        return outcome


def _place(trace: TracebackType | None) -> str | None:
    frames = traceback.extract_tb(trace)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else None
