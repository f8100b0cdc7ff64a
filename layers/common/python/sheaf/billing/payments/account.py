"""The workspace's own account at Stripe, where its customers pay by card.

Its key is sealed and shown to nobody again. Connecting is two steps with a call between them: what is planned
is kept first, so that whoever is stopped there and tries again makes no second webhook endpoint.

another_account      a different one is connected: disconnect it first
not_connected        there is none
takes_no_payments    Stripe does not let it charge cards yet
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from sheaf.access.sealing import KeyRing, Place
from sheaf.access.webhooks import Endpoint, Source
from sheaf.audit.entries import Change
from sheaf.billing.payments.ports import CardPayments, PaymentAccount, WebhookEndpoint
from sheaf.billing.payments.stripe_events import TYPES
from sheaf.billing.ports import Tenant
from sheaf.billing.sight import require_sight
from sheaf.kernel.errors import Conflict, NotFound

PROVIDER = "stripe"
_LAST = 4


class NewPaymentAccount(BaseModel):
    """``secret_key``: Stripe's, better a restricted one (``rk_…``) that may write checkout sessions, refunds
    and webhook endpoints, and read accounts and payments.
    """

    model_config = ConfigDict(extra="forbid")

    secret_key: Annotated[
        str,
        StringConstraints(pattern=r"^[sr]k_(live|test)_[A-Za-z0-9_]{5,250}$"),
        Field(repr=False, json_schema_extra={"format": "password", "writeOnly": True}),
    ]


class PaymentAccountView(BaseModel):
    """``live``: real money moves."""

    provider: str = PROVIDER
    account_id: str
    name: str
    live: bool
    key_ends_in: str
    connected_at: AwareDatetime
    connected_by: str


class PaymentAccountRecord(BaseModel):
    """``endpoint_id`` is where it tells us, ``told_from`` the provider's id of that, if there is one."""

    model_config = ConfigDict(frozen=True)

    account_id: str
    name: str
    is_live: bool
    key_ends_in: str
    sealed_key: bytes = b""
    endpoint_id: str
    told_from: str | None = None
    connected_at: datetime
    connected_by: str
    version: int = 0

    @property
    def is_connected(self) -> bool:
        return self.told_from is not None


def place(tenant: Tenant) -> Place:
    """What the key is sealed for."""
    return Place(tenant.workspace_id, "payments", PROVIDER)


def plan_connection(
    tenant: Tenant, new: NewPaymentAccount, account: PaymentAccount, ring: KeyRing
) -> PaymentAccountRecord:
    """``account``: what the provider says whose the key is."""
    if not account.takes_payments:
        raise Conflict("Stripe does not let this account take payments yet.", code="takes_no_payments")
    before = tenant.payment_accounts.get()
    if before and before.is_connected and _whose(before) != (account.id, account.is_live):
        raise Conflict(
            "Another account is connected. What was paid there is told from there: disconnect it first.",
            code="another_account",
        )
    keeps = before is not None and _whose(before) == (account.id, account.is_live)
    key = new.secret_key
    planned = PaymentAccountRecord(
        account_id=account.id,
        name=account.name,
        is_live=account.is_live,
        key_ends_in=key[-_LAST:],
        sealed_key=ring.seal(key.encode(), place(tenant)),
        endpoint_id=before.endpoint_id if before and keeps else tenant.new_id("whe"),
        told_from=before.told_from if before and keeps else None,
        connected_at=tenant.clock.now(),
        connected_by=tenant.actor.id,
        version=before.version if before else 0,
    )
    return tenant.payment_accounts.save(planned)


def endpoint_for(planned: PaymentAccountRecord, cards: CardPayments, *, origin: str) -> WebhookEndpoint:
    return cards.create_webhook_endpoint(
        f"{origin}/webhooks/stripe/{planned.endpoint_id}", sorted(TYPES), key=planned.endpoint_id
    )


def connect(
    tenant: Tenant, planned: PaymentAccountRecord, endpoint: WebhookEndpoint | None, ring: KeyRing
) -> PaymentAccountView:
    """``endpoint``: the one that was made; None where there is one."""
    if endpoint is not None:
        planned = tenant.payment_accounts.save(planned.model_copy(update={"told_from": endpoint.id}))
        unsealed = Endpoint(planned.endpoint_id, tenant.workspace_id, Source.STRIPE_OF_WORKSPACE, frozenset())
        sealed = ring.seal(endpoint.secret.encode(), unsealed.place)
        tenant.endpoints.put(
            Endpoint(unsealed.id, unsealed.workspace_id, unsealed.source, frozenset({sealed}))
        )
    mode = "live" if planned.is_live else "test"
    tenant.record(Change(subject=tenant.workspace_id, after={"account": planned.account_id, "mode": mode}))
    return _view(planned)


def show_account(tenant: Tenant) -> PaymentAccountView:
    require_sight(tenant)
    return _view(connected(tenant))


def connected(tenant: Tenant) -> PaymentAccountRecord:
    """Raises NotFound."""
    account = tenant.payment_accounts.get()
    if account is None or not account.is_connected:
        raise NotFound("No account for card payments is connected.", code="not_connected")
    return account


def planned_or_connected(tenant: Tenant) -> PaymentAccountRecord:
    """Raises NotFound."""
    return tenant.payment_accounts.get() or connected(tenant)


def disconnect(tenant: Tenant, account: PaymentAccountRecord) -> None:
    """Here; at the provider the caller has done it before."""
    tenant.payment_accounts.remove(account)
    tenant.endpoints.remove(account.endpoint_id)
    tenant.record(Change(subject=tenant.workspace_id, before={"account": account.account_id}))


def _whose(account: PaymentAccountRecord) -> tuple[str, bool]:
    return account.account_id, account.is_live


def _view(account: PaymentAccountRecord) -> PaymentAccountView:
    return PaymentAccountView(
        account_id=account.account_id,
        name=account.name,
        live=account.is_live,
        key_ends_in=account.key_ends_in,
        connected_at=account.connected_at,
        connected_by=account.connected_by,
    )
