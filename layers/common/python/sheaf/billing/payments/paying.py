"""What whoever has a payment link sees, and the checkout they are sent to: for exactly what is left to pay.

link_revoked, link_expired   the link does not hold any more
already_paid, invoice_void   there is nothing to pay
cards_not_taken              no account for card payments is connected
payment_under_way            something was paid that has not arrived yet
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.audit.entries import Change
from sheaf.billing.document import IssuedDocument
from sheaf.billing.payments.checkouts import CardCheckout, CheckoutState
from sheaf.billing.payments.link import PAGE, Found, PaymentLink
from sheaf.billing.payments.minor_units import to_minor
from sheaf.billing.payments.ports import CheckoutRequest
from sheaf.kernel.errors import Conflict, Gone, NotFound, VendorRefused
from sheaf.kernel.ids import derived_id

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from sheaf.billing.payments.account import PaymentAccountRecord
    from sheaf.billing.payments.ports import CardPayments
    from sheaf.billing.ports import Tenant

_DAY = timedelta(days=1)
_SHORTEST = timedelta(minutes=31)
"""Stripe's is 30, counted when it gets there."""

_WORTH_GOING_TO = timedelta(minutes=1)
_LANGUAGES = frozenset(("de", "en", "es", "fr", "it", "nl"))


@dataclass(frozen=True)
class Payable:
    """What a link is to, with something left to pay. ``account``: where cards are charged, if they can be;
    ``checkout``: the last one that was begun here and is heard of.
    """

    link: PaymentLink
    document: IssuedDocument
    checkout: CardCheckout | None
    account: PaymentAccountRecord | None

    @property
    def amount(self) -> Decimal:
        return self.document.balance

    @property
    def currency(self) -> str:
        return self.document.content.currency

    @property
    def is_under_way(self) -> bool:
        """Whether a debit was begun that takes days."""
        return self.checkout is not None and self.checkout.state is CheckoutState.PROCESSING


def look(tenant: Tenant, found: Found) -> Payable:
    """Raises Gone, and NotFound for a link to what was erased."""
    link = tenant.payment_links.get(found.issued_id, found.link_id)
    document = tenant.issued.get(found.issued_id)
    if link is None or document is None:
        raise NotFound("There is nothing at this address.")
    if link.revoked_at is not None:
        raise Gone("This link was taken back.", code="link_revoked")
    if document.voided_at is not None:
        raise Gone("This invoice was cancelled.", code="invoice_void")
    if document.balance <= 0:
        raise Gone("This invoice is paid.", code="already_paid")
    if not link.holds(tenant.clock.now()):
        raise Gone("This link has run out.", code="link_expired")
    account = tenant.payment_accounts.get()
    if account is None or not account.is_connected or not _is_chargeable(document):
        return Payable(link, document, checkout=None, account=None)
    checkout = tenant.checkouts.get(link.checkout_id) if link.checkout_id else None
    # Of one from before the account was disconnected nothing is heard any more.
    is_heard_of = checkout is not None and checkout.endpoint_id == account.endpoint_id
    return Payable(link, document, checkout if is_heard_of else None, account)


def checkout_of(
    tenant: Tenant, payable: Payable, cards: CardPayments, *, token: str, origin: str
) -> CardCheckout:
    """The one that waits there for just this amount, or a new one, which is staged: nobody is told of it
    before it is kept. An old one is ended first: what was paid there may have run out here, and not be told
    of yet.

    Raises Conflict, VendorUnavailable, VendorRefused.
    """
    now, before = tenant.clock.now(), payable.checkout
    if payable.is_under_way:
        raise _under_way()
    if before is not None and before.state is CheckoutState.OPEN:
        if before.amount == payable.amount and before.ends_at - now > _WORTH_GOING_TO:
            return before
        if cards.expire_checkout(before.session_id) is not CheckoutState.EXPIRED:
            raise _under_way()
    begun = _begun(payable, cards, f"{origin}{PAGE}{token}", now)
    link = payable.link
    tenant.checkouts.save(begun)
    tenant.payment_links.save(
        link.model_copy(update={"checkout_id": begun.id, "checkouts": link.checkouts + 1})
    )
    tenant.record(Change(subject=begun.issued_id, after={"checkout": begun.id, "link": link.id}))
    return begun


def _begun(payable: Payable, cards: CardPayments, page: str, now: datetime) -> CardCheckout:
    """Whoever does the same at the same moment gets the same: its key says all that it depends on."""
    document, link = payable.document, payable.link
    hour = now.replace(minute=0, second=0, microsecond=0)
    minute = now.replace(second=0, microsecond=0)
    ends_at = max(min(hour + _DAY, link.ends_at), minute + _SHORTEST).replace(microsecond=0)
    facts = (
        document.id, link.id, str(link.checkouts), str(document.version), str(payable.amount),
        ends_at.isoformat(),
    )  # fmt: skip
    checkout_id = derived_id("chk", hour, *facts)
    language = document.content.locale.partition("-")[0]
    session = cards.create_checkout(
        CheckoutRequest(
            key=checkout_id,
            reference=checkout_id,
            amount=payable.amount,
            currency=payable.currency,
            description=f"{document.content.seller.name}: {document.number}",
            success_url=f"{page}/done",
            cancel_url=page,
            expires_at=ends_at,
            email=document.content.buyer.email,
            locale=language if language in _LANGUAGES else None,
            metadata={"checkout": checkout_id, "invoice": document.id},
        )
    )
    account = payable.account
    return CardCheckout(
        id=checkout_id,
        issued_id=document.id,
        link_id=link.id,
        amount=payable.amount,
        currency=payable.currency,
        session_id=session.id,
        endpoint_id=account.endpoint_id if account else "",
        url=session.url,
        ends_at=ends_at,
    )


def _is_chargeable(document: IssuedDocument) -> bool:
    try:
        return to_minor(document.balance, document.content.currency) > 0
    except VendorRefused:
        return False


def _under_way() -> Conflict:
    return Conflict(
        "A payment is under way already: it can take a while to arrive.", code="payment_under_way"
    )
