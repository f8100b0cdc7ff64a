"""API keys of the workspace."""

from __future__ import annotations

from functions.accounts.routes import api
from sheaf.access.roles import Permission
from sheaf.accounts.keys import KeyList, KeyQuery, KeyView, NewKey, list_keys, make_key, revoke_key, show_key
from sheaf.accounts.members import show_member
from sheaf.accounts.notices import News, notice
from sheaf.accounts.workspaces import show_workspace
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.identity import Credential
from sheaf.edge.notices import occasion, telling
from sheaf.edge.request import Request
from sheaf.storage.tenant import Tenant


def same_key(tenant: Tenant, subject: str, **_: object) -> KeyView:
    return show_key(tenant, subject)


@api.post(
    "/v1/api-keys",
    permission=Permission.KEY_WRITE,
    audit=Action.API_KEY_CREATED,
    replay=same_key,
    step_up=True,
)
def make(
    tenant: Tenant, credential: Credential, body: NewKey, app: Application, request: Request
) -> Answer[KeyView]:
    """Make an API key. Its `secret` is in this answer and nowhere else."""
    key = make_key(tenant, body, by=credential.held_role)
    facts = {"name": key.name, "display": key.display, "role": key.role.value}
    maker, workspace = show_member(tenant, tenant.actor.id), show_workspace(tenant).name
    mail = notice(News.KEY_MADE, maker.email, occasion(app, request), workspace=workspace, **facts)
    return Answer(key, then=telling(app, request, [mail]))


@api.get("/v1/api-keys", permission=Permission.KEY_READ)
def keys(tenant: Tenant, query: KeyQuery) -> KeyList:
    """The workspace's API keys, without their secrets."""
    return list_keys(tenant, query)


@api.delete("/v1/api-keys/<key_id>", permission=Permission.KEY_WRITE, audit=Action.API_KEY_REVOKED)
def revoke(tenant: Tenant, credential: Credential, key_id: str) -> None:
    """Revoke an API key; it is refused from the next request on."""
    revoke_key(tenant, key_id, by=credential.held_role)
