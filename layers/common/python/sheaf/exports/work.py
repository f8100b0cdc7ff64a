"""The work of an export, in steps that may each be done twice.

A step takes documents up to a limit, writes them as a frozen part, and stages its place, the marks of its
documents and the export's progress for one transaction. A step that was stopped before the transaction is
done again and overwrites its part; one that was stopped after it is not.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from sheaf.audit.entries import Change
from sheaf.capture.documents import Document
from sheaf.capture.kept import KeptReading
from sheaf.capture.suppliers.supplier import Supplier
from sheaf.exports.job import MOST_TOLD, Export, File, LeftOut, Part, State, Tally
from sheaf.exports.ports import Tenant
from sheaf.exports.rows import ExportedDocument
from sheaf.exports.selecting import Batch, next_batch
from sheaf.exports.withdrawal import withdraw

_MOST_BYTES = 16 << 20
"""Of JSON in a part; readings of tens of thousands of lines get parts of fewer documents."""

_LEVEL = 6


class Next(Enum):
    STEP = auto()
    """There is more to take."""

    ASSEMBLY = auto()
    """Everything is taken: put the file together."""

    NOTHING = auto()


def step(tenant: Tenant, export: Export) -> Next:
    """Stages one step of it; what comes next when that is committed."""
    if export.state is State.WITHDRAWN:
        tenant.export_files.erase(export.id)  # of what was written when it was withdrawn already
        return Next.NOTHING
    if export.state.is_final:
        return Next.NOTHING
    if export.walked:
        return Next.ASSEMBLY
    if export.repeats:
        return _copy(tenant, export, export.repeats)
    return _take(tenant, export)


def assemble(tenant: Tenant, export: Export) -> None:
    """Puts the file together from the parts, in memory that does not grow with them."""
    with tempfile.TemporaryFile() as file:
        written = export.format.target.write(_frozen(tenant, export), file, export.layout)
        size = file.tell()
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        version_id = tenant.export_files.put_file(export.id, file, written.content_type)
    made = File(version_id=version_id, sha256=sha256, size=size, **written.model_dump())
    tenant.exports.save(export.finished(made, tenant.clock.now()))
    tenant.record(
        Change(
            subject=export.id,
            before={"state": export.state.value},
            after={"state": State.DONE.value, "documents": str(export.documents), "sha256": sha256},
        )
    )


def give_up(tenant: Tenant, export: Export) -> None:
    """Every try has failed: it says so, and leaves nothing behind."""
    if export.state.is_final:
        return
    tenant.export_files.erase(export.id)
    tenant.exports.save(export.ended(State.FAILED, "gave_up", tenant.clock.now()))
    tenant.record(Change(subject=export.id, after={"state": State.FAILED.value}))


def verify(tenant: Tenant, export: Export) -> None:
    """A while after it was done: a document that was being deleted while it was taken is in no export.

    Whoever deletes a document withdraws the exports that are marked on it. A mark that was made after they
    had looked is noticed here, because by now their deletion has come to its end.
    """
    if export.state is not State.DONE:
        return
    for part in tenant.exports.parts(export.id):
        missing = tenant.exportable.missing(part.document_ids)
        if missing:
            withdraw(tenant, export, "document_deleted")
            for document_id in missing:
                tenant.export_marks.remove(document_id, export.id)
            return


def _take(tenant: Tenant, export: Export) -> Next:
    batch = next_batch(tenant, export)
    readings = tenant.exportable.readings([document.id for document in batch.documents])
    filled = _fill(export, batch, readings, _suppliers(tenant, batch))
    reached = filled.full_at or "~"
    looked_at = [each for each in batch.looked_at if each <= reached]
    left_out = [each for each in (*batch.left_out, *filled.left_out) if each.document_id <= reached]
    advanced = export.model_copy(
        update={
            "state": State.RUNNING,
            "cursor": looked_at[-1] if looked_at else export.cursor,
            "walked": batch.is_last and filled.full_at is None,
            "looked_at": export.looked_at + sum(each not in batch.beyond for each in looked_at),
            "documents": export.documents + len(filled.ids),
            "left_out": export.left_out + len(left_out),
            "tally": _added(export.tally, left_out, filled.currencies),
            "parts": export.parts + bool(filled.ids),
        }
    )
    if filled.ids:
        _freeze(tenant, advanced, filled.packed(), tuple(filled.ids))
    tenant.exports.save(advanced)
    return Next.ASSEMBLY if advanced.walked else Next.STEP


def _copy(tenant: Tenant, export: Export, repeated: str) -> Next:
    """One part of the export that is repeated."""
    part = next(tenant.exports.parts(repeated, after=export.parts), None)
    if part is None:
        tenant.exports.save(export.model_copy(update={"state": State.RUNNING, "walked": True}))
        return Next.ASSEMBLY
    data = tenant.export_files.part(repeated, part.number, part.version_id)
    if data is None:
        withdraw(tenant, export, "document_deleted")
        return Next.NOTHING
    advanced = export.model_copy(
        update={
            "state": State.RUNNING,
            "parts": export.parts + 1,
            "documents": export.documents + len(part.document_ids),
        }
    )
    _freeze(tenant, advanced, data, part.document_ids)
    tenant.exports.save(advanced)
    return Next.STEP


def _freeze(tenant: Tenant, export: Export, data: bytes, document_ids: tuple[str, ...]) -> None:
    version_id = tenant.export_files.put_part(export.id, export.parts, data)
    tenant.exports.add_part(
        export.id, Part(number=export.parts, version_id=version_id, document_ids=document_ids)
    )
    for document_id in document_ids:
        tenant.export_marks.add(document_id, export.id)


@dataclass
class _Filled:
    """A part in the making. ``full_at``: its last document, if it was full before the batch was through."""

    ids: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    currencies: Counter[str] = field(default_factory=Counter)
    full_at: str | None = None

    def packed(self) -> bytes:
        """The same documents give the same bytes."""
        into = io.BytesIO()
        with gzip.GzipFile(fileobj=into, mode="wb", compresslevel=_LEVEL, mtime=0) as packing:
            packing.writelines(self.lines)
        return into.getvalue()


def _suppliers(tenant: Tenant, batch: Batch) -> dict[str, Supplier]:
    wanted = {document.supplier_id for document in batch.documents if document.supplier_id}
    found = (tenant.suppliers.get(supplier_id, exact=False) for supplier_id in sorted(wanted))
    return {supplier.id: supplier for supplier in found if supplier}


def _fill(
    export: Export,
    batch: Batch,
    readings: Iterable[tuple[str, KeptReading]],
    suppliers: Mapping[str, Supplier],
) -> _Filled:
    """Readings come in the order of the ids; what has none by now was deleted, or was never read."""
    filled = _Filled()
    documents, size, refusal = {d.id: d for d in batch.documents}, 0, export.format.target.refusal
    for document_id, kept in readings:
        document = documents[document_id]
        exported = freeze(document, kept, suppliers.get(document.supplier_id or ""))
        reason = refusal(exported)
        if reason:
            filled.left_out.append(LeftOut(document_id=document_id, reason=reason))
            continue
        line = exported.model_dump_json(exclude_defaults=True).encode() + b"\n"
        if filled.ids and size + len(line) > _MOST_BYTES:
            filled.full_at = filled.ids[-1]
            break
        size += len(line)
        filled.ids.append(document_id)
        filled.lines.append(line)
        filled.currencies[exported.reading.value("currency") or "unknown"] += 1
    return filled


def freeze(document: Document, kept: KeptReading, supplier: Supplier | None) -> ExportedDocument:
    decisions = [signature.at for signature in document.review.approvals]
    if document.review.rejection:
        decisions.append(document.review.rejection.at)
    return ExportedDocument(
        id=document.id,
        filename=document.filename,
        status=document.status,
        created_at=document.created_at,
        decided_at=max(decisions, default=None),
        reading=kept.current,
        account=supplier.account if supplier else None,
        tax_code=supplier.tax_code if supplier else None,
        client=document.client_id,
    )


def _added(tally: Tally, left_out: list[LeftOut], currencies: Counter[str]) -> Tally:
    return Tally(
        left_out=(*tally.left_out, *left_out)[:MOST_TOLD],
        currencies=dict(sorted((Counter(tally.currencies) + currencies).items())),
    )


def _frozen(tenant: Tenant, export: Export) -> Iterator[ExportedDocument]:
    for part in tenant.exports.parts(export.id):
        data = tenant.export_files.part(export.id, part.number, part.version_id)
        if data is None:
            raise LookupError("a part is gone")
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as lines:
            for line in lines:
                yield ExportedDocument.model_validate_json(line)
