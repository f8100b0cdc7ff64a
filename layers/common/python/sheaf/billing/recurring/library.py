"""Recurring invoices: planned, changed, paused, ended.

first_date_past    a plan begins today or later
customer_archived  the customer gets no new documents
recipient_missing  nobody has said where mails to the customer go
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sheaf.audit.entries import Change
from sheaf.billing.calendar import come_by
from sheaf.billing.document import Day
from sheaf.billing.drafts import CustomerId
from sheaf.billing.ports import Tenant
from sheaf.billing.recurring.making import occurrence
from sheaf.billing.recurring.recurring import (
    Billed,
    InvoiceTemplate,
    Plan,
    RecurringInvoice,
    RecurringStatus,
    Then,
)
from sheaf.billing.recurring.rhythm import Rhythm
from sheaf.billing.sight import nowhere, require_sight, require_there
from sheaf.kernel.errors import InvalidRequest
from sheaf.kernel.names import Name
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT
from sheaf.kernel.preconditions import IfMatch
from sheaf.kernel.problems import not_accepted

_DAY = timedelta(days=1)


class NewRecurring(Plan):
    pass


class RecurringChange(BaseModel):
    """What is left out stays; null takes an end away. ``template`` replaces all of it. Another rhythm is
    counted from ``first_date``, or from the day of the next invoice. What was missed while it was ``paused``
    is left out when it goes on, unless it is to ``catch_up``.
    """

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    customer_id: CustomerId | None = None
    template: InvoiceTemplate | None = None
    every: Rhythm | None = None
    first_date: Day | None = None
    last_date: Day | None = None
    occurrences: Annotated[int, Field(ge=1, le=10_000)] | None = None
    then: Then | None = None
    billed: Billed | None = None
    paused: bool | None = None
    catch_up: bool = False


class RecurringView(Plan):
    """``trouble`` says why the last invoice was not made (then it is paused), or not issued. ``made`` counts
    the invoices.
    """

    id: str
    version: int
    status: RecurringStatus
    next_date: date | None
    made: int
    last_invoice_id: str | None
    trouble: str | None


class RecurringQuery(BaseModel):
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^rec_[0-7][0-9a-hjkmnp-tv-z]{25}$")] | None = None


class RecurringList(BaseModel):
    items: list[RecurringView]
    next_cursor: str | None


def plan_recurring(tenant: Tenant, new: NewRecurring) -> RecurringView:
    """What it would make is tried at once: what cannot be billed is refused today, not some night."""
    require_sight(tenant)
    _require_future(tenant, new.first_date)
    recurring = RecurringInvoice(id=tenant.new_id("rec"), created_by=tenant.actor.id, **dict(new))
    occurrence(tenant, recurring)
    tenant.record(Change(subject=recurring.id, after=_said(recurring)))
    return _view(_saved(tenant, recurring, None))


def list_recurring(tenant: Tenant, query: RecurringQuery) -> RecurringList:
    """Newest first."""
    if tenant.visibility.is_limited:
        return RecurringList(items=[], next_cursor=None)
    page = tenant.recurring.page(limit=query.limit, cursor=query.cursor)
    return RecurringList(items=[_view(each) for each in page.items], next_cursor=page.next_cursor)


def show_recurring(tenant: Tenant, recurring_id: str) -> RecurringView:
    return _view(_find(tenant, recurring_id))


def change_recurring(
    tenant: Tenant, recurring_id: str, change: RecurringChange, if_match: IfMatch
) -> RecurringView:
    before = _find(tenant, recurring_id)
    if_match.check(before.version)
    if "first_date" in change.model_fields_set and change.first_date:
        _require_future(tenant, change.first_date)
    after = _paused(tenant, _planned(before, change), change)
    if after == before:
        return _view(before)
    if after.upcoming is not None:
        occurrence(tenant, after)
    tenant.record(Change(subject=before.id, before=_said(before), after=_said(after)))
    return _view(_saved(tenant, after, before))


def delete_recurring(tenant: Tenant, recurring_id: str) -> None:
    """The invoices that it made stay."""
    recurring = _find(tenant, recurring_id)
    tenant.recurring.remove(recurring)
    tenant.record(Change(subject=recurring.id, before=_said(recurring)))


def _planned(before: RecurringInvoice, change: RecurringChange) -> RecurringInvoice:
    said = change.model_dump(exclude_unset=True, include=set(Plan.model_fields))
    update: dict[str, Any] = {name: getattr(change, name) for name in said}
    for name in update.keys() - {"last_date", "occurrences"}:
        if update[name] is None:
            raise InvalidRequest(
                f"Not accepted: {name}.", errors=[{"field": name, "message": "It cannot be without one"}]
            )
    if "every" in update or "first_date" in update:
        update["first_date"] = update.get("first_date") or before.upcoming or before.first_date
        update["position"] = 0 if update["first_date"] != before.first_date else before.position
    try:
        return RecurringInvoice.model_validate(dict(before) | update)
    except ValidationError as error:
        raise not_accepted(error) from error


def _paused(tenant: Tenant, recurring: RecurringInvoice, change: RecurringChange) -> RecurringInvoice:
    if change.paused is None or change.paused is (recurring.paused_at is not None):
        return recurring
    if change.paused:
        return recurring.model_copy(update={"paused_at": tenant.clock.now()})
    resumed = recurring.model_copy(update={"paused_at": None, "trouble": None})
    return resumed if change.catch_up else resumed.skipped_to(tenant.clock.now().date())


def _saved(tenant: Tenant, recurring: RecurringInvoice, before: RecurringInvoice | None) -> RecurringInvoice:
    saved = tenant.recurring.save(recurring, instead_of=before)
    if saved.due is not None:
        come_by(tenant, saved.due)
    return saved


def _find(tenant: Tenant, recurring_id: str) -> RecurringInvoice:
    require_there(tenant, recurring_id, "rec", what="recurring invoice")
    found = tenant.recurring.get(recurring_id)
    if found is None:
        raise nowhere("recurring invoice")
    return found


def _require_future(tenant: Tenant, day: date) -> None:
    """It may still be yesterday where they are."""
    if day < tenant.clock.now().date() - _DAY:
        raise InvalidRequest(
            "Not accepted: first_date.",
            code="first_date_past",
            errors=[{"field": "first_date", "message": "That day is past"}],
        )


def _said(recurring: RecurringInvoice) -> dict[str, str]:
    day = recurring.upcoming
    return {"status": recurring.status.value} | ({"next_date": day.isoformat()} if day else {})


def _view(recurring: RecurringInvoice) -> RecurringView:
    known = {name: getattr(recurring, name) for name in RecurringView.model_fields if name != "next_date"}
    return RecurringView(**known, next_date=recurring.due)
