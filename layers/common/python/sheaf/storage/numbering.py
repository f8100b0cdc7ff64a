"""The series of numbers, and the numbers that were given."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sheaf.billing.document import Kind
from sheaf.billing.numbering import Series
from sheaf.storage._billing import NumberItem, SeriesItem
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from sheaf.storage.partition import Partition


class AllSeries:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, kind: Kind, period: str) -> Series | None:
        item = self._partition.get(SeriesItem, _sk(kind, period))
        if item is None:
            return None
        day = date.fromisoformat(item.last_date)
        return Series(kind=kind, period=period, next=int(item.next), last_date=day)

    def holder(self, kind: Kind, number: str) -> str | None:
        """The id of the document that has this number."""
        item = self._partition.get(NumberItem, _sk(kind, number))
        return item.issued_id if item else None

    def take(self, series: Series, number: str, document_id: str, day: date) -> None:
        """``number`` is the series' next, as it is printed. Conflict when somebody else took it meanwhile."""
        item = SeriesItem(sk=_sk(series.kind, series.period), next=series.next + 1, last_date=day.isoformat())
        untaken = absent(SeriesItem.pk) if series.is_new else SeriesItem.next == series.next
        self._writes.append(self._partition.put(item, untaken))
        given = NumberItem(sk=_sk(series.kind, number), issued_id=document_id)
        self._writes.append(self._partition.put(given, absent(NumberItem.pk)))


def _sk(kind: Kind, text: str) -> str:
    return f"{kind.prefix}#{text}"
