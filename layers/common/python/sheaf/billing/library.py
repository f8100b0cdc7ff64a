"""Issued documents: one, and lists of them."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from sheaf.billing.document import IssuedDocument, IssuedSummary, Kind
from sheaf.billing.drafts import CustomerId, find_issued
from sheaf.billing.ports import Tenant
from sheaf.billing.sight import nowhere, require_there
from sheaf.billing.states import IssuedStatus
from sheaf.billing.sums import totals
from sheaf.billing.views import IssuedItemView, IssuedView, item_view, view
from sheaf.capture.history import HistoryQuery, HistoryView, event_view
from sheaf.kernel.ids import created_at, is_id
from sheaf.kernel.names import Name
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT, Page, decoded, encoded, unknown_cursor

_DUE = re.compile(r"\d{4}-\d\d-\d\d#(.+)")


class IssuedQuery(BaseModel):
    """``overdue``: what should have been paid by now, the longest due first. ``number``: the one that has it,
    as it is printed; bills have their suppliers' numbers, and are not found by them.
    """

    kind: Kind = Kind.INVOICE
    number: Name | None = None
    status: IssuedStatus | None = None
    customer: CustomerId | None = None
    overdue: bool = False
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")] | None = None

    @model_validator(mode="after")
    def _number_alone(self) -> Self:
        others = self.model_fields_set - {"kind", "number", "limit"}
        if self.number is not None and (others or self.kind is Kind.BILL):
            raise PydanticCustomError("number", "A number is looked for by itself, and not among bills")
        return self


class IssuedList(BaseModel):
    items: list[IssuedItemView]
    next_cursor: str | None


def list_issued(tenant: Tenant, query: IssuedQuery) -> IssuedList:
    """Newest first, of one kind."""
    cursor = _due_cursor(query) if query.overdue else _cursor(query)
    if tenant.visibility.is_limited:
        return IssuedList(items=[], next_cursor=None)
    today = tenant.clock.now().date()
    if query.number is not None:
        holder = tenant.series.holder(query.kind, query.number)
        found = tenant.issued.summary(holder) if holder else None
        return IssuedList(items=[item_view(found, today)] if found else [], next_cursor=None)
    find = partial(tenant.issued.due_before, day=today) if query.overdue else tenant.issued.page
    page = find(query.kind, state=query.status, customer_id=query.customer, limit=query.limit, cursor=cursor)
    return _listed(query, page, [item_view(summary, today) for summary in page.items])


def show_issued(tenant: Tenant, issued_id: str) -> IssuedView:
    return shown(tenant, find_issued(tenant, issued_id))


def shown(tenant: Tenant, document: IssuedDocument) -> IssuedView:
    """As it is when this unit of work is committed."""
    payments = [] if document.is_draft else tenant.payments.of(document.id)
    mails = [] if document.is_draft else tenant.mails.of(document.id)
    return view(document, totals(document.content), payments, mails, tenant.clock.now().date())


def show_issued_history(tenant: Tenant, issued_id: str, query: HistoryQuery) -> HistoryView:
    """Oldest first, a moment behind."""
    require_there(tenant, issued_id, *(kind.prefix for kind in Kind), what="issued document")
    if tenant.issued.summary(issued_id) is None:
        raise nowhere("issued document")
    page = tenant.history.page(issued_id, limit=query.limit, cursor=query.cursor, consistent=False)
    items = [event_view(event, created_at(event.id)) for event in page.items]
    return HistoryView(items=items, next_cursor=page.next_cursor)


def _cursor(query: IssuedQuery) -> str | None:
    if query.cursor is not None and not is_id(query.cursor, query.kind.prefix):
        raise unknown_cursor()
    return query.cursor


def _due_cursor(query: IssuedQuery) -> str | None:
    if query.cursor is None:
        return None
    place = decoded(query.cursor)
    found = _DUE.fullmatch(place)
    if found is None or not is_id(found[1], query.kind.prefix):
        raise unknown_cursor()
    return place


def _listed(query: IssuedQuery, page: Page[IssuedSummary], items: list[IssuedItemView]) -> IssuedList:
    cursor = page.next_cursor
    return IssuedList(items=items, next_cursor=encoded(cursor) if cursor and query.overdue else cursor)
