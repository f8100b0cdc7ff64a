"""A payment, or a refund: money that moved for one issued document."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Direction(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"


class Method(StrEnum):
    BANK_TRANSFER = "bank_transfer"
    DIRECT_DEBIT = "direct_debit"
    CARD = "card"
    CASH = "cash"
    CHEQUE = "cheque"
    OTHER = "other"


class PaymentState(StrEnum):
    """Of what a payment provider carries out. What failed did not move after all, and counts for nothing."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Payment(BaseModel):
    """``amount`` is above zero either way, in the document's currency. ``source`` is who told of it:
    ``manual``, or a payment provider. ``day`` is when it was paid, ``at`` when that was noted.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    direction: Direction
    amount: Decimal
    method: Method
    day: date
    reference: str | None = None
    source: str = "manual"
    state: PaymentState = PaymentState.DONE
    at: datetime
    by: str
