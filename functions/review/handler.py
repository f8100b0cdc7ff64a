"""Reviewing readings: the queue, claims, corrections, decisions, comments, history, packets."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.capture.history import HistoryQuery, HistoryView
from sheaf.capture.library import DocumentList, show_document
from sheaf.capture.views import DocumentView
from sheaf.edge.api import Answer, Api
from sheaf.kernel.preconditions import IfMatch, etag
from sheaf.review.claims import claim, release
from sheaf.review.comments import Comment, comment, show_history
from sheaf.review.corrections import CorrectionRequest, correct
from sheaf.review.decisions import Approval, Refusal, approve, reject, reopen
from sheaf.review.packets import DivideRequest, JoinRequest, Plan, plan_division, plan_join
from sheaf.review.queue import QueueQuery, list_queue
from sheaf.review.rearranging import carry_out, give_way, undo_division
from sheaf.review.settings import ReviewSettings, change_review_settings, show_review_settings
from sheaf.storage.tenant import Tenant

api = Api()

SOON = timedelta(seconds=1)
"""The reading of what was divided is asked for before the division is there, and once more, much later."""


@api.get("/v1/review", permission=Permission.DOCUMENT_READ)
def queue(tenant: Tenant, query: QueueQuery) -> DocumentList:
    """What waits for somebody: the likeliest to be wrong first, of equals the one with the most at stake."""
    return list_queue(tenant, query)


def _shown(view: DocumentView) -> Answer[DocumentView]:
    return Answer(view, headers={"etag": etag(view.version)})


def _as_it_is(tenant: Tenant, subject: str) -> Answer[DocumentView]:
    return _shown(show_document(tenant, subject))


@api.put(
    "/v1/documents/<document_id>/claim", permission=Permission.DOCUMENT_WRITE, audit=Action.DOCUMENT_CLAIMED
)
def take(tenant: Tenant, document_id: str) -> Answer[DocumentView]:
    """Claim a document for half an hour: nobody else changes it meanwhile."""
    return _shown(claim(tenant, document_id))


@api.delete(
    "/v1/documents/<document_id>/claim", permission=Permission.DOCUMENT_WRITE, audit=Action.DOCUMENT_RELEASED
)
def let_go(tenant: Tenant, document_id: str) -> None:
    """Give up one's claim."""
    release(tenant, document_id)


@api.patch(
    "/v1/documents/<document_id>/reading",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.DOCUMENT_CORRECTED,
)
def change(
    tenant: Tenant, document_id: str, body: CorrectionRequest, if_match: IfMatch
) -> Answer[DocumentView]:
    """Correct or confirm what was read. The machine's values are kept beside the corrections."""
    return _shown(correct(tenant, document_id, body, if_match))


@api.post(
    "/v1/documents/<document_id>/approve",
    permission=Permission.DOCUMENT_APPROVE,
    audit=Action.DOCUMENT_APPROVED,
    replay=_as_it_is,
    status=HTTPStatus.OK,
)
def accept(tenant: Tenant, document_id: str, body: Approval, if_match: IfMatch) -> Answer[DocumentView]:
    """Approve a document, every error among its checks corrected, or accepted by name."""
    return _shown(approve(tenant, document_id, body, if_match))


@api.post(
    "/v1/documents/<document_id>/reject",
    permission=Permission.DOCUMENT_APPROVE,
    audit=Action.DOCUMENT_REJECTED,
    replay=_as_it_is,
    status=HTTPStatus.OK,
)
def refuse(tenant: Tenant, document_id: str, body: Refusal, if_match: IfMatch) -> Answer[DocumentView]:
    """Reject a document, with the reason."""
    return _shown(reject(tenant, document_id, body, if_match))


@api.post(
    "/v1/documents/<document_id>/reopen",
    permission=Permission.DOCUMENT_APPROVE,
    audit=Action.DOCUMENT_REOPENED,
    replay=_as_it_is,
    status=HTTPStatus.OK,
)
def look_again(tenant: Tenant, document_id: str, if_match: IfMatch) -> Answer[DocumentView]:
    """Open a document again that was approved or rejected. Its corrections stay, its approvals are void."""
    return _shown(reopen(tenant, document_id, if_match))


@api.post(
    "/v1/documents/<document_id>/comments",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.DOCUMENT_COMMENTED,
    replay=_as_it_is,
)
def remark(tenant: Tenant, document_id: str, body: Comment) -> Answer[DocumentView]:
    """Say something about a document; it is part of its history."""
    comment(tenant, document_id, body)
    return _shown(show_document(tenant, document_id))


@api.get("/v1/documents/<document_id>/history", permission=Permission.DOCUMENT_READ)
def history(tenant: Tenant, document_id: str, query: HistoryQuery) -> HistoryView:
    """Everything that happened to a document, oldest first: who did it, what was corrected and said."""
    return show_history(tenant, document_id, query)


@api.post(
    "/v1/documents/<document_id>/divide",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.DOCUMENT_DIVIDED,
    replay=_as_it_is,
    status=HTTPStatus.ACCEPTED,
)
def divide(
    tenant: Tenant, document_id: str, body: DivideRequest, if_match: IfMatch, app: Application
) -> Answer[DocumentView]:
    """Divide a file by its pages; each part is read anew. Parts that keep their pages stay as they are."""
    return _rearranged(tenant, app, plan_division(tenant, document_id, body, if_match))


@api.post(
    "/v1/documents/<document_id>/join",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.DOCUMENT_JOINED,
    replay=_as_it_is,
    status=HTTPStatus.ACCEPTED,
)
def join(
    tenant: Tenant, document_id: str, body: JoinRequest, if_match: IfMatch, app: Application
) -> Answer[DocumentView]:
    """Join parts of a file into one document, or all of them; it is read anew."""
    return _rearranged(tenant, app, plan_join(tenant, document_id, body, if_match))


@api.post(
    "/v1/documents/<document_id>/undo-division",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.DIVISION_UNDONE,
    replay=_as_it_is,
    status=HTTPStatus.OK,
)
def take_back(tenant: Tenant, document_id: str, if_match: IfMatch, app: Application) -> Answer[DocumentView]:
    """Take back the last division or join: the documents are what they were. Once more: it is done again."""
    view = undo_division(tenant, document_id, if_match)
    if not view.status.is_final:
        _read_on(tenant, app, document_id)
    return _shown(view)


def _rearranged(tenant: Tenant, app: Application, plan: Plan) -> Answer[DocumentView]:
    rest = give_way(tenant, plan)
    tenant.commit(Action.DOCUMENT_DELETED)
    _read_on(tenant, app, plan.whole.id)
    return _shown(carry_out(tenant, rest))


def _read_on(tenant: Tenant, app: Application, document_id: str) -> None:
    for after in (SOON, timedelta(seconds=app.settings.watch_seconds)):
        app.reminders.remind(tenant.workspace_id, document_id, after=after)


@api.get("/v1/settings/review", permission=Permission.SETTINGS_READ)
def settings(tenant: Tenant) -> ReviewSettings:
    """What the workspace asks of its documents: second approvals, duplicates, its own company."""
    return show_review_settings(tenant)


@api.put(
    "/v1/settings/review",
    permission=Permission.SETTINGS_WRITE,
    audit=Action.REVIEW_SETTINGS_CHANGED,
    step_up=True,
)
def change_settings(tenant: Tenant, body: ReviewSettings) -> ReviewSettings:
    """Change them, all at once. They hold for documents that wait as well."""
    return change_review_settings(tenant, body)


handler = api.handler
