"""A person's corrections: what the machine read is kept beside each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sheaf.capture.documents import Status
from sheaf.capture.findings import looked_over
from sheaf.capture.history import Told, ValueChange
from sheaf.capture.kept import (
    Correction,
    KeptReading,
    LinesCorrection,
    Overlay,
    TaxesCorrection,
    TypeCorrection,
)
from sheaf.capture.library import shown
from sheaf.capture.reading import FIELD_NAMES, Box, DocumentType, LineItem, Source, TaxLine
from sheaf.capture.views import DocumentView
from sheaf.kernel.errors import Conflict, InvalidRequest
from sheaf.kernel.preconditions import IfMatch
from sheaf.review.ports import Tenant
from sheaf.review.steps import content, seen, stage
from sheaf.review.values import Line, PlainDecimal, normal_form

LISTS = ("line_items", "tax_breakdown", "document_type")
"""What can be corrected beside the fields."""

_MOST_LINES = 5000


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LineInput(_Input):
    """``page`` and ``box`` are where the line stands, for whoever wants to show it."""

    description: Line | None = None
    product_code: Line | None = None
    quantity: PlainDecimal | None = None
    unit: Line | None = None
    unit_price: PlainDecimal | None = None
    tax_rate: PlainDecimal | None = None
    amount: PlainDecimal | None = None
    page: Annotated[int, Field(ge=1)] | None = None
    box: Box | None = None


class TaxInput(_Input):
    rate: PlainDecimal | None = None
    base: PlainDecimal | None = None
    amount: PlainDecimal


class CorrectionRequest(_Input):
    """``fields``: a field's value, in the normal form of readings; null: the document has no such field.

    ``line_items`` and ``tax_breakdown`` take the place of all that are there. ``undo`` names what goes back
    to the machine's value: fields, ``line_items``, ``tax_breakdown``, ``document_type``.
    """

    fields: Annotated[dict[str, Annotated[str, Field(max_length=2000)] | None], Field(max_length=100)] = {}
    line_items: Annotated[list[LineInput], Field(max_length=_MOST_LINES)] | None = None
    tax_breakdown: Annotated[list[TaxInput], Field(max_length=100)] | None = None
    document_type: DocumentType | None = None
    undo: Annotated[list[str], Field(max_length=100)] = []


def correct(tenant: Tenant, document_id: str, request: CorrectionRequest, if_match: IfMatch) -> DocumentView:
    """Approvals given so far are void: they were of something else. What changes nothing writes nothing.

    A file that could not be read can be typed in: it is then a document like any other.
    """
    document = seen(tenant, document_id, if_match)
    if not (document.status.is_open or document.status is Status.FAILED):
        raise Conflict(
            f"A document that is {_words(document.status)} cannot be corrected"
            + ("; open it again first." if document.status.is_decided else "."),
            code="not_open",
        )
    kept = content(tenant, document)
    corrected = kept.over(_overlay(tenant, kept, request))
    if corrected == kept:
        return shown(tenant, document, kept)
    readable = document.model_copy(update={"failure": None})
    looked = looked_over(tenant, tenant.policies.get(), readable, corrected)
    tenant.readings.put(document.id, looked.kept)
    told = Told(values=tuple(_differences(kept, corrected)))
    said = {"corrected": ", ".join(change.field for change in told.values)}
    return shown(tenant, stage(tenant, document, looked.document, told, said), looked.kept)


def _words(status: Status) -> str:
    return status.value.replace("_", " ")


def _overlay(tenant: Tenant, kept: KeptReading, request: CorrectionRequest) -> Overlay:
    """Raises InvalidRequest. The machine's own value, said by a person, is a correction as well: it is
    certain from then on.
    """
    by, at = tenant.actor.id, tenant.clock.now()
    over = kept.overlay
    fields = dict(over.fields)
    for name, value in _normal(request).items():
        if name not in fields or (fields[name].value, fields[name].source) != (value, Source.PERSON):
            fields[name] = Correction(value=value, by=by, at=at)
    changes: dict[str, object] = {}
    if request.line_items is not None:
        items = tuple(LineItem(**dict(line)) for line in request.line_items)
        if over.line_items is None or over.line_items.items != items:
            changes["line_items"] = LinesCorrection(items=items, by=by, at=at)
    if request.tax_breakdown is not None:
        taxes = tuple(TaxLine(**dict(tax)) for tax in request.tax_breakdown)
        if over.tax_breakdown is None or over.tax_breakdown.items != taxes:
            changes["tax_breakdown"] = TaxesCorrection(items=taxes, by=by, at=at)
    kind = request.document_type
    if kind is not None and (over.document_type is None or over.document_type.value is not kind):
        changes["document_type"] = TypeCorrection(value=kind, by=by, at=at)
    for name in request.undo:
        fields.pop(name, None)
    changes |= {name: None for name in request.undo if name in LISTS}
    return over.model_copy(update={"fields": fields, **changes})


def _normal(request: CorrectionRequest) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    wrong: list[dict[str, str]] = []
    for name, value in request.fields.items():
        try:
            found[name] = normal_form(name, value)
        except ValueError as error:
            wrong.append({"field": f"fields.{name}"[:200], "message": str(error)})
    wrong += [
        {"field": "undo", "message": f"There is nothing by the name of {name[:100]}"}
        for name in request.undo
        if name not in FIELD_NAMES and name not in LISTS
    ]
    if wrong:
        raise InvalidRequest(
            "Not accepted: " + ", ".join(each["field"] for each in wrong) + ".", errors=wrong
        )
    return found


def _differences(before: KeptReading, after: KeptReading) -> Iterator[ValueChange]:
    """Where the corrections differ; a value that was only confirmed is the same before and after."""
    was, now = before.overlay, after.overlay
    for name in sorted(was.fields.keys() | now.fields.keys()):
        if was.fields.get(name) != now.fields.get(name):
            yield ValueChange(field=name, before=before.current.value(name), after=after.current.value(name))
    if was.document_type != now.document_type:
        kinds = (before.current.document_type.value, after.current.document_type.value)
        yield ValueChange(field="document_type", before=kinds[0], after=kinds[1])
    for name in ("line_items", "tax_breakdown"):
        if getattr(was, name) != getattr(now, name):
            lines = [str(len(getattr(kept.current, name))) for kept in (before, after)]
            yield ValueChange(field=name, before=lines[0], after=lines[1])
