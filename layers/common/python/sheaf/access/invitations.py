"""An invitation: a role in a workspace, offered to an address for a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from sheaf.access.roles import Role

LIFETIME = timedelta(days=7)


class Invitation(BaseModel):
    """``digest`` is that of the token in the mail; whoever accepts must be signed in with ``email``.

    ``clients`` are those whose documents they will see (None: all).
    """

    model_config = ConfigDict(frozen=True)

    id: str
    email: str
    role: Role
    invited_by: str
    expires_at: datetime
    digest: str
    clients: frozenset[str] | None = None

    def is_open(self, at: datetime) -> bool:
        return at < self.expires_at
