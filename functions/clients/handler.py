"""Clients: making and looking them up, and saying which documents are theirs."""

from __future__ import annotations

from functools import partial
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
from sheaf.capture.views import DocumentView
from sheaf.edge.api import Answer, Api
from sheaf.edge.conflicts import again_on_conflict
from sheaf.kernel.errors import Conflict, NotFound
from sheaf.kernel.preconditions import ANY, IfMatch, etag
from sheaf.review.assigning import (
    Assigned,
    Assignment,
    AssignmentReport,
    ClientChoice,
    Outcome,
    assign,
    is_assigned,
    note_assignment,
    show_assigned,
)
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


def as_assigned(tenant: Tenant, client_id: str, body: Assignment, subject: str) -> AssignmentReport:  # noqa: ARG001 - what the route takes
    """What came of it, by what is there now."""
    done = (
        (document_id, is_assigned(tenant, document_id, client_id))
        for document_id in dict.fromkeys(body.document_ids)
    )
    return AssignmentReport(
        items=[
            Assigned(document_id=each, outcome=Outcome.ASSIGNED if is_theirs else Outcome.REFUSED)
            for each, is_theirs in done
        ]
    )


@api.post(
    "/v1/clients/<client_id>/documents",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.CLIENT_DOCUMENTS_ASSIGNED,
    replay=as_assigned,
    status=HTTPStatus.OK,
)
def assign_all(tenant: Tenant, client_id: str, body: Assignment) -> AssignmentReport:
    """Say of up to a hundred documents that they are this client's. Each is told of by itself."""
    find_client(tenant, client_id)
    ids = dict.fromkeys(body.document_ids)
    report = AssignmentReport(items=[_assigned(tenant, each, client_id) for each in ids])
    note_assignment(tenant, client_id, report)
    return report


@api.put(
    "/v1/documents/<document_id>/client",
    permission=Permission.DOCUMENT_WRITE,
    audit=Action.DOCUMENT_ASSIGNED,
)
def give(tenant: Tenant, document_id: str, body: ClientChoice, if_match: IfMatch) -> Answer[DocumentView]:
    """Say whose a document is. The parts of a file go with it."""
    while (document := assign(tenant, document_id, body.client_id, if_match)) is None:
        tenant.commit(Action.DOCUMENT_ASSIGNED)
    return Answer(show_assigned(tenant, document), headers={"etag": etag(document.version)})


def _assigned(tenant: Tenant, document_id: str, client_id: str) -> Assigned:
    try:
        changed = again_on_conflict(partial(_give, tenant, document_id, client_id))
    except (NotFound, Conflict) as refusal:
        return Assigned(
            document_id=document_id, outcome=Outcome.REFUSED, code=refusal.code, message=refusal.message
        )
    return Assigned(document_id=document_id, outcome=Outcome.ASSIGNED if changed else Outcome.UNCHANGED)


def _give(tenant: Tenant, document_id: str, client_id: str) -> bool:
    """Whether it was another's before."""
    while assign(tenant, document_id, client_id, ANY) is None:
        tenant.commit(Action.DOCUMENT_ASSIGNED)
    changed = tenant.has_writes
    tenant.commit(Action.DOCUMENT_ASSIGNED)
    return changed


handler = api.handler
