"""What is charged beyond a plan's quota, told to the provider in steps that count once.

    planned: that so many are to be told of by now  ──> told (an identifier makes twice once)  ──> noted

Stopped after the first step, the next run finds what was planned and tells it again under the same
identifier, before it plans anything new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from sheaf.subscription.ports import Usage
from sheaf.subscription.subscription import month_after, month_before, month_of

if TYPE_CHECKING:
    from datetime import datetime

    from sheaf.subscription.subscription import Contract, Subscription
    from sheaf.subscription.workspace import Tenant


class Metered(BaseModel):
    """Documents above the quota in a month: ``told`` to the provider; ``planned``, to be told of in all."""

    model_config = ConfigDict(frozen=True)

    month: str
    told: int = 0
    planned: int = 0
    version: int = 0

    @property
    def more(self) -> int:
        return self.planned - self.told


def metered_contract(subscription: Subscription | None, tenant: Tenant) -> Contract | None:
    contract = subscription.standing(tenant.clock.now()).contract if subscription else None
    return contract if contract and contract.is_live and contract.plan and contract.plan.is_metered else None


def months(contract: Contract, now: datetime) -> tuple[str, ...]:
    """The last one, whose end may not have been told of, and the current; none before the contract."""
    first = month_after(month_before(now))
    return (month_of(month_before(now)), month_of(now)) if contract.since < first else (month_of(now),)


def plan_report(tenant: Tenant, contract: Contract, month: str) -> Usage | None:
    """Stages what is to be told next; None: there is nothing."""
    plan, metered = contract.plan, tenant.subscriptions.metered(month)
    if plan is None or plan.price_of_more is None:
        return None
    if metered.more == 0:
        used = tenant.usage.of(month)
        over = max((used.documents if used else 0) - plan.documents, 0)
        if over <= metered.told:
            return None
        metered = metered.model_copy(update={"planned": over})
        tenant.subscriptions.save_metered(metered)
    return Usage(
        key=f"{tenant.workspace_id}:{month}:{metered.planned}",
        documents=metered.more,
        at=tenant.clock.now(),
        unit_price=plan.price_of_more,
        currency=plan.currency,
    )


def note_report(tenant: Tenant, month: str) -> None:
    """Stages that what was planned has been told."""
    metered = tenant.subscriptions.metered(month)
    if metered.more:
        tenant.subscriptions.save_metered(metered.model_copy(update={"told": metered.planned}))
