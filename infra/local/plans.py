"""What our own plans cost at the doubles of payment providers."""

from __future__ import annotations

from infra.local.prices import Price
from sheaf.subscription.plans import PLANS, Plan


def prices(prefix: str) -> dict[str, Price]:
    """By their ids, which begin as the provider's do."""
    found: dict[str, Price] = {}
    for plan in _SOLD:
        found[f"{prefix}_{plan.code}"] = Price(plan.name, int(plan.price * 100))
        if plan.price_of_more is not None:
            more = Price(f"{plan.name}, each document more", int(plan.price_of_more * 100), metered=True)
            found[f"{prefix}_{plan.code}_more"] = more
    return found


def by_plan(prefix: str, *, metered: bool) -> dict[str, list[str]]:
    """As the settings name them; ``metered``: the provider meters what is used beyond a quota."""
    return {
        str(plan.code): [
            f"{prefix}_{plan.code}",
            *([f"{prefix}_{plan.code}_more"] if metered and plan.is_metered else []),
        ]
        for plan in _SOLD
    }


_SOLD: tuple[Plan, ...] = tuple(plan for plan in PLANS.values() if plan.price)
