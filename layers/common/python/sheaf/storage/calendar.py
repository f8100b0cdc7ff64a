"""The day of a workspace's next billing run, the reminders that were sent, and whom the next ones are for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sheaf.billing.calendar import Calendar, OpenInvoice
from sheaf.billing.document import Kind
from sheaf.storage._billing import CalendarItem, OpenItem, RemindedItem
from sheaf.storage.codec import instant, milliseconds
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent
from sheaf.storage.workspace import BILLING_PARTITION

_ONE = "BILLING"
_INVOICES = f"{Kind.INVOICE.prefix}#"
_AFTER = "\N{DELETE}"
"""Sorts behind whatever follows a date in a key."""


class Calendars:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self) -> Calendar:
        item = self._partition.get(CalendarItem, _ONE)
        if item is None:
            return Calendar()
        return Calendar(
            due_on=_day(item.due_on),
            reminded_until=_day(item.reminded_until),
            version=int(item.version),
        )

    def save(self, calendar: Calendar) -> None:
        """Conflict when somebody changed it meanwhile."""
        version, due_on, until = calendar.version, calendar.due_on, calendar.reminded_until
        item = CalendarItem(
            sk=_ONE,
            due_pk=BILLING_PARTITION if due_on else None,
            due_on=due_on.isoformat() if due_on else None,
            reminded_until=until.isoformat() if until else None,
            version=version + 1,
        )
        unchanged = CalendarItem.version == version if version else absent(CalendarItem.pk)
        self._writes.append(self._partition.put(item, unchanged))

    def open_invoices(self, first: date, last: date) -> Iterator[OpenInvoice]:
        """Those that are due between these days, both included, the longest first."""
        if first > last:
            return
        low, high = f"{_INVOICES}{first.isoformat()}", f"{_INVOICES}{last.isoformat()}{_AFTER}"
        for item in self._partition.between(OpenItem, low, high):
            yield _open(item)

    def first_due_after(self, day: date) -> date | None:
        """Of the invoices that something is to be paid of."""
        following = (day + timedelta(days=1)).isoformat()
        where = OpenItem.sk.between(f"{_INVOICES}{following}", f"{_INVOICES}{_AFTER}")
        items, _ = self._partition.query(OpenItem, limit=1, where=where)
        return _open(items[0]).due_on if items else None

    def has_reminded(self, invoice_id: str, offset: int) -> bool:
        return self._partition.get(RemindedItem, _reminder(invoice_id, offset)) is not None

    def add_reminder(self, invoice_id: str, offset: int, at: datetime) -> None:
        """Conflict when somebody was faster."""
        item = RemindedItem(sk=_reminder(invoice_id, offset), at=milliseconds(at))
        self._writes.append(self._partition.put(item, absent(RemindedItem.pk)))


def _open(item: OpenItem) -> OpenInvoice:
    due, _, identifier = item.sk.removeprefix(_INVOICES).partition("#")
    if item.issued_at is None:
        raise AssertionError("what is open was issued")
    return OpenInvoice(id=identifier, due_on=date.fromisoformat(due), issued_at=instant(item.issued_at))


def _reminder(invoice_id: str, offset: int) -> str:
    return f"{invoice_id}#{offset}"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
