"""The captured documents as the API shows them, and taking one away."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from sheaf.audit.entries import Change
from sheaf.capture.documents import Document, Failure, Status, Summary
from sheaf.capture.ports import Tenant
from sheaf.capture.reading import Check, DocumentType, LineItem, Source, TaxLine
from sheaf.capture.reading import Field as ReadingField
from sheaf.kernel.errors import Gone, NotFound, NotYet
from sheaf.kernel.ids import is_id
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT, Page


class FileView(BaseModel):
    """``expires_on``: the day from which the sweep deletes the file, by the setting as it is now.

    ``deleted_at``: the file is gone, in all versions; a deletion certificate covers it.
    """

    size: int
    sha256: str | None
    content_type: str
    pages: int
    uploaded_at: AwareDatetime
    expires_on: date | None = None
    deleted_at: AwareDatetime | None = None


class ReadingView(BaseModel):
    document_type: DocumentType
    engine: Source
    fields: dict[str, ReadingField]
    line_items: tuple[LineItem, ...]
    tax_breakdown: tuple[TaxLine, ...]
    checks: tuple[Check, ...]


class DocumentItemView(BaseModel):
    """A document in a list."""

    id: str
    filename: str
    status: Status
    created_at: AwareDatetime
    summary: Summary
    failure: Failure | None = None


class DocumentView(BaseModel):
    id: str
    filename: str
    status: Status
    created_at: AwareDatetime
    created_by: str
    file: FileView | None = None
    duplicate_of: str | None = None
    failure: Failure | None = None
    reading: ReadingView | None = None


class DocumentList(BaseModel):
    items: list[DocumentItemView]
    next_cursor: str | None


class DocumentQuery(BaseModel):
    status: Status | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^doc_[0-9a-z]{26}$")] | None = None


class FileLink(BaseModel):
    url: str
    expires_at: AwareDatetime


def list_documents(tenant: Tenant, query: DocumentQuery) -> DocumentList:
    page: Page[Document] = tenant.documents.page(limit=query.limit, cursor=query.cursor, status=query.status)
    items = [
        DocumentItemView(
            id=document.id,
            filename=document.filename,
            status=document.status,
            created_at=document.created_at,
            summary=document.summary,
            failure=document.failure,
        )
        for document in page.items
    ]
    return DocumentList(items=items, next_cursor=page.next_cursor)


def show_document(tenant: Tenant, document_id: str) -> DocumentView:
    document = _find(tenant, document_id)
    reading = tenant.readings.get(document_id) if document.engine else None
    return DocumentView(
        id=document.id,
        filename=document.filename,
        status=document.status,
        created_at=document.created_at,
        created_by=document.created_by,
        file=_file(tenant, document),
        duplicate_of=document.duplicate_of,
        failure=document.failure,
        reading=ReadingView(**dict(reading)) if reading else None,
    )


def link_to_file(tenant: Tenant, document_id: str, lifetime: timedelta) -> FileLink:
    document = _find(tenant, document_id)
    if document.file is None:
        raise NotFound("The file of this document has not arrived yet.", code="file_not_there")
    stored = tenant.files.get(document.file.id)
    if stored is None:
        raise Gone("The file was deleted when its retention window closed. What it said is still here.")
    url = tenant.blobs.presign_download(
        document_id, stored.version_id, filename=document.filename, lifetime=lifetime
    )
    return FileLink(url=url, expires_at=tenant.clock.now() + lifetime)


def delete_document(tenant: Tenant, document_id: str) -> None:
    """Hard: the bytes first, in all versions; then, in one transaction, all that is known of them."""
    document = _find(tenant, document_id)
    if tenant.blobs.erase([document_id])[document_id].error:
        raise NotYet("The file could not be deleted completely; nothing else was. Try again.")
    tenant.documents.remove(document)
    tenant.readings.remove(document_id)
    if document.file:
        if tenant.files.get(document.file.id):
            tenant.files.remove(document.file.id)
        digest = tenant.digests.get(document.file.sha256) if document.file.sha256 else None
        if digest and digest.document_id == document_id:
            tenant.digests.release(digest.sha256, document_id)
    tenant.record(Change(subject=document_id, before={"status": document.status.value}))


def _find(tenant: Tenant, document_id: str) -> Document:
    document = tenant.documents.get(document_id) if is_id(document_id, "doc") else None
    if document is None:
        raise NotFound("There is no such document in this workspace.")
    return document


def _file(tenant: Tenant, document: Document) -> FileView | None:
    file = document.file
    if file is None:
        return None
    expires_on: date | None = None
    deleted_at: datetime | None = None
    if tenant.files.get(file.id):
        workspace = tenant.workspace.get()
        expires_on = workspace.retention.expires_on(file.uploaded_at) if workspace else None
    else:
        certificate = tenant.certificates.covering(file.id)
        deleted_at = certificate.deleted_at if certificate else None
    return FileView(
        size=file.size,
        sha256=file.sha256,
        content_type=file.content_type,
        pages=file.pages,
        uploaded_at=file.uploaded_at,
        expires_on=expires_on,
        deleted_at=deleted_at,
    )
