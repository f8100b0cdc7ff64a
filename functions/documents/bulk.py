"""Many documents at once. What was done before is found done: to send it again changes nothing more."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Annotated

from pydantic import Field

from functions.documents.again import SOON, pay_for
from functions.documents.routes import api, remove
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.capture.documents import Status
from sheaf.capture.library import find_document
from sheaf.capture.reprocessing import reprocess
from sheaf.edge.bulk import Bulk, BulkResult, Reference, for_each
from sheaf.review.values import Accepted, Remark
from sheaf.storage.tenant import Tenant


class BulkApproval(Bulk):
    """``accept`` names the errors among the checks that are right as they are, of any of the documents."""

    accept: Annotated[Accepted, Field(default_factory=list)]


class BulkRefusal(Bulk):
    reason: Remark


@api.post(
    "/v1/documents/approve",
    permission=Permission.DOCUMENT_APPROVE,
    audit=Action.DOCUMENT_APPROVED,
    repeatable=True,
    status=HTTPStatus.OK,
)
def approve_many(tenant: Tenant, body: BulkApproval) -> BulkResult:
    """Approve up to 100 documents. Errors among their checks are corrected, or accepted by name for all."""
    from sheaf.review.decisions import Approval, approve  # which a look at a document does without

    approval = Approval(accept=body.accept)

    def step(own: Tenant, document: Reference) -> None:
        if find_document(own, document.id).status is not Status.APPROVED:
            approve(own, document.id, approval, document.if_match)

    return for_each(body.documents, step, action=Action.DOCUMENT_APPROVED, tenant=tenant)


@api.post(
    "/v1/documents/reject",
    permission=Permission.DOCUMENT_APPROVE,
    audit=Action.DOCUMENT_REJECTED,
    repeatable=True,
    status=HTTPStatus.OK,
)
def reject_many(tenant: Tenant, body: BulkRefusal) -> BulkResult:
    """Reject up to 100 documents, with the reason."""
    from sheaf.review.decisions import Refusal, reject

    refusal = Refusal(reason=body.reason)

    def step(own: Tenant, document: Reference) -> None:
        if find_document(own, document.id).status is not Status.REJECTED:
            reject(own, document.id, refusal, document.if_match)

    return for_each(body.documents, step, action=Action.DOCUMENT_REJECTED, tenant=tenant)


@api.post(
    "/v1/documents/delete",
    permission=Permission.DOCUMENT_DELETE,
    audit=Action.DOCUMENT_DELETED,
    repeatable=True,
    status=HTTPStatus.OK,
)
def delete_many(tenant: Tenant, body: Bulk) -> BulkResult:
    """Delete up to 100 documents, their files and their readings, for good."""

    def step(own: Tenant, document: Reference) -> None:
        document.if_match.check(find_document(own, document.id).version)
        remove(own, document.id)

    return for_each(body.documents, step, action=Action.DOCUMENT_DELETED, tenant=tenant)


@api.post(
    "/v1/documents/reprocess",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.DOCUMENT_REPROCESSED,
    repeatable=True,
    status=HTTPStatus.ACCEPTED,
)
def read_many_again(tenant: Tenant, body: Bulk, app: Application) -> BulkResult:
    """Read the files of up to 100 documents once more. Corrections stay; approvals are void."""
    pay_for(app, tenant, len(body.documents))
    step = partial(begin_again, app, set())
    return for_each(body.documents, step, action=Action.DOCUMENT_REPROCESSED, tenant=tenant)


def begin_again(app: Application, begun: set[str], own: Tenant, document: Reference) -> None:
    """``begun``: those of this request that had waited for room in the plan; it is added to."""
    if find_document(own, document.id).rereading:
        return
    saved = reprocess(own, document.id, document.if_match, ahead=len(begun - {document.id}))
    if saved.rereading and saved.rereading.is_first:
        begun.add(saved.id)
    app.file_queues.read_again(own.workspace_id, saved.id, version=saved.version, after=SOON)
