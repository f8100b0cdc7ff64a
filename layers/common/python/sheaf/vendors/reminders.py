"""Delayed messages to ourselves, by SQS."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.aws import client

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from sheaf.settings import Settings

_LONGEST = timedelta(minutes=15)
"""SQS delays a message by no more."""


class Reminders:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def remind(self, workspace_id: str, document_id: str, *, after: timedelta) -> None:
        sqs: SQSClient = client("sqs", self._settings.region)
        sqs.send_message(
            QueueUrl=self._settings.watch_queue_url,
            MessageBody=json.dumps({"workspace_id": workspace_id, "document_id": document_id}),
            DelaySeconds=int(min(after, _LONGEST).total_seconds()),
        )
