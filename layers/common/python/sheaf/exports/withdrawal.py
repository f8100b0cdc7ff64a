"""Taking an export back, and those that hold a document which is deleted: their bytes go first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sheaf.audit.entries import Change
from sheaf.exports.job import Export, State
from sheaf.exports.ports import Tenant
from sheaf.kernel.ids import is_id

AT_ONCE = 20
"""Marks in one unit of work: each may bring an export and an audit entry with it."""


def withdraw(tenant: Tenant, export: Export, reason: str) -> None:
    tenant.export_files.erase(export.id)
    if export.state is State.WITHDRAWN:
        return
    tenant.exports.save(export.ended(State.WITHDRAWN, reason, tenant.clock.now()))
    tenant.record(
        Change(
            subject=export.id,
            before={"state": export.state.value},
            after={"state": State.WITHDRAWN.value, "reason": reason},
        )
    )


def withdraw_exports(tenant: Tenant, document_id: str) -> bool:
    """Of the document and the parts of its file. True: something was staged. Commit it, and call again."""
    marks = list(islice(_marks(tenant, document_id), AT_ONCE))
    for export_id in dict.fromkeys(export_id for _, export_id in marks):
        export = tenant.exports.get(export_id)
        if export is not None:
            withdraw(tenant, export, "document_deleted")
    for marked, export_id in marks:
        tenant.export_marks.remove(marked, export_id)
    return bool(marks)


def _marks(tenant: Tenant, document_id: str) -> Iterator[tuple[str, str]]:
    document = tenant.documents.get(document_id) if is_id(document_id, "doc") else None
    if document is None:
        return
    for each in (document.id, *document.parts):
        for export_id in tenant.export_marks.of(each):
            yield each, export_id
