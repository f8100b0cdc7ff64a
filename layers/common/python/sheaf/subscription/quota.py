"""Whether there is room for another document this month. Looking, exporting and deleting need none.

Plans are loaded for workspaces that have one: every upload passes here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.kernel.errors import Quota, QuotaExhausted

if TYPE_CHECKING:
    from datetime import datetime

    from sheaf.subscription.subscription import Allowance
    from sheaf.subscription.workspace import Counted

WHERE_TO_UPGRADE = "/account/subscription"


def allowance_of(tenant: Counted) -> Allowance | None:
    """A moment behind what was read. None: the workspace has no subscription, and no limit."""
    subscription = tenant.subscriptions.get(consistent=False)
    if subscription is None or not subscription.has_limits:
        return None
    from sheaf.subscription.subscription import allowance, month_of

    now = tenant.clock.now()
    used = tenant.usage.of(month_of(now))
    return allowance(subscription, used.documents if used else 0, now)


def require_room(tenant: Counted, documents: int = 1) -> None:
    """Raises QuotaExhausted. What is being read is not counted yet: many at once may go a little over."""
    found = allowance_of(tenant)
    if found is not None and not found.has_room_for(documents):
        raise exhausted(found, documents, tenant.clock.now())


def exhausted(found: Allowance, documents: int, now: datetime) -> QuotaExhausted:
    quota = Quota(
        plan=found.plan.code.value,
        used=found.used,
        documents=found.plan.documents,
        upgrade_url=WHERE_TO_UPGRADE,
        renews_at=found.renews_at,
    )
    retry_after = found.renews_at - now if found.renews_at else None
    return QuotaExhausted(_message(found, documents), quota=quota, retry_after=retry_after)


def _message(found: Allowance, documents: int) -> str:
    from sheaf.subscription.subscription import SubscriptionStatus

    plan = found.plan.name
    if found.status is SubscriptionStatus.CANCELLED:
        return f"The {plan} plan has ended. Choose a plan to have documents read; what is there stays yours."
    more = "There is no room for another document" if documents == 1 else f"There is no room for {documents}"
    wait = f"; there is again on {found.renews_at:%-d %B %Y}" if found.renews_at else ""
    return (
        f"{more}: the {plan} plan takes {found.plan.documents} documents a month, and {found.used} were "
        f"read{wait}. Choose a larger plan to go on at once."
    )
