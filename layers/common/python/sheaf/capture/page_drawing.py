"""Drawing the pages of a file that somebody wants to look at.

Pictures lie beside the file and go with it. One may be drawn while the file is being deleted: whoever has
put one there then counts that at the file's record (``pictures``), and whoever deletes the file removes the
record as it was before the bytes went. So one of the two notices: the deletion is begun again, or the record
is gone and the picture is taken away by whoever drew it.
"""

from __future__ import annotations

from sheaf.capture.documents import Document, StoredFile
from sheaf.capture.page_pictures import draw, slice_with
from sheaf.capture.ports import Tenant
from sheaf.kernel.confined import Bounds
from sheaf.kernel.errors import UnreadableFile


def draw_pages(tenant: Tenant, document_id: str, page: int, bounds: Bounds) -> None:
    """Puts pictures of this page and its neighbours beside the file, those that are not there yet.

    Stages that there are some: Conflict says that the file is going.
    """
    stored = _stored(tenant, document_id)
    document = tenant.documents.get(document_id)
    if stored is None or document is None or document.file is None:
        tenant.blobs.erase_pages(document_id)
        return
    there = tenant.blobs.pages_there(document_id)
    wanted = [each for each in slice_with(page) if each <= document.file.pages and each not in there]
    data = tenant.blobs.read(document_id, stored.version_id) if wanted else None
    if data is not None:
        pages = range(wanted[0], wanted[-1] + 1)
        for number, picture in zip(pages, _drawn(bounds, document, data, pages), strict=True):
            tenant.blobs.put_page(document_id, number, picture)
    tenant.files.count_pictures(stored.id)


def give_up_drawing(tenant: Tenant, document_id: str, page: int) -> None:
    """Whoever waits for it is told that there will be none."""
    if (stored := _stored(tenant, document_id)) is not None:
        tenant.blobs.put_page(document_id, page, None)
        tenant.files.count_pictures(stored.id)


def _stored(tenant: Tenant, document_id: str) -> StoredFile | None:
    document = tenant.documents.get(document_id)
    return tenant.files.get(document.file.id) if document and document.file else None


def _drawn(bounds: Bounds, document: Document, data: bytes, pages: range) -> list[bytes | None]:
    """One each; a page that is missing, or ends what draws it, is none."""
    content_type = document.file.content_type if document.file else ""
    try:
        found = draw(bounds, data, content_type, pages)
    except UnreadableFile:
        found = []
    return [*found, *[None] * (len(pages) - len(found))]
