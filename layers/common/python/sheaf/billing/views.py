"""Issued documents as the API shows them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import AwareDatetime, BaseModel

from sheaf.billing.document import (
    Discount,
    Facts,
    IssuedDocument,
    IssuedSummary,
    Kind,
    LineItem,
    Period,
    Rounding,
    Tax,
    Withholding,
)
from sheaf.billing.parties import BankAccount, Party
from sheaf.billing.payments.payment import Direction, Method, Payment, PaymentState
from sheaf.billing.readiness import EInvoice, Missing, e_invoice, missing
from sheaf.billing.sending.mail import Mail
from sheaf.billing.sending.views import MailView, mail_view
from sheaf.billing.states import (
    PAYABLE,
    Attention,
    IssuedStatus,
    attention,
    is_expired,
    is_overdue,
    state,
)
from sheaf.billing.sums import LineSum, TaxSum, Totals
from sheaf.kernel.ids import created_at
from sheaf.kernel.money import quantize


class Money(BaseModel):
    amount: str
    currency: str


class IssuedLineView(BaseModel):
    """``net`` is ``quantity`` times ``unit_price``, rounded, without ``discounted``."""

    description: str
    details: str | None
    item_id: str | None
    code: str | None
    quantity: str
    unit: str
    unit_price: str
    discount: Discount | None
    discounted: Money
    net: Money
    tax: Tax


class TaxView(BaseModel):
    """``base`` is what is taxed, after discounts."""

    tax: Tax
    base: Money
    amount: Money


class TotalsView(BaseModel):
    """``payable`` is the ``total`` without what is ``withheld``."""

    subtotal: Money
    discount: Money
    net: Money
    taxes: list[TaxView]
    tax: Money
    total: Money
    withheld: Money
    payable: Money


class PaymentView(BaseModel):
    """``source``: ``manual``, or the payment provider that told of it. ``status``: a refund that a provider
    carries out may be ``pending``, or have ``failed`` and count for nothing.
    """

    id: str
    direction: Direction
    amount: Money
    method: Method
    date: date
    reference: str | None
    source: str
    status: PaymentState
    recorded_at: AwareDatetime
    recorded_by: str


class CreditedInvoice(BaseModel):
    id: str
    number: str
    date: date


class BillCheck(BaseModel):
    """``total_differs``: the lines do not come to what the captured document says."""

    code: str
    message: str
    expected: Money
    found: Money


class IssuedItemView(BaseModel):
    """``party``: whom it is for, or of a bill, from. ``balance`` is what is still to be paid; below zero, to
    be paid back. ``attention``: what somebody should look into.
    """

    id: str
    kind: Kind
    status: IssuedStatus
    overdue: bool
    expired: bool
    attention: list[Attention]
    number: str | None
    party: str
    customer_id: str | None
    issue_date: date | None
    due_date: date | None
    valid_until: date | None
    total: Money
    balance: Money
    created_at: AwareDatetime


class IssuedView(IssuedItemView):
    """``version`` counts its changes, and is its ETag. ``missing`` is what issuing a draft would refuse,
    ``e_invoice`` whether one can be made of it then; both are of drafts alone.
    """

    version: int
    created_by: str
    seller: Party
    buyer: Party
    delivery_date: date | None
    period: Period | None
    lines: list[IssuedLineView]
    discount: Discount | None
    withholding: Withholding | None
    rounding: Rounding
    totals: TotalsView
    paid: Money
    refunded: Money
    credited: Money
    disputed: Money
    payments: list[PaymentView]
    mails: list[MailView]
    buyer_reference: str | None
    purchase_order: str | None
    account: BankAccount | None
    notes: str | None
    terms: str | None
    locale: str
    credits: CreditedInvoice | None
    issued_at: AwareDatetime | None
    sent_at: AwareDatetime | None
    accepted_at: AwareDatetime | None
    declined_at: AwareDatetime | None
    voided_at: AwareDatetime | None
    converted_to: str | None
    converted_from: str | None
    source_document_id: str | None
    checks: list[BillCheck]
    missing: list[Missing]
    e_invoice: EInvoice | None


_AS_THEY_ARE = (
    "seller", "buyer", "delivery_date", "period", "discount", "withholding", "rounding", "buyer_reference",
    "purchase_order", "account", "notes", "terms", "locale",
)  # fmt: skip
_INSTANTS = ("issued_at", "sent_at", "accepted_at", "declined_at", "voided_at")
_MOVED = ("paid", "refunded", "credited", "disputed")
_RELATIONS = ("version", "created_by", "converted_to", "converted_from", "source_document_id")


def money(amount: Decimal, currency: str) -> Money:
    return Money(amount=format(quantize(amount, currency), "f"), currency=currency)


def item_view(summary: IssuedSummary, today: date) -> IssuedItemView:
    return IssuedItemView(
        id=summary.id,
        kind=summary.kind,
        status=state(summary),
        overdue=is_overdue(summary, today),
        expired=is_expired(summary, today),
        attention=attention(summary),
        number=summary.number,
        party=summary.party,
        customer_id=summary.customer_id,
        issue_date=summary.issue_date,
        due_date=summary.due_date,
        valid_until=summary.valid_until,
        total=money(summary.total, summary.currency),
        balance=money(_balance(summary), summary.currency),
        created_at=created_at(summary.id),
    )


def view(
    document: IssuedDocument, sums: Totals, payments: list[Payment], mails: list[Mail], today: date
) -> IssuedView:
    said, currency = document.content, document.content.currency
    reference = said.credits
    facts: dict[str, Any] = {name: getattr(said, name) for name in _AS_THEY_ARE}
    facts |= {name: getattr(document, name) for name in (*_INSTANTS, *_RELATIONS)}
    facts |= {name: money(getattr(document, name), currency) for name in _MOVED}
    return IssuedView(
        **dict(item_view(document.summary, today)),
        **facts,
        lines=[_line(item, line, currency) for item, line in zip(said.lines, sums.lines, strict=True)],
        totals=_totals(sums, currency),
        payments=[_payment(payment, currency) for payment in payments],
        mails=[mail_view(mail) for mail in mails],
        credits=CreditedInvoice(**dict(reference)) if reference else None,
        checks=_checks(document),
        missing=list(missing(document, today)) if document.is_draft else [],
        e_invoice=e_invoice(document, sums, today) if document.is_draft else None,
    )


def _balance(facts: Facts) -> Decimal:
    if facts.is_draft or facts.kind not in PAYABLE:
        return Decimal(0)
    return facts.refunded - facts.paid if facts.voided_at else facts.balance


def _line(item: LineItem, line: LineSum, currency: str) -> IssuedLineView:
    return IssuedLineView(
        description=item.description,
        details=item.details,
        item_id=item.item_id,
        code=item.code,
        quantity=format(item.quantity, "f"),
        unit=item.unit,
        unit_price=format(item.unit_price, "f"),
        discount=item.discount,
        discounted=money(line.discount, currency),
        net=money(line.net, currency),
        tax=item.tax,
    )


def _totals(sums: Totals, currency: str) -> TotalsView:
    names = ("subtotal", "discount", "net", "tax", "total", "withheld", "payable")
    return TotalsView(
        **{name: money(getattr(sums, name), currency) for name in names},
        taxes=[_tax(each, currency) for each in sums.taxes],
    )


def _tax(each: TaxSum, currency: str) -> TaxView:
    return TaxView(tax=each.tax, base=money(each.base, currency), amount=money(each.amount, currency))


def _payment(payment: Payment, currency: str) -> PaymentView:
    return PaymentView(
        id=payment.id,
        direction=payment.direction,
        amount=money(payment.amount, currency),
        method=payment.method,
        date=payment.day,
        reference=payment.reference,
        source=payment.source,
        status=payment.state,
        recorded_at=payment.at,
        recorded_by=payment.by,
    )


def _checks(document: IssuedDocument) -> list[BillCheck]:
    expected, currency = document.source_total, document.content.currency
    if expected is None or expected == document.total:
        return []
    return [
        BillCheck(
            code="total_differs",
            message="The lines do not come to what the captured document says.",
            expected=money(expected, currency),
            found=money(document.total, currency),
        )
    ]
