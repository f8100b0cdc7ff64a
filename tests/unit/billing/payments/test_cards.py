"""Facts about a card payment, joined: in any order, any number of times, they come to the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.billing.payments.cards import AskedRefund, CardPayment, Dispute, DisputeState, Refund
from sheaf.billing.payments.payment import Direction, PaymentState

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ASKED = "rfd_01kjzp8q40e1m8n2a3b4c5d6e7"
KNOWN = {"issued_id": "inv_01kjzp8q40e1m8n2a3b4c5d6e7", "checkout_id": "chk_01kjzp8q40e1m8n2a3b4c5d6e7"}
EMPTY = CardPayment(id="pi_1")

times = st.integers(0, 3).map(lambda seconds: AT + timedelta(seconds=seconds))
amounts = st.sampled_from([Decimal("10.00"), Decimal("38.00")])
refunds = st.builds(
    Refund,
    amount=amounts,
    currency=st.just("EUR"),
    state=st.sampled_from(PaymentState),
    at=times,
    asked_as=st.sampled_from([None, ASKED]),
)
disputes = st.builds(
    Dispute, amount=amounts, currency=st.just("EUR"), state=st.sampled_from(DisputeState), at=times
)
payments = st.builds(
    CardPayment,
    id=st.just("pi_1"),
    issued_id=st.just(KNOWN["issued_id"]),
    checkout_id=st.just(KNOWN["checkout_id"]),
    currency=st.just("EUR"),
    received=st.just(Decimal("238.00")),
    paid_at=times,
)
facts = st.one_of(
    payments,
    st.builds(
        CardPayment,
        id=st.just("pi_1"),
        refunds=st.dictionaries(st.sampled_from(["re_1", "re_2"]), refunds, min_size=1, max_size=1),
    ),
    st.builds(
        CardPayment,
        id=st.just("pi_1"),
        disputes=st.dictionaries(st.sampled_from(["du_1", "du_2"]), disputes, min_size=1, max_size=1),
    ),
)


def joined(told: list[CardPayment]) -> CardPayment:
    return reduce(CardPayment.joined, told, EMPTY)


@given(st.lists(facts, max_size=6), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_comes_to_the_same(told: list[CardPayment], chance: object) -> None:
    again = [*told, *told[: len(told) // 2]]
    chance.shuffle(again)  # type: ignore[attr-defined]  # a random.Random
    assert joined(again) == joined(told)
    assert joined(again).entries() == joined(told).entries()


@given(st.lists(facts, max_size=6))
def test_what_stands_on_the_document_adds_up(told: list[CardPayment]) -> None:
    whole = joined(told)
    entries = whole.entries()
    assert len({each.id for each in entries}) == len(entries)
    paid = [each for each in entries if each.direction is Direction.PAYMENT]
    assert [each.amount for each in paid] == ([Decimal("238.00")] if whole.is_known else [])
    gone = sum(
        each.amount
        for each in entries
        if each.direction is Direction.REFUND and each.state is not PaymentState.FAILED
    )
    assert whole.left == whole.received - gone - whole.disputed or not whole.is_known


def test_a_refund_that_was_asked_for_here_is_one_with_what_is_told_of_it() -> None:
    asked = AskedRefund(amount=Decimal("38.00"), at=AT, by="usr_1")
    known = CardPayment(
        id="pi_1", currency="EUR", received=Decimal("238.00"), paid_at=AT, asked={ASKED: asked}, **KNOWN
    )
    assert [each.state for each in known.entries()] == [PaymentState.DONE, PaymentState.PENDING]
    told = Refund(amount=Decimal("38.00"), currency="EUR", state=PaymentState.DONE, at=AT, asked_as=ASKED)
    after = known.joined(CardPayment(id="pi_1", refunds={"re_1": told}))
    assert [(each.id, each.state) for each in after.entries()][1:] == [(ASKED, PaymentState.DONE)]
    twice = after.joined(CardPayment(id="pi_1", refunds={"re_2": told}))
    assert len(twice.entries()) == 3, "money that went back twice is seen"


@pytest.mark.parametrize(
    ("refused", "expected"), [(None, PaymentState.PENDING), ("charge_disputed", PaymentState.FAILED)]
)
def test_a_refund_nobody_has_told_of(refused: str | None, expected: PaymentState) -> None:
    asked = AskedRefund(amount=Decimal(1), at=AT, by="usr_1", refused=refused)
    known = CardPayment(
        id="pi_1", currency="EUR", received=Decimal(2), paid_at=AT, asked={ASKED: asked}, **KNOWN
    )
    assert known.entries()[-1].state is expected


def test_a_refund_told_in_another_currency_is_of_what_was_asked_for() -> None:
    asked = AskedRefund(amount=Decimal("38.00"), at=AT, by="usr_1")
    told = Refund(amount=Decimal(6400), currency="JPY", state=PaymentState.DONE, at=AT, asked_as=ASKED)
    known = CardPayment(
        id="pi_1", currency="EUR", received=Decimal("238.00"), paid_at=AT, asked={ASKED: asked},
        refunds={"re_1": told}, **KNOWN,
    )  # fmt: skip
    assert [(each.amount, each.state) for each in known.entries()][1:] == [
        (Decimal("38.00"), PaymentState.DONE)
    ]


def test_a_dispute_in_another_currency_is_about_all_of_it() -> None:
    dispute = Dispute(amount=Decimal(300), currency="USD", state=DisputeState.OPEN, at=AT)
    known = CardPayment(
        id="pi_1", currency="EUR", received=Decimal("238.00"), paid_at=AT, disputes={"du_1": dispute}, **KNOWN
    )
    assert (known.disputed, known.left) == (Decimal("238.00"), Decimal(0))
