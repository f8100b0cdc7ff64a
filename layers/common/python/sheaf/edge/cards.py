"""A workspace's own account for cards, opened with its sealed key: for whoever has the master keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.billing.payments.account import place

if TYPE_CHECKING:
    from sheaf.billing.payments.account import PaymentAccountRecord
    from sheaf.billing.payments.ports import CardPayments
    from sheaf.bootstrap import Application
    from sheaf.storage.tenant import Tenant


def cards_of(app: Application, tenant: Tenant, account: PaymentAccountRecord) -> CardPayments:
    """Raises Unsealable."""
    key = app.key_ring.open(account.sealed_key, place(tenant))
    return app.card_payments(key.decode())
