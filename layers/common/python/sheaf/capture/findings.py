"""What the rest of the workspace says about a reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.audit.entries import Change
from sheaf.capture.documents import Status
from sheaf.capture.duplicates import with_duplicates
from sheaf.capture.kept import carrying
from sheaf.kernel.errors import TooLarge

if TYPE_CHECKING:
    from sheaf.capture.documents import Document
    from sheaf.capture.kept import KeptReading
    from sheaf.capture.policy import Policy
    from sheaf.capture.ports import Tenant


def looked_over(tenant: Tenant, policy: Policy, document: Document, kept: KeptReading) -> KeptReading:
    """The reading with what is found now; of what a person is about to decide, exactly."""
    return with_duplicates(tenant, policy, carrying(document, kept), kept, exact=True)


def look_again(tenant: Tenant, document_id: str) -> None:
    """Stages what has become of a document's duplicates since it was looked at.

    Nothing, where nothing has; approvals that were given stand, and whoever gives the last sees what is new.
    """
    document = tenant.documents.get(document_id)
    kept = tenant.readings.get(document_id) if document and document.status.is_open else None
    if document is None or kept is None:
        return
    seen = with_duplicates(tenant, tenant.policies.get(), carrying(document, kept), kept, exact=True)
    if seen == kept:
        return
    try:
        tenant.readings.put(document.id, seen)
    except TooLarge:  # so full that a finding has no room: it is found once more when it is approved
        return
    after = carrying(document, seen)
    if document.status is Status.AWAITING_SECOND_APPROVAL:
        after = after.model_copy(update={"status": document.status, "review": document.review})
    tenant.documents.save(after)
    tenant.record(
        Change(
            subject=after.id,
            before={"status": document.status.value, "checks": ", ".join(document.checks)},
            after={"status": after.status.value, "checks": ", ".join(after.checks)},
        )
    )
