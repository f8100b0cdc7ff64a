"""Clients: making and looking them up, and saying which documents are theirs."""

from __future__ import annotations

from http import HTTPStatus

from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.capture.clients.library import (
    ClientChange,
    ClientList,
    ClientQuery,
    ClientView,
    NewClient,
    change_client,
    delete_client,
    find_client,
    list_clients,
    make_client,
    show_client,
)
from sheaf.capture.documents import Document
from sheaf.capture.views import DocumentView
from sheaf.edge.api import Answer, Api
from sheaf.edge.bulk import Bulk, BulkResult, Reference, for_each
from sheaf.kernel.preconditions import IfMatch, etag
from sheaf.review.assigning import ClientChoice, assign, show_assigned
from sheaf.storage.tenant import Tenant

api = Api()


def _shown(view: ClientView) -> Answer[ClientView]:
    return Answer(view, headers={"etag": etag(view.version)})


def same_client(tenant: Tenant, subject: str) -> Answer[ClientView]:
    return _shown(show_client(tenant, subject))


@api.post("/v1/clients", permission=Permission.CLIENT_WRITE, audit=Action.CLIENT_CREATED, replay=same_client)
def make(tenant: Tenant, body: NewClient) -> Answer[ClientView]:
    """Make a client, whose documents are kept together."""
    return _shown(make_client(tenant, body))


@api.get("/v1/clients", permission=Permission.CLIENT_READ)
def index(tenant: Tenant, query: ClientQuery) -> ClientList:
    """The clients, oldest first; `archived` tells those that get no more documents."""
    return list_clients(tenant, query)


@api.get("/v1/clients/<client_id>", permission=Permission.CLIENT_READ)
def show(tenant: Tenant, client_id: str) -> Answer[ClientView]:
    """A client."""
    return _shown(show_client(tenant, client_id))


@api.patch("/v1/clients/<client_id>", permission=Permission.CLIENT_WRITE, audit=Action.CLIENT_CHANGED)
def change(tenant: Tenant, client_id: str, body: ClientChange, if_match: IfMatch) -> Answer[ClientView]:
    """Rename a client, give it another reference, archive it, or take it up again."""
    return _shown(change_client(tenant, client_id, body, if_match))


@api.delete("/v1/clients/<client_id>", permission=Permission.CLIENT_WRITE, audit=Action.CLIENT_DELETED)
def delete(tenant: Tenant, client_id: str) -> None:
    """Delete a client that has no documents; one that has some is archived instead."""
    delete_client(tenant, client_id)


@api.post(
    "/v1/clients/<client_id>/documents",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.DOCUMENT_ASSIGNED,
    repeatable=True,
    status=HTTPStatus.OK,
)
def give_many(tenant: Tenant, client_id: str, body: Bulk) -> BulkResult:
    """Say of up to 100 documents that they are this client's. The parts of a file go with it."""
    find_client(tenant, client_id)

    def step(own: Tenant, document: Reference) -> None:
        _given(own, document.id, client_id, document.if_match)

    return for_each(body.documents, step, action=Action.DOCUMENT_ASSIGNED, tenant=tenant)


@api.put(
    "/v1/documents/<document_id>/client",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.DOCUMENT_ASSIGNED,
)
def give(tenant: Tenant, document_id: str, body: ClientChoice, if_match: IfMatch) -> Answer[DocumentView]:
    """Say whose a document is. The parts of a file go with it."""
    document = _given(tenant, document_id, body.client_id, if_match)
    return Answer(show_assigned(tenant, document), headers={"etag": etag(document.version)})


def _given(tenant: Tenant, document_id: str, client_id: str | None, if_match: IfMatch) -> Document:
    while (document := assign(tenant, document_id, client_id, if_match)) is None:
        tenant.commit(Action.DOCUMENT_ASSIGNED)
    return document


handler = api.handler
