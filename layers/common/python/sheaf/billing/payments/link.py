"""A payment link: whoever has its address may look at one invoice, and pay it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

PAGE = "/pay/"


class PaymentLink(BaseModel):
    """``checkout_id`` is the last of the ``checkouts`` that were begun there."""

    model_config = ConfigDict(frozen=True)

    id: str
    issued_id: str
    digest: str
    created_by: str
    ends_at: datetime
    revoked_at: datetime | None = None
    checkout_id: str | None = None
    checkouts: int = 0
    version: int = 0

    def holds(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.ends_at


@dataclass(frozen=True)
class Found:
    """What a token leads to."""

    workspace_id: str
    issued_id: str
    link_id: str
