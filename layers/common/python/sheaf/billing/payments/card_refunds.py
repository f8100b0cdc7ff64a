"""Giving money back to the card it came from: asked for here, carried out by the provider, once.

not_a_card_payment   it did not come through the provider
disputed             its bank holds it back: what becomes of it is decided there
exceeds_payment      no more goes back than is left of it

Asking is a transaction. The call comes after it, keyed by the refund's id, and whoever finds it asked for and
not taken yet calls again: the provider carries it out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import StringConstraints

from sheaf.billing.payments.cards import SOURCE, AskedRefund, CardPayment
from sheaf.billing.payments.recording import NewPayment, amount_of, find_payable
from sheaf.billing.payments.settling import settle
from sheaf.kernel.errors import Conflict, CredentialsRefused, NotFound, VendorRefused
from sheaf.kernel.preconditions import IfMatch

if TYPE_CHECKING:
    from sheaf.billing.document import IssuedDocument
    from sheaf.billing.payments.ports import CardPayments
    from sheaf.billing.ports import Tenant

_KEY_LIVES = timedelta(hours=23)
"""Stripe forgets which calls were made with which key after a day."""


class NewRefund(NewPayment):
    """``payment_id``: the card payment that it goes back to, by the provider; else it is noted by hand, and
    ``method`` and ``date`` say how and when it went.
    """

    payment_id: Annotated[str, StringConstraints(pattern=r"^pay_[0-7][0-9a-hjkmnp-tv-z]{25}$")] | None = None


@dataclass(frozen=True)
class Wanted:
    """A refund that the provider is to carry out; ``payment_id`` is the provider's."""

    payment_id: str
    refund_id: str


def ask_for_refund(
    tenant: Tenant, issued_id: str, new: NewRefund, if_match: IfMatch
) -> tuple[Wanted, IssuedDocument]:
    """Staged as pending: it counts as gone from now on. The document as it is then."""
    document = find_payable(tenant, issued_id, if_match)
    amount = amount_of(new, document)
    payment = tenant.payments.get(document.id, new.payment_id) if new.payment_id else None
    if payment is None:
        raise NotFound("There is no such payment of this document.")
    card = tenant.card_payments.get(payment.reference or "") if payment.source == SOURCE else None
    if card is None or card.payment_id != payment.id:
        raise Conflict("This was not paid through the provider: note by hand what goes back.",
                       code="not_a_card_payment")  # fmt: skip
    if card.disputed:
        raise Conflict("The payer's bank holds this back: answer the dispute at Stripe.", code="disputed")
    if amount > card.left or document.refunded + amount > document.paid:
        raise Conflict("No more goes back than is left of the payment.", code="exceeds_payment")
    refund_id = tenant.new_id("rfd")
    asked = AskedRefund(amount=amount, at=tenant.clock.now(), by=tenant.actor.id, reference=new.reference)
    settled = settle(tenant, card, _with(card, refund_id, asked))
    return Wanted(card.id, refund_id), settled.document if settled else document


def carry_out(tenant: Tenant, wanted: Wanted, cards: CardPayments) -> None:
    """Calls the provider unless it has answered, and stages what it said. A refund that was never asked for,
    because asking failed, is none.

    Raises VendorUnavailable and CredentialsRefused: then it is asked for still.
    """
    card = tenant.card_payments.get(wanted.payment_id)
    asked = card.asked.get(wanted.refund_id) if card else None
    if card is None or asked is None or asked.taken_as or asked.refused:
        return
    try:
        taken_as = _taken(tenant, card, wanted.refund_id, asked, cards)
    except CredentialsRefused:
        raise
    except VendorRefused as refusal:
        answer = {"refused": refusal.reason or refusal.code}
    else:
        answer = {"taken_as": taken_as}
    settle(tenant, card, _with(card, wanted.refund_id, asked.model_copy(update=answer)))


def _taken(tenant: Tenant, card: CardPayment, refund_id: str, asked: AskedRefund, cards: CardPayments) -> str:
    """The provider's id of it. What was asked for long ago may be done, and its key forgotten."""
    if tenant.clock.now() - asked.at > _KEY_LIVES and (found := cards.find_refund(card.id, refund_id)):
        return found
    return cards.refund(
        card.id, asked.amount, card.currency or "", key=refund_id, metadata={"refund": refund_id}
    )


def _with(card: CardPayment, refund_id: str, asked: AskedRefund) -> CardPayment:
    return card.model_copy(update={"asked": {**card.asked, refund_id: asked}})
