"""What becomes of estimates, and what takes invoices back.

not_an_estimate, not_an_invoice   the step is for another kind
already_accepted, already_declined, already_converted
expired                           it held until a day that is past
nothing_left                      credit notes have taken all of the invoice back
"""

from __future__ import annotations

from typing import Any

from sheaf.audit.entries import Change
from sheaf.billing.document import Content, IssuedDocument, Kind, Reference
from sheaf.billing.drafts import find_issued, save_new, with_sums
from sheaf.billing.issuing import require_issued
from sheaf.billing.ports import Tenant
from sheaf.billing.states import is_expired, state
from sheaf.kernel.errors import Conflict
from sheaf.kernel.preconditions import IfMatch

_OF_THE_DAY = {"issue_date": None, "due_date": None, "valid_until": None}


def accept(tenant: Tenant, issued_id: str, if_match: IfMatch) -> IssuedDocument:
    return _answered(tenant, issued_id, if_match, "accepted_at")


def decline(tenant: Tenant, issued_id: str, if_match: IfMatch) -> IssuedDocument:
    return _answered(tenant, issued_id, if_match, "declined_at")


def convert(tenant: Tenant, issued_id: str, if_match: IfMatch) -> IssuedDocument:
    """The draft of the invoice. Once: the estimate says so in the same transaction, under its version."""
    estimate = _estimate(tenant, issued_id, if_match)
    if estimate.declined_at:
        raise Conflict("It was declined.", code="already_declined")
    _require_unexpired(tenant, estimate)
    invoice = with_sums(_drafted(tenant, Kind.INVOICE, estimate, _OF_THE_DAY, converted_from=estimate.id))
    after = estimate.model_copy(update={"converted_to": invoice.id})
    saved = save_new(tenant, invoice)
    tenant.issued.save(after, instead_of=estimate)
    tenant.record(_change(estimate, after))
    return saved


def credit(tenant: Tenant, issued_id: str, if_match: IfMatch) -> IssuedDocument:
    """The draft of a credit note over all of the invoice; whoever takes back less changes its lines."""
    invoice = find_issued(tenant, issued_id)
    if_match.check(invoice.version)
    if invoice.kind is not Kind.INVOICE:
        raise Conflict("Only an invoice is taken back by a credit note.", code="not_an_invoice")
    require_issued(invoice)
    day = invoice.content.issue_date
    if invoice.number is None or day is None:
        raise AssertionError("what is issued has a number and a date")
    if invoice.credited >= invoice.payable:
        raise Conflict("Nothing is left of the invoice.", code="nothing_left")
    reference = Reference(id=invoice.id, number=invoice.number, date=day)
    return save_new(tenant, _drafted(tenant, Kind.CREDIT_NOTE, invoice, _OF_THE_DAY | {"credits": reference}))


def _answered(tenant: Tenant, issued_id: str, if_match: IfMatch, field: str) -> IssuedDocument:
    before = _estimate(tenant, issued_id, if_match)
    if before.accepted_at:
        raise Conflict("It was accepted.", code="already_accepted")
    if before.declined_at:
        raise Conflict("It was declined.", code="already_declined")
    _require_unexpired(tenant, before)
    after = before.model_copy(update={field: tenant.clock.now()})
    tenant.record(_change(before, after))
    return tenant.issued.save(after, instead_of=before)


def _estimate(tenant: Tenant, issued_id: str, if_match: IfMatch) -> IssuedDocument:
    """One that waits for something."""
    estimate = find_issued(tenant, issued_id)
    if_match.check(estimate.version)
    if estimate.kind is not Kind.ESTIMATE:
        raise Conflict("Only an estimate is answered, and made into an invoice.", code="not_an_estimate")
    require_issued(estimate)
    if estimate.converted_to:
        raise Conflict("It was made into an invoice.", code="already_converted")
    return estimate


def _require_unexpired(tenant: Tenant, estimate: IssuedDocument) -> None:
    if is_expired(estimate.summary, tenant.clock.now().date()):
        raise Conflict("It held until a day that is past.", code="expired")


def _drafted(
    tenant: Tenant, kind: Kind, of: IssuedDocument, update: dict[str, Any], **facts: Any
) -> IssuedDocument:
    content: Content = of.content.model_copy(update=update)
    return IssuedDocument(
        id=tenant.new_id(kind.prefix),
        kind=kind,
        customer_id=of.customer_id,
        created_by=tenant.actor.id,
        content=content,
        total=of.total,
        payable=of.payable,
        **facts,
    )


def _change(before: IssuedDocument, after: IssuedDocument) -> Change:
    return Change(
        subject=before.id, before={"status": state(before).value}, after={"status": state(after).value}
    )
