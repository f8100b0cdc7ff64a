"""Textract's completion by SNS → queue → here: the answer becomes a reading.

https://docs.aws.amazon.com/textract/latest/dg/async-notification-payload.html
"""

from __future__ import annotations

import json
from typing import Any

from functions.extract.steps import abandon, settle
from sheaf.bootstrap import application
from sheaf.edge.queues import sqs_handler
from sheaf.kernel.errors import NotYet


def completed(message: dict[str, Any]) -> None:
    """Whose job it is stands in our own record; the message names only the job."""
    notification = json.loads(message["Message"])
    job = application().directory.job(notification["JobId"])
    if job is None:
        raise NotYet("the job's record is not there yet")
    settle(job)


def give_up(message: dict[str, Any]) -> None:
    job = application().directory.job(json.loads(message["Message"])["JobId"])
    if job is not None:
        abandon(job.workspace_id, job.document_id)


handler = sqs_handler(completed, give_up=give_up)
