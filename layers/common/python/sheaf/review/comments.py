"""Comments, and the history they are part of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sheaf.audit.entries import Change
from sheaf.capture.history import EventView, Told, event_view
from sheaf.capture.library import find_document
from sheaf.kernel.ids import created_at
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT
from sheaf.review.ports import Tenant
from sheaf.review.values import Remark


class Comment(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Remark


class HistoryQuery(BaseModel):
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^aud_[0-9a-z]{26}$")] | None = None


class HistoryView(BaseModel):
    items: list[EventView]
    next_cursor: str | None


def comment(tenant: Tenant, document_id: str, said: Comment) -> None:
    """It changes nothing of the document, so nobody's version of it grows old."""
    document = find_document(tenant, document_id)
    tenant.record(Change(subject=document.id), Told(text=said.text))


def show_history(tenant: Tenant, document_id: str, query: HistoryQuery) -> HistoryView:
    """Oldest first."""
    document = find_document(tenant, document_id)
    page = tenant.history.page(document.id, limit=query.limit, cursor=query.cursor)
    items = [event_view(event, created_at(event.id)) for event in page.items]
    return HistoryView(items=items, next_cursor=page.next_cursor)
