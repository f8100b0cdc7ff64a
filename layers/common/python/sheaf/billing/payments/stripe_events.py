"""What Stripe tells of payments that were asked for here, as facts.

https://docs.stripe.com/api/events/types

Whoever owns the account can sign whatever they like: what is not as Stripe has it is taken for nothing, and
nothing here is worth more than its word about the owner's own invoices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationError

from sheaf.billing.payments.cards import CardPayment, Dispute, DisputeState, Refund
from sheaf.billing.payments.checkouts import CheckoutState
from sheaf.billing.payments.minor_units import from_minor
from sheaf.billing.payments.payment import PaymentState
from sheaf.kernel.ids import is_id

if TYPE_CHECKING:
    from sheaf.access.webhooks import Event


@dataclass(frozen=True)
class News:
    """``checkout_id`` is ours, None where Stripe does not say for what a payment was. ``currency`` is that of
    what was paid.
    """

    payment: CardPayment | None
    currency: str
    checkout_id: str | None = None
    session_id: str | None = None
    state: CheckoutState | None = None


def news_of(event: Event) -> News | None:
    """None: nothing of ours, or nothing that follows."""
    read = TYPES.get(event.type)
    if read is None:
        return None
    try:
        return read(event.object, event.at)
    except ValidationError:
        return None


def _named(value: Any) -> Any:
    """What may be described where its id would do."""
    return value.get("id") if isinstance(value, Mapping) else value


_Id = Annotated[str, BeforeValidator(_named), StringConstraints(pattern=r"^[A-Za-z0-9_]{1,128}$")]
_Minor = Annotated[int, Field(ge=0, le=10**14, strict=True)]
_Currency = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{3}$")]


class _Session(BaseModel):
    id: _Id
    payment_intent: _Id | None = None
    payment_status: str
    amount_total: _Minor
    currency: _Currency
    metadata: Mapping[str, str] = {}


class _Intent(BaseModel):
    id: _Id
    amount_received: _Minor
    currency: _Currency
    metadata: Mapping[str, str] = {}


class _Refund(BaseModel):
    id: _Id
    payment_intent: _Id
    amount: _Minor
    currency: _Currency
    status: str
    metadata: Mapping[str, str] | None = None


class _Dispute(BaseModel):
    id: _Id
    payment_intent: _Id
    amount: _Minor
    currency: _Currency
    status: str


def _session(state: CheckoutState | None = None) -> Callable[[Mapping[str, Any], datetime], News | None]:
    def read(told: Mapping[str, Any], at: datetime) -> News | None:
        session = _Session.model_validate(told)
        checkout_id = _checkout_of(session.metadata)
        if checkout_id is None:
            return None
        is_paid = session.payment_status == "paid"
        reached = state or (CheckoutState.PAID if is_paid else CheckoutState.PROCESSING)
        payment = None
        if is_paid and session.payment_intent is not None and reached is CheckoutState.PAID:
            payment = _paid(session.payment_intent, session.amount_total, session.currency, at)
        return News(payment, session.currency, checkout_id, session.id, reached)

    return read


def _intent(told: Mapping[str, Any], at: datetime) -> News | None:
    intent = _Intent.model_validate(told)
    checkout_id = _checkout_of(intent.metadata)
    if checkout_id is None:
        return None
    payment = _paid(intent.id, intent.amount_received, intent.currency, at)
    return News(payment, intent.currency, checkout_id, state=CheckoutState.PAID)


def _refund(told: Mapping[str, Any], at: datetime) -> News:
    refund = _Refund.model_validate(told)
    fact = Refund(
        amount=from_minor(refund.amount, refund.currency),
        currency=refund.currency,
        state=_REFUND_STATES.get(refund.status, PaymentState.PENDING),
        at=at,
        asked_as=(refund.metadata or {}).get("refund"),
    )
    return News(CardPayment(id=refund.payment_intent, refunds={refund.id: fact}), refund.currency)


def _dispute(told: Mapping[str, Any], at: datetime) -> News:
    dispute = _Dispute.model_validate(told)
    fact = Dispute(
        amount=from_minor(dispute.amount, dispute.currency),
        currency=dispute.currency,
        state=_DISPUTE_STATES.get(dispute.status, DisputeState.INQUIRY),
        at=at,
    )
    return News(CardPayment(id=dispute.payment_intent, disputes={dispute.id: fact}), dispute.currency)


def _paid(intent_id: str, amount: int, currency: str, at: datetime) -> CardPayment | None:
    if amount == 0:
        return None
    received = from_minor(amount, currency)
    return CardPayment(id=intent_id, received=received, currency=currency, paid_at=at)


def _checkout_of(metadata: Mapping[str, str]) -> str | None:
    found = metadata.get("checkout", "")
    return found if is_id(found, "chk") else None


_REFUND_STATES = {
    "succeeded": PaymentState.DONE,
    "failed": PaymentState.FAILED,
    "canceled": PaymentState.FAILED,
}
"""What else there is, is under way."""

_DISPUTE_STATES = {
    "needs_response": DisputeState.OPEN,
    "under_review": DisputeState.OPEN,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}
"""What else there is, are questions of the bank before it takes the money back."""

TYPES: Mapping[str, Callable[[Mapping[str, Any], datetime], News | None]] = {
    "checkout.session.completed": _session(),
    "checkout.session.async_payment_succeeded": _session(CheckoutState.PAID),
    "checkout.session.async_payment_failed": _session(CheckoutState.FAILED),
    "checkout.session.expired": _session(CheckoutState.EXPIRED),
    "payment_intent.succeeded": _intent,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.closed": _dispute,
}
"""``charge.refunded`` says no more than ``refund.created``, and not of which refund."""
