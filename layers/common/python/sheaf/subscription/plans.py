"""The plans: how many documents a month, and what happens to one more."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class PlanCode(StrEnum):
    TRIAL = "trial"
    STARTER = "starter"
    BUSINESS = "business"
    SCALE = "scale"


class Plan(BaseModel):
    """``documents`` a calendar month, by UTC. ``price`` is a month's, for show: what is charged, the
    provider's own price says. ``price_of_more``: of each document above the quota; None: such are refused.
    """

    model_config = ConfigDict(frozen=True)

    code: PlanCode
    name: str
    documents: int
    price: Decimal
    price_of_more: Decimal | None = None
    currency: str = "EUR"

    @property
    def is_metered(self) -> bool:
        return self.price_of_more is not None


PLANS = {
    plan.code: plan
    for plan in (
        Plan(code=PlanCode.TRIAL, name="Trial", documents=50, price=Decimal("0.00")),
        Plan(code=PlanCode.STARTER, name="Starter", documents=100, price=Decimal("19.00")),
        Plan(code=PlanCode.BUSINESS, name="Business", documents=1_000, price=Decimal("99.00"),
             price_of_more=Decimal("0.12")),
        Plan(code=PlanCode.SCALE, name="Scale", documents=10_000, price=Decimal("699.00"),
             price_of_more=Decimal("0.08")),
    )
}  # fmt: skip
