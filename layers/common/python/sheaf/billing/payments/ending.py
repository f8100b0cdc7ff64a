"""Checkouts that ask for something else than what is left: nobody should pay there any more."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sheaf.billing.payments.checkouts import CheckoutState

if TYPE_CHECKING:
    from sheaf.billing.payments.checkouts import CardCheckout
    from sheaf.billing.ports import Tenant


def may_be_paid_by_card(tenant: Tenant, issued_id: str) -> bool:
    """Whether there could be a checkout of it."""
    return bool(tenant.payment_links.of(issued_id))


def outdated(tenant: Tenant, issued_id: str) -> list[CardCheckout]:
    """Those at the account that is connected, where somebody could pay at this moment."""
    document, account = tenant.issued.get(issued_id), tenant.payment_accounts.get()
    if document is None or account is None or not account.is_connected:
        return []
    owed, now = Decimal(0) if document.voided_at else document.balance, tenant.clock.now()
    begun = (tenant.checkouts.get(link.checkout_id or "") for link in tenant.payment_links.of(issued_id))
    return [
        each
        for each in begun
        if each is not None
        and each.endpoint_id == account.endpoint_id
        and each.state is CheckoutState.OPEN
        and each.ends_at > now
        and each.amount != owed
    ]
