"""A session: somebody signed in, in one browser.

The cookie holds a token, the table its hash. Both limits are checked at every request; the table's TTL only
sweeps up afterwards.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from sheaf.access.roles import Role

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=10)
"""How coarse ``seen_at`` is: at most one write in that time."""

GRACE = timedelta(seconds=30)
"""A rotated token is good for requests that were on their way already."""

RECENT = timedelta(minutes=10)
"""A step-up asks for a sign-in, or a second factor, no longer ago than this."""


class Factor(StrEnum):
    EMAIL = "email"
    OPENID = "openid"
    PASSKEY = "passkey"
    TOTP = "totp"
    RECOVERY = "recovery"


_SECOND = frozenset((Factor.PASSKEY, Factor.TOTP, Factor.RECOVERY))


class Session(BaseModel):
    """``digest`` is its token's. ``workspace_id`` is the workspace its requests are about, and ``role`` the
    role they were last made with; who may do what is looked up anew each time.

    ``awaits_second_factor``: nothing but the second factor is taken from it. ``proved_at``: when the person
    last showed who they are.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    digest: str
    user_id: str
    workspace_id: str | None = None
    role: Role | None = None
    factors: frozenset[Factor] = frozenset()
    awaits_second_factor: bool = False
    created_at: datetime
    proved_at: datetime
    seen_at: datetime
    ends_at: datetime
    ip: str | None = None
    user_agent: str | None = None

    def is_live(self, at: datetime) -> bool:
        return at < self.ends_at and at - self.seen_at < IDLE

    @property
    def has_second_factor(self) -> bool:
        return bool(self.factors & _SECOND)

    def was_proved_lately(self, at: datetime) -> bool:
        return at - self.proved_at < RECENT
