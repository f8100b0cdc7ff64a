"""An event's message → here: its effect and the note that it is done, in one transaction."""

from __future__ import annotations

from typing import Any

from functions.webhooks.effects import REACTIONS
from sheaf.access.webhooks import Source
from sheaf.bootstrap import application
from sheaf.edge.queues import sqs_handler
from sheaf.edge.webhooks import LOOKED_FOR_AGAIN, opened, take
from sheaf.storage.events import State


def work(message: dict[str, Any]) -> None:
    source, event_id, workspace_id = Source(message["source"]), message["event_id"], message["workspace_id"]
    if workspace_id is None:
        _look_for_its_workspace(source, event_id, message["tries"])
    else:
        _react(source, event_id, workspace_id)


def _react(source: Source, event_id: str, workspace_id: str) -> None:
    """What is not there any more was erased with its workspace."""
    app = application()
    tenant = opened(app, source, workspace_id)
    kept = tenant.events.get(source, event_id)
    if kept is None or kept.state is State.DONE:
        return
    reaction = REACTIONS.get((source, kept.event.type))
    if reaction is not None:
        mail = reaction.effect(tenant, kept.event)
        tenant.events.finish(kept, State.DONE)
        if mail is not None:
            app.issued_queue.send(workspace_id, mail.issued_id, mail_id=mail.id)
        tenant.commit(reaction.audit)
    elif kept.state is State.WAITING:
        tenant.events.finish(kept, State.KEPT)
        tenant.commit(None)


def _look_for_its_workspace(source: Source, event_id: str, tries: int) -> None:
    app = application()
    event = app.unclaimed_events.get(source, event_id)
    if event is None:
        return
    workspace_id = app.vendor_directory.workspace_of(source, event.subjects)
    if workspace_id is not None:
        take(app, event, workspace_id)
        app.unclaimed_events.drop(event)
    elif tries + 1 < len(LOOKED_FOR_AGAIN):
        app.webhook_queue.send(event, None, tries=tries + 1, after=LOOKED_FOR_AGAIN[tries + 1])


handler = sqs_handler(work)
