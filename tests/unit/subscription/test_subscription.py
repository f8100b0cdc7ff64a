"""Where a workspace stands, and what it may still have read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sheaf.subscription.plans import PLANS, PlanCode
from sheaf.subscription.subscription import (
    Contract,
    Mark,
    Payment,
    Seller,
    Subscription,
    SubscriptionStatus,
    Terms,
    allowance,
    month_after,
    month_before,
    month_of,
)

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


def mark(minutes: int, rank: int = 0) -> Mark:
    return Mark(at=NOW + timedelta(minutes=minutes), rank=rank, event_id=f"evt_{minutes}_{rank}")


def contract(
    plan: PlanCode | None = PlanCode.STARTER,
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE,
    *,
    at: int = 0,
    rank: int = 0,
    subscription_id: str = "sub_1",
) -> Contract:
    told = mark(at, rank)
    terms = Terms(mark=told, customer_id="cus_1", status=status, plan=plan)
    return Contract(provider=Seller.STRIPE, id=subscription_id, since=told.at, terms=terms)


def paid(*, at: int, well: bool) -> Contract:
    payment = Payment(mark=mark(at), paid=well)
    return Contract(provider=Seller.STRIPE, id="sub_1", since=payment.mark.at, payment=payment)


def trial(**of: int) -> Subscription:
    return Subscription(trial_ends=NOW + timedelta(**of))


def stands(subscription: Subscription) -> tuple[PlanCode, SubscriptionStatus]:
    standing = subscription.standing(NOW)
    return standing.plan.code, standing.status


class TestStanding:
    def test_a_trial_ends(self) -> None:
        assert stands(trial(days=1)) == (PlanCode.TRIAL, SubscriptionStatus.TRIALING)
        assert stands(trial(days=0)) == (PlanCode.TRIAL, SubscriptionStatus.CANCELLED)

    def test_what_is_bought_goes_before_the_trial(self) -> None:
        assert stands(trial(days=1).told(contract())) == (PlanCode.STARTER, SubscriptionStatus.ACTIVE)

    def test_what_has_ended_leaves_the_rest_of_the_trial(self) -> None:
        ended = contract(status=SubscriptionStatus.CANCELLED)
        assert stands(trial(days=1).told(ended)) == (PlanCode.TRIAL, SubscriptionStatus.TRIALING)
        assert stands(trial(days=-1).told(ended)) == (PlanCode.STARTER, SubscriptionStatus.CANCELLED)

    def test_an_old_contract_that_ends_late_does_not_end_the_new_one(self) -> None:
        bought = Subscription().told(contract()).told(contract(PlanCode.SCALE, subscription_id="sub_2", at=1))
        ended = bought.told(contract(status=SubscriptionStatus.CANCELLED, at=2))
        assert stands(ended) == (PlanCode.SCALE, SubscriptionStatus.ACTIVE)

    def test_a_later_payment_says_whether_the_terms_are_kept(self) -> None:
        bought = Subscription().told(contract())
        behind = bought.told(paid(at=1, well=False))
        assert stands(behind) == (PlanCode.STARTER, SubscriptionStatus.PAST_DUE)
        assert stands(behind.told(paid(at=2, well=True))) == (PlanCode.STARTER, SubscriptionStatus.ACTIVE)
        assert stands(bought.told(paid(at=0, well=False))) == (PlanCode.STARTER, SubscriptionStatus.ACTIVE)
        ended = behind.told(contract(status=SubscriptionStatus.CANCELLED, at=2))
        assert stands(ended.told(paid(at=3, well=True))) == (PlanCode.STARTER, SubscriptionStatus.CANCELLED)

    def test_within_a_second_the_end_comes_last(self) -> None:
        ended = contract(status=SubscriptionStatus.CANCELLED, rank=2)
        assert Subscription().told(ended).told(contract(rank=1)) == Subscription().told(
            contract(rank=1)
        ).told(ended)
        assert stands(Subscription().told(ended).told(contract(rank=1)))[1] is SubscriptionStatus.CANCELLED

    def test_prices_that_are_none_of_ours_buy_nothing(self) -> None:
        assert stands(trial(days=1).told(contract(None)))[0] is PlanCode.TRIAL

    def test_payments_alone_buy_nothing(self) -> None:
        assert stands(trial(days=-1).told(paid(at=1, well=True))) == (
            PlanCode.TRIAL,
            SubscriptionStatus.CANCELLED,
        )

    def test_when_it_was_told_last(self) -> None:
        assert Subscription().as_of is None
        told = Subscription().told(contract(at=3)).told(paid(at=5, well=True)).told(contract(at=1))
        assert told.as_of == NOW + timedelta(minutes=5)
        assert told.contracts[0].since == NOW + timedelta(minutes=1)

    def test_what_may_still_be_charged_for(self) -> None:
        ended = contract(status=SubscriptionStatus.CANCELLED, subscription_id="sub_0")
        told = Subscription().told(ended).told(contract(None)).told(paid(at=1, well=True))
        assert [each.id for each in told.to_cancel] == ["sub_1"]


class TestAllowance:
    @pytest.mark.parametrize(("used", "left"), [(0, 100), (99, 1), (100, 0), (140, 0)])
    def test_what_is_left_of_a_quota(self, used: int, left: int) -> None:
        found = allowance(Subscription().told(contract()), used, NOW)
        assert (found.left, found.until, found.renews_at) == (left, DECEMBER, DECEMBER)
        assert found.has_room_for(left)
        assert not found.has_room_for(left + 1)

    def test_beyond_a_metered_quota_there_is_room(self) -> None:
        found = allowance(Subscription().told(contract(PlanCode.BUSINESS)), 5000, NOW)
        assert found.left is None
        assert found.has_room_for(10**6)

    def test_whoever_is_behind_with_a_payment_goes_on(self) -> None:
        assert (
            allowance(Subscription().told(contract(status=SubscriptionStatus.PAST_DUE)), 0, NOW).left == 100
        )

    def test_a_trial_does_not_renew_when_it_ends_before(self) -> None:
        short, long = allowance(trial(days=5), 10, NOW), allowance(trial(days=14), 10, NOW)
        assert (short.left, short.until, short.renews_at) == (40, NOW + timedelta(days=5), None)
        assert (long.left, long.until, long.renews_at) == (40, DECEMBER, DECEMBER)

    def test_what_has_ended_has_no_room(self) -> None:
        found = allowance(trial(days=-1), 0, NOW)
        assert (found.left, found.until, found.renews_at) == (0, None, None)


def test_months() -> None:
    assert month_of(NOW) == "2026-11"
    assert (month_before(NOW), month_after(NOW)) == (datetime(2026, 10, 1, tzinfo=UTC), DECEMBER)
    january = datetime(2027, 1, 31, 23, tzinfo=UTC)
    assert month_of(month_before(january)) == "2026-12"
    assert month_of(month_after(january)) == "2027-02"


def test_plans_grow_and_the_smallest_are_not_metered() -> None:
    documents = [plan.documents for plan in PLANS.values()]
    assert documents == sorted(documents)
    assert [plan.is_metered for plan in PLANS.values()] == [False, False, True, True]
