"""What one workspace has used, month by month."""

from __future__ import annotations

from datetime import datetime, timedelta

from sheaf.capture.cost import Used
from sheaf.capture.usage import MONTH
from sheaf.storage._table import CountedItem, UsageItem
from sheaf.storage.codec import seconds
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent

_REMEMBERED = timedelta(days=30)
"""Longer than the table's stream can tell of a change again: it keeps them for a day."""


class Usage:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def of(self, month: str) -> Used | None:
        """``month`` as ``2026-11``."""
        item = self._partition.get(UsageItem, month, consistent=False)
        if item is None:
            return None
        return Used(**{name: int(getattr(item, name) or 0) for name in Used.model_fields})

    def count(self, used: Used, *, change: str, at: datetime) -> None:
        """Once for each change, however often it is told; Conflict when it is being counted elsewhere."""
        if self._partition.get(CountedItem, change) is not None:
            return
        mark = CountedItem(sk=change, ttl=seconds(at + _REMEMBERED))
        more = [getattr(UsageItem, name).add(count) for name, count in used if count]
        self._writes.append(self._partition.put(mark, absent(CountedItem.pk)))
        self._writes.append(self._partition.update(UsageItem, at.strftime(MONTH), more, None))
