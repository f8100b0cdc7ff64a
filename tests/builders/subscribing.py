"""Workspaces that have bought something."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.capture.cost import Used
from sheaf.subscription.metering import Metered
from sheaf.subscription.plans import PLANS, PlanCode
from sheaf.subscription.subscription import (
    Contract,
    Mark,
    Seller,
    Subscription,
    SubscriptionStatus,
    Terms,
    month_of,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sheaf.edge.provisioning import Provisioned
    from tests.builders.world import World


CUSTOMER = "cus_bought"


def bought(
    plan: PlanCode, *, at: datetime, status: SubscriptionStatus = SubscriptionStatus.ACTIVE
) -> Contract:
    """As the payment provider says of it."""
    mark = Mark(at=at, event_id="evt_bought")
    terms = Terms(mark=mark, customer_id=CUSTOMER, status=status, plan=plan)
    return Contract(provider=Seller.STRIPE, id="sub_bought", since=at, terms=terms)


def subscribe(
    world: World,
    ws: Provisioned,
    plan: PlanCode | None,
    *,
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE,
    used: int = 0,
) -> None:
    """``plan`` None: a trial that ends in two weeks. ``used``: documents of this month, in all."""
    tenant, now = world.tenant(ws.workspace_id), world.clock.now()
    known = tenant.subscriptions.get() or Subscription()
    changed = (
        known.told(bought(plan, at=now, status=status))
        if plan
        else known.model_copy(update={"trial_ends": now + timedelta(days=14)})
    )
    world.seller.customers[CUSTOMER] = ws.workspace_id
    tenant.subscriptions.save(changed)
    if plan and PLANS[plan].is_metered:
        tenant.subscriptions.watch()
    if used:
        tenant.usage.count(Used(documents=used), change=f"tests#{now.isoformat()}", at=now)
    tenant.commit(None)


def subscribe_in_every_way(world: World, ws: Provisioned) -> None:
    """Bought, charged for beyond, and with a file that waits."""
    subscribe(world, ws, PlanCode.SCALE)
    tenant = world.tenant(ws.workspace_id)
    month = month_of(world.clock.now())
    tenant.subscriptions.save_metered(Metered(month=month, told=1, planned=1))
    tenant.waiting.add(tenant.new_id("doc"))
    tenant.commit(None)
