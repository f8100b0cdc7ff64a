"""Looking at the pages of a file: pictures of them, which ``page_drawing`` makes when one is first wanted."""

from __future__ import annotations

from datetime import timedelta

from pydantic import AwareDatetime, BaseModel

from sheaf.capture.content_types import HEIC, JPEG, PDF, PNG, TIFF, WEBP
from sheaf.capture.documents import Document
from sheaf.capture.library import file_of, find_document
from sheaf.capture.ports import Tenant
from sheaf.kernel.errors import NotFound

_DRAWABLE = frozenset({PDF, PNG, JPEG, TIFF, WEBP, HEIC})


class PageLink(BaseModel):
    """``url`` is null while the picture is being drawn: ask again in a moment.

    ``document_id`` is that of the file's document, whose pages they are.
    """

    document_id: str
    page: int
    url: str | None = None
    expires_at: AwareDatetime | None = None


def link_to_page(tenant: Tenant, document_id: str, number: str, lifetime: timedelta) -> PageLink:
    """Of a part of a file, the pages are the file's. Raises NotFound, Gone."""
    document = find_document(tenant, document_id)
    stored = file_of(tenant, document)
    page = _page(document, number)
    picture = tenant.blobs.page(stored.document_id, page)
    if picture is None:
        return PageLink(document_id=stored.document_id, page=page)
    if picture.version_id is None:
        raise NotFound("This page does not open, so there is no picture of it.", code="page_unreadable")
    return PageLink(
        document_id=stored.document_id,
        page=page,
        url=tenant.blobs.presign_page(stored.document_id, page, picture.version_id, lifetime=lifetime),
        expires_at=tenant.clock.now() + lifetime,
    )


def _page(document: Document, number: str) -> int:
    file = document.file
    if file is None or file.content_type not in _DRAWABLE or not file.pages:
        raise NotFound("This file has no pages to look at.", code="no_pages")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < len("99999") else 0
    if not 1 <= page <= file.pages:
        raise NotFound(f"This file has {file.pages} pages, counted from 1.")
    return page
