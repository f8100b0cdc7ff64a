"""Payment links: an address where an invoice is looked at and paid by whoever has it.

not_payable     the address is of something that nobody pays for
not_issued, void, already_paid   there is nothing to pay
no_way_to_pay   neither cards nor an account that money can be sent to
too_many_links  so many of them hold already
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sheaf.access.tokens import digest_of, new_token
from sheaf.audit.entries import Change
from sheaf.billing.document import IssuedDocument, Kind
from sheaf.billing.drafts import find_issued
from sheaf.billing.issuing import require_issued
from sheaf.billing.payments.link import PAGE, PaymentLink
from sheaf.billing.ports import Tenant
from sheaf.billing.sight import nowhere
from sheaf.kernel.errors import Conflict
from sheaf.kernel.ids import created_at, is_id

MOST_LINKS = 10


class LinkStatus(StrEnum):
    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class NewLink(BaseModel):
    model_config = ConfigDict(extra="forbid")

    expires_in_days: Annotated[int, Field(ge=1, le=365)] = 30


class PaymentLinkView(BaseModel):
    """``url`` is there in the answer that makes the link, and nowhere else."""

    id: str
    issued_id: str
    status: LinkStatus
    created_at: AwareDatetime
    created_by: str
    expires_at: AwareDatetime
    url: str | None = None


class PaymentLinkList(BaseModel):
    items: list[PaymentLinkView]


def make_link(tenant: Tenant, issued_id: str, new: NewLink, *, origin: str) -> PaymentLinkView:
    document = _payable(tenant, issued_id)
    now = tenant.clock.now()
    if sum(link.holds(now) for link in tenant.payment_links.of(issued_id)) >= MOST_LINKS:
        raise Conflict(
            f"An invoice has at most {MOST_LINKS} links: revoke one of them.", code="too_many_links"
        )
    if document.content.account is None and tenant.payment_accounts.get() is None:
        raise Conflict(
            "There is no way to pay: connect an account for cards, or say where money is sent to.",
            code="no_way_to_pay",
        )
    token = new_token()
    link = PaymentLink(
        id=tenant.new_id("pln"),
        issued_id=issued_id,
        digest=digest_of(token),
        created_by=tenant.actor.id,
        ends_at=now + timedelta(days=new.expires_in_days),
    )
    tenant.payment_links.add(link)
    expires = link.ends_at.date().isoformat()
    tenant.record(Change(subject=link.id, after={"issued_document": issued_id, "expires": expires}))
    return _view(link, now).model_copy(update={"url": f"{origin}{PAGE}{token}"})


def list_links(tenant: Tenant, issued_id: str) -> PaymentLinkList:
    """Oldest first, those included that do not hold any more."""
    find_issued(tenant, issued_id)
    now = tenant.clock.now()
    return PaymentLinkList(items=[_view(link, now) for link in tenant.payment_links.of(issued_id)])


def show_link(tenant: Tenant, issued_id: str, link_id: str) -> PaymentLinkView:
    return _view(find_link(tenant, issued_id, link_id), tenant.clock.now())


def find_link(tenant: Tenant, issued_id: str, link_id: str) -> PaymentLink:
    find_issued(tenant, issued_id)
    link = tenant.payment_links.get(issued_id, link_id) if is_id(link_id, "pln") else None
    if link is None:
        raise nowhere("payment link")
    return link


def revoke_link(tenant: Tenant, issued_id: str, link_id: str) -> PaymentLink:
    """A second time it changes nothing. What was begun at the provider is for the caller to end."""
    link = find_link(tenant, issued_id, link_id)
    if link.revoked_at is None:
        revoked = link.model_copy(update={"revoked_at": tenant.clock.now()})
        tenant.payment_links.save(revoked)
        tenant.record(Change(subject=link.id, before={"issued_document": issued_id}))
    return link


def _payable(tenant: Tenant, issued_id: str) -> IssuedDocument:
    document = find_issued(tenant, issued_id)
    if document.kind is not Kind.INVOICE:
        raise Conflict("Links are for invoices: nobody pays for this.", code="not_payable")
    require_issued(document)
    if document.balance <= 0:
        raise Conflict("There is nothing left to pay.", code="already_paid")
    return document


def _view(link: PaymentLink, now: datetime) -> PaymentLinkView:
    expired = LinkStatus.EXPIRED if now >= link.ends_at else LinkStatus.ACTIVE
    return PaymentLinkView(
        id=link.id,
        issued_id=link.issued_id,
        status=LinkStatus.REVOKED if link.revoked_at else expired,
        created_at=created_at(link.id),
        created_by=link.created_by,
        expires_at=link.ends_at,
    )
