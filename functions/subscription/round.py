"""The schedule → here: files that waited for room are read, what goes beyond a plan is told to its seller.

Only workspaces where there is something to do are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.bootstrap import Application, application
from sheaf.capture.waiting import room_for_waiting
from sheaf.edge.jobs import FAILURES
from sheaf.edge.log import logger
from sheaf.subscription.buying import subscriber
from sheaf.subscription.metering import metered_contract, months, note_report, plan_report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from sheaf.storage.tenant import Tenant
    from sheaf.subscription.subscription import Contract

ACTOR = Actor(kind=ActorKind.SYSTEM, id="subscription")
MARGIN_MS = 30_000


class RoundIncomplete(Exception):
    """Some could not be served; the others were. They stay on the list; the alarm on errors tells people."""


def handler(_event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:
    """How many were looked at, and how many of them need no more of it."""
    app = application()
    seen = left = failed = 0
    for watched in app.watched_workspaces.all():
        if context.get_remaining_time_in_millis() < MARGIN_MS:
            break
        seen += 1
        try:
            if not serve(app, watched.workspace_id):
                app.watched_workspaces.drop(watched)
                left += 1
        except FAILURES as failure:
            logger.warning("round failed", workspace_id=watched.workspace_id, failure=type(failure).__name__)
            failed += 1
    if failed:
        raise RoundIncomplete(f"{failed} workspaces")
    return {"seen": seen, "left": left}


def serve(app: Application, workspace_id: str) -> bool:
    """Whether the round must come by again."""
    tenant = app.open(workspace_id, ACTOR, Origin())
    waits = bool(tenant.waiting.first(1))
    if waits:
        room = room_for_waiting(tenant)
        if room is None or room > 0:
            app.file_queues.resume(workspace_id, room)
    contract = metered_contract(tenant.subscriptions.get(), tenant)
    if contract is not None:
        for month in months(contract, app.clock.now()):
            report(app, tenant, contract, month)
    return waits or contract is not None


def report(app: Application, tenant: Tenant, contract: Contract, month: str) -> None:
    """Planned, told, noted: each step is done before the next."""
    shop = app.shop
    if shop is None or contract.terms is None or shop.provider is not contract.provider:
        return
    usage = plan_report(tenant, contract, month)
    tenant.commit(None)
    if usage is None:
        return
    shop.seller.report_usage(subscriber(contract.terms, contract.id), usage)
    note_report(tenant, month)
    tenant.commit(None)
    logger.info("reported", workspace_id=tenant.workspace_id, count=usage.documents)
