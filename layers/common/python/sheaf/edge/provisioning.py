"""Making a workspace and its first API key."""

from __future__ import annotations

from dataclasses import dataclass

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.access.keys import ApiKey, digest, display_of, new_secret
from sheaf.access.roles import Role
from sheaf.audit.entries import Action, Change
from sheaf.bootstrap import application
from sheaf.kernel.errors import NotFound
from sheaf.kernel.ids import new_id
from sheaf.retention.windows import Window
from sheaf.retention.workspace import Workspace

_ACTOR = Actor(kind=ActorKind.SYSTEM, id="provisioning")


@dataclass(frozen=True)
class Provisioned:
    """``api_key`` is shown this once: only its hash is kept."""

    workspace_id: str
    key_id: str
    api_key: str


def create_workspace(name: str, *, key_role: Role = Role.OWNER) -> Provisioned:
    app = application()
    now = app.clock.now()
    tenant = app.open(new_id("wrk", now), _ACTOR, Origin())
    fresh = Workspace(id=tenant.workspace_id, name=name, created_at=now)
    workspace = fresh.keeping(Window.SEVEN_YEARS, oldest_upload=None, now=now)
    tenant.workspace.add(workspace)
    tenant.record(Change(subject=workspace.id, after={"retention": workspace.retention.value}))
    tenant.commit(Action.WORKSPACE_CREATED)
    return create_key(workspace.id, "first key", role=key_role)


def create_key(workspace_id: str, name: str, *, role: Role) -> Provisioned:
    """Raises NotFound when there is no such workspace."""
    app = application()
    now = app.clock.now()
    tenant = app.open(workspace_id, _ACTOR, Origin())
    if tenant.workspace.get() is None:
        raise NotFound(f"There is no workspace {workspace_id}.")
    secret = new_secret()
    key = ApiKey(
        id=new_id("key", now),
        workspace_id=workspace_id,
        name=name,
        display=display_of(secret),
        role=role,
        created_at=now,
        created_by=_ACTOR.id,
    )
    tenant.keys.add(key, digest(secret))
    tenant.record(Change(subject=key.id, after={"role": role.value, "name": name}))
    tenant.commit(Action.API_KEY_CREATED)
    return Provisioned(workspace_id=workspace_id, key_id=key.id, api_key=secret)
