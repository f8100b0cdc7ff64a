"""Which documents an export takes next, in the order of their ids."""

from __future__ import annotations

from dataclasses import dataclass

from sheaf.capture.documents import Document
from sheaf.exports.job import Export, LeftOut, Selection
from sheaf.exports.ports import Tenant

AT_ONCE = 90
"""Documents in a part: their marks, the part and the export are written in one transaction of at most 100."""

_MOST_LOOKED_AT = 1000
"""Documents that a step looks at when few of them fit."""


@dataclass(frozen=True)
class Batch:
    """``looked_at`` are the ids up to which the export has come with this batch; ``is_last``: all of them.
    ``beyond`` are those among them that whoever asked for the export does not see.
    """

    documents: tuple[Document, ...]
    left_out: tuple[LeftOut, ...]
    looked_at: tuple[str, ...]
    beyond: frozenset[str]
    is_last: bool


def next_batch(tenant: Tenant, export: Export) -> Batch:
    return _named(tenant, export) if export.selection.document_ids else _walked(tenant, export)


def in_sight(document: Document, selection: Selection) -> bool:
    return selection.clients is None or document.client_id in selection.clients


def fits(document: Document, selection: Selection) -> bool:
    summary = document.summary
    day = summary.invoice_date or ""
    return (
        (selection.invoiced_from is None or day >= selection.invoiced_from)
        and (selection.invoiced_to is None or "" < day <= selection.invoiced_to)
        and (selection.supplier is None or selection.supplier.casefold() in (summary.vendor or "").casefold())
        and (selection.currency is None or summary.currency == selection.currency)
        and (selection.client_id is None or document.client_id == selection.client_id)
    )


def _named(tenant: Tenant, export: Export) -> Batch:
    rest = [each for each in export.selection.document_ids if each > (export.cursor or "")]
    ids = rest[:AT_ONCE]
    some = tenant.exportable.some(ids)
    found = {each: document for each, document in some.items() if in_sight(document, export.selection)}
    readable = tuple(found[each] for each in ids if each in found and found[each].engine)
    left_out = tuple(
        LeftOut(document_id=each, reason="not_read" if each in found else "not_found")
        for each in ids
        if each not in found or not found[each].engine
    )
    return Batch(readable, left_out, tuple(ids), frozenset(), is_last=len(rest) <= AT_ONCE)


def _walked(tenant: Tenant, export: Export) -> Batch:
    chosen: list[Document] = []
    looked_at: list[str] = []
    beyond: set[str] = set()
    after, is_last = export.cursor, False
    while len(chosen) < AT_ONCE and len(looked_at) < _MOST_LOOKED_AT and not is_last:
        page, more = tenant.exportable.page(export.selection.status, limit=AT_ONCE, after=after)
        taken = _taken(tenant, export, page) if export.selection.only_new else frozenset()
        is_last = more is None
        for document in page:
            if len(chosen) == AT_ONCE:
                is_last = False
                break
            looked_at.append(document.id)
            if not in_sight(document, export.selection):
                beyond.add(document.id)
            elif document.id not in taken and fits(document, export.selection):
                chosen.append(document)
        after = looked_at[-1] if looked_at else after
    return Batch(tuple(chosen), (), tuple(looked_at), frozenset(beyond), is_last)


def _taken(tenant: Tenant, export: Export, page: list[Document]) -> frozenset[str]:
    """Of these documents, those that another export holds."""
    if not page:
        return frozenset()
    counts: dict[str, bool] = {export.id: False}
    taken: set[str] = set()
    for document_id, export_id in tenant.export_marks.between(page[0].id, page[-1].id):
        if export_id not in counts:
            other = tenant.exports.get(export_id)
            counts[export_id] = other is not None and other.counts
        if counts[export_id]:
            taken.add(document_id)
    return frozenset(taken)
