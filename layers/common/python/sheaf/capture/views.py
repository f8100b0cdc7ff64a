"""A captured document as the API shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pydantic import AwareDatetime, BaseModel

from sheaf.capture.cost import Cost, cost_of
from sheaf.capture.documents import Claim, Document, Failure, PartOf, Rejection, Signature, Status, Summary
from sheaf.capture.kept import KeptReading
from sheaf.capture.reading import Check, DocumentType, Field, LineItem, Source, TaxLine
from sheaf.kernel.ids import created_at


class FileView(BaseModel):
    """``expires_on``: the day from which the sweep deletes the file, by the setting as it is now.

    ``deleted_at``: the file is gone, in all versions; a deletion certificate covers it.
    """

    size: int
    sha256: str | None
    content_type: str
    pages: int
    uploaded_at: AwareDatetime
    expires_on: date | None = None
    deleted_at: AwareDatetime | None = None


class CorrectionView(BaseModel):
    """``machine`` is what was read, with its own confidence; null: nothing was."""

    by: str
    at: AwareDatetime
    machine: Field | None


class FieldView(Field):
    """``correction`` is there when the value is not the machine's."""

    correction: CorrectionView | None = None


class ReadingView(BaseModel):
    """``removed``: fields that were read and that a person took away."""

    document_type: DocumentType
    engine: Source
    fields: dict[str, FieldView]
    removed: dict[str, CorrectionView] = {}
    line_items: tuple[LineItem, ...]
    tax_breakdown: tuple[TaxLine, ...]
    checks: tuple[Check, ...]


class ReviewView(BaseModel):
    """``claim``: who is looking at it, and until when nobody else may change it."""

    claim: Claim | None = None
    approvals: tuple[Signature, ...] = ()
    rejection: Rejection | None = None


class DocumentItemView(BaseModel):
    """A document in a list. ``risk`` is the probability, in percent, that something it says is wrong.

    ``checks`` are the codes of what was found, errors first. ``part_of``: the file holds several invoices,
    and this is one of them.
    """

    id: str
    filename: str
    status: Status
    created_at: AwareDatetime
    summary: Summary
    risk: int = 0
    checks: tuple[str, ...] = ()
    claim: Claim | None = None
    supplier_id: str | None = None
    client_id: str | None = None
    failure: Failure | None = None
    part_of: PartOf | None = None


class ExportMark(BaseModel):
    """An export that holds the document, and when it was asked for."""

    id: str
    at: AwareDatetime


class DocumentView(BaseModel):
    """``version`` counts its changes, and is its ETag. ``parts``: the documents of a file that was ``split``,
    in the order of its pages. Each says of which document it is ``part_of``; they share its file.
    ``undoable``: the last division or join by hand can be taken back, or what was taken back made again.
    """

    id: str
    filename: str
    status: Status
    created_at: AwareDatetime
    created_by: str
    version: int
    file: FileView | None = None
    duplicate_of: str | None = None
    part_of: PartOf | None = None
    parts: tuple[str, ...] = ()
    undoable: bool = False
    failure: Failure | None = None
    risk: int = 0
    supplier_id: str | None = None
    client_id: str | None = None
    review: ReviewView = ReviewView()
    exports: tuple[ExportMark, ...] = ()
    cost: Cost | None = None
    reading: ReadingView | None = None


def item_view(document: Document) -> DocumentItemView:
    return DocumentItemView(
        id=document.id,
        filename=document.filename,
        status=document.status,
        created_at=document.created_at,
        summary=document.summary,
        risk=document.risk,
        checks=document.checks,
        claim=document.review.claim,
        supplier_id=document.supplier_id,
        client_id=document.client_id,
        failure=document.failure,
        part_of=document.part_of,
    )


def document_view(
    document: Document, kept: KeptReading | None, file: FileView | None, exports: Iterable[str] = ()
) -> DocumentView:
    return DocumentView(
        id=document.id,
        filename=document.filename,
        status=document.status,
        created_at=document.created_at,
        created_by=document.created_by,
        version=document.version,
        file=file,
        duplicate_of=document.duplicate_of,
        part_of=document.part_of,
        parts=document.parts,
        undoable=document.undoable,
        failure=document.failure,
        risk=document.risk,
        supplier_id=document.supplier_id,
        client_id=document.client_id,
        review=ReviewView(**dict(document.review)),
        exports=tuple(ExportMark(id=each, at=created_at(each)) for each in exports),
        cost=cost_of(document),
        reading=_reading(kept) if kept else None,
    )


def _reading(kept: KeptReading) -> ReadingView:
    current, machine = kept.current, kept.machine.fields
    corrections = {
        name: CorrectionView(by=correction.by, at=correction.at, machine=machine.get(name))
        for name, correction in kept.overlay.fields.items()
    }
    return ReadingView(
        document_type=current.document_type,
        engine=current.engine,
        fields={
            name: FieldView(**dict(field), correction=corrections.get(name))
            for name, field in current.fields.items()
        },
        removed={name: each for name, each in corrections.items() if name not in current.fields},
        line_items=current.line_items,
        tax_breakdown=current.tax_breakdown,
        checks=current.checks,
    )
