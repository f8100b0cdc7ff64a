"""A checkout at the payment provider: what is asked there of whoever pays, as it was asked."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class CheckoutState(StrEnum):
    """In the order in which one is further on than another, whatever is told last."""

    OPEN = "open"
    EXPIRED = "expired"
    PROCESSING = "processing"
    """A debit is under way, for days."""

    FAILED = "failed"
    PAID = "paid"


_RANK = {state: rank for rank, state in enumerate(CheckoutState)}


class CardCheckout(BaseModel):
    """``id`` is ours and goes along with everything the provider tells; ``session_id`` is the provider's, and
    ``endpoint_id`` where it was to tell of it.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    issued_id: str
    link_id: str
    amount: Decimal
    currency: str
    session_id: str
    endpoint_id: str
    url: str
    ends_at: datetime
    state: CheckoutState = CheckoutState.OPEN
    version: int = 0

    def told(self, state: CheckoutState) -> CardCheckout:
        return self.model_copy(update={"state": max(self.state, state, key=_RANK.__getitem__)})
