"""Events of vendors that something may follow from, by SQS: their keys alone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.aws import client

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from sheaf.access.webhooks import Event
    from sheaf.settings import Settings


class WebhookQueue:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(
        self, event: Event, workspace_id: str | None, *, tries: int = 0, after: timedelta = timedelta(0)
    ) -> None:
        """``workspace_id`` is None while nobody knows whose it is, which was asked ``tries`` times."""
        sqs: SQSClient = client("sqs", self._settings.region)
        message = {
            "source": event.source.value,
            "event_id": event.id,
            "workspace_id": workspace_id,
            "tries": tries,
        }
        sqs.send_message(
            QueueUrl=self._settings.webhooks_queue_url,
            MessageBody=json.dumps(message),
            DelaySeconds=int(after.total_seconds()),
        )
