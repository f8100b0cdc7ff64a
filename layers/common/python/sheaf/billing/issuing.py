"""Issuing: the moment when a draft gets its number, and what it says is fixed.

issue_date_before_last  numbers are given in the order of time
number_taken            another document has that number, of a pattern of former times
already_billed          there is a bill with this number of this supplier, in the same year
exceeds_invoice         the credit note is more than what is left of its invoice
invoice_void            there is nothing to take back
already_paid, has_credit_notes, already_converted   why something is not void

What a draft itself may lack has its codes in ``sheaf.billing.readiness``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, NoReturn

from sheaf.audit.entries import Change
from sheaf.billing.calendar import plan_reminders
from sheaf.billing.document import Content, IssuedDocument, Kind
from sheaf.billing.drafts import find_draft, find_issued, own_company, with_sums
from sheaf.billing.numbering import Series, numbered, period
from sheaf.billing.ports import Tenant
from sheaf.billing.readiness import Missing, ended, missing
from sheaf.billing.states import IssuedStatus, state
from sheaf.kernel.errors import Conflict, InvalidRequest
from sheaf.kernel.preconditions import IfMatch

if TYPE_CHECKING:
    from sheaf.billing.settings import BillingSettings


def issue(tenant: Tenant, issued_id: str, if_match: IfMatch) -> IssuedDocument:
    """In one transaction: the next number of its series, and what it is found by from now on.

    The series is looked at last: whoever is overtaken there runs again, and gets the number after.
    """
    draft = find_draft(tenant, issued_id)
    if_match.check(draft.version)
    _require_nothing(missing(draft, _today(tenant)))
    settings, _ = tenant.billing_settings.get()
    final = with_sums(draft.model_copy(update={"content": _with_own_company(draft, settings)}))
    if final.kind is Kind.CREDIT_NOTE:
        _take_off(tenant, final)
    if final.kind is Kind.BILL:
        number, day = _number_of_bill(final), final.content.issue_date or _today(tenant)
    else:
        number, day = _numbered(tenant, settings, final)
    issued = final.model_copy(
        update={
            "number": number,
            "issued_at": tenant.clock.now(),
            "content": _dated(tenant, settings, final, day),
        }
    )
    if tenant.issued.same_bill(issued):
        raise Conflict("There is a bill with this number of this supplier.", code="already_billed")
    plan_reminders(tenant, issued, settings.reminders)
    tenant.record(Change(subject=draft.id, before=_said(draft), after=_said(issued) | {"number": number}))
    return tenant.issued.save(issued, instead_of=draft)


def void(tenant: Tenant, issued_id: str, if_match: IfMatch) -> IssuedDocument:
    """Its number stays used. What a credit note took off is owed again."""
    before = find_issued(tenant, issued_id)
    if_match.check(before.version)
    _require_voidable(before)
    if before.kind is Kind.CREDIT_NOTE:
        _put_back(tenant, before)
    after = before.model_copy(update={"voided_at": tenant.clock.now()})
    tenant.record(Change(subject=before.id, before=_said(before), after=_said(after)))
    return tenant.issued.save(after, instead_of=before)


def require_issued(document: IssuedDocument) -> None:
    """Raises Conflict."""
    if document.is_draft:
        raise Conflict("This is a draft: issue it first.", code="not_issued")
    if document.voided_at:
        raise Conflict("This is void.", code="void")


def _require_voidable(document: IssuedDocument) -> None:
    require_issued(document)
    if document.paid:
        raise Conflict("Money came in for it: refund that, and credit it.", code="already_paid")
    if document.credited:
        raise Conflict("Void its credit notes first.", code="has_credit_notes")
    if document.converted_to:
        raise Conflict("It was made into an invoice.", code="already_converted")


def _numbered(tenant: Tenant, settings: BillingSettings, final: IssuedDocument) -> tuple[str, date]:
    """The number and the issue date."""
    chosen, day = settings.series.of(final.kind), final.content.issue_date or _today(tenant)
    found = tenant.series.get(final.kind, period(chosen.pattern, day))
    if found and found.last_date and day < found.last_date:
        if final.content.issue_date:
            raise Conflict(
                f"The last one was issued on {found.last_date}: numbers are given in the order of time.",
                code="issue_date_before_last",
            )
        day = found.last_date
    series = found or Series(
        kind=final.kind, period=period(chosen.pattern, day), next=chosen.first, is_new=True
    )
    number = numbered(chosen.pattern, series.next, day)
    if tenant.series.holder(final.kind, number):
        _refuse_number(tenant, found, series, number)
    tenant.series.take(series, number, final.id, day)
    return number, day


def _refuse_number(tenant: Tenant, found: Series | None, series: Series, number: str) -> NoReturn:
    """Somebody has it: who was faster just now, or a document of former times."""
    if tenant.series.get(series.kind, series.period) != found:
        raise Conflict("Somebody else took this number at the same moment.")
    raise Conflict(
        f"There is a {number} already, of an earlier pattern: change the pattern.", code="number_taken"
    )


def _number_of_bill(bill: IssuedDocument) -> str:
    if bill.number is None:
        raise AssertionError("a bill without a number lacks something, and is not issued")
    return bill.number


def _with_own_company(draft: IssuedDocument, settings: BillingSettings) -> Content:
    """As the company and its account are on the day, not as they were when the draft was begun."""
    own = own_company(settings)
    if draft.kind is Kind.BILL:
        return draft.content.model_copy(update={"buyer": own})
    return draft.content.model_copy(update={"seller": own, "account": settings.account})


def _dated(tenant: Tenant, settings: BillingSettings, final: IssuedDocument, day: date) -> Content:
    content = final.content
    update: dict[str, date] = {"issue_date": day}
    if final.kind in (Kind.INVOICE, Kind.BILL) and content.due_date is None:
        update["due_date"] = day + timedelta(days=_due_days(tenant, settings, final))
    if final.kind is Kind.ESTIMATE and content.valid_until is None:
        update["valid_until"] = day + timedelta(days=settings.valid_days)
    _require_nothing(ended(final, day))
    return content.model_copy(update=update)


def _due_days(tenant: Tenant, settings: BillingSettings, final: IssuedDocument) -> int:
    customer = tenant.customers.get(final.customer_id) if final.customer_id else None
    return settings.due_days if customer is None or customer.due_days is None else customer.due_days


def _take_off(tenant: Tenant, note: IssuedDocument) -> None:
    """Under the invoice's version: two notes at once do not both find room."""
    invoice = _invoice_of(tenant, note)
    if invoice.voided_at:
        raise Conflict("The invoice is void: there is nothing to take back.", code="invoice_void")
    if invoice.credited + note.payable > invoice.payable:
        raise Conflict("The credit note is more than what is left of its invoice.", code="exceeds_invoice")
    _credit(tenant, invoice, note, sign=1)


