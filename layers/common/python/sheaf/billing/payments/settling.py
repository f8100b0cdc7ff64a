"""What follows for an issued document from what became of a card payment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sheaf.audit.entries import Change
from sheaf.billing.payments.cards import CardPayment
from sheaf.billing.payments.payment import Direction, Payment, PaymentState
from sheaf.billing.payments.stripe_events import news_of
from sheaf.billing.states import is_open, state

if TYPE_CHECKING:
    from sheaf.access.webhooks import Event
    from sheaf.billing.document import IssuedDocument
    from sheaf.billing.ports import Tenant

_ZERO = Decimal(0)


@dataclass(frozen=True)
class Settled:
    """``document`` in its new version. ``paid_off_by``: the payment that left nothing of it to pay."""

    document: IssuedDocument
    paid_off_by: Payment | None = None


def take_note(tenant: Tenant, event: Event) -> Settled | None:
    """Stages what the event changes, in whatever order events come; a second time it changes nothing. None,
    if no document is concerned.

    What was not asked for by a checkout of this workspace is none of its business here. Of what a refund or
    a dispute belongs to nothing may be known yet: it is kept with the payment's id until it is.
    """
    news = news_of(event)
    if news is None:
        return None
    payment = news.payment
    if news.checkout_id is not None:
        checkout = tenant.checkouts.get(news.checkout_id)
        if checkout is None or news.session_id not in (None, checkout.session_id):
            return None
        if news.currency != checkout.currency:
            changed = {"checkout": checkout.id, "currency": "differs"}
            tenant.record(Change(subject=checkout.issued_id, after=changed))
            return None
        if news.state is not None and (after := checkout.told(news.state)) != checkout:
            tenant.checkouts.save(after)
        if payment is not None:
            known = {"issued_id": checkout.issued_id, "checkout_id": checkout.id}
            payment = payment.model_copy(update=known)
    if payment is None:
        return None
    before = tenant.card_payments.get(payment.id) or CardPayment(id=payment.id)
    return settle(tenant, before, before.joined(payment))


def settle(tenant: Tenant, before: CardPayment, after: CardPayment) -> Settled | None:
    """Stages what has changed, under the versions of the payment and of the document. None while it is not
    known which document it is.
    """
    if after == before:
        return None
    tenant.card_payments.save(after)
    document = tenant.issued.get(after.issued_id) if after.issued_id else None
    if document is None:
        return None
    old = {each.id: each for each in before.entries()}
    changed = [each for each in after.entries() if old.get(each.id) != each]
    paid, refunded = document.paid, document.refunded
    for entry in changed:
        more = _counted(entry) - _counted(old.get(entry.id))
        if entry.direction is Direction.PAYMENT:
            paid += more
        else:
            refunded += more
    disputed = document.disputed + after.disputed - before.disputed
    settled = document.model_copy(update={"paid": paid, "refunded": refunded, "disputed": disputed})
    for entry in changed:
        tenant.payments.put(document.id, _noted(tenant, entry))
        said = {entry.direction.value: entry.id, "payment_status": entry.state.value}
        _record(tenant, document, settled, said)
    if settled.disputed != document.disputed:
        _record(tenant, document, settled, {"disputed": "yes" if disputed else "no"})
    if settled == document:
        return Settled(document)
    paid_off = is_open(document) and not is_open(settled)
    payments = (each for each in changed if each.direction is Direction.PAYMENT)
    return Settled(
        tenant.issued.save(settled, instead_of=document), next(payments, None) if paid_off else None
    )


def _counted(entry: Payment | None) -> Decimal:
    return _ZERO if entry is None or entry.state is PaymentState.FAILED else entry.amount


def _noted(tenant: Tenant, entry: Payment) -> Payment:
    return entry.model_copy(update={"at": tenant.clock.now()})


def _record(tenant: Tenant, before: IssuedDocument, after: IssuedDocument, said: dict[str, str]) -> None:
    change = Change(
        subject=before.id,
        before={"status": state(before).value},
        after={"status": state(after).value, **said},
    )
    tenant.record(change)
