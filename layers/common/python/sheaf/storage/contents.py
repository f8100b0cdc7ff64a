"""What documents hold, in one workspace's partition: readings, files, and the bytes that were seen before."""

from __future__ import annotations

from datetime import datetime

from sheaf.capture.documents import Digest, Document, StoredFile
from sheaf.capture.kept import KeptReading, Overlay
from sheaf.capture.reading import Reading
from sheaf.kernel.errors import TooLarge
from sheaf.kernel.ids import created_at, floor_id
from sheaf.storage._table import DigestItem, FileItem, ReadingItem
from sheaf.storage.codec import RecordTooLarge, pack, unpack
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent

_ITEM_LIMIT = 390 * 1024
"""Bytes of a packed reading that fit an item (DynamoDB: 400 KB with its keys)."""


class Readings:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, document_id: str) -> KeptReading | None:
        item = self._partition.get(ReadingItem, document_id)
        return kept_of(item) if item else None

    def put(self, document_id: str, kept: KeptReading) -> None:
        """Raises TooLarge for a reading that no item can hold (tens of thousands of lines)."""
        try:
            body = pack(kept.machine)
            overlay = pack(kept.overlay) if kept.overlay != Overlay() else None
        except RecordTooLarge as error:
            raise _too_large() from error
        if len(body) + len(overlay or b"") > _ITEM_LIMIT:
            raise _too_large()
        item = ReadingItem(sk=document_id, body=body, overlay=overlay)
        self._writes.append(self._partition.put(item, None))

    def remove(self, document_id: str) -> None:
        self._writes.append(self._partition.delete(ReadingItem, document_id))


def _too_large() -> TooLarge:
    return TooLarge(
        "The file has more line items than one document can hold. Split it and upload the parts.",
        code="reading_too_large",
    )


class Files:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, file_id: str) -> StoredFile | None:
        item = self._partition.get(FileItem, file_id)
        return _file(item) if item else None

    def due(self, before: datetime, *, limit: int, after: str | None) -> list[StoredFile]:
        """Files uploaded before that instant, oldest first; the others are not even read."""
        where = FileItem.sk < floor_id("fil", before)
        items, _ = self._partition.query(FileItem, limit=limit, after=after, where=where)
        return [_file(item) for item in items]

    def oldest(self) -> StoredFile | None:
        items, _ = self._partition.query(FileItem, limit=1)
        return _file(items[0]) if items else None

    def add(self, file: StoredFile) -> None:
        item = FileItem(
            sk=file.id,
            document_id=file.document_id,
            version_id=file.version_id,
            sha256=bytes.fromhex(file.sha256) if file.sha256 else None,
            size=file.size,
            converted=file.converted or None,
        )
        self._writes.append(self._partition.put(item, absent(FileItem.pk)))

    def mark_converted(self, file_id: str) -> None:
        """Conflict when it is not there any more."""
        converted = FileItem.converted.set(True)
        self._writes.append(self._partition.update(FileItem, file_id, [converted], FileItem.pk.exists()))

    def count_pictures(self, file_id: str) -> None:
        """Conflict when it is not there any more."""
        one_more = FileItem.pictures.add(1)
        self._writes.append(self._partition.update(FileItem, file_id, [one_more], FileItem.pk.exists()))

    def remove(self, file_id: str, *, pictures: int) -> None:
        """Conflict when somebody else removed it, or put more pictures beside it than these."""
        known = FileItem.pictures == pictures if pictures else absent(FileItem.pictures)
        self._writes.append(self._partition.delete(FileItem, file_id, FileItem.pk.exists() & known))


class Digests:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, sha256: str, client_id: str | None) -> Digest | None:
        item = self._partition.get(DigestItem, _digest_key(sha256, client_id))
        if item is None:
            return None
        return Digest(
            sha256=sha256,
            client_id=client_id,
            document_id=item.document_id,
            followers=frozenset(item.followers or ()),
        )

    def claim(self, sha256: str, document: Document, *, instead_of: str | None = None) -> None:
        """The first document of its client with these bytes; ``instead_of`` one that could not be read, is
        gone, or has become another client's.
        """
        condition = DigestItem.document_id == instead_of if instead_of else absent(DigestItem.pk)
        item = DigestItem(sk=_digest_key(sha256, document.client_id), document_id=document.id)
        self._writes.append(self._partition.put(item, condition))

    def follow(self, digest: Digest, document_id: str) -> None:
        self._writes.append(
            self._partition.update(
                DigestItem,
                _digest_key(digest.sha256, digest.client_id),
                [DigestItem.followers.add({document_id})],
                DigestItem.document_id == digest.document_id,
            )
        )

    def release(self, digest: Digest) -> None:
        self._writes.append(
            self._partition.delete(
                DigestItem,
                _digest_key(digest.sha256, digest.client_id),
                DigestItem.document_id == digest.document_id,
            )
        )


def _digest_key(sha256: str, client_id: str | None) -> str:
    return f"{sha256}#{client_id}" if client_id else sha256


def kept_of(item: ReadingItem) -> KeptReading:
    overlay = unpack(Overlay, item.overlay) if item.overlay else Overlay()
    return KeptReading(machine=unpack(Reading, item.body), overlay=overlay)


def _file(item: FileItem) -> StoredFile:
    return StoredFile(
        id=item.sk,
        document_id=item.document_id,
        version_id=item.version_id,
        sha256=item.sha256.hex() if item.sha256 else None,
        size=int(item.size),
        uploaded_at=created_at(item.sk),
        converted=bool(item.converted),
        pictures=int(item.pictures or 0),
    )
