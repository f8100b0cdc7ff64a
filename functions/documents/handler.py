"""The captured documents."""

from __future__ import annotations

from http import HTTPStatus

from functions.documents import again, batches, bulk, pages, usage
from functions.documents.routes import LINK_LIFETIME, api, remove
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.capture.library import (
    DocumentList,
    DocumentQuery,
    FileLink,
    link_to_file,
    list_documents,
    show_document,
)
from sheaf.capture.views import DocumentView
from sheaf.edge.api import Answer
from sheaf.kernel.preconditions import etag
from sheaf.storage.tenant import Tenant

__all__ = ["again", "api", "batches", "bulk", "handler", "pages", "usage"]


@api.get("/v1/documents", permission=Permission.DOCUMENT_READ)
def index(tenant: Tenant, query: DocumentQuery) -> DocumentList:
    """The documents, newest first."""
    return list_documents(tenant, query)


@api.get("/v1/documents/<document_id>", permission=Permission.DOCUMENT_READ)
def show(tenant: Tenant, document_id: str) -> Answer[DocumentView]:
    """A document: its state, its file, its reading."""
    view = show_document(tenant, document_id)
    return Answer(view, headers={"etag": etag(view.version)})


@api.get("/v1/documents/<document_id>/file", permission=Permission.DOCUMENT_READ, status=HTTPStatus.FOUND)
def file(tenant: Tenant, document_id: str) -> Answer[FileLink]:
    """The original file: a redirect to a link that works for five minutes.

    For a part of a file: the whole file, and the pages of the part.
    """
    link = link_to_file(tenant, document_id, LINK_LIFETIME)
    page = f"#page={link.first_page}" if link.first_page else ""
    return Answer(link, headers={"location": link.url + page})


@api.delete(
    "/v1/documents/<document_id>", permission=Permission.DOCUMENT_DELETE, audit=Action.DOCUMENT_DELETED
)
def delete(tenant: Tenant, document_id: str) -> None:
    """Delete a document, its file and its reading for good, and the parts of a file that was split.

    A part alone leaves the file and the other parts. Exports that hold it are withdrawn.
    """
    remove(tenant, document_id)


handler = api.handler
