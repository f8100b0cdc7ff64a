"""Issued documents: drafts, and looking them up."""

from __future__ import annotations

from functions.invoices.routes import api
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.billing.document import IssuedDocument
from sheaf.billing.drafts import DraftChange, NewDraft, change_draft, delete_draft, make_draft
from sheaf.billing.library import (
    IssuedList,
    IssuedQuery,
    list_issued,
    show_issued,
    show_issued_history,
    shown,
)
from sheaf.billing.views import IssuedView
from sheaf.capture.history import HistoryQuery, HistoryView
from sheaf.edge.api import Answer
from sheaf.kernel.preconditions import IfMatch, etag
from sheaf.storage.tenant import Tenant


def answer(tenant: Tenant, document: IssuedDocument) -> Answer[IssuedView]:
    return Answer(shown(tenant, document), headers={"etag": etag(document.version)})


def same_document(tenant: Tenant, subject: str) -> Answer[IssuedView]:
    view = show_issued(tenant, subject)
    return Answer(view, headers={"etag": etag(view.version)})


@api.post(
    "/v1/issued-documents",
    permission=Permission.BILLING_WRITE,
    audit=Action.DRAFT_CREATED,
    replay=same_document,
)
def draft(tenant: Tenant, body: NewDraft) -> Answer[IssuedView]:
    """Begin an invoice, an estimate or a bill; credit notes begin at their invoice."""
    return answer(tenant, make_draft(tenant, body))


@api.get("/v1/issued-documents", permission=Permission.BILLING_READ)
def documents(tenant: Tenant, query: IssuedQuery) -> IssuedList:
    """Invoices, or documents of another `kind`, newest first; what is `overdue`, the longest due first."""
    return list_issued(tenant, query)


@api.get("/v1/issued-documents/<issued_id>", permission=Permission.BILLING_READ)
def document(tenant: Tenant, issued_id: str) -> Answer[IssuedView]:
    """An issued document, or a draft of one: what it says, its sums and its payments."""
    return same_document(tenant, issued_id)


@api.get("/v1/issued-documents/<issued_id>/history", permission=Permission.BILLING_READ)
def history(tenant: Tenant, issued_id: str, query: HistoryQuery) -> HistoryView:
    """What happened to an issued document or a draft, oldest first; the latest may follow in a moment."""
    return show_issued_history(tenant, issued_id, query)


@api.patch(
    "/v1/issued-documents/<issued_id>", permission=Permission.BILLING_WRITE, audit=Action.DRAFT_CHANGED
)
def edit_draft(tenant: Tenant, issued_id: str, body: DraftChange, if_match: IfMatch) -> Answer[IssuedView]:
    """Change a draft."""
    return answer(tenant, change_draft(tenant, issued_id, body, if_match))


@api.delete(
    "/v1/issued-documents/<issued_id>", permission=Permission.BILLING_WRITE, audit=Action.DRAFT_DELETED
)
def discard_draft(tenant: Tenant, issued_id: str) -> None:
    """Throw a draft away."""
    delete_draft(tenant, issued_id)
