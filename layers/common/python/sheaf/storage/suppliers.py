"""The suppliers of one workspace, and what leads to each: its tax ids, its IBANs, its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.search import name_key
from sheaf.capture.suppliers.supplier import Supplier, SupplierItemView, item_view, keys
from sheaf.kernel.pages import Page
from sheaf.storage._table import SupplierItem, SupplierKeyItem, SupplierNameItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.paging import collect
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from sheaf.storage.partition import Partition


class Suppliers:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, supplier_id: str, *, exact: bool = True) -> Supplier | None:
        item = self._partition.get(SupplierItem, supplier_id, consistent=exact)
        if item is None:
            return None
        return unpack(Supplier, item.body).model_copy(update={"version": int(item.version)})

    def holder(self, key: str, *, exact: bool = True) -> str | None:
        item = self._partition.get(SupplierKeyItem, key, consistent=exact)
        return item.supplier_id if item else None

    def page(self, *, prefix: str, limit: int, cursor: str | None) -> Page[SupplierItemView]:
        """By name; those whose names begin like this."""

        def fetch(after: str | None, count: int) -> tuple[list[SupplierNameItem], str | None]:
            return self._partition.query(
                SupplierNameItem,
                limit=count,
                after=after,
                where=SupplierNameItem.sk.startswith(prefix) if prefix else None,
                consistent=False,
            )

        return collect(fetch, lambda item: unpack(SupplierItemView, item.body), limit=limit, cursor=cursor)

    def save(self, supplier: Supplier, *, instead_of: Supplier | None) -> Supplier:
        """Conflict when somebody else changed it meanwhile, or took what leads to it. The supplier in its new
        version.

        What leads to another supplier already stays that one's: the first that was told of it has it.
        """
        before = instead_of.version if instead_of else 0
        item = SupplierItem(sk=supplier.id, body=pack(supplier), version=before + 1)
        unchanged = SupplierItem.version == before if before else absent(SupplierItem.pk)
        self._writes.append(self._partition.put(item, unchanged))
        self._lead(supplier, instead_of)
        self._name(supplier, instead_of)
        return supplier.model_copy(update={"version": before + 1})

    def _lead(self, supplier: Supplier, before: Supplier | None) -> None:
        old, new = keys(before) if before else frozenset(), keys(supplier)
        for key in sorted(new - old):
            if self.holder(key) is None:
                item = SupplierKeyItem(sk=key, supplier_id=supplier.id)
                self._writes.append(self._partition.put(item, absent(SupplierKeyItem.pk)))
        for key in sorted(old - new):
            if self.holder(key) == supplier.id:
                mine = SupplierKeyItem.supplier_id == supplier.id
                self._writes.append(self._partition.delete(SupplierKeyItem, key, mine))

    def _name(self, supplier: Supplier, before: Supplier | None) -> None:
        old, new = _entry(before) if before else None, _entry(supplier)
        if old is None or old.body != new.body:
            self._writes.append(self._partition.put(new, None))
        if old is not None and old.sk != new.sk:
            self._writes.append(self._partition.delete(SupplierNameItem, old.sk))


def _entry(supplier: Supplier) -> SupplierNameItem:
    sk = f"{name_key(supplier.name)}#{supplier.id}"
    return SupplierNameItem(sk=sk, body=pack(item_view(supplier)))
