"""Comments, and the history they are part of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from sheaf.audit.entries import Change
from sheaf.capture.history import Event, HistoryQuery, HistoryView, Told, event_view
from sheaf.capture.library import find_document
from sheaf.capture.sight import seen_of
from sheaf.kernel.ids import created_at
from sheaf.review.ports import Tenant
from sheaf.review.values import Remark


class Comment(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Remark


def comment(tenant: Tenant, document_id: str, said: Comment) -> None:
    """It changes nothing of the document, so nobody's version of it grows old."""
    document = find_document(tenant, document_id)
    tenant.record(Change(subject=document.id), Told(text=said.text))


def show_history(tenant: Tenant, document_id: str, query: HistoryQuery) -> HistoryView:
    """Oldest first."""
    document = find_document(tenant, document_id)
    page = tenant.history.page(document.id, limit=query.limit, cursor=query.cursor)
    items = [event_view(_as_seen(tenant, event), created_at(event.id)) for event in page.items]
    return HistoryView(items=items, next_cursor=page.next_cursor)


def _as_seen(tenant: Tenant, event: Event) -> Event:
    """It may have been another client's before, and a duplicate among the documents of that one."""
    if not tenant.visibility.is_limited:
        return event
    before, after = _of_others(tenant, event.before), _of_others(tenant, event.after)
    return event.model_copy(update={"before": before, "after": after})


def _of_others(tenant: Tenant, said: dict[str, str]) -> dict[str, str]:
    told = dict(said)
    if "client" in told and not tenant.visibility.sees(told["client"]):
        told["client"] = "another"
    if "duplicate_of" in told:
        told["duplicate_of"] = ", ".join(seen_of(tenant, told["duplicate_of"].split(", ")))
    return told
