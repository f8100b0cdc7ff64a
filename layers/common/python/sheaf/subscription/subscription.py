"""A workspace's subscription: its trial, and what payment providers have said of what it has bought.

Providers tell of changes in any order, and more than once. So what is kept is a set of facts, of each the one
with the latest mark, and putting facts together is commutative, associative and idempotent; where a
workspace stands follows from them.

    contract ─┬─ terms     plan, status, period: the provider's subscription as it was at that time
              └─ payment   whether the last invoice was paid
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from sheaf.subscription.plans import PLANS, Plan, PlanCode

TRIAL = timedelta(days=14)


class Seller(StrEnum):
    STRIPE = "stripe"
    PADDLE = "paddle"


class SubscriptionStatus(StrEnum):
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    CANCELLED = "cancelled"


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True)


class Mark(_Fact):
    """The place of an event among others: when it happened, by the provider's clock; then, for clocks that
    tell seconds only, which kind of event comes last (``rank``). ``event_id`` decides what nothing else does.
    """

    at: datetime
    rank: int = 0
    event_id: str

    @property
    def order(self) -> tuple[datetime, int, str]:
        return self.at, self.rank, self.event_id


class Terms(_Fact):
    """``plan`` None: a price that is none of ours."""

    mark: Mark
    customer_id: str
    status: SubscriptionStatus
    plan: PlanCode | None = None
    period_starts: datetime | None = None
    period_ends: datetime | None = None


class Payment(_Fact):
    mark: Mark
    paid: bool


class Contract(_Fact):
    """One subscription at a provider; ``id`` is the provider's. Without ``terms`` only payments are known.

    ``since``: the first that was told of it.
    """

    provider: Seller
    id: str
    since: datetime
    terms: Terms | None = None
    payment: Payment | None = None

    @property
    def status(self) -> SubscriptionStatus:
        """A payment that is later than the terms says whether they are still kept."""
        if self.terms is None:
            return SubscriptionStatus.CANCELLED
        said = self.terms.status
        if said not in _RUNNING or self.payment is None or self.payment.mark.at <= self.terms.mark.at:
            return said
        return SubscriptionStatus.ACTIVE if self.payment.paid else SubscriptionStatus.PAST_DUE

    @property
    def plan(self) -> Plan | None:
        return PLANS[self.terms.plan] if self.terms and self.terms.plan else None

    @property
    def is_live(self) -> bool:
        return self.plan is not None and self.status is not SubscriptionStatus.CANCELLED

    @property
    def as_of(self) -> Mark | None:
        marks = [fact.mark for fact in (self.terms, self.payment) if fact]
        return max(marks, key=lambda mark: mark.order, default=None)

    def joined(self, other: Contract) -> Contract:
        return self.model_copy(
            update={
                "since": min(self.since, other.since),
                "terms": _latest(self.terms, other.terms),
                "payment": _latest(self.payment, other.payment),
            }
        )


_RUNNING = frozenset({SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE})


def _latest[Fact: (Terms, Payment)](one: Fact | None, other: Fact | None) -> Fact | None:
    there = [fact for fact in (one, other) if fact]
    return max(there, key=lambda fact: fact.mark.order, default=None)


class Opened(_Fact):
    """A page of a provider's where a plan can be bought; ``id`` is the provider's."""

    provider: Seller
    id: str
    plan: PlanCode
    url: str


class Standing(_Fact):
    """Where a workspace stands. ``contract`` None: it is in its trial, or was and has bought nothing."""

    plan: Plan
    status: SubscriptionStatus
    contract: Contract | None = None

    @property
    def terms(self) -> Terms | None:
        return self.contract.terms if self.contract else None


class Subscription(_Fact):
    """``trial_ends`` None: there was none. ``customers``: what each provider knows the workspace as.
    ``opened``: the last checkout. ``version`` is the stored one that this was loaded as.
    """

    trial_ends: datetime | None = None
    customers: dict[Seller, str] = {}
    contracts: tuple[Contract, ...] = ()
    opened: Opened | None = None
    version: int = 0

    @property
    def has_limits(self) -> bool:
        """Not merely because somebody has looked at what a plan would cost."""
        return self.trial_ends is not None or bool(self.contracts)

    @property
    def live(self) -> tuple[Contract, ...]:
        """More than one: each is charged."""
        return tuple(contract for contract in self.contracts if contract.is_live)

    def knows(self, provider: Seller, subscription_id: str | None) -> bool:
        """Whether its terms were told."""
        return any(
            contract.terms and (contract.provider, contract.id) == (provider, subscription_id)
            for contract in self.contracts
        )

    def told(self, news: Contract) -> Subscription:
        known = {(contract.provider, contract.id): contract for contract in self.contracts}
        before = known.get((news.provider, news.id))
        known[news.provider, news.id] = before.joined(news) if before else news
        return self.model_copy(update={"contracts": tuple(known[key] for key in sorted(known))})

    def standing(self, now: datetime) -> Standing:
        """By the live contract that buys most, else the trial, else what was there last."""
        live = _largest(list(self.live))
        if live and live.plan:
            return Standing(plan=live.plan, status=live.status, contract=live)
        trial = PLANS[PlanCode.TRIAL]
        if self.trial_ends and now < self.trial_ends:
            return Standing(plan=trial, status=SubscriptionStatus.TRIALING)
        ended = _last([contract for contract in self.contracts if contract.plan])
        if ended and ended.plan:
            return Standing(plan=ended.plan, status=SubscriptionStatus.CANCELLED, contract=ended)
        return Standing(plan=trial, status=SubscriptionStatus.CANCELLED)

    @property
    def to_cancel(self) -> tuple[Contract, ...]:
        """Whatever may still be charged for."""
        return tuple(
            contract
            for contract in self.contracts
            if contract.terms is None or contract.terms.status is not SubscriptionStatus.CANCELLED
        )

    @property
    def as_of(self) -> datetime | None:
        """The time of the last event that any provider told of."""
        return max((contract.as_of.at for contract in self.contracts if contract.as_of), default=None)


def _largest(contracts: list[Contract]) -> Contract | None:
    most = max((contract.plan.documents for contract in contracts if contract.plan), default=0)
    return _last([contract for contract in contracts if contract.plan and contract.plan.documents == most])


def _last(contracts: list[Contract]) -> Contract | None:
    ordered = [(contract.terms.mark.order, contract) for contract in contracts if contract.terms]
    return max(ordered, key=lambda pair: pair[0])[1] if ordered else None


class Allowance(_Fact):
    """``left`` None: as many as there are, for what is over ``plan.documents`` is charged.

    ``until``: what is said here ends then; ``renews_at``: when there is a whole quota again, if there is.
    """

    plan: Plan
    status: SubscriptionStatus
    used: int
    left: int | None
    until: datetime | None
    renews_at: datetime | None

    def has_room_for(self, documents: int) -> bool:
        """None at all need a plan that has not ended."""
        return self.status is not SubscriptionStatus.CANCELLED and (
            self.left is None or documents <= self.left
        )


def allowance(subscription: Subscription, used: int, now: datetime) -> Allowance:
    """``used``: documents of this calendar month, by UTC."""
    standing, next_month = subscription.standing(now), month_after(now)
    plan, status = standing.plan, standing.status
    if status is SubscriptionStatus.CANCELLED:
        return Allowance(plan=plan, status=status, used=used, left=0, until=None, renews_at=None)
    ends = subscription.trial_ends if standing.contract is None else None
    return Allowance(
        plan=plan,
        status=status,
        used=used,
        left=None if plan.is_metered else max(plan.documents - used, 0),
        until=min(ends, next_month) if ends else next_month,
        renews_at=None if ends and ends <= next_month else next_month,
    )


def month_of(now: datetime) -> str:
    """``2026-11``, as the counters of use are named."""
    return now.astimezone(UTC).strftime("%Y-%m")


def month_after(now: datetime) -> datetime:
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def month_before(now: datetime) -> datetime:
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first - timedelta(days=1)).replace(day=1)
