"""Batches of uploads, in one workspace's partition."""

from __future__ import annotations

from sheaf.capture.batches import Batch
from sheaf.storage._table import BatchItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write


class Batches:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, batch_id: str) -> Batch | None:
        item = self._partition.get(BatchItem, batch_id)
        return unpack(Batch, item.body) if item else None

    def put(self, batch: Batch) -> None:
        """Whoever goes on with it writes the same."""
        self._writes.append(self._partition.put(BatchItem(sk=batch.id, body=pack(batch)), None))
