"""The schedule → here: workspaces whose owner has asked for it are erased.

Two passes: when its time has come everything goes; a while later, when no signed link and no message from
before can be under way, what they brought goes too, and a certificate says that nothing is left. Before all,
nobody is charged for it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.access.erasures import ErasureCertificate, PlannedErasure
from sheaf.accounts.closing import STRAGGLERS
from sheaf.accounts.mail import erasure_mail
from sheaf.bootstrap import Application, application
from sheaf.edge.conflicts import again_on_conflict
from sheaf.edge.jobs import FAILURES
from sheaf.edge.log import logger
from sheaf.storage.blobs import NotErased
from sheaf.storage.erasure import KINDS, Erased
from sheaf.subscription.buying import end_subscription

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.utilities.typing import LambdaContext

ACTOR = Actor(kind=ActorKind.SYSTEM, id="erasure")
MARGIN_MS = 60_000


class ErasureIncomplete(Exception):
    """Some could not be erased; the others were. They stay planned; the alarm on errors tells people."""


def handler(_event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:
    """How many were erased for good, and how many wait for their last look."""
    app = application()
    done = waiting = failed = 0
    for planned in app.people.planned_erasures(app.clock.now()):
        if context.get_remaining_time_in_millis() < MARGIN_MS:
            break
        try:
            gone = erase(app, planned, context)
        except (*FAILURES, NotErased) as failure:
            logger.warning(
                "erasure failed", workspace_id=planned.workspace_id, failure=type(failure).__name__
            )
            failed += 1
            continue
        done, waiting = done + gone, waiting + (not gone)
    if failed:
        raise ErasureIncomplete(f"{failed} workspaces")
    return {"erased": done, "waiting": waiting}


def erase(app: Application, planned: PlannedErasure, context: LambdaContext) -> bool:
    """True: a last look found nothing, and the certificate is kept."""

    def has_time() -> bool:
        return context.get_remaining_time_in_millis() >= MARGIN_MS

    if not end_subscription(app.open(planned.workspace_id, ACTOR, Origin()), app.shop):
        logger.warning("subscription not ended", workspace_id=planned.workspace_id)

    def step() -> Erased:
        return app.open(planned.workspace_id, ACTOR, Origin()).estate.erase(has_time=has_time)

    erased = again_on_conflict(step)
    logger.info("erased", workspace_id=planned.workspace_id, count=erased.items)
    now = app.clock.now()
    is_last = erased.complete and now - planned.closes_at >= STRAGGLERS
    total = planned.model_copy(
        update={
            "items_erased": planned.items_erased + erased.items,
            "versions_erased": planned.versions_erased + erased.versions,
        }
    )
    if is_last and not (erased.items or erased.versions):
        certify(app, total)
        return True
    visit = app.visit(Origin(), None)
    visit.people.plan_erasure(total)
    visit.commit()
    return False


def certify(app: Application, planned: PlannedErasure) -> None:
    """Kept and told before the plan is dropped: stopped in between, it is said again."""
    app.anchors.put_erasure(
        ErasureCertificate(
            workspace_id=planned.workspace_id,
            closed_at=planned.closes_at,
            asked_by=planned.asked_by,
            erased_at=app.clock.now(),
            items_erased=planned.items_erased,
            versions_erased=planned.versions_erased,
            kinds=tuple(sorted(KINDS)),
        )
    )
    if planned.email:
        message = erasure_mail(
            planned.email,
            workspace_id=planned.workspace_id,
            items=planned.items_erased,
            versions=planned.versions_erased,
            key=f"erased-{planned.workspace_id}",
        )
        app.mail.send(message)
    visit = app.visit(Origin(), None)
    visit.people.drop_erasure(planned.workspace_id, planned.closes_at)
    visit.commit()


__all__ = ["handler"]
