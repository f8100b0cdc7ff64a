"""The marks on what exports hold; apart from the exports, since every look at a document asks for them."""

from __future__ import annotations

from collections.abc import Iterator

from sheaf.storage._table import ExportMarkItem
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write


class Marks:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def add(self, document_id: str, export_id: str) -> None:
        item = ExportMarkItem(sk=f"{document_id}#{export_id}")
        self._writes.append(self._partition.put(item, None))

    def remove(self, document_id: str, export_id: str) -> None:
        self._writes.append(self._partition.delete(ExportMarkItem, f"{document_id}#{export_id}"))

    def of(self, document_id: str) -> list[str]:
        """The ids of the exports, oldest first."""
        return [export_id for _, export_id in self.between(document_id, document_id)]

    def between(self, first: str, last: str) -> Iterator[tuple[str, str]]:
        """Document and export, in the order of the documents; both ends are in."""
        for item in self._partition.between(ExportMarkItem, f"{first}#", f"{last}#~"):
            document_id, _, export_id = item.sk.partition("#")
            yield document_id, export_id
