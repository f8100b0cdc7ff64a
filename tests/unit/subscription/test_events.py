"""Providers tell of changes in any order, and more than once: what is known in the end is the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sheaf.subscription import paddle_events, stripe_events
from sheaf.subscription.plans import PlanCode
from sheaf.subscription.subscription import Contract, Seller, Subscription, SubscriptionStatus

PRICES = {"price_s": PlanCode.STARTER, "price_b": PlanCode.BUSINESS}
BEGIN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def stripe(
    number: int, kind: str, seconds: int, *, status: str = "active", price: str = "price_s", **more: Any
) -> dict[str, Any]:
    period = {"current_period_start": 1795167000, "current_period_end": 1797759000}
    subscription = {
        "id": "sub_1", "object": "subscription", "customer": "cus_1", "status": status,
        "items": {"data": [{"id": "si_1", "price": {"id": price}, **period}]},
    }  # fmt: skip
    invoice = {"id": "in_1", "parent": {"subscription_details": {"subscription": "sub_1"}}}
    return {
        "id": f"evt_{number}",
        "type": kind,
        "created": int(BEGIN.timestamp()) + seconds,
        "data": {"object": (invoice if kind.startswith("invoice") else subscription) | more},
    }


STRIPE = [
    stripe(1, "checkout.session.completed", 2, mode="subscription"),
    stripe(2, "customer.subscription.created", 0, status="incomplete"),
    stripe(3, "customer.subscription.updated", 0),
    stripe(4, "invoice.paid", 1),
    stripe(5, "invoice.payment_failed", 100),
    stripe(6, "customer.subscription.updated", 100, status="past_due"),
    stripe(7, "invoice.paid", 200),
    stripe(8, "customer.subscription.updated", 200, price="price_b"),
    stripe(9, "customer.subscription.deleted", 300, status="canceled", price="price_b"),
    stripe(10, "customer.subscription.updated", 300, status="active", price="price_b"),
]


def paddle(number: int, kind: str, seconds: int, *, status: str = "active", price: str = "price_s") -> Any:
    at = (BEGIN + timedelta(seconds=seconds)).isoformat()
    subscription = {
        "id": "sub_1",
        "customer_id": "ctm_1",
        "status": status,
        "items": [{"price": {"id": price}, "quantity": 1}],
        "current_billing_period": {"starts_at": "2026-11-20T09:30:00Z", "ends_at": "2026-12-20T09:30:00Z"},
    }
    transaction = {"id": "txn_1", "subscription_id": "sub_1", "customer_id": "ctm_1"}
    data = transaction if kind.startswith("transaction") else subscription
    return {"event_id": f"evt_{number}", "event_type": kind, "occurred_at": at, "data": data}


PADDLE = [
    paddle(1, "subscription.created", 0),
    paddle(2, "transaction.completed", 1),
    paddle(3, "subscription.updated", 10, price="price_b"),
    paddle(4, "transaction.payment_failed", 20),
    paddle(5, "subscription.past_due", 21, status="past_due"),
    paddle(6, "transaction.completed", 30),
    paddle(7, "subscription.canceled", 40, status="canceled"),
]


def after(contracts: list[Contract | None]) -> Subscription:
    subscription = Subscription()
    for contract in filter(None, contracts):
        subscription = subscription.told(contract)
    return subscription


def deliveries(events: list[Any]) -> st.SearchStrategy[list[Any]]:
    """Each at least once, some twice, in any order."""
    again = st.lists(st.sampled_from(events), max_size=len(events))
    return again.flatmap(lambda more: st.permutations([*events, *more]))


@given(deliveries(STRIPE), st.integers(1, len(STRIPE)))
def test_stripe_s_events_in_any_order(delivered: list[Any], until: int) -> None:
    known = STRIPE[:until]
    told = [event for event in delivered if event in known]
    assert after([stripe_events.contract_of(event, PRICES) for event in told]) == after(
        [stripe_events.contract_of(event, PRICES) for event in known]
    )


@given(deliveries(PADDLE), st.integers(1, len(PADDLE)))
def test_paddle_s_events_in_any_order(delivered: list[Any], until: int) -> None:
    known = PADDLE[:until]
    told = [event for event in delivered if event in known]
    assert after([paddle_events.contract_of(event, PRICES) for event in told]) == after(
        [paddle_events.contract_of(event, PRICES) for event in known]
    )


@pytest.mark.parametrize(
    ("until", "plan", "status"),
    [
        (1, PlanCode.TRIAL, SubscriptionStatus.CANCELLED),
        (2, PlanCode.STARTER, SubscriptionStatus.CANCELLED),
        (3, PlanCode.STARTER, SubscriptionStatus.ACTIVE),
        (5, PlanCode.STARTER, SubscriptionStatus.PAST_DUE),
        (6, PlanCode.STARTER, SubscriptionStatus.PAST_DUE),
        (7, PlanCode.STARTER, SubscriptionStatus.ACTIVE),
        (8, PlanCode.BUSINESS, SubscriptionStatus.ACTIVE),
        (9, PlanCode.BUSINESS, SubscriptionStatus.CANCELLED),
        (10, PlanCode.BUSINESS, SubscriptionStatus.CANCELLED),
    ],
)
def test_a_life_at_stripe(until: int, plan: PlanCode, status: SubscriptionStatus) -> None:
    found = after([stripe_events.contract_of(event, PRICES) for event in STRIPE[:until]]).standing(BEGIN)
    assert (found.plan.code, found.status) == (plan, status)


@pytest.mark.parametrize(
    ("until", "plan", "status"),
    [
        (2, PlanCode.STARTER, SubscriptionStatus.ACTIVE),
        (3, PlanCode.BUSINESS, SubscriptionStatus.ACTIVE),
        (4, PlanCode.BUSINESS, SubscriptionStatus.PAST_DUE),
        (6, PlanCode.STARTER, SubscriptionStatus.ACTIVE),
        (7, PlanCode.STARTER, SubscriptionStatus.CANCELLED),
    ],
)
def test_a_life_at_paddle(until: int, plan: PlanCode, status: SubscriptionStatus) -> None:
    found = after([paddle_events.contract_of(event, PRICES) for event in PADDLE[:until]]).standing(BEGIN)
    assert (found.plan.code, found.status) == (plan, status)


def test_what_stripe_says_of_a_subscription() -> None:
    contract = stripe_events.contract_of(STRIPE[2], PRICES)
    assert contract is not None
    assert (contract.provider, contract.id, contract.since) == (Seller.STRIPE, "sub_1", BEGIN)
    assert contract.terms is not None
    assert contract.terms.customer_id == "cus_1"
    assert contract.terms.period_ends == datetime.fromtimestamp(1797759000, UTC)


def test_older_versions_of_stripe_s_api_say_it_elsewhere() -> None:
    event = stripe(1, "customer.subscription.updated", 0, current_period_end=1797759001)
    for item in event["data"]["object"]["items"]["data"]:
        del item["current_period_end"]
    contract = stripe_events.contract_of(event, PRICES)
    assert contract is not None
    assert contract.terms is not None
    assert contract.terms.period_ends == datetime.fromtimestamp(1797759001, UTC)

    paid = stripe(2, "invoice.paid", 0, parent=None, subscription="sub_2")
    found = stripe_events.contract_of(paid, PRICES)
    assert found is not None
    assert found.id == "sub_2"


@pytest.mark.parametrize(
    "event",
    [
        stripe(1, "charge.succeeded", 0),
        stripe(2, "invoice.paid", 0, parent=None),
        stripe(3, "checkout.session.completed", 0),
    ],
)
def test_what_changes_no_subscription(event: dict[str, Any]) -> None:
    assert stripe_events.contract_of(event, PRICES) is None


def test_a_transaction_without_a_subscription_changes_none() -> None:
    event = paddle(1, "transaction.completed", 0)
    event["data"]["subscription_id"] = None
    assert paddle_events.contract_of(event, PRICES) is None
    assert paddle_events.contract_of(paddle(2, "address.created", 0), PRICES) is None


@pytest.mark.parametrize(
    "status", ["incomplete", "incomplete_expired", "unpaid", "paused", "canceled", "new"]
)
def test_nobody_uses_what_was_not_paid_for(status: str) -> None:
    contract = stripe_events.contract_of(stripe(1, "customer.subscription.updated", 0, status=status), PRICES)
    assert contract is not None
    assert not contract.is_live


def test_what_is_no_event_of_theirs_is_refused() -> None:
    event = stripe(1, "customer.subscription.updated", 0)
    del event["data"]["object"]["status"]
    with pytest.raises(ValidationError):
        stripe_events.contract_of(event, PRICES)
