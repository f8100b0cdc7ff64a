"""Records that are listed by name: each has an entry under its name, folded, beside its own item."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sheaf.billing.customers import customer
from sheaf.billing.customers.customer import Customer, CustomerSummary
from sheaf.billing.items import item
from sheaf.billing.items.item import Item, ItemSummary
from sheaf.capture.search import name_key
from sheaf.storage._billing import CatalogueItem, CatalogueNameItem, CustomerItem, CustomerNameItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.paging import collect
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sheaf.billing.by_name import Named
    from sheaf.kernel.pages import Page
    from sheaf.storage.partition import Partition


class _ByName[Record: Named, Summary: BaseModel]:
    """``_item`` and ``_entry`` are the kinds of a record's two items: each has a ``body``, the item a
    ``version`` as well, and the entry ``archived``.
    """

    _record: type[Record]
    _summary: type[Summary]
    _item: Any
    _entry: Any

    def __init__(
        self, partition: Partition, writes: list[Write], summary_of: Callable[[Record], Summary]
    ) -> None:
        self._partition = partition
        self._writes = writes
        self._summary_of = summary_of

    def get(self, identifier: str) -> Record | None:
        found = self._partition.get(self._item, identifier)
        return self._built(found) if found else None

    def page(self, *, prefix: str, limit: int, cursor: str | None, archived: bool | None) -> Page[Summary]:
        """Those whose names begin like this; a moment behind, which halves the price."""
        mark = self._entry.archived
        only = None if archived is None else mark.exists() if archived else mark.does_not_exist()

        def fetch(after: str | None, count: int) -> tuple[list[Any], str | None]:
            return self._partition.query(
                self._entry,
                limit=count,
                after=after,
                where=self._entry.sk.startswith(prefix) if prefix else None,
                only=only,
                consistent=False,
            )

        return collect(fetch, lambda entry: unpack(self._summary, entry.body), limit=limit, cursor=cursor)

    def save(self, record: Record, *, instead_of: Record | None) -> Record:
        """Conflict when somebody else changed it meanwhile. The record in its new version."""
        before = instead_of.version if instead_of else 0
        item = self._item(sk=record.id, body=pack(record), version=before + 1)
        unchanged = self._item.version == before if before else absent(self._item.pk)
        self._writes.append(self._partition.put(item, unchanged))
        self._list(record, instead_of)
        return record.model_copy(update={"version": before + 1})

    def remove(self, record: Record) -> None:
        unchanged = self._item.version == record.version
        self._writes.append(self._partition.delete(self._item, record.id, unchanged))
        self._writes.append(self._partition.delete(self._entry, _sk(record)))

    def _list(self, record: Record, before: Record | None) -> None:
        new = pack(self._summary_of(record))
        if before is None or new != pack(self._summary_of(before)):
            entry = self._entry(sk=_sk(record), body=new, archived=record.archived or None)
            self._writes.append(self._partition.put(entry, None))
        if before is not None and _sk(before) != _sk(record):
            self._writes.append(self._partition.delete(self._entry, _sk(before)))

    def _built(self, found: Any) -> Record:
        return unpack(self._record, found.body).model_copy(update={"version": int(found.version)})


class Customers(_ByName[Customer, CustomerSummary]):
    _record, _summary = Customer, CustomerSummary
    _item, _entry = CustomerItem, CustomerNameItem

    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        super().__init__(partition, writes, customer.summary_of)


class Items(_ByName[Item, ItemSummary]):
    _record, _summary = Item, ItemSummary
    _item, _entry = CatalogueItem, CatalogueNameItem

    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        super().__init__(partition, writes, item.summary_of)

    def get_many(self, identifiers: Iterable[str]) -> dict[str, Item]:
        """Those that are there, by id."""
        found = self._partition.get_many(CatalogueItem, sorted(set(identifiers)))
        return {each.sk: self._built(each) for each in found}


def _sk(record: Named) -> str:
    return f"{name_key(record.listed_as)}#{record.id}"
