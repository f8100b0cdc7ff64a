"""The workspace's own account at Stripe."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from functions.payments.routes import api
from sheaf.access.roles import Permission
from sheaf.access.sealing import Unsealable
from sheaf.audit.entries import Action
from sheaf.billing.payments.account import (
    NewPaymentAccount,
    PaymentAccountRecord,
    PaymentAccountView,
    connect,
    disconnect,
    endpoint_for,
    plan_connection,
    planned_or_connected,
    show_account,
)
from sheaf.billing.payments.checkouts import CheckoutState
from sheaf.billing.payments.ports import CardPayments
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.cards import cards_of
from sheaf.edge.log import logger
from sheaf.kernel.errors import CredentialsRefused, VendorRefused, VendorUnavailable
from sheaf.storage.tenant import Tenant

_LONGEST_CHECKOUT = timedelta(hours=25)


@api.get("/v1/settings/payments/stripe", permission=Permission.SETTINGS_READ)
def shown(tenant: Tenant) -> PaymentAccountView:
    """Where the workspace's customers pay by card. Its key is shown to nobody."""
    return show_account(tenant)


@api.put(
    "/v1/settings/payments/stripe",
    permission=Permission.PAYMENT_ACCOUNT_WRITE,
    audit=Action.PAYMENT_ACCOUNT_CONNECTED,
    step_up=True,
)
def connected(tenant: Tenant, body: NewPaymentAccount, app: Application) -> PaymentAccountView:
    """Connect an account at Stripe, or give another key of the one that is connected."""
    cards = app.card_payments(body.secret_key)
    planned = plan_connection(tenant, body, cards.who_am_i(), app.key_ring)
    tenant.commit(None)
    endpoint = None if planned.is_connected else endpoint_for(planned, cards, origin=app.settings.origin)
    return connect(tenant, planned, endpoint, app.key_ring)


@api.delete(
    "/v1/settings/payments/stripe",
    permission=Permission.PAYMENT_ACCOUNT_WRITE,
    audit=Action.PAYMENT_ACCOUNT_DISCONNECTED,
    step_up=True,
)
def disconnected(tenant: Tenant, app: Application) -> Answer[str]:
    """Take no cards any more. What is under way at Stripe is not heard of any more, either."""
    account, cards = planned_or_connected(tenant), None
    # With a key that opens nothing any more there is nothing that could be done there.
    with suppress(CredentialsRefused, Unsealable):
        cards = cards_of(app, tenant, account)
        _end_checkouts(tenant, cards)
    disconnect(tenant, account)
    workspace_id = tenant.workspace_id
    return Answer("", then=lambda: _hear_no_more(workspace_id, account, cards))


def _hear_no_more(workspace_id: str, account: PaymentAccountRecord, cards: CardPayments | None) -> None:
    """Not before it is committed: of an account that stayed connected payments must be heard. What Stripe
    tells all the same finds nobody.
    """
    if cards is None or account.told_from is None:
        return
    try:
        cards.remove_endpoint(account.told_from)
    except (VendorUnavailable, VendorRefused) as failure:
        logger.warning("endpoint not removed", workspace_id=workspace_id, failure=type(failure).__name__)


def _end_checkouts(tenant: Tenant, cards: CardPayments) -> None:
    """Nobody pays where it is not heard of."""
    for checkout in tenant.checkouts.since(tenant.clock.now() - _LONGEST_CHECKOUT):
        if checkout.state is CheckoutState.OPEN:
            try:
                cards.expire_checkout(checkout.session_id)
            except CredentialsRefused:
                raise
            except VendorRefused:
                continue  # it is not there any more