def _put_back(tenant: Tenant, note: IssuedDocument) -> None:
    _credit(tenant, _invoice_of(tenant, note), note, sign=-1)


def _credit(tenant: Tenant, invoice: IssuedDocument, note: IssuedDocument, *, sign: int) -> None:
    after = invoice.model_copy(update={"credited": invoice.credited + sign * note.payable})
    tenant.issued.save(after, instead_of=invoice)


def _invoice_of(tenant: Tenant, note: IssuedDocument) -> IssuedDocument:
    reference = note.content.credits
    invoice = tenant.issued.get(reference.id) if reference else None
    if invoice is None:
        raise AssertionError("a credit note names an invoice, and what is issued is never deleted")
    return invoice


def _today(tenant: Tenant) -> date:
    return tenant.clock.now().date()


def _said(document: IssuedDocument) -> dict[str, str]:
    found: IssuedStatus = state(document)
    return {"status": found.value}


def _require_nothing(found: Iterable[Missing]) -> None:
    """Raises InvalidRequest."""
    missed = list(found)
    if missed:
        errors = [{"field": each.field, "message": each.message} for each in missed]
        fields = ", ".join(each.field for each in missed)
        raise InvalidRequest(f"Not accepted: {fields}.", code=missed[0].code, errors=errors)
