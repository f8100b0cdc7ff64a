"""The states of an issued document, as they follow from what became of it.

    draft → issued → sent → partially_paid → paid          invoices and bills (which nobody sends)
    draft → issued → sent → accepted | declined            estimates; → converted, once
    draft → issued → sent                                  credit notes
    issued, sent → void                                    all, unless money moved or something hangs on it

Overdue and expired are not states: they depend on the day that it is.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sheaf.billing.document import Facts, IssuedSummary, Kind

PAYABLE = frozenset({Kind.INVOICE, Kind.BILL})
"""Kinds that money is owed for."""


class IssuedStatus(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    SENT = "sent"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CONVERTED = "converted"
    VOID = "void"


def state(facts: Facts) -> IssuedStatus:
    if facts.is_draft:
        return IssuedStatus.DRAFT
    if facts.voided_at:
        return IssuedStatus.VOID
    paid = _paid(facts) if facts.kind in PAYABLE else None
    return paid or _answered(facts) or (IssuedStatus.SENT if facts.sent_at else IssuedStatus.ISSUED)


def _paid(facts: Facts) -> IssuedStatus | None:
    if facts.balance <= 0:
        return IssuedStatus.PAID
    return IssuedStatus.PARTIALLY_PAID if facts.paid > facts.refunded else None


def _answered(facts: Facts) -> IssuedStatus | None:
    if facts.converted_to:
        return IssuedStatus.CONVERTED
    if facts.accepted_at:
        return IssuedStatus.ACCEPTED
    return IssuedStatus.DECLINED if facts.declined_at else None


class Attention(StrEnum):
    """What somebody should look into."""

    DISPUTED = "disputed"
    REFUND_DUE = "refund_due"
    """More came in than was owed, or something did for what is void."""


def attention(facts: Facts) -> list[Attention]:
    found = [Attention.DISPUTED] if facts.disputed > 0 else []
    owed = Decimal(0) if facts.voided_at else facts.payable - facts.credited
    if facts.kind in PAYABLE and not facts.is_draft and facts.paid - facts.refunded > max(owed, Decimal(0)):
        found.append(Attention.REFUND_DUE)
    return found


def is_open(facts: Facts) -> bool:
    """Whether somebody has something to pay."""
    return facts.kind in PAYABLE and not facts.is_draft and not facts.voided_at and facts.balance > 0


def was_paid(facts: Facts) -> bool:
    """Whether as much came in as is owed, whatever went back of it."""
    return facts.balance <= facts.refunded


def is_overdue(summary: IssuedSummary, today: date) -> bool:
    """What says not when it is due is due when it is issued."""
    due = summary.due_date or summary.issue_date
    return is_open(summary) and due is not None and due < today


def is_expired(summary: IssuedSummary, today: date) -> bool:
    """Of an estimate that nobody has answered."""
    waiting = state(summary) in (IssuedStatus.ISSUED, IssuedStatus.SENT) and summary.kind is Kind.ESTIMATE
    return waiting and summary.valid_until is not None and summary.valid_until < today
