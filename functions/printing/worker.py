"""A message of what was issued → here: its files are made, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sheaf.audit.entries import Action
from sheaf.billing.freezing import freeze
from sheaf.bootstrap import application
from sheaf.edge.jobs import unit
from sheaf.edge.queues import sqs_handler

ACTOR = "dispatcher"
_LATER = timedelta(seconds=5)
_TRIES = 5


def work(message: dict[str, Any]) -> None:
    workspace_id, issued_id = message["workspace_id"], message["issued_id"]
    with unit(workspace_id, ACTOR, Action.FROZEN) as tenant:
        document = tenant.issued.get(issued_id)
        if document is None or document.is_draft:
            _look_again(message)
            return
        freeze(tenant, document)


def _look_again(message: dict[str, Any]) -> None:
    """A message goes out before what it is about is committed; what is still not there after some tries never
    will be.
    """
    if message["tries"] < _TRIES:
        application().issued_queue.send(**message | {"tries": message["tries"] + 1}, after=_LATER)


handler = sqs_handler(work)
