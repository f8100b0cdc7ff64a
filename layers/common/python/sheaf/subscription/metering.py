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

    from sheaf.subscription.plans import Plan
    from sheaf.subscription.subscription import Contract, Subscription
    from sheaf.subscription.workspace import Tenant


class Metered(BaseModel):
    """Documents above the quota in a month: ``told`` to the provider; ``planned``, to be told of in all.

    ``quota`` is that of the plan which was last seen in the month, 0 before one was; ``covered`` is how many
    documents were within the quotas of plans before it: what was read under a larger one stays paid for.
    """

    model_config = ConfigDict(frozen=True)

    month: str
    told: int = 0
    planned: int = 0
    quota: int = 0
    covered: int = 0
    version: int = 0

    @property
    def more(self) -> int:
        return self.planned - self.told

    def under(self, plan: Plan, used: int) -> Metered:
        """With ``plan`` from now on, when ``used`` documents have been read."""
        if plan.documents == self.quota:
            return self
        covered = max(self.covered, min(used - self.planned, self.quota))
        return self.model_copy(update={"quota": plan.documents, "covered": covered})

    def with_use(self, used: int) -> Metered:
        """``planned`` is what is above, unless something is to be told first; it never shrinks."""
        if self.more:
            return self
        above = used - max(self.quota, self.covered)
        return self.model_copy(update={"planned": max(above, self.told)})


def metered_contract(subscription: Subscription | None, tenant: Tenant) -> Contract | None:
    contract = subscription.standing(tenant.clock.now()).contract if subscription else None
    return contract if contract and contract.is_live and contract.plan and contract.plan.is_metered else None


def months(contract: Contract, now: datetime) -> tuple[str, ...]:
    """The last one, whose end may not have been told of, and the current; none before the contract."""
    first = month_after(month_before(now))
    return (month_of(month_before(now)), month_of(now)) if contract.since < first else (month_of(now),)


def plan_report(tenant: Tenant, contract: Contract, month: str) -> Usage | None:
    """Stages what is to be told next; None: there is nothing. A month that is over keeps its quota, whatever
    plan there is now.
    """
    plan, before = contract.plan, tenant.subscriptions.metered(month)
    if plan is None or plan.price_of_more is None:
        return None
    found, now = tenant.usage.of(month), tenant.clock.now()
    used = found.documents if found else 0
    is_open = month == month_of(now) or not before.quota
    metered = (before.under(plan, used) if is_open else before).with_use(used)
    if metered != before:
        tenant.subscriptions.save_metered(metered)
    if not metered.more:
        return None
    return Usage(
        key=f"{tenant.workspace_id}:{month}:{metered.planned}",
        documents=metered.more,
        at=now,
        unit_price=plan.price_of_more,
        currency=plan.currency,
    )


def note_report(tenant: Tenant, month: str) -> None:
    """Stages that what was planned has been told."""
    metered = tenant.subscriptions.metered(month)
    if metered.more:
        tenant.subscriptions.save_metered(metered.model_copy(update={"told": metered.planned}))
