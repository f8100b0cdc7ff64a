"""API keys of a workspace: made, listed, revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from sheaf.access.keys import ApiKey, digest, display_of, new_secret
from sheaf.access.roles import GRANTS, PEOPLE_ONLY, Permission, Role
from sheaf.accounts.limiting import ClientIds, limit_to, shown, told
from sheaf.accounts.members import require_reach
from sheaf.audit.entries import Change
from sheaf.kernel.errors import InvalidRequest, NotFound
from sheaf.kernel.names import Name
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT

if TYPE_CHECKING:
    from sheaf.accounts.ports import Tenant

_SCOPES = frozenset[Permission]().union(*GRANTS.values()) - PEOPLE_ONLY
Scope = Annotated[Permission, WithJsonSchema({"type": "string", "enum": sorted(_SCOPES)})]
"""What an API key may do at most; how much of it, its role says."""

_LONGEST = timedelta(days=3653)
"""Ten years, and the leap days in them."""


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:  # a first or last day of the calendar, with an offset that leaves it
        raise PydanticCustomError("no_such_time", "There is no such time in UTC") from error


class NewKey(BaseModel):
    """``role`` is the most it may do, ``scopes`` narrow that. ``clients``: those whose documents it sees;
    null: every document. Without ``expires_at`` it never expires.
    """

    model_config = ConfigDict(extra="forbid")

    name: Name
    role: Role = Role.MEMBER
    scopes: Annotated[frozenset[Scope], Field(min_length=1)] | None = None
    clients: ClientIds | None = None
    expires_at: Annotated[AwareDatetime, AfterValidator(_utc)] | None = None


class KeyView(BaseModel):
    """``secret`` is the key itself, in the answer to its making and never again."""

    id: str
    name: str
    display: str
    role: Role
    scopes: list[Scope] | None
    clients: list[str] | None = None
    created_at: AwareDatetime
    created_by: str
    expires_at: AwareDatetime | None
    used_at: AwareDatetime | None
    secret: str | None = None


class KeyList(BaseModel):
    items: list[KeyView]
    next_cursor: str | None


class KeyQuery(BaseModel):
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^key_[0-9a-z]{26}$")] | None = None


def make_key(tenant: Tenant, new: NewKey, *, by: Role) -> KeyView:
    """``by`` is the role of whoever asks: a key can do no more than its maker."""
    require_reach(by, new.role)
    now = tenant.clock.now()
    if new.expires_at is not None and new.expires_at <= now:
        raise InvalidRequest("The key would have expired already: choose a later time.")
    if new.expires_at is not None and new.expires_at > now + _LONGEST:
        raise InvalidRequest("A key expires within ten years: choose an earlier time, or none.")
    if new.scopes is not None and (beyond := new.scopes - (GRANTS[new.role] - PEOPLE_ONLY)):
        named = ", ".join(sorted(beyond))
        raise InvalidRequest(f"A key with the role {new.role} can never do this: {named}.")
    secret = new_secret()
    key = ApiKey(
        id=tenant.new_id("key"),
        workspace_id=tenant.workspace_id,
        name=new.name,
        display=display_of(secret),
        role=new.role,
        scopes=new.scopes,
        clients=limit_to(tenant, new.role, new.clients),
        created_at=now,
        created_by=tenant.actor.id,
        expires_at=new.expires_at,
    )
    tenant.keys.add(key, digest(secret))
    limit = {"clients": told(key.clients)} if key.clients else {}
    tenant.record(Change(subject=key.id, after={"role": key.role.value, "name": key.name, **limit}))
    return _view(tenant, key).model_copy(update={"secret": secret})


def show_key(tenant: Tenant, key_id: str) -> KeyView:
    found = tenant.keys.get(key_id)
    if found is None:
        raise NotFound("There is no such API key.")
    return _view(tenant, found[0])


def list_keys(tenant: Tenant, query: KeyQuery) -> KeyList:
    page = tenant.keys.page(limit=query.limit, cursor=query.cursor)
    return KeyList(items=[_view(tenant, key) for key in page.items], next_cursor=page.next_cursor)


def revoke_key(tenant: Tenant, key_id: str, *, by: Role) -> None:
    """It is refused from the next request on."""
    found = tenant.keys.get(key_id)
    if found is None:
        raise NotFound("There is no such API key.")
    key, hashed = found
    require_reach(by, key.role)
    tenant.keys.remove(key, hashed)
    tenant.record(Change(subject=key.id, before={"role": key.role.value, "name": key.name}))


def _view(tenant: Tenant, key: ApiKey) -> KeyView:
    return KeyView(
        id=key.id,
        name=key.name,
        display=key.display,
        role=key.role,
        scopes=None if key.scopes is None else sorted(key.scopes),
        clients=shown(tenant, key.role, key.clients),
        created_at=key.created_at,
        created_by=key.created_by,
        expires_at=key.expires_at,
        used_at=key.used_at,
    )
