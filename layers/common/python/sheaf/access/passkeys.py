"""A passkey: a key pair of which a person's device keeps the secret half (W3C Web Authentication)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

MOST = 10


class Passkey(BaseModel):
    """``public_key`` is the COSE key as the authenticator gave it."""

    model_config = ConfigDict(frozen=True)

    id: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime | None = None
