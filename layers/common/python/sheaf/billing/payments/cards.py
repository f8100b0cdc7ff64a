"""What became of a card payment, put together from what the provider tells of it in any order.

Facts are joined: of two the later stays, or the one that is further on. So every order and every repetition
of the same events leaves the same, and what follows for the document is worked out from the facts alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sheaf.billing.payments.payment import Direction, Method, Payment, PaymentState
from sheaf.kernel.ids import created_at, derived_id

SOURCE = "stripe"
_ZERO = Decimal(0)
_PROGRESS = {state: rank for rank, state in enumerate(PaymentState)}


class Refund(BaseModel):
    """What the provider tells of one. ``asked_as``: the id of the refund here that asked for it."""

    model_config = ConfigDict(frozen=True)

    amount: Decimal
    currency: str
    state: PaymentState
    at: datetime
    asked_as: str | None = None

    def joined(self, other: Refund) -> Refund:
        """Each fact for itself: what is said of one refund differs in its state alone, if Stripe says it."""
        return Refund(
            amount=max(self.amount, other.amount),
            currency=max(self.currency, other.currency),
            state=max(self.state, other.state, key=_PROGRESS.__getitem__),
            at=min(self.at, other.at),
            asked_as=max(self.asked_as or "", other.asked_as or "") or None,
        )


class AskedRefund(BaseModel):
    """One that somebody asked for here. ``refused``: the provider's word for why there is none."""

    model_config = ConfigDict(frozen=True)

    amount: Decimal
    at: datetime
    by: str
    reference: str | None = None
    taken_as: str | None = None
    """The provider's id of it."""

    refused: str | None = None


class DisputeState(StrEnum):
    INQUIRY = "inquiry"
    """The bank asks; no money has moved."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Dispute(BaseModel):
    model_config = ConfigDict(frozen=True)

    amount: Decimal
    currency: str
    state: DisputeState
    at: datetime

    def joined(self, other: Dispute) -> Dispute:
        """What is decided stays so unless it is decided again: the provider's times are whole seconds."""
        return max(
            self, other, key=lambda each: (each.is_over, each.at, each.state, each.amount, each.currency)
        )

    @property
    def is_over(self) -> bool:
        return self.state in (DisputeState.WON, DisputeState.LOST)


class CardPayment(BaseModel):
    """``id`` is the provider's. ``issued_id`` and ``checkout_id`` are None until it tells what was paid: a
    refund may be told before its payment. ``paid_at``: when, as it says.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    issued_id: str | None = None
    checkout_id: str | None = None
    currency: str | None = None
    received: Annotated[Decimal, Field(ge=0)] = _ZERO
    paid_at: datetime | None = None
    refunds: Mapping[str, Refund] = {}
    asked: Mapping[str, AskedRefund] = {}
    disputes: Mapping[str, Dispute] = {}
    version: int = 0

    def joined(self, news: CardPayment) -> CardPayment:
        times = [at for at in (self.paid_at, news.paid_at) if at is not None]
        return self.model_copy(
            update={
                "issued_id": self.issued_id or news.issued_id,
                "checkout_id": self.checkout_id or news.checkout_id,
                "currency": self.currency or news.currency,
                "received": max(self.received, news.received),
                "paid_at": min(times, default=None),
                "refunds": _joined(self.refunds, news.refunds, Refund.joined),
                "disputes": _joined(self.disputes, news.disputes, Dispute.joined),
            }
        )

    @property
    def is_known(self) -> bool:
        """Whether it is known what was paid."""
        return self.issued_id is not None and self.checkout_id is not None and self.paid_at is not None

    @property
    def left(self) -> Decimal:
        """What could still go back."""
        gone = sum((each.amount for each in self.entries() if _went_back(each)), _ZERO)
        return self.received - gone - self.disputed

    @property
    def disputed(self) -> Decimal:
        """What the payer's bank holds back until it has decided."""
        if not self.is_known:
            return _ZERO
        under_way = (each for each in self.disputes.values() if each.state is DisputeState.OPEN)
        return sum(map(self._disputed, under_way), _ZERO)

    @property
    def payment_id(self) -> str:
        return self._derived("pay", self.id)

    def entries(self) -> list[Payment]:
        """What stands on the document for it: the payment, and what went back of it."""
        if not self.is_known or self.paid_at is None:
            return []
        paid = _entry(self.payment_id, self.received, self.paid_at, reference=self.id)
        return [
            paid.model_copy(update={"direction": Direction.PAYMENT}),
            *self._asked_refunds(),
            *self._other_refunds(),
            *self._lost(),
        ]

    def _asked_refunds(self) -> Iterator[Payment]:
        answers = self._answers()
        for asked_id, asked in self.asked.items():
            told = self.refunds.get(answers.get(asked_id, ""))
            refused = PaymentState.FAILED if asked.refused else PaymentState.PENDING
            entry = _entry(
                asked_id,
                told.amount if told and told.currency == self.currency else asked.amount,
                asked.at,
                reference=asked.reference,
                state=told.state if told else refused,
            )
            yield entry.model_copy(update={"by": asked.by})

    def _other_refunds(self) -> Iterator[Payment]:
        """Those that were made in the provider's own pages."""
        answers = set(self._answers().values())
        for name, refund in self.refunds.items():
            if name not in answers and refund.currency == self.currency:
                identifier = self._derived("rfd", name)
                yield _entry(identifier, refund.amount, refund.at, reference=name, state=refund.state)

    def _lost(self) -> Iterator[Payment]:
        """A dispute that is lost is money that went back."""
        for name, dispute in self.disputes.items():
            if dispute.state is DisputeState.LOST:
                identifier = self._derived("rfd", name)
                yield _entry(identifier, self._disputed(dispute), dispute.at, reference=name)

    def _disputed(self, dispute: Dispute) -> Decimal:
        return dispute.amount if dispute.currency == self.currency else self.received

    def _answers(self) -> dict[str, str]:
        """The provider's refund for each that was asked for here; one answers one."""
        found: dict[str, str] = {}
        for refund_id in sorted(self.refunds, reverse=True):
            asked_as = self.refunds[refund_id].asked_as
            if asked_as is not None and asked_as in self.asked:
                found[asked_as] = refund_id
        return found

    def _derived(self, prefix: str, name: str) -> str:
        return derived_id(prefix, created_at(self.checkout_id or ""), SOURCE, name)


def _joined[Fact](
    ours: Mapping[str, Fact], theirs: Mapping[str, Fact], join: Callable[[Fact, Fact], Fact]
) -> dict[str, Fact]:
    found = {**ours, **theirs} | {
        name: join(ours[name], theirs[name]) for name in ours.keys() & theirs.keys()
    }
    return dict(sorted(found.items()))


def _entry(
    identifier: str,
    amount: Decimal,
    at: datetime,
    *,
    reference: str | None,
    state: PaymentState = PaymentState.DONE,
) -> Payment:
    """A refund, noted by the provider."""
    return Payment(
        id=identifier,
        direction=Direction.REFUND,
        amount=amount,
        method=Method.CARD,
        day=at.date(),
        reference=reference,
        source=SOURCE,
        state=state,
        at=at,
        by=SOURCE,
    )


def _went_back(entry: Payment) -> bool:
    return entry.direction is Direction.REFUND and entry.state is not PaymentState.FAILED
