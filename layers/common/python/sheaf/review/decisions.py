"""Approving, rejecting, opening again."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from sheaf.access.actor import ActorKind
from sheaf.capture.documents import Document, Rejection, Review, Signature, Status
from sheaf.capture.duplicates import DUPLICATE, DUPLICATE_FILE, hold
from sheaf.capture.findings import looked_over
from sheaf.capture.history import Told
from sheaf.capture.library import shown
from sheaf.capture.policy import Duplicates
from sheaf.capture.reading import Check, Reading
from sheaf.capture.suppliers.approval import learn, unlearn
from sheaf.capture.views import DocumentView
from sheaf.kernel.errors import Conflict, Forbidden
from sheaf.kernel.preconditions import IfMatch
from sheaf.review.ports import Tenant
from sheaf.review.steps import content, seen, stage
from sheaf.review.values import Accepted, Remark


class Approval(BaseModel):
    """``accept`` names the errors among the checks that are right as they are, each by its code."""

    model_config = ConfigDict(extra="forbid")

    accept: Accepted = []


class Refusal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Remark


def approve(tenant: Tenant, document_id: str, approval: Approval, if_match: IfMatch) -> DocumentView:
    """Every error among the checks is corrected by then, or accepted by name.

    Where the workspace asks for two approvals, two people give them; an API key is nobody.
    """
    document = _open(tenant, document_id, if_match)
    policy, known = tenant.policies.get(), content(tenant, document)
    looked = looked_over(tenant, policy, document, known)
    reading = looked.kept.current
    accepted = _accepted(reading.checks, approval)
    asks_for_two = policy.asks_for_two(reading)
    if asks_for_two:
        _is_another_person(tenant, document)
    signatures = (*document.review.approvals, Signature(by=tenant.actor.id, at=tenant.clock.now()))
    waits = asks_for_two and len(signatures) < _TWO
    after = looked.document.model_copy(
        update={
            "status": Status.AWAITING_SECOND_APPROVAL if waits else Status.APPROVED,
            "review": Review(approvals=signatures),
        }
    )
    if looked.kept != known:
        tenant.readings.put(document.id, looked.kept)
    if not waits:
        after = learn(tenant, policy.company, after, looked.kept, looked.supplier)
        if policy.duplicates is Duplicates.BLOCK:
            hold(tenant, after)
    return shown(tenant, stage(tenant, document, after, said=_said(reading, accepted)), looked.kept)


def reject(tenant: Tenant, document_id: str, refusal: Refusal, if_match: IfMatch) -> DocumentView:
    document = _open(tenant, document_id, if_match)
    rejection = Rejection(by=tenant.actor.id, at=tenant.clock.now(), reason=refusal.reason)
    after = document.model_copy(
        update={
            "status": Status.REJECTED,
            "review": Review(approvals=document.review.approvals, rejection=rejection),
        }
    )
    saved = stage(tenant, document, after, Told(text=refusal.reason))
    return shown(tenant, saved, content(tenant, document))


def reopen(tenant: Tenant, document_id: str, if_match: IfMatch) -> DocumentView:
    """Approvals are void, and what they taught; corrections stay."""
    document = seen(tenant, document_id, if_match)
    if not document.status.is_decided:
        raise Conflict("Nothing has been decided about this document.", code="not_decided")
    known = content(tenant, document)
    unlearn(tenant, document)
    looked = looked_over(tenant, tenant.policies.get(), document, known)
    if looked.kept != known:
        tenant.readings.put(document.id, looked.kept)
    return shown(tenant, stage(tenant, document, looked.document), looked.kept)


_TWO = 2


def _said(reading: Reading, accepted: list[str]) -> dict[str, str]:
    """Whose duplicate it is stands there in either case: accepted by name, or only warned of."""
    said = {"accepted": ", ".join(accepted)} if accepted else {}
    if twins := [check.found for check in reading.checks if check.code in _DUPLICATES and check.found]:
        said["duplicate_of"] = ", ".join(twins)
    return said


_DUPLICATES = frozenset((DUPLICATE, DUPLICATE_FILE))


def _open(tenant: Tenant, document_id: str, if_match: IfMatch) -> Document:
    document = seen(tenant, document_id, if_match)
    if not document.status.is_open:
        raise Conflict(f"There is nothing to decide: this document is {document.status}.", code="not_open")
    return document


def _accepted(checks: tuple[Check, ...], approval: Approval) -> list[str]:
    errors = {check.code for check in checks if check.severity == "error"}
    standing = sorted(errors.difference(approval.accept))
    if standing:
        raise Conflict(
            f"Still to be looked at: {', '.join(standing)}. Correct it, or name it in accept if it is right.",
            code="checks_open",
        )
    return sorted(errors)


def _is_another_person(tenant: Tenant, document: Document) -> None:
    if tenant.actor.kind is not ActorKind.USER:
        raise Forbidden("This document needs two approvals, and people give them.", code="person_needed")
    if any(signature.by == tenant.actor.id for signature in document.review.approvals):
        raise Conflict("You have approved it; a second person is wanted.", code="second_person_needed")
