"""Issued documents: a thin item for lists, what is printed in one beside it, and the same thin item under
what it is looked for by.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sheaf.billing.document import Content, Facts, IssuedDocument, IssuedSummary, Kind
from sheaf.billing.states import IssuedStatus, is_open, state
from sheaf.capture.search import name_key
from sheaf.kernel.errors import TooLarge
from sheaf.kernel.pages import Page
from sheaf.storage._billing import BillOfItem, IssuedContentItem, IssuedItem, OfCustomerItem, OpenItem
from sheaf.storage.codec import instant, milliseconds, pack, unpack
from sheaf.storage.paging import collect
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

    from sheaf.storage.partition import Partition

_MOST_BYTES = 380_000
"""Of what is printed, packed: an item of DynamoDB holds 400 KB."""

_KINDS = {kind.prefix: kind for kind in Kind}
_AMOUNTS = ("total", "payable", "paid", "refunded", "credited", "disputed")
_DATES = ("issue_date", "due_date", "valid_until")
_INSTANTS = ("issued_at", "sent_at", "accepted_at", "declined_at", "voided_at")
_TEXTS = (
    "number", "customer_id", "created_by", "converted_to", "converted_from", "source_document_id",
    "party", "currency",
)  # fmt: skip


class Issued:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, identifier: str) -> IssuedDocument | None:
        item = self._partition.get(IssuedItem, identifier)
        content = self._partition.get(IssuedContentItem, identifier) if item else None
        if item is None or content is None:
            return None
        facts = {name: value for name, value in _read(item).items() if name in Facts.model_fields}
        return IssuedDocument(**facts, content=unpack(Content, content.body))

    def summary(self, identifier: str) -> IssuedSummary | None:
        item = self._partition.get(IssuedItem, identifier)
        return IssuedSummary(**_read(item)) if item else None

    def page(
        self,
        kind: Kind,
        *,
        state: IssuedStatus | None,
        customer_id: str | None,
        limit: int,
        cursor: str | None,
    ) -> Page[IssuedSummary]:
        """Newest first. ``cursor`` is an id. A moment behind, which halves the price."""
        prefix = f"{kind.prefix}_"
        if customer_id is None:
            return self._walk(
                IssuedItem,
                IssuedItem.sk.startswith(prefix),
                None,
                limit=limit,
                cursor=cursor,
                newest_first=True,
                group=_group(kind, state) if state else None,
            )
        under = f"{customer_id}#"
        page = self._walk(
            OfCustomerItem,
            OfCustomerItem.sk.startswith(under + prefix),
            OfCustomerItem.state == state.value if state else None,
            limit=limit,
            cursor=under + cursor if cursor else None,
            newest_first=True,
        )
        return _without(under, page)

    def due_before(
        self,
        kind: Kind,
        day: date,
        *,
        state: IssuedStatus | None = None,
        customer_id: str | None = None,
        limit: int,
        cursor: str | None = None,
    ) -> Page[IssuedSummary]:
        """What was due before that day and is still open, the longest first. ``cursor`` is the due date and
        an id.
        """
        under = f"{kind.prefix}#"
        wanted = [OpenItem.state == state.value] if state else []
        wanted += [OpenItem.customer_id == customer_id] if customer_id else []
        page = self._walk(
            OpenItem,
            OpenItem.sk.between(under, f"{under}{day.isoformat()}#"),
            functools.reduce(operator.and_, wanted) if wanted else None,
            limit=limit,
            cursor=f"{under}{cursor}" if cursor else None,
        )
        return _without(under, page)

    def has_any_of(self, customer_id: str) -> bool:
        within = OfCustomerItem.sk.startswith(f"{customer_id}#")
        return bool(self._partition.query(OfCustomerItem, limit=1, where=within)[0])

    def bill_of(self, document_id: str) -> str | None:
        item = self._partition.get(BillOfItem, document_id)
        return item.issued_id if item else None

    def same_bill(self, bill: IssuedDocument) -> str | None:
        """Another one with its number, of its supplier and year."""
        found = (self.bill_of(sk) for sk in _numbered_by_supplier(bill))
        return next(filter(None, found), None)

    def save(self, document: IssuedDocument, *, instead_of: IssuedDocument | None) -> IssuedDocument:
        """Conflict when somebody else changed it meanwhile, or made the same bill. The document in its new
        version. Raises TooLarge.
        """
        before = instead_of.version if instead_of else 0
        saved = document.model_copy(update={"version": before + 1})
        unchanged = IssuedItem.version == before if before else absent(IssuedItem.pk)
        item = IssuedItem(sk=saved.id, **_written(saved.summary))
        group = _group(saved.kind, state(saved))
        self._writes.append(self._partition.put(item, unchanged, status=group))
        if instead_of is None or instead_of.content != saved.content:
            self._write_content(saved)
        self._file(saved, instead_of)
        return saved

    def remove(self, document: IssuedDocument) -> None:
        unchanged = IssuedItem.version == document.version
        self._writes.append(self._partition.delete(IssuedItem, document.id, unchanged))
        self._writes.append(self._partition.delete(IssuedContentItem, document.id))
        self._file(None, document)

    def _write_content(self, document: IssuedDocument) -> None:
        body = pack(document.content)
        if len(body) > _MOST_BYTES:
            raise TooLarge("There is more text in this document than can be kept: shorten its lines.")
        self._writes.append(self._partition.put(IssuedContentItem(sk=document.id, body=body), None))

    def _file(self, document: IssuedDocument | None, before: IssuedDocument | None) -> None:
        """Under its customer, its due date and the captured document that it is made of, or no longer."""
        old, new = dict(_places(before)), dict(_places(document))
        for place in new.keys() | old.keys():
            kind, sk = place
            if kind is BillOfItem and old.get(place) == new.get(place):
                continue
            if place in new:
                first = absent(BillOfItem.pk) if kind is BillOfItem else None
                self._writes.append(self._partition.put(kind(sk=sk, **new[place]), first))
            else:
                self._writes.append(self._partition.delete(kind, sk))

    def _walk(
        self,
        kind: type[IssuedItem | OfCustomerItem | OpenItem],
        where: Condition,
        only: Condition | None,
        *,
        limit: int,
        cursor: str | None,
        newest_first: bool = False,
        group: str | None = None,
    ) -> Page[IssuedSummary]:
        def fetch(after: str | None, count: int) -> tuple[list[Any], str | None]:
            return self._partition.query(
                kind,
                limit=count,
                after=after,
                newest_first=newest_first,
                where=where,
                only=only,
                status=group,
                consistent=False,
            )

        return collect(fetch, lambda item: IssuedSummary(**_read(item)), limit=limit, cursor=cursor)


def _places(document: IssuedDocument | None) -> Iterator[tuple[tuple[type[Any], str], dict[str, Any]]]:
    """Where else it is found, and what stands there."""
    if document is None:
        return
    summary = document.summary
    if summary.customer_id:
        yield (OfCustomerItem, f"{summary.customer_id}#{summary.id}"), _written(summary)
    if is_open(summary):
        due = summary.due_date or summary.issue_date
        yield (OpenItem, f"{summary.kind.prefix}#{due}#{summary.id}"), _written(summary)
    if summary.source_document_id and not summary.voided_at:
        yield (BillOfItem, summary.source_document_id), {"issued_id": summary.id}
    if not summary.is_draft and not summary.voided_at:
        for sk in _numbered_by_supplier(document):
            yield (BillOfItem, sk), {"issued_id": summary.id}


def _numbered_by_supplier(document: IssuedDocument) -> set[str]:
    """The supplier by name, and by tax number if it has one; some begin anew every year."""
    seller, day = document.content.seller, document.content.issue_date
    if document.kind is not Kind.BILL or document.number is None or day is None:
        return set()
    suppliers = filter(None, (name_key(seller.name), name_key(seller.tax_id or "")))
    return {f"{supplier}#{day.year}#{name_key(document.number)}" for supplier in suppliers}


def _group(kind: Kind, state: IssuedStatus) -> str:
    return f"{kind.prefix}#{state.value}"


def _without(under: str, page: Page[IssuedSummary]) -> Page[IssuedSummary]:
    cursor = page.next_cursor
    return Page(page.items, cursor.removeprefix(under) if cursor else None)


def _written(summary: IssuedSummary) -> dict[str, Any]:
    amounts = {name: getattr(summary, name) for name in _AMOUNTS}
    dates = {name: getattr(summary, name) for name in _DATES}
    instants = {name: getattr(summary, name) for name in _INSTANTS}
    source_total = summary.source_total
    return {
        **{name: getattr(summary, name) for name in _TEXTS},
        **{name: format(amount, "f") if amount else None for name, amount in amounts.items()},
        **{name: day.isoformat() if day else None for name, day in dates.items()},
        **{name: milliseconds(at) if at else None for name, at in instants.items()},
        "source_total": None if source_total is None else format(source_total, "f"),
        "state": state(summary).value,
        "version": summary.version,
    }


def _read(item: Any) -> dict[str, Any]:
    """What an IssuedSummary is made of."""
    identifier = item.sk.rpartition("#")[2]
    instants = {name: getattr(item, name) for name in _INSTANTS}
    source_total = item.source_total
    return {
        **{name: getattr(item, name) for name in (*_TEXTS, *_DATES)},
        **{name: Decimal(getattr(item, name) or 0) for name in _AMOUNTS},
        **{name: None if at is None else instant(at) for name, at in instants.items()},
        "source_total": None if source_total is None else Decimal(source_total),
        "id": identifier,
        "kind": _KINDS[identifier.partition("_")[0]],
        "version": int(item.version),
    }
