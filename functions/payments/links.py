"""Payment links of an invoice."""

from __future__ import annotations

from functions.payments.routes import api
from sheaf.access.roles import Permission
from sheaf.access.sealing import Unsealable
from sheaf.audit.entries import Action
from sheaf.billing.payments.link import PaymentLink
from sheaf.billing.payments.links import (
    NewLink,
    PaymentLinkList,
    PaymentLinkView,
    list_links,
    make_link,
    revoke_link,
    show_link,
)
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.cards import cards_of
from sheaf.edge.log import logger
from sheaf.kernel.errors import VendorRefused, VendorUnavailable
from sheaf.storage.tenant import Tenant


def same_link(tenant: Tenant, issued_id: str, subject: str) -> PaymentLinkView:
    return show_link(tenant, issued_id, subject)


@api.post(
    "/v1/issued-documents/<issued_id>/payment-links",
    permission=Permission.BILLING_ISSUE,
    audit=Action.PAYMENT_LINK_CREATED,
    replay=same_link,
)
def new_link(tenant: Tenant, issued_id: str, body: NewLink, app: Application) -> PaymentLinkView:
    """Make a link by which an invoice is paid. Its `url` is in this answer and nowhere else."""
    return make_link(tenant, issued_id, body, origin=app.settings.origin)


@api.get("/v1/issued-documents/<issued_id>/payment-links", permission=Permission.BILLING_READ)
def links(tenant: Tenant, issued_id: str) -> PaymentLinkList:
    """The links of an invoice, without their addresses."""
    return list_links(tenant, issued_id)


@api.delete(
    "/v1/issued-documents/<issued_id>/payment-links/<link_id>",
    permission=Permission.BILLING_ISSUE,
    audit=Action.PAYMENT_LINK_REVOKED,
)
def no_link(tenant: Tenant, issued_id: str, link_id: str, app: Application) -> Answer[str]:
    """Take a link back: whoever comes by it is told so."""
    link = revoke_link(tenant, issued_id, link_id)
    workspace_id = tenant.workspace_id
    return Answer("", then=lambda: _end_checkout(app, tenant, workspace_id, link))


def _end_checkout(app: Application, tenant: Tenant, workspace_id: str, link: PaymentLink) -> None:
    """What was begun there. If it cannot be ended, it ends by itself, and a payment until then is noted."""
    checkout = tenant.checkouts.get(link.checkout_id) if link.checkout_id else None
    account = tenant.payment_accounts.get()
    if checkout is None or account is None:
        return
    try:
        cards_of(app, tenant, account).expire_checkout(checkout.session_id)
    except (VendorUnavailable, VendorRefused, Unsealable) as failure:
        logger.warning("checkout not ended", workspace_id=workspace_id, failure=type(failure).__name__)
