"""Clients as the API shows them: making them, looking them up, changing them, archiving them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sheaf.audit.entries import Change
from sheaf.capture.clients.choosing import ClientId
from sheaf.capture.clients.client import Client
from sheaf.capture.ports import Tenant
from sheaf.capture.search import every_document_of
from sheaf.kernel.errors import Conflict, NotFound
from sheaf.kernel.ids import created_at
from sheaf.kernel.names import Name
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT
from sheaf.kernel.preconditions import IfMatch


class NewClient(BaseModel):
    """``reference``: what the client is called elsewhere, such as its number in the books."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    reference: Name | None = None


class ClientChange(BaseModel):
    """What is left out stays; ``reference`` null takes it away. An ``archived`` client keeps its documents
    and gets no more.
    """

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    reference: Name | None = None
    archived: bool | None = None


class ClientView(BaseModel):
    """``version`` counts its changes, and is its ETag."""

    id: str
    name: str
    reference: str | None
    archived: bool
    created_at: AwareDatetime
    version: int


class ClientList(BaseModel):
    items: list[ClientView]
    next_cursor: str | None


class ClientQuery(BaseModel):
    archived: bool | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: ClientId | None = None


def make_client(tenant: Tenant, new: NewClient) -> ClientView:
    client = Client(id=tenant.new_id("cli"), name=new.name, reference=new.reference)
    tenant.clients.add(client)
    tenant.record(Change(subject=client.id))
    return _view(client.model_copy(update={"version": 1}))


def list_clients(tenant: Tenant, query: ClientQuery) -> ClientList:
    """Oldest first."""
    page = tenant.clients.page(limit=query.limit, cursor=query.cursor, archived=query.archived)
    return ClientList(items=[_view(client) for client in page.items], next_cursor=page.next_cursor)


def show_client(tenant: Tenant, client_id: str) -> ClientView:
    return _view(find_client(tenant, client_id))


def change_client(tenant: Tenant, client_id: str, change: ClientChange, if_match: IfMatch) -> ClientView:
    before = find_client(tenant, client_id)
    if_match.check(before.version)
    wanted = change.model_dump(exclude_unset=True)
    kept = {name: value for name, value in wanted.items() if value is not None or name == "reference"}
    after = before.model_copy(update=kept)
    if after == before:
        return _view(before)
    changed = [name for name in ClientChange.model_fields if getattr(after, name) != getattr(before, name)]
    tenant.record(Change(subject=before.id, after={"changed": ", ".join(changed)}))
    return _view(tenant.clients.save(after))


def delete_client(tenant: Tenant, client_id: str) -> None:
    client = find_client(tenant, client_id)
    if tenant.search.is_used(every_document_of(client.id)):
        raise Conflict(
            "There are documents of this client: archive it, or give them to another one first.",
            code="client_in_use",
        )
    tenant.clients.remove(client)
    tenant.record(Change(subject=client.id))


def find_client(tenant: Tenant, client_id: str) -> Client:
    client = tenant.clients.get(client_id)
    if client is None:
        raise NotFound("There is no such client in this workspace.")
    return client


def _view(client: Client) -> ClientView:
    return ClientView(
        id=client.id,
        name=client.name,
        reference=client.reference,
        archived=client.archived,
        created_at=created_at(client.id),
        version=client.version,
    )
