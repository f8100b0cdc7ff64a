"""From a request's headers to a verified credential. The workspace comes from here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheaf.access.actor import Actor, ActorKind
from sheaf.access.keys import digest, is_well_formed
from sheaf.kernel.errors import Unauthenticated

if TYPE_CHECKING:
    from sheaf.access.roles import Role
    from sheaf.bootstrap import Application


@dataclass(frozen=True)
class Credential:
    workspace_id: str
    actor: Actor
    role: Role


def authenticate(headers: Mapping[str, str], application: Application) -> Credential:
    """``Authorization: Bearer shf_live_...``. A key with a wrong checksum is refused before any look-up."""
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    if not secret:
        raise Unauthenticated("Send an API key: `Authorization: Bearer shf_live_...`.")
    if scheme.lower() != "bearer" or not is_well_formed(secret.strip()):
        raise Unauthenticated("This is not a valid API key.", code="invalid_api_key")
    key = application.directory.api_key(digest(secret.strip()))
    if key is None or not key.is_valid(application.clock.now()):
        raise Unauthenticated("This is not a valid API key.", code="invalid_api_key")
    return Credential(
        workspace_id=key.workspace_id, actor=Actor(kind=ActorKind.API_KEY, id=key.id), role=key.role
    )
