"""Exports, the parts they froze, and the documents as they walk them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sheaf.access.visibility import Visibility
from sheaf.capture.documents import Document, Status
from sheaf.capture.kept import KeptReading
from sheaf.exports.job import Export, Part
from sheaf.kernel.pages import Page
from sheaf.storage._table import DocumentItem, ExportItem, ExportPartItem, ReadingItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.contents import kept_of
from sheaf.storage.documents import document_of
from sheaf.storage.paging import collect
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent

_LAST = 999_999


class Exports:
    """Those whose documents may all be seen, by who asked for them: any other is not there."""

    def __init__(self, partition: Partition, writes: list[Write], visibility: Visibility) -> None:
        self._partition = partition
        self._writes = writes
        self._visibility = visibility

    def get(self, export_id: str) -> Export | None:
        item = self._partition.get(ExportItem, export_id)
        return _export(item) if item and self._sees(item) else None

    def page(self, *, limit: int, cursor: str | None) -> Page[Export]:
        """Newest first."""

        def fetch(after: str | None, count: int) -> tuple[list[ExportItem], str | None]:
            items, last = self._partition.query(ExportItem, limit=count, after=after, newest_first=True)
            return list(filter(self._sees, items)), last

        page = collect(fetch, _export, limit=limit, cursor=cursor)
        goes_on_after = page.items[-1].id if page.items else page.next_cursor
        return Page(page.items, goes_on_after if page.next_cursor else None)

    def _sees(self, item: ExportItem) -> bool:
        return not self._visibility.is_limited or self._visibility.covers(_export(item).selection.clients)

    def add(self, export: Export) -> None:
        self._writes.append(self._partition.put(_item(export), absent(ExportItem.pk)))

    def save(self, export: Export) -> None:
        """Refused (Conflict) when the stored version is not the one this export was loaded as."""
        self._writes.append(self._partition.put(_item(export), ExportItem.version == export.version))

    def add_part(self, export_id: str, part: Part) -> None:
        item = ExportPartItem(sk=_part_key(export_id, part.number), body=pack(part))
        self._writes.append(self._partition.put(item, absent(ExportPartItem.pk)))

    def parts(self, export_id: str, *, after: int = 0) -> Iterator[Part]:
        """In their order, those with a greater number."""
        where = (_part_key(export_id, after + 1), _part_key(export_id, _LAST))
        for item in self._partition.between(ExportPartItem, *where):
            yield unpack(Part, item.body)


class Exportable:
    def __init__(self, partition: Partition) -> None:
        self._partition = partition

    def page(self, status: Status, *, limit: int, after: str | None) -> tuple[list[Document], str | None]:
        """Oldest first. What has just come into this state may be missing for a moment."""
        items, more = self._partition.query(DocumentItem, limit=limit, after=after, status=status.value)
        return [document_of(item) for item in items], more

    def some(self, document_ids: Sequence[str]) -> dict[str, Document]:
        return {item.sk: document_of(item) for item in self._partition.get_many(DocumentItem, document_ids)}

    def missing(self, document_ids: Sequence[str]) -> set[str]:
        present = self._partition.get_many(DocumentItem, document_ids, attributes=("pk", "sk"))
        return set(document_ids) - {item.sk for item in present}

    def readings(self, document_ids: Sequence[str]) -> Iterator[tuple[str, KeptReading]]:
        """Of those that are there, in the order of the ids; one at a time is unpacked."""
        for item in sorted(self._partition.get_many(ReadingItem, document_ids), key=lambda each: each.sk):
            yield item.sk, kept_of(item)


def _export(item: ExportItem) -> Export:
    return unpack(Export, item.body).model_copy(update={"version": int(item.version)})


def _item(export: Export) -> ExportItem:
    body = pack(export.model_copy(update={"version": 0}))
    return ExportItem(sk=export.id, version=export.version + 1, body=body)


def _part_key(export_id: str, number: int) -> str:
    return f"{export_id}#{number:06}"
