"""Money that came in for an invoice, or went out for a bill, and what of it went back.

not_payable      money is owed for invoices and bills alone
already_paid     there is nothing left to pay
exceeds_paid     no more goes back than came in
"""

from __future__ import annotations

from datetime import date as day_of_calendar
from datetime import timedelta
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from sheaf.audit.entries import Change
from sheaf.billing.document import Amount, IssuedDocument
from sheaf.billing.drafts import find_issued
from sheaf.billing.issuing import require_issued
from sheaf.billing.payments.payment import Direction, Method, Payment
from sheaf.billing.ports import Tenant
from sheaf.billing.states import PAYABLE, state
from sheaf.kernel.errors import Conflict, InvalidRequest
from sheaf.kernel.money import quantize
from sheaf.kernel.names import Name
from sheaf.kernel.preconditions import IfMatch

_MOST = Decimal(10) ** 15
_DAY = timedelta(days=1)


class NewPayment(BaseModel):
    """``amount`` is in the document's currency. ``date`` is when it was paid: today, if left out."""

    model_config = ConfigDict(extra="forbid")

    amount: Amount
    method: Method = Method.BANK_TRANSFER
    date: day_of_calendar | None = None
    reference: Name | None = None


def pay(tenant: Tenant, issued_id: str, new: NewPayment, if_match: IfMatch) -> IssuedDocument:
    """By hand. It may be more than what is left: that is owed back then."""
    document = find_payable(tenant, issued_id, if_match)
    require_issued(document)
    if document.balance <= 0:
        raise Conflict("There is nothing left to pay.", code="already_paid")
    return _record(tenant, document, Direction.PAYMENT, amount_of(new, document), new)


def pay_back(tenant: Tenant, issued_id: str, new: NewPayment, if_match: IfMatch) -> IssuedDocument:
    """By hand. What is void gives back what came in for it."""
    document = find_payable(tenant, issued_id, if_match)
    amount = amount_of(new, document)
    if document.refunded + amount > document.paid:
        raise Conflict("No more goes back than came in.", code="exceeds_paid")
    return _record(tenant, document, Direction.REFUND, amount, new)


def find_payable(tenant: Tenant, issued_id: str, if_match: IfMatch) -> IssuedDocument:
    """What was issued and is, or was, to be paid. Raises NotFound, Conflict, PreconditionFailed."""
    document = find_issued(tenant, issued_id)
    if_match.check(document.version)
    if document.kind not in PAYABLE:
        raise Conflict("Nobody owes money for this.", code="not_payable")
    if document.is_draft:
        require_issued(document)
    return document


def amount_of(new: NewPayment, document: IssuedDocument) -> Decimal:
    """Raises InvalidRequest."""
    currency = document.content.currency
    if new.amount != quantize(new.amount, currency):
        raise _refused("amount", f"{currency} has fewer decimals")
    if document.paid + new.amount > _MOST:
        raise _refused("amount", "That is absurdly large")
    return quantize(new.amount, currency)


def _record(
    tenant: Tenant, document: IssuedDocument, direction: Direction, amount: Decimal, new: NewPayment
) -> IssuedDocument:
    """Staged under the document's version."""
    counted_as, prefix = ("paid", "pay") if direction is Direction.PAYMENT else ("refunded", "rfd")
    payment = Payment(
        id=tenant.new_id(prefix),
        direction=direction,
        amount=amount,
        method=new.method,
        day=_day(tenant, new),
        reference=new.reference,
        at=tenant.clock.now(),
        by=tenant.actor.id,
    )
    tenant.payments.put(document.id, payment)
    after = document.model_copy(update={counted_as: getattr(document, counted_as) + amount})
    tenant.record(
        Change(
            subject=document.id,
            before={"status": state(document).value},
            after={"status": state(after).value, direction.value: payment.id},
        )
    )
    return tenant.issued.save(after, instead_of=document)


def _day(tenant: Tenant, new: NewPayment) -> day_of_calendar:
    today = tenant.clock.now().date()
    if new.date is not None and new.date > today + _DAY:
        raise _refused("date", "That day has not come yet")
    return new.date or today


def _refused(field: str, message: str) -> InvalidRequest:
    return InvalidRequest(f"Not accepted: {field}.", errors=[{"field": field, "message": message}])
