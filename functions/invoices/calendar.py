"""The schedule → here: invoices that recur are made, and reminders of what is not paid are sent.

The event is ``{}``, or ``{"as_of": "2027-01-31"}`` to do what is due by that day. Only workspaces that have
something due are looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.access.limits import MAILS_OF_WORKSPACE
from sheaf.audit.entries import Action
from sheaf.billing.calendar import move_calendar_on
from sheaf.billing.recurring.making import begin, finish, go_on, move_on, stop
from sheaf.billing.recurring.recurring import Recurrence, RecurringInvoice
from sheaf.billing.reminding import Reminder, due_reminders, remind
from sheaf.billing.sending.staging import House
from sheaf.bootstrap import application
from sheaf.edge.conflicts import again_on_conflict, in_turn
from sheaf.edge.jobs import FAILURES, unit
from sheaf.edge.log import logger
from sheaf.kernel.errors import Conflict, NotYet, SheafError, TooManyRequests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from sheaf.billing.sending.mail import Mail
    from sheaf.storage.tenant import Tenant

ACTOR = "calendar"
MARGIN_MS = 60_000
"""What is left of the function's time when nothing more is begun; the next run goes on from there."""


class Billed(BaseModel):
    """What was done for one workspace. ``complete`` is False when the time ran out, or the mails did."""

    workspace_id: str
    invoices: int = 0
    reminders: int = 0
    complete: bool = True
    failure: str | None = None


class CalendarIncomplete(Exception):
    """Some workspaces could not be served; the others were. They stay due, and the alarm tells people."""


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    app = application()
    as_of = date.fromisoformat(event["as_of"]) if event.get("as_of") else app.clock.now().date()

    def has_time() -> bool:
        return context.get_remaining_time_in_millis() >= MARGIN_MS

    served: list[Billed] = []
    for workspace_id in app.directory.due_for_billing(as_of):
        if not has_time():
            break
        billed = serve(workspace_id, as_of, has_time)
        served.append(billed)
        logger.info("billed", workspace_id=workspace_id, count=billed.invoices, failure=billed.failure)
    if failed := sum(billed.failure is not None for billed in served):
        raise CalendarIncomplete(f"{failed} workspaces")
    return {"workspaces": [billed.model_dump() for billed in served]}


def serve(workspace_id: str, as_of: date, has_time: Callable[[], bool]) -> Billed:
    """One workspace in trouble does not keep the others waiting."""
    billed = Billed(workspace_id=workspace_id)
    try:
        billed.complete = make_invoices(billed, as_of, has_time) and send_reminders(billed, as_of, has_time)
        if billed.complete:
            again_on_conflict(partial(_move_on, workspace_id, as_of))
    except FAILURES as failure:
        billed.failure = type(failure).__name__
    return billed


def make_invoices(billed: Billed, as_of: date, has_time: Callable[[], bool]) -> bool:
    """In the order of their days, those that were missed as well; False when the time ran out, or some are
    made whose mails have to wait: those come first in the next run.
    """
    waiting: Recurrence | None = None
    while recurrence := _opened(billed.workspace_id).recurring.next(after=waiting):
        if recurrence.day > as_of:
            break
        if not has_time():
            return False
        try:
            billed.invoices += make(billed.workspace_id, recurrence)
        except TooManyRequests as refusal:
            logger.warning("mail waits", workspace_id=billed.workspace_id, failure=refusal.code)
            waiting = recurrence
    return waiting is None


def make(workspace_id: str, recurrence: Recurrence) -> bool:
    """Whether an invoice came of it. What is refused is told where people look, and holds nobody up.

    Raises TooManyRequests: it is made, and its mail cannot go yet.
    """

    def step(action: Action, act: Callable[[Tenant, RecurringInvoice], object]) -> None:
        with unit(workspace_id, ACTOR, action) as tenant:
            recurring = tenant.recurring.get(recurrence.recurring_id)
            if recurring is not None and recurring.due == recurrence.day:
                act(tenant, recurring)

    def issued(tenant: Tenant, recurring: RecurringInvoice) -> None:
        if invoice := go_on(tenant, recurring):
            application().issued_queue.send(workspace_id, invoice.id)

    def finished(tenant: Tenant, recurring: RecurringInvoice) -> None:
        if mail := finish(tenant, recurring, _house()):
            _queue(workspace_id, mail)

    try:
        again_on_conflict(partial(step, Action.RECURRENCE_MADE, begin))
    except SheafError as refusal:
        trouble = _final(refusal)
        again_on_conflict(partial(step, Action.RECURRING_CHANGED, partial(stop, trouble=trouble)))
        return False
    try:
        in_turn(partial(step, Action.ISSUED, issued))
        again_on_conflict(partial(step, Action.MAIL_REQUESTED, finished))
    except SheafError as refusal:
        trouble = _final(refusal)
        again_on_conflict(partial(step, Action.RECURRING_CHANGED, partial(move_on, trouble=trouble)))
    return True


def send_reminders(billed: Billed, as_of: date, has_time: Callable[[], bool]) -> bool:
    """False when the time ran out, or as many mails went as may."""
    for reminder in due_reminders(_opened(billed.workspace_id), as_of):
        if not has_time():
            return False
        try:
            billed.reminders += again_on_conflict(partial(send_reminder, billed.workspace_id, reminder))
        except TooManyRequests as refusal:
            logger.warning("reminders wait", workspace_id=billed.workspace_id, failure=refusal.code)
            return False
    return True


def send_reminder(workspace_id: str, reminder: Reminder) -> bool:
    with unit(workspace_id, ACTOR, Action.REMINDED) as tenant:
        mail = remind(tenant, reminder, _house())
        if mail is not None:
            _queue(workspace_id, mail)
    return mail is not None


def _queue(workspace_id: str, mail: Mail) -> None:
    """Before it is committed. Raises TooManyRequests: then nothing is."""
    app = application()
    app.throttles.take(MAILS_OF_WORKSPACE, workspace_id)
    app.issued_queue.send(workspace_id, mail.issued_id, mail_id=mail.id)


def _house() -> House:
    chosen = application().settings
    return House(chosen.mail_from, chosen.origin)


def _final(refusal: SheafError) -> str:
    """Its code, if another try would not end better; else it is raised again."""
    if isinstance(refusal, NotYet | TooManyRequests) or refusal.code == Conflict.code:
        raise refusal
    return refusal.code


def _move_on(workspace_id: str, as_of: date) -> None:
    tenant = _opened(workspace_id)
    move_calendar_on(tenant, as_of)
    tenant.commit(None)


def _opened(workspace_id: str) -> Tenant:
    return application().open(workspace_id, Actor(kind=ActorKind.SYSTEM, id=ACTOR), Origin())
