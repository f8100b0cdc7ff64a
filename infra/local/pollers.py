"""Event source mappings: queues on one side, functions on the other, as Lambda's own pollers work.

One difference, for the sake of whoever watches: a message that failed comes back after 2, 4, 8 … seconds
instead of the queue's visibility timeout.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import REGION, session
from infra.local.environments import Answer
from infra.local.template import QueueSource

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_WAIT_SECONDS = 1  # the embedded AWS stops only when nobody waits any more
_RECEIVE_LIMIT = 10
_PAUSE_SECONDS = 1.0
_FINISH_SECONDS = 10
_log = logging.getLogger(__name__)


class Poller:
    """Takes batches from one queue and gives them to one function, ``concurrency`` at a time."""

    def __init__(
        self,
        source: QueueSource,
        queue_arn: str,
        endpoint: str,
        invoke: Callable[[Any], Answer],
        *,
        concurrency: int,
    ) -> None:
        self._source = source
        self._queue_arn = queue_arn
        self._invoke = invoke
        self._sqs: SQSClient = session().client("sqs", endpoint_url=endpoint)
        self._url = self._sqs.get_queue_url(QueueName=queue_arn.rpartition(":")[2])["QueueUrl"]
        self._stopping = threading.Event()
        self._at_work = threading.Semaphore(concurrency)
        self._concurrency = concurrency

    def start(self) -> None:
        for number in range(self._concurrency):
            threading.Thread(target=self._run, name=f"{self._source.name}-{number}", daemon=True).start()

    def stop(self) -> None:
        """Takes no more messages, and waits a while for those that were taken to be dealt with."""
        self._stopping.set()
        deadline = time.monotonic() + _FINISH_SECONDS
        for _ in range(self._concurrency):
            self._at_work.acquire(timeout=max(0, deadline - time.monotonic()))

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._poll()
            except (BotoCoreError, ClientError) as error:
                _log.warning("%s: %s", self._source.name, error)
                self._stopping.wait(_PAUSE_SECONDS)

    def _poll(self) -> None:
        messages = self._receive(_WAIT_SECONDS, self._source.batch_size)
        deadline = time.monotonic() + self._source.window_seconds
        while messages and len(messages) < self._source.batch_size and time.monotonic() < deadline:
            left = min(deadline - time.monotonic(), _WAIT_SECONDS)
            messages += self._receive(max(1, int(left)), self._source.batch_size - len(messages))
        with self._at_work:
            if messages and not self._stopping.is_set():
                self._handle(messages)
            else:
                self._give_back(messages, seconds=0)

    def _receive(self, wait_seconds: int, wanted: int) -> list[MessageTypeDef]:
        received = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(wanted, _RECEIVE_LIMIT),
            WaitTimeSeconds=wait_seconds,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return received.get("Messages", [])

    def _handle(self, messages: list[MessageTypeDef]) -> None:
        answer = self._invoke({"Records": [self._record(message) for message in messages]})
        failed = failures(
            answer, [message["MessageId"] for message in messages], self._source.partial_failures
        )
        done = [message for message in messages if message["MessageId"] not in failed]
        for message in done:
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        for message in messages:
            if message["MessageId"] in failed:
                tries = int(message["Attributes"]["ApproximateReceiveCount"])
                self._give_back([message], seconds=2**tries)

    def _give_back(self, messages: list[MessageTypeDef], *, seconds: int) -> None:
        for message in messages:
            self._sqs.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds
            )

    def _record(self, message: MessageTypeDef) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": {
                name: {"stringValue": value.get("StringValue"), "dataType": value["DataType"]}
                for name, value in message.get("MessageAttributes", {}).items()
            },
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._queue_arn,
            "awsRegion": REGION,
        }


def failures(answer: Answer, message_ids: list[str], partial: bool) -> set[str]:
    """The messages of a batch that must come back.

    All of them after an error, and after a partial answer that names no message of the batch or is malformed.
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    sent = set(message_ids)
    if answer.error is not None:
        return sent
    if not partial or not answer.payload:
        return set()
    match answer.payload:
        case {"batchItemFailures": [*items]} if all(isinstance(item, dict) for item in items):
            named = {str(item.get("itemIdentifier")) for item in items}
            return sent if named - sent else named
        case {"batchItemFailures": broken} if broken is not None:
            return sent
        case dict():
            return set()
        case _:
            return sent
