"""What a draft still lacks: for being issued, and for an e-invoice.

no_lines           there is nothing on it
number_missing     a bill needs its supplier's number
issue_date_ahead   that is no day yet, anywhere
due_before_issue   nothing is due, and no estimate ends, before it is issued

Numbers, what is left of an invoice and the account that is not there are looked at when it is issued.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from pydantic import BaseModel

from sheaf.billing.document import IssuedDocument, Kind
from sheaf.billing.sums import Totals
from sheaf.kernel.ids import created_at

_DAY = timedelta(days=1)
_WITH_E_INVOICE = (Kind.INVOICE, Kind.CREDIT_NOTE)


class Missing(BaseModel):
    """What ``POST …/issue`` would refuse, in its words."""

    code: str
    field: str
    message: str


class EInvoice(BaseModel):
    """Whether EN 16931 can say it when it is issued as it stands, and if not, why."""

    representable: bool
    reason: str | None = None


def missing(draft: IssuedDocument, today: date) -> Iterator[Missing]:
    content = draft.content
    if not content.lines:
        yield Missing(code="no_lines", field="lines", message="There is nothing on it")
    if content.issue_date and content.issue_date > today + _DAY:
        yield Missing(code="issue_date_ahead", field="issue_date", message="That day has not come yet")
    if draft.kind is Kind.BILL and not draft.number:
        yield Missing(code="number_missing", field="number", message="Say which number the supplier gave it")
    yield from ended(draft, content.issue_date or today)


def ended(draft: IssuedDocument, day: date) -> Iterator[Missing]:
    """What is over on ``day``, when it is issued."""
    for field in ("due_date", "valid_until"):
        last = getattr(draft.content, field)
        if last is not None and last < day:
            message = f"That is before {day}, when it is issued"
            yield Missing(code="due_before_issue", field=field, message=message)


def e_invoice(draft: IssuedDocument, totals: Totals, today: date) -> EInvoice | None:
    """Of a draft, as if it were issued today; None for what is no e-invoice anywhere."""
    if draft.kind not in _WITH_E_INVOICE:
        return None
    from sheaf.billing.rendering import en16931

    content = draft.content.model_copy(update={"issue_date": draft.content.issue_date or today})
    update = {"number": "1", "issued_at": created_at(draft.id), "content": content}
    try:
        en16931.einvoice(draft.model_copy(update=update), totals)
    except en16931.NotRepresentable as refusal:
        return EInvoice(representable=False, reason=refusal.message)
    return EInvoice(representable=True)
