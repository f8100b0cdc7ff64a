"""Reminders of invoices that are not paid: before they are due, and after.

Each is staged at most once, with its mail. Of several that were missed only the latest is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sheaf.billing.ports import Tenant
from sheaf.billing.sending.mail import Mail, Purpose
from sheaf.billing.sending.staging import House, can_be_reached, stage_mail
from sheaf.billing.states import is_open, was_paid

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """``offset``: days after the due date, negative before it."""

    invoice_id: str
    offset: int


def due_reminders(tenant: Tenant, as_of: date) -> list[Reminder]:
    """Those whose day has come since the last run."""
    settings, _ = tenant.billing_settings.get()
    done = tenant.calendar.get().reminded_until or as_of - _DAY
    latest: dict[str, int] = {}
    for offset in sorted(settings.reminders):
        later = timedelta(days=offset)
        for invoice in tenant.calendar.open_invoices(done + _DAY - later, as_of - later):
            # Nobody is reminded on the day on which the invoice comes, or of what was before.
            if invoice.due_on + later > invoice.issued_at.date():
                latest[invoice.id] = offset
    return [Reminder(invoice_id, offset) for invoice_id, offset in latest.items()]


def remind(tenant: Tenant, reminder: Reminder, house: House) -> Mail | None:
    """Stages one with its mail; None: there is nothing to remind of any more, or nobody to be reached.

    Whoever commits this tells the queue before.
    """
    invoice = tenant.issued.get(reminder.invoice_id)
    if invoice is None or not is_open(invoice) or invoice.disputed > 0 or was_paid(invoice):
        return None
    if tenant.calendar.has_reminded(invoice.id, reminder.offset) or not can_be_reached(tenant, invoice):
        return None
    tenant.calendar.add_reminder(invoice.id, reminder.offset, tenant.clock.now())
    return stage_mail(tenant, invoice, house, purpose=Purpose.REMINDER)
