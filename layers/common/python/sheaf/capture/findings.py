"""What the rest of the workspace says about a reading: whose it is, and what is to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheaf.audit.entries import Change
from sheaf.capture.documents import Status
from sheaf.capture.duplicates import with_duplicates
from sheaf.capture.kept import carrying
from sheaf.capture.policy import BANK_DETAILS_CHANGED
from sheaf.capture.suppliers.matching import matched
from sheaf.capture.suppliers.memory import bank_details, with_memory, without_memory
from sheaf.capture.suppliers.own import OWN_COMPANY, in_their_places, own_company
from sheaf.kernel.errors import TooLarge

if TYPE_CHECKING:
    from sheaf.capture.documents import Document
    from sheaf.capture.kept import KeptReading
    from sheaf.capture.policy import Policy
    from sheaf.capture.ports import Tenant
    from sheaf.capture.suppliers.supplier import Supplier


@dataclass(frozen=True)
class Seen:
    """``document`` carries ``kept``, and says whose it is."""

    document: Document
    kept: KeptReading
    supplier: Supplier | None


def recalled(tenant: Tenant, document: Document, kept: KeptReading) -> Seen:
    """As it is when it has just been read: with what the supplier's earlier documents say about it."""
    policy = tenant.policies.get(consistent=False)
    now = tenant.clock.now()
    own = in_their_places(policy.company, without_memory(kept), by=tenant.workspace_id, at=now)
    supplier = matched(tenant.suppliers, policy.company, own.current, exact=False)
    told = with_memory(supplier, own, now) if supplier else own
    return _seen(tenant, policy, document, told, supplier, exact=False)


def looked_over(tenant: Tenant, policy: Policy, document: Document, kept: KeptReading) -> Seen:
    """What is found of it at this moment: a person is about to decide about it."""
    supplier = matched(tenant.suppliers, policy.company, kept.current)
    return _seen(tenant, policy, document, kept, supplier, exact=True)


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


def _seen(
    tenant: Tenant,
    policy: Policy,
    document: Document,
    kept: KeptReading,
    supplier: Supplier | None,
    *,
    exact: bool,
) -> Seen:
    reading = kept.current
    found = (
        own_company(policy.company, reading),
        bank_details(supplier, policy.company, reading) if supplier else None,
    )
    rest = (each for each in kept.overlay.findings if each.code not in (OWN_COMPANY, BANK_DETAILS_CHANGED))
    kept = kept.found((*rest, *filter(None, found)))
    owned = document.model_copy(update={"supplier_id": supplier.id if supplier else None})
    kept = with_duplicates(tenant, policy, carrying(owned, kept), kept, exact=exact)
    return Seen(carrying(owned, kept), kept, supplier)
