"""The queue of messages to ourselves, as SQS takes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
from typing import Any


@dataclass(frozen=True)
class Reminder:
    workspace_id: str
    document_id: str
    delay_seconds: int


class FakeReminders:
    def __init__(self) -> None:
        self.sent: list[Reminder] = []
        self.exports: list[dict[str, Any]] = []
        self.rereads: list[dict[str, Any]] = []
        self.resumes: list[dict[str, Any]] = []
        self.pages: list[dict[str, Any]] = []
        self.webhooks: list[dict[str, Any]] = []
        self.issued: list[dict[str, Any]] = []
        self.refunds: list[dict[str, Any]] = []
        self.delays: list[int] = []
        """Of the webhooks, in seconds, in the order in which they were sent."""

    def serve(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        message = json.loads(body["MessageBody"])
        if body["QueueUrl"].endswith("/exports"):
            self.exports.append(message)
        elif body["QueueUrl"].endswith("/issued"):
            self.issued.append(message)
        elif body["QueueUrl"].endswith("/webhooks"):
            self.webhooks.append(message)
            self.delays.append(body["DelaySeconds"])
        elif body["QueueUrl"].endswith("/refunds"):
            self.refunds.append(message)
        elif body["QueueUrl"].endswith("/pages"):
            self.pages.append(message)
        elif "reread" in message:
            self.rereads.append(message)
        elif "resume" in message:
            self.resumes.append(message)
        else:
            self.sent.append(Reminder(message["workspace_id"], message["document_id"], body["DelaySeconds"]))
        digest = md5(body["MessageBody"].encode(), usedforsecurity=False).hexdigest()
        return {"MessageId": f"message-{len(self.sent)}", "MD5OfMessageBody": digest}
