"""A reminder: is this document still being read? Then its job is found, collected, or started again."""

from __future__ import annotations

from typing import Any

from functions.extract.steps import ACTOR, abandon, copy_reading, remind, settle, start_job
from sheaf.audit.entries import Action
from sheaf.capture.analysis import look_after
from sheaf.edge.jobs import unit
from sheaf.edge.queues import sqs_handler


def watch(message: dict[str, Any]) -> None:
    workspace_id, document_id = message["workspace_id"], message["document_id"]
    with unit(workspace_id, ACTOR, Action.DOCUMENT_READ) as tenant:
        document = look_after(tenant, document_id)
    if document is None:
        return
    if document.waits_for is not None:
        remind(workspace_id, document_id)
        if document.last_part:
            copy_reading(workspace_id, document_id, document.waits_for)
        return
    job = start_job(workspace_id, document)
    if job is not None and not settle(job):
        remind(workspace_id, document_id)


def give_up(message: dict[str, Any]) -> None:
    abandon(message["workspace_id"], message["document_id"])


handler = sqs_handler(watch, give_up=give_up)
