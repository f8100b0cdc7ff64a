"""What a workspace has to be visited for on a day that comes: recurring invoices and reminders.

It has one entry, with a day that is never later than the first day on which something is to be done. Whoever
adds something may bring that day forward; only a run moves it back, and only on a day that has come. So what
lies further ahead than tomorrow cannot be moved under anybody's hands, and is not written again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from sheaf.billing.document import IssuedDocument, Kind

if TYPE_CHECKING:
    from sheaf.billing.ports import Tenant

_DAY = timedelta(days=1)


class Calendar(BaseModel):
    """``due_on`` None: nothing is planned. Reminders of days up to ``reminded_until`` are done, or will not
    be sent any more.
    """

    model_config = ConfigDict(frozen=True)

    due_on: date | None = None
    reminded_until: date | None = None
    version: int = 0


@dataclass(frozen=True)
class OpenInvoice:
    """One that something is to be paid of."""

    id: str
    due_on: date
    issued_at: datetime


def come_by(tenant: Tenant, day: date) -> None:
    """Stages that a run comes by on that day at the latest."""
    before = tenant.calendar.get()
    today = tenant.clock.now().date()
    if before.due_on is not None and today + _DAY < before.due_on <= day:
        return
    update = {"due_on": min(day, before.due_on or day), "reminded_until": before.reminded_until or today}
    tenant.calendar.save(before.model_copy(update=update))


def plan_reminders(tenant: Tenant, invoice: IssuedDocument, offsets: Iterable[int]) -> None:
    """Of what is issued now: ``offsets`` are days after it is due. On the day itself nobody is reminded."""
    due, today = invoice.content.due_date, tenant.clock.now().date()
    if invoice.kind is not Kind.INVOICE or due is None:
        return
    days = (due + timedelta(days=offset) for offset in offsets)
    first = min((day for day in days if day > today), default=None)
    if first is not None:
        come_by(tenant, first)


def replan_reminders(tenant: Tenant) -> None:
    """With other days from now on, and those from tomorrow on: what came before yesterday is past."""
    before = tenant.calendar.get()
    today = tenant.clock.now().date()
    update = {
        "due_on": min(before.due_on or date.max, today + _DAY),
        "reminded_until": max(before.reminded_until or date.min, today - _DAY),
    }
    tenant.calendar.save(before.model_copy(update=update))


def move_calendar_on(tenant: Tenant, as_of: date) -> None:
    """Stages the day of the next run; all of ``as_of`` is done."""
    before = tenant.calendar.get()
    settings, _ = tenant.billing_settings.get()
    recurrence = tenant.recurring.next()
    days = [recurrence.day if recurrence else None]
    for offset in settings.reminders:
        due = tenant.calendar.first_due_after(as_of - timedelta(days=offset))
        days.append(due + timedelta(days=offset) if due else None)
    first = min(filter(None, days), default=None)
    tenant.calendar.save(before.model_copy(update={"due_on": first, "reminded_until": as_of}))
