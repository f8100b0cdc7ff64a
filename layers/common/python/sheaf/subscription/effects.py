"""What a payment provider tells of a workspace's subscription, put together with what is known already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.access.webhooks import Source
from sheaf.audit.entries import Change
from sheaf.subscription import paddle_events, stripe_events
from sheaf.subscription.subscription import Subscription

if TYPE_CHECKING:
    from sheaf.access.webhooks import Event
    from sheaf.subscription.stripe_events import Prices
    from sheaf.subscription.subscription import Contract, Standing
    from sheaf.subscription.workspace import Tenant

TYPES = {Source.STRIPE: stripe_events.TYPES, Source.PADDLE: paddle_events.TYPES}
"""The types of events that something follows from."""


def take_note(tenant: Tenant, event: Event, prices: Prices) -> None:
    """Stages what the event changes, in whatever order events come; a second time it changes nothing.

    The round is to come by: files may have waited for it. Raises ValidationError for an event that is not
    what the provider's documentation says.
    """
    news = _contract(event, prices)
    if news is None or tenant.workspace.get() is None:  # it was erased: that ended its subscription
        return
    before = tenant.subscriptions.get() or Subscription()
    after = before.told(news)
    if after == before:
        return
    tenant.subscriptions.save(after)
    tenant.subscriptions.watch()
    now = tenant.clock.now()
    tenant.record(
        Change(
            subject=tenant.workspace_id,
            before=said_of(before.standing(now)) if before.has_limits else {},
            after=said_of(after.standing(now)),
        )
    )


def said_of(standing: Standing) -> dict[str, str]:
    return {"plan": standing.plan.code.value, "status": standing.status.value}


def _contract(event: Event, prices: Prices) -> Contract | None:
    match event.source:
        case Source.STRIPE:
            return stripe_events.contract_of(event.document, prices)
        case Source.PADDLE:
            return paddle_events.contract_of(event.document, prices)
    return None
