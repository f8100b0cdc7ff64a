"""Who acts, and from where."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class ActorKind(StrEnum):
    USER = "user"
    API_KEY = "api_key"
    SYSTEM = "system"


class Actor(BaseModel):
    """``id`` names a user or an API key, or for ``system`` the function that acted."""

    model_config = ConfigDict(frozen=True)

    kind: ActorKind
    id: str


class Origin(BaseModel):
    """Where a request came from; empty for work that no request caused."""

    model_config = ConfigDict(frozen=True)

    ip: str | None = None
    user_agent: str | None = None
    request_id: str | None = None
