"""The exports that have something to do, by SQS."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.aws import client

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from sheaf.settings import Settings


class ExportQueue:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(
        self, workspace_id: str, export_id: str, *, task: str = "work", tries: int = 0, after: timedelta
    ) -> None:
        """``tries``: how often this was sent because the export was not there yet."""
        sqs: SQSClient = client("sqs", self._settings.region)
        message = {"workspace_id": workspace_id, "export_id": export_id, "task": task, "tries": tries}
        sqs.send_message(
            QueueUrl=self._settings.exports_queue_url,
            MessageBody=json.dumps(message),
            DelaySeconds=int(after.total_seconds()),
        )
