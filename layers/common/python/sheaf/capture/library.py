"""The captured documents as the API shows them, and taking one away."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from sheaf.audit.entries import Change
from sheaf.capture.documents import Document, PartOf, Status, StoredFile
from sheaf.capture.kept import KeptReading
from sheaf.capture.packets import forget_set_aside
from sheaf.capture.ports import Tenant
from sheaf.capture.search import EVERY, Question, Shelf, shelf_of
from sheaf.capture.sight import without_others
from sheaf.capture.splitting import release_bytes
from sheaf.capture.views import DocumentItemView, DocumentView, FileView, document_view, item_view
from sheaf.capture.words import words
from sheaf.kernel.errors import Gone, NotFound, NotYet
from sheaf.kernel.ids import is_id
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT, decoded, encoded, unknown_cursor


class DocumentList(BaseModel):
    items: list[DocumentItemView]
    next_cursor: str | None


def _with_words(text: str) -> str:
    if not words(text):
        raise ValueError("A word or a number is wanted")
    return text


_Key = Annotated[str, Field(min_length=1, max_length=100)]
_Text = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_with_words)]
_Amount = Annotated[Decimal, Field(max_digits=18, allow_inf_nan=False)]


class Selection(BaseModel):
    """``q`` looks for words, or how they begin, in suppliers' names, numbers and filenames, all of them to be
    found; ``supplier`` is an id or a name; dates and amounts are inclusive.
    """

    status: Status | None = None
    q: _Text | None = None
    supplier: _Text | None = None
    client: _Key | None = None
    check: _Key | None = None
    date_from: date | None = None
    date_to: date | None = None
    amount_from: _Amount | None = None
    amount_to: _Amount | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,400}$")] | None = None

    @property
    def question(self) -> Question:
        asked = self.model_dump(exclude={"q", "limit", "cursor"})
        return Question(**asked, text=self.q)


class DocumentQuery(Selection):
    """The newest first; with dates or amounts, the latest or largest first."""


class FileLink(BaseModel):
    """``first_page`` and ``last_page`` (counted from 1) are there when the document is a part of the file."""

    url: str
    expires_at: AwareDatetime
    first_page: int | None = None
    last_page: int | None = None


def list_documents(tenant: Tenant, query: DocumentQuery) -> DocumentList:
    """What is asked about content is answered by the search index, a moment behind the documents."""
    shelf = shelf_of(query.question) or (EVERY if tenant.visibility.is_limited else None)
    if shelf is not None:
        return look_up(tenant, shelf, query)
    if query.cursor is not None and not is_id(query.cursor, "doc"):
        raise unknown_cursor()
    page = tenant.documents.page(limit=query.limit, cursor=query.cursor, status=query.status)
    return DocumentList(items=[item_view(each) for each in page.items], next_cursor=page.next_cursor)


def look_up(tenant: Tenant, shelf: Shelf, query: Selection) -> DocumentList:
    page = tenant.search.page(
        shelf, query.question, limit=query.limit, cursor=decoded(query.cursor) if query.cursor else None
    )
    return DocumentList(items=page.items, next_cursor=encoded(page.next_cursor) if page.next_cursor else None)


def show_document(tenant: Tenant, document_id: str) -> DocumentView:
    document = find_document(tenant, document_id)
    return shown(tenant, document, tenant.readings.get(document_id) if document.engine else None)


def shown(tenant: Tenant, document: Document, kept: KeptReading | None) -> DocumentView:
    exports = tenant.export_marks.of(document.id) if kept else ()
    view = document_view(document, kept, _file(tenant, document), exports)
    return without_others(tenant, view) if tenant.visibility.is_limited else view


def link_to_file(tenant: Tenant, document_id: str, lifetime: timedelta) -> FileLink:
    document = find_document(tenant, document_id)
    stored = file_of(tenant, document)
    url = tenant.blobs.presign_download(
        stored.document_id, stored.version_id, filename=document.filename, lifetime=lifetime
    )
    return FileLink(
        url=url,
        expires_at=tenant.clock.now() + lifetime,
        first_page=document.part_of.first_page if document.part_of else None,
        last_page=document.part_of.last_page if document.part_of else None,
    )


def file_of(tenant: Tenant, document: Document) -> StoredFile:
    """Raises NotFound, Gone."""
    if document.file is None:
        raise NotFound("The file of this document has not arrived yet.", code="file_not_there")
    stored = tenant.files.get(document.file.id)
    if stored is None:
        raise Gone("The file was deleted when its retention window closed. What it said is still here.")
    return stored


PARTS_AT_ONCE = 30
"""A part, its reading and its audit entry are three of the hundred actions of a transaction."""


def delete_document(tenant: Tenant, document_id: str) -> bool:
    """Hard: the bytes first, in all versions; then all that is known of them, with the parts of a file that
    was split. A part alone leaves the file and the other parts.

    True: there are more parts than fit one unit of work. Commit it, and call again.
    """
    document = find_document(tenant, document_id)
    if document.part_of:
        _delete_part(tenant, document, document.part_of)
        return False
    stored = tenant.files.get(document.file.id) if document.file else None  # as it is before the bytes go
    if tenant.blobs.erase([document_id])[document_id].error:
        raise NotYet("The file could not be deleted completely; nothing else was. Try again.")
    if document.undoable:
        forget_set_aside(tenant, document)
        return True
    kept, going = document.parts[:-PARTS_AT_ONCE], document.parts[-PARTS_AT_ONCE:]
    for part_id in going:
        tenant.documents.remove_part(part_id)
        tenant.readings.remove(part_id)
        tenant.record(Change(subject=part_id, before={"part_of": document_id}))
    release_bytes(tenant, document)  # at once: nobody copies what is going
    if kept:
        tenant.documents.save(document.model_copy(update={"parts": kept}))
        return True
    tenant.documents.remove(document)
    tenant.readings.remove(document_id)
    if stored:
        tenant.files.remove(stored.id, pictures=stored.pictures)
    tenant.record(Change(subject=document_id, before={"status": document.status.value}))
    return False


def _delete_part(tenant: Tenant, part: Document, of: PartOf) -> None:
    """A later upload of the same bytes is read anew: what is left here is not all of it."""
    whole = find_document(tenant, of.document_id)
    rest = tuple(each for each in whole.parts if each != part.id)
    tenant.documents.save(whole.model_copy(update={"parts": rest}))
    tenant.documents.remove(part)
    tenant.readings.remove(part.id)
    release_bytes(tenant, whole)
    tenant.record(Change(subject=part.id, before={"status": part.status.value, "part_of": whole.id}))


def find_document(tenant: Tenant, document_id: str) -> Document:
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
