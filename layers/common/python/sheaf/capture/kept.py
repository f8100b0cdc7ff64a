"""What is kept of a document's content: what the machine read, and what has been put over it since.

The machine's reading is never edited. A correction lies over one field of it, with who made it and when; so
a newer reading can take the place of the old one and every correction still holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from sheaf.capture.checks import needs_review, run_checks
from sheaf.capture.documents import Document, Review, Status, Summary
from sheaf.capture.reading import Check, DocumentType, Field, LineItem, Reading, Source, TaxLine
from sheaf.capture.risk import risk


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Correction(_Record):
    """``value`` None: the document has no such field. ``source`` is a person, or the supplier's memory."""

    value: str | None
    by: str
    at: datetime
    source: Source = Source.PERSON


class LinesCorrection(_Record):
    """All lines of the document, in place of those that were read."""

    items: tuple[LineItem, ...]
    by: str
    at: datetime


class TaxesCorrection(_Record):
    items: tuple[TaxLine, ...]
    by: str
    at: datetime


class TypeCorrection(_Record):
    value: DocumentType
    by: str
    at: datetime


class Overlay(_Record):
    """``findings``: what the rest of the workspace says about the reading, such as that it is a duplicate."""

    fields: dict[str, Correction] = {}
    line_items: LinesCorrection | None = None
    tax_breakdown: TaxesCorrection | None = None
    document_type: TypeCorrection | None = None
    findings: tuple[Check, ...] = ()


class KeptReading(_Record):
    machine: Reading
    overlay: Overlay = Overlay()

    @cached_property
    def current(self) -> Reading:
        """The reading as it stands: corrections applied, checks run again, findings added."""
        over = self.overlay
        if over == Overlay():
            return self.machine
        changes: dict[str, object] = {"fields": _with_corrections(self.machine.fields, over.fields)}
        if over.line_items:
            changes["line_items"] = over.line_items.items
        if over.tax_breakdown:
            changes["tax_breakdown"] = over.tax_breakdown.items
        if over.document_type:
            changes["document_type"] = over.document_type.value
        corrected = self.machine.model_copy(update=changes)
        return corrected.model_copy(update={"checks": (*run_checks(corrected), *over.findings)})

    def found(self, findings: tuple[Check, ...]) -> KeptReading:
        return self.over(self.overlay.model_copy(update={"findings": findings}))

    def over(self, overlay: Overlay) -> KeptReading:
        return KeptReading(machine=self.machine, overlay=overlay)


class Aside(_Record):
    """A document as it was before its file was divided, or joined, by hand.

    ``kept`` is there for the document of the file; a part's stays where it is.
    """

    document: Document
    kept: KeptReading | None = None


def carrying(document: Document, kept: KeptReading) -> Document:
    """The document with this content; what was decided about another is void."""
    reading = kept.current
    errors = {check.code: None for check in reading.checks if check.severity == "error"}
    warnings = {check.code: None for check in reading.checks}
    return document.model_copy(
        update={
            "status": Status.NEEDS_REVIEW if needs_review(reading) else Status.READY,
            "engine": reading.engine,
            "summary": Summary(**{name: _short(reading.value(name)) for name in Summary.model_fields}),
            "risk": round(100 * risk(reading)),
            "checks": tuple(errors | warnings),
            "review": Review(claim=document.review.claim),
        }
    )


_SHORT = 200
"""Characters of a value in a list; the reading has all of it."""


def _short(value: str | None) -> str | None:
    return value if value is None or len(value) <= _SHORT else f"{value[: _SHORT - 1]}…"


def _with_corrections(fields: Mapping[str, Field], corrections: Mapping[str, Correction]) -> dict[str, Field]:
    """A correction keeps the place on the page, so that a viewer can still show where it stands."""
    corrected = {name: field for name, field in fields.items() if name not in corrections}
    for name, correction in corrections.items():
        if correction.value is None:
            continue
        read = fields.get(name)
        corrected[name] = Field(
            value=correction.value,
            raw=read.raw if read else None,
            confidence=1.0,
            page=read.page if read else None,
            box=read.box if read else None,
            source=correction.source,
        )
    return corrected
