"""What the payment provider may not have heard of, by SQS: refunds, and checkouts to end; ids alone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.aws import client

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from sheaf.billing.payments.card_refunds import Wanted
    from sheaf.settings import Settings

_AFTER = timedelta(minutes=1)
"""Whoever asked has come to an end by then, one way or the other."""


class RefundQueue:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, workspace_id: str, wanted: Wanted) -> None:
        """Before it is asked for: so nothing that was asked for is forgotten."""
        self._send(
            {
                "workspace_id": workspace_id,
                "payment_id": wanted.payment_id,
                "refund_id": wanted.refund_id,
            }
        )

    def end_checkouts(self, workspace_id: str, issued_id: str) -> None:
        """Before something else is left to pay of it: what is asked for is looked at after that."""
        self._send({"workspace_id": workspace_id, "issued_id": issued_id})

    def _send(self, message: dict[str, str]) -> None:
        sqs: SQSClient = client("sqs", self._settings.region)
        sqs.send_message(
            QueueUrl=self._settings.refunds_queue_url,
            MessageBody=json.dumps(message),
            DelaySeconds=int(_AFTER.total_seconds()),
        )
