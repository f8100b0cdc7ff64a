"""Issued documents whose files are to be made, and mails of them that are to be sent, by SQS."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.aws import client

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from sheaf.settings import Settings

_SOON = timedelta(seconds=1)
"""It is told before what it is about is committed, and looks again if that is not there by then."""


class IssuedQueue:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(
        self,
        workspace_id: str,
        issued_id: str,
        *,
        mail_id: str | None = None,
        tries: int = 0,
        after: timedelta = _SOON,
    ) -> None:
        """``tries``: how often this was sent because what it is about was not there yet."""
        sqs: SQSClient = client("sqs", self._settings.region)
        message = {"workspace_id": workspace_id, "issued_id": issued_id, "mail_id": mail_id, "tries": tries}
        sqs.send_message(
            QueueUrl=self._settings.issued_queue_url,
            MessageBody=json.dumps(message),
            DelaySeconds=int(after.total_seconds()),
        )
