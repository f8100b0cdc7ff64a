"""Asking for a mail: it is written, kept and queued; a worker hands it over.

recipient_missing   nobody has said where mails to this customer go
not_sendable        bills come in, they do not go out
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from sheaf.access.tokens import digest_of
from sheaf.access.webhooks import Source
from sheaf.audit.entries import Action, Change
from sheaf.billing.document import IssuedDocument, Kind, Text
from sheaf.billing.drafts import find_issued
from sheaf.billing.issuing import require_issued
from sheaf.billing.payments.link import PAGE
from sheaf.billing.payments.payment import Direction
from sheaf.billing.sending.letter import Occasion, compose, sender
from sheaf.billing.sending.mail import Mail, Purpose
from sheaf.billing.states import is_open
from sheaf.kernel.errors import Conflict, InvalidRequest
from sheaf.kernel.preconditions import IfMatch

if TYPE_CHECKING:
    from datetime import date

    from sheaf.billing.ports import Tenant

MOST_COPIES = 5
_RECORDED_AS = {
    Purpose.DOCUMENT: Action.MAIL_REQUESTED,
    Purpose.RECEIPT: Action.MAIL_REQUESTED,
    Purpose.REMINDER: Action.REMINDED,
}
"""A receipt may be asked for by the unit of work that notes the payment."""


class NewMail(BaseModel):
    """``to`` is the customer's address, if nothing is said. ``payment_link`` is the URL of one of its payment
    links that hold. ``attach_ubl``: the e-invoice beside the PDF, where there can be one.
    """

    model_config = ConfigDict(extra="forbid")

    to: EmailStr | None = None
    cc: Annotated[list[EmailStr], Field(max_length=MOST_COPIES)] = []
    message: Text | None = None
    payment_link: Annotated[str, Field(max_length=500)] | None = None
    attach_ubl: bool = False


@dataclass(frozen=True)
class House:
    """Ours: ``mail_from`` is what mails are sent from, ``origin`` where people reach us."""

    mail_from: str
    origin: str


def ask_for_mail(
    tenant: Tenant, issued_id: str, new: NewMail, if_match: IfMatch, house: House
) -> tuple[IssuedDocument, Mail]:
    """Stages it. Whoever commits that tells the queue before."""
    document = find_issued(tenant, issued_id)
    if_match.check(document.version)
    require_issued(document)
    if document.kind is Kind.BILL:
        raise Conflict("A bill comes in, it is not sent.", code="not_sendable")
    if new.payment_link is not None and not _leads_to(tenant, document, new.payment_link, house):
        message = "This is no payment link of this document, or it does not hold any more"
        errors = [{"field": "payment_link", "message": message}]
        raise InvalidRequest("Not accepted: payment_link.", errors=errors)
    return document, stage_mail(
        tenant,
        document,
        house,
        purpose=Purpose.RECEIPT if _is_for_receipt(document) else Purpose.DOCUMENT,
        to=new.to,
        cc=new.cc,
        message=new.message,
        payment_url=new.payment_link,
        attach_ubl=new.attach_ubl,
    )


def stage_mail(
    tenant: Tenant,
    document: IssuedDocument,
    house: House,
    *,
    mail_id: str | None = None,
    purpose: Purpose = Purpose.DOCUMENT,
    to: str | None = None,
    cc: Iterable[str] = (),
    message: str | None = None,
    payment_url: str | None = None,
    attach_ubl: bool = False,
) -> Mail:
    """Its id is claimed with it, so that what the provider tells of it finds this workspace.

    Whoever commits this tells the queue before (``issued_queue.send(…, mail_id=mail.id)``). Raises Conflict
    (``recipient_missing``).
    """
    address = to or recipient(tenant, document)
    if address is None:
        raise Conflict("Say where it goes: `to`, or the customer's address.", code="recipient_missing")
    settings, _ = tenant.billing_settings.get()
    seller = document.content.seller
    reply_to = settings.reply_to or seller.email
    occasion = Occasion(
        purpose=purpose,
        today=tenant.clock.now().date(),
        message=message,
        paid_on=_last_payment(tenant, document),
        payment_url=payment_url,
        takes_answers=reply_to is not None,
    )
    letter = compose(document, occasion)
    copies = tuple(dict.fromkeys(each for each in cc if each != address))
    mail = Mail(
        id=mail_id or tenant.new_id("mail"),
        issued_id=document.id,
        purpose=purpose,
        to=address,
        cc=copies,
        sender=sender(settings.mail_from_name or seller.name, house.mail_from),
        reply_to=reply_to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        attach_ubl=attach_ubl,
        asked_by=tenant.actor.id,
        asked_at=tenant.clock.now(),
        doubtful=tuple(each for each in (address, *copies) if _is_doubtful(tenant, each)),
    )
    tenant.vendor_objects.claim(Source.RESEND, mail.id)
    change = Change(subject=document.id, after={"mail": mail.id, "purpose": purpose.value})
    tenant.record(change, action=_RECORDED_AS[purpose])
    return tenant.mails.save(mail, instead_of=None)


def recipient(tenant: Tenant, document: IssuedDocument) -> str | None:
    """Where the customer is reached now; else what the document says."""
    customer = tenant.customers.get(document.customer_id) if document.customer_id else None
    return (customer.party.email if customer else None) or document.content.buyer.email


def can_be_reached(tenant: Tenant, document: IssuedDocument) -> bool:
    """Nobody is written to unasked at an address that mails come back from, or that complained of one."""
    address = recipient(tenant, document)
    return address is not None and not _is_doubtful(tenant, address)


def _leads_to(tenant: Tenant, document: IssuedDocument, url: str, house: House) -> bool:
    """Whether it is the address of one of the document's own links, which holds."""
    page = f"{house.origin}{PAGE}"
    digest, now = digest_of(url.removeprefix(page)), tenant.clock.now()
    links = tenant.payment_links.of(document.id) if url.startswith(page) else ()
    return any(link.digest == digest and link.holds(now) for link in links)


def _is_for_receipt(document: IssuedDocument) -> bool:
    """Who has the invoice, and has paid it, is told that the money came."""
    is_paid = document.paid > document.refunded and not is_open(document)
    return document.kind is Kind.INVOICE and is_paid and document.sent_at is not None


def _last_payment(tenant: Tenant, document: IssuedDocument) -> date | None:
    payments = tenant.payments.of(document.id)
    return max((each.day for each in payments if each.direction is Direction.PAYMENT), default=None)


def _is_doubtful(tenant: Tenant, address: str) -> bool:
    known = tenant.addresses.get(address)
    return known is not None and known.standing_trouble is not None
