"""What follows from which event."""

from __future__ import annotations

from sheaf.access.webhooks import Event, Source
from sheaf.audit.entries import Action
from sheaf.bootstrap import application
from sheaf.edge.webhooks import Reaction
from sheaf.storage.tenant import Tenant
from sheaf.subscription import effects as of_subscription
from sheaf.subscription.plans import PlanCode


def subscription_told(tenant: Tenant, event: Event) -> None:
    sold = application().settings.plan_prices
    of_subscription.take_note(
        tenant, event, {price: PlanCode(plan) for plan, prices in sold.items() for price in prices}
    )


REACTIONS: dict[tuple[Source, str], Reaction] = {
    (source, kind): Reaction(subscription_told, Action.SUBSCRIPTION_CHANGED)
    for source, kinds in of_subscription.TYPES.items()
    for kind in kinds
}
"""An event of any other type is kept, and nothing follows from it."""
