"""Recurring invoices, and the days on which the next of each is to be made."""

from __future__ import annotations

from datetime import date

from sheaf.billing.recurring.recurring import Recurrence, RecurringInvoice
from sheaf.kernel.errors import TooLarge
from sheaf.kernel.pages import Page
from sheaf.storage._billing import RecurrenceItem, RecurringItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.paging import collect
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent

_MOST_BYTES = 380_000
"""Packed: an item of DynamoDB holds 400 KB."""


class RecurringInvoices:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, identifier: str) -> RecurringInvoice | None:
        item = self._partition.get(RecurringItem, identifier)
        return _built(item) if item else None

    def page(self, *, limit: int, cursor: str | None) -> Page[RecurringInvoice]:
        """Newest first; a moment behind, which halves the price. ``cursor`` is an id."""

        def fetch(after: str | None, count: int) -> tuple[list[RecurringItem], str | None]:
            return self._partition.query(
                RecurringItem, limit=count, after=after, newest_first=True, consistent=False
            )

        return collect(fetch, _built, limit=limit, cursor=cursor)

    def next(self, *, after: Recurrence | None = None) -> Recurrence | None:
        """The one whose day comes first, of those behind ``after``, if one is named."""
        behind = _place(after.day, after.recurring_id) if after else None
        items, _ = self._partition.query(RecurrenceItem, limit=1, after=behind)
        if not items:
            return None
        day, _, identifier = items[0].sk.partition("#")
        return Recurrence(date.fromisoformat(day), identifier)

    def save(self, recurring: RecurringInvoice, *, instead_of: RecurringInvoice | None) -> RecurringInvoice:
        """Conflict when somebody else changed it meanwhile. It in its new version. Raises TooLarge."""
        before = instead_of.version if instead_of else 0
        body = pack(recurring)
        if len(body) > _MOST_BYTES:
            raise TooLarge("There is more text in this than can be kept: shorten its lines.")
        item = RecurringItem(sk=recurring.id, body=body, version=before + 1)
        unchanged = RecurringItem.version == before if before else absent(RecurringItem.pk)
        self._writes.append(self._partition.put(item, unchanged))
        old, new = _recurrence(instead_of), _recurrence(recurring)
        if old is not None and old != new:
            self._writes.append(self._partition.delete(RecurrenceItem, old))
        if new is not None and old != new:
            self._writes.append(self._partition.put(RecurrenceItem(sk=new), None))
        return recurring.model_copy(update={"version": before + 1})

    def remove(self, recurring: RecurringInvoice) -> None:
        unchanged = RecurringItem.version == recurring.version
        self._writes.append(self._partition.delete(RecurringItem, recurring.id, unchanged))
        if place := _recurrence(recurring):
            self._writes.append(self._partition.delete(RecurrenceItem, place))


def _recurrence(recurring: RecurringInvoice | None) -> str | None:
    due = recurring.due if recurring else None
    return _place(due, recurring.id) if recurring and due else None


def _place(day: date, identifier: str) -> str:
    return f"{day.isoformat()}#{identifier}"


def _built(item: RecurringItem) -> RecurringInvoice:
    return unpack(RecurringInvoice, item.body).model_copy(update={"version": int(item.version)})
