"""Documents, in one workspace's partition."""

from __future__ import annotations

from datetime import timedelta

from sheaf.access.visibility import Visibility
from sheaf.capture.documents import (
    Division,
    Document,
    Failure,
    FileFacts,
    LastPart,
    PartOf,
    Rereading,
    Review,
    Status,
    Summary,
)
from sheaf.capture.reading import Source
from sheaf.kernel.ids import created_at
from sheaf.kernel.pages import Page
from sheaf.storage._table import DocumentItem
from sheaf.storage.codec import instant, milliseconds, seconds
from sheaf.storage.paging import collect
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent

_BROOM = timedelta(days=30)
"""How long an announced upload that never came is kept; the table's TTL removes it some time after.

Longer than an event about its file can be late: SQS keeps messages for 14 days, dead letters for 14 more.
"""

_AT_ONCE = 1000


class Documents:
    """Those that may be seen: any other is not there."""

    def __init__(self, partition: Partition, writes: list[Write], visibility: Visibility) -> None:
        self._partition = partition
        self._writes = writes
        self._visibility = visibility

    def get(self, document_id: str) -> Document | None:
        item = self._partition.get(DocumentItem, document_id)
        return document_of(item) if item and self._visibility.sees(item.client) else None

    def page(self, *, limit: int, cursor: str | None, status: Status | None) -> Page[Document]:
        """Newest first. Final states have an index; the others are few and recent, so they are filtered.

        A list may be a moment behind, with or without a status: that halves its price. ``get`` never is.
        Of some clients the search index has the lists.
        """
        if self._visibility.is_limited:
            raise AssertionError("whoever sees some clients only is answered by the search index")
        indexed = status is not None and status.is_final
        only = DocumentItem.status == status.value if status and not indexed else None

        def fetch(after: str | None, count: int) -> tuple[list[DocumentItem], str | None]:
            return self._partition.query(
                DocumentItem,
                limit=count,
                after=after,
                newest_first=True,
                only=only,
                status=status.value if status and indexed else None,
                consistent=False,
            )

        return collect(fetch, document_of, limit=limit, cursor=cursor)

    def between(self, first: str, last: str, *, consistent: bool = True) -> list[Document]:
        """From the one id to the other, all that may be seen."""
        found: list[DocumentItem] = []
        after: str | None = None
        while True:
            items, after = self._partition.query(
                DocumentItem,
                limit=_AT_ONCE,
                after=after,
                where=DocumentItem.sk.between(first, last),
                consistent=consistent,
            )
            found += items
            if after is None:
                return [document_of(item) for item in found if self._visibility.sees(item.client)]

    def add(self, document: Document) -> None:
        self._require_sight_of(document)
        self._writes.append(self._partition.put(item_of(document), absent(DocumentItem.pk)))

    def save(self, document: Document) -> Document:
        """Refused (Conflict) when the stored version is not the one this document was loaded as.

        The document as it is then.
        """
        self._require_sight_of(document)
        self._writes.append(self._partition.put(item_of(document), DocumentItem.version == document.version))
        return document.model_copy(update={"version": document.version + 1})

    def require_status(self, document_id: str, status: Status) -> None:
        self._writes.append(
            self._partition.require(DocumentItem, document_id, DocumentItem.status == status.value)
        )

    def remove(self, document: Document) -> None:
        self._writes.append(
            self._partition.delete(DocumentItem, document.id, DocumentItem.version == document.version)
        )

    def remove_part(self, document_id: str) -> None:
        """Whatever its state: the document it is a part of is written in the same unit, and guards it."""
        self._writes.append(self._partition.delete(DocumentItem, document_id))

    def _require_sight_of(self, document: Document) -> None:
        if not self._visibility.sees(document.client_id):
            raise AssertionError("what is written must be theirs who write it")


def document_of(item: DocumentItem) -> Document:
    file = None
    if item.file_id:
        file = FileFacts(
            id=item.file_id,
            size=int(item.size),
            sha256=item.sha256.hex() if item.sha256 else None,
            content_type=item.content_type,
            pages=int(item.pages),
            uploaded_at=created_at(item.file_id),
        )
    failure = None
    if item.failure_code:
        failure = Failure(code=item.failure_code, message=item.failure_message or "")
    part_of = None
    if item.part_of:
        part_of = PartOf(
            document_id=item.part_of, first_page=int(item.first_page), last_page=int(item.last_page)
        )
    last_part = None
    if item.last_part:
        number, first_page, last_page = map(int, item.last_part)
        last_part = LastPart(number=number, first_page=first_page, last_page=last_page)
    rereading = None
    if item.rereading:
        since, analyses, *first = map(int, item.rereading)
        rereading = Rereading(at=instant(since), analyses=analyses, is_first=bool(first))
    return Document(
        id=item.sk,
        filename=item.filename,
        content_type=item.declared_type or item.content_type,
        status=Status(item.status),
        created_at=created_at(item.sk),
        created_by=item.created_by,
        version=int(item.version),
        file=file,
        attempt=int(item.attempt),
        engine=Source(item.engine) if item.engine else None,
        duplicate_of=item.duplicate_of,
        rereading=rereading,
        failure=failure,
        summary=Summary(**{name: getattr(item, name) for name in Summary.model_fields}),
        parts=tuple(item.parts or ()),
        last_part=last_part,
        part_of=part_of,
        division=Division.model_validate_json(item.division) if item.division else None,
        undoable=bool(item.undoable),
        risk=int(item.risk or 0),
        checks=tuple(item.checks.split(",")) if item.checks else (),
        supplier_id=item.supplier,
        client_id=item.client,
        review=Review.model_validate_json(item.review) if item.review else Review(),
    )


def item_of(document: Document) -> DocumentItem:
    file, failure, part_of = document.file, document.failure, document.part_of
    last, again = document.last_part, document.rereading
    waiting = document.status is Status.AWAITING_UPLOAD
    decided = document.review != Review()
    return DocumentItem(
        sk=document.id,
        status=document.status.value,
        filename=document.filename,
        declared_type=None if file and file.content_type == document.content_type else document.content_type,
        created_by=document.created_by,
        version=document.version + 1,
        attempt=document.attempt,
        engine=document.engine.value if document.engine else None,
        duplicate_of=document.duplicate_of,
        file_id=file.id if file else None,
        size=file.size if file else None,
        sha256=bytes.fromhex(file.sha256) if file and file.sha256 else None,
        content_type=file.content_type if file else None,
        pages=file.pages if file else None,
        failure_code=failure.code if failure else None,
        failure_message=failure.message if failure else None,
        parts=list(document.parts) or None,
        last_part=[last.number, last.first_page, last.last_page] if last else None,
        rereading=[milliseconds(again.at), again.analyses, *([1] if again.is_first else [])]
        if again
        else None,
        part_of=part_of.document_id if part_of else None,
        first_page=part_of.first_page if part_of else None,
        last_page=part_of.last_page if part_of else None,
        division=document.division.model_dump_json(exclude_defaults=True) if document.division else None,
        undoable=document.undoable or None,
        risk=document.risk or None,
        checks=",".join(document.checks) or None,
        supplier=document.supplier_id,
        client=document.client_id,
        review=document.review.model_dump_json(exclude_defaults=True) if decided else None,
        ttl=seconds(document.created_at + _BROOM) if waiting else None,
        **document.summary.model_dump(),
    )
