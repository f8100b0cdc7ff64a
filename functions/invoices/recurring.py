"""Recurring invoices."""

from __future__ import annotations

from functions.invoices.routes import api
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.billing.recurring.library import (
    NewRecurring,
    RecurringChange,
    RecurringList,
    RecurringQuery,
    RecurringView,
    change_recurring,
    delete_recurring,
    list_recurring,
    plan_recurring,
    show_recurring,
)
from sheaf.edge.api import Answer
from sheaf.kernel.preconditions import IfMatch, etag
from sheaf.storage.tenant import Tenant


def _shown(view: RecurringView) -> Answer[RecurringView]:
    return Answer(view, headers={"etag": etag(view.version)})


def same_recurring(tenant: Tenant, subject: str) -> Answer[RecurringView]:
    return _shown(show_recurring(tenant, subject))


@api.post(
    "/v1/recurring-invoices",
    permission=Permission.BILLING_ISSUE,
    audit=Action.RECURRING_CREATED,
    replay=same_recurring,
)
def new_recurring(tenant: Tenant, body: NewRecurring) -> Answer[RecurringView]:
    """Plan an invoice that is made anew every so many weeks, months or years."""
    return _shown(plan_recurring(tenant, body))


@api.get("/v1/recurring-invoices", permission=Permission.BILLING_READ)
def recurring_invoices(tenant: Tenant, query: RecurringQuery) -> RecurringList:
    """Recurring invoices, newest first."""
    return list_recurring(tenant, query)


@api.get("/v1/recurring-invoices/<recurring_id>", permission=Permission.BILLING_READ)
def recurring_invoice(tenant: Tenant, recurring_id: str) -> Answer[RecurringView]:
    """A recurring invoice: what it makes, when, and how far it has come."""
    return _shown(show_recurring(tenant, recurring_id))


@api.patch(
    "/v1/recurring-invoices/<recurring_id>",
    permission=Permission.BILLING_ISSUE,
    audit=Action.RECURRING_CHANGED,
)
def edit_recurring(
    tenant: Tenant, recurring_id: str, body: RecurringChange, if_match: IfMatch
) -> Answer[RecurringView]:
    """Change a recurring invoice, pause it, or let it go on. Invoices that were made stay as they are."""
    return _shown(change_recurring(tenant, recurring_id, body, if_match))


@api.delete(
    "/v1/recurring-invoices/<recurring_id>",
    permission=Permission.BILLING_ISSUE,
    audit=Action.RECURRING_DELETED,
)
def remove_recurring(tenant: Tenant, recurring_id: str) -> None:
    """Delete a recurring invoice. Invoices that were made stay."""
    delete_recurring(tenant, recurring_id)
