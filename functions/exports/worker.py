"""An export's message → here: its next steps, as many as the time allows; then it is put together."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sheaf.audit.entries import Action
from sheaf.bootstrap import application
from sheaf.edge.jobs import again_on_conflict, unit
from sheaf.edge.log import logger
from sheaf.edge.queues import sqs_handler
from sheaf.exports.work import Next, assemble, step, verify
from sheaf.exports.work import give_up as give_up_export

if TYPE_CHECKING:
    from sheaf.storage.tenant import Tenant

ACTOR = "exports"
STEPS_FOR = 120.0
"""Seconds of steps; then the rest is the next message's, with the whole time of a function before it."""

ASSEMBLY_UNTIL = 20.0
"""Putting the file together takes minutes at most: it begins early in a function's time, or in another's."""

VERIFY_AFTER = timedelta(minutes=2)
"""By then, whoever was deleting a document while it was exported has long come to an end."""

AT_ONCE = timedelta(0)
_LATER = timedelta(seconds=5)
_TRIES = 5


def work(message: dict[str, Any]) -> None:
    workspace_id, export_id = message["workspace_id"], message["export_id"]
    if message["task"] == "verify":
        with unit(workspace_id, ACTOR, Action.EXPORT_WITHDRAWN) as tenant:
            if (export := tenant.exports.get(export_id)) is not None:
                verify(tenant, export)
        return
    began = time.monotonic()
    coming = Next.STEP
    while coming is Next.STEP:
        coming = again_on_conflict(lambda: _step(workspace_id, export_id, message["tries"]))
        if coming is Next.STEP and time.monotonic() - began > STEPS_FOR:
            application().export_queue.send(workspace_id, export_id, after=AT_ONCE)
            return
    if coming is Next.ASSEMBLY:
        if time.monotonic() - began > ASSEMBLY_UNTIL:
            application().export_queue.send(workspace_id, export_id, after=AT_ONCE)
        else:
            _finish(workspace_id, export_id)


def give_up(message: dict[str, Any]) -> None:
    with unit(message["workspace_id"], ACTOR, Action.EXPORT_FINISHED) as tenant:
        if (export := tenant.exports.get(message["export_id"])) is not None:
            give_up_export(tenant, export)


def _step(workspace_id: str, export_id: str, tries: int) -> Next:
    with unit(workspace_id, ACTOR, Action.EXPORT_WITHDRAWN) as tenant:
        export = tenant.exports.get(export_id)
        if export is None:
            _look_again(tenant, export_id, tries)
            return Next.NOTHING
        return step(tenant, export)


def _look_again(tenant: Tenant, export_id: str, tries: int) -> None:
    """Its message goes out before it is there; what is still not there after some tries never will be."""
    if tries < _TRIES:
        application().export_queue.send(tenant.workspace_id, export_id, tries=tries + 1, after=_LATER)


def _finish(workspace_id: str, export_id: str) -> None:
    """The question whether all its documents are still there is asked before anybody can fetch it."""
    application().export_queue.send(workspace_id, export_id, task="verify", after=VERIFY_AFTER)
    with unit(workspace_id, ACTOR, Action.EXPORT_FINISHED) as tenant:
        export = tenant.exports.get(export_id)
        if export is None or export.state.is_final:
            return
        assemble(tenant, export)
    logger.info("exported", workspace_id=workspace_id, count=export.documents)


handler = sqs_handler(work, give_up=give_up)
