"""What is to be done with a file that is there already, by SQS."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.aws import client

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from sheaf.settings import Settings


class FileQueues:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def read_again(
        self, workspace_id: str, document_id: str, *, version: int, tries: int = 0, after: timedelta
    ) -> None:
        """In line with the files that land, whose text analyses are paced by that queue.

        ``version`` is the document's that says so; ``tries``: how often this was sent because that was not
        there yet.
        """
        message = {
            "workspace_id": workspace_id,
            "document_id": document_id,
            "version": version,
            "tries": tries,
        }
        self._send(self._settings.uploads_queue_url, {"reread": message}, after)

    def resume(self, workspace_id: str, documents: int | None) -> None:
        """So many of the files that waited for room are to be read; None: all of them."""
        message = {"workspace_id": workspace_id, "documents": documents}
        self._send(self._settings.uploads_queue_url, {"resume": message}, timedelta(0))

    def draw(self, workspace_id: str, document_id: str, page: int) -> None:
        message = {"workspace_id": workspace_id, "document_id": document_id, "page": page}
        self._send(self._settings.pages_queue_url, message, timedelta(0))

    def _send(self, queue_url: str, message: dict[str, object], after: timedelta) -> None:
        sqs: SQSClient = client("sqs", self._settings.region)
        sqs.send_message(
            QueueUrl=queue_url, MessageBody=json.dumps(message), DelaySeconds=int(after.total_seconds())
        )
