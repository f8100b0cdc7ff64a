"""Asking for an export, looking at it, fetching its file, taking it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from sheaf.access.visibility import Visibility
from sheaf.audit.entries import Change
from sheaf.capture.documents import Status
from sheaf.exports.formats import Format
from sheaf.exports.job import Export, LeftOut, Selection, State
from sheaf.exports.ports import Tenant
from sheaf.exports.rows import Layout
from sheaf.exports.withdrawal import withdraw
from sheaf.kernel.errors import Conflict, Gone, NotFound
from sheaf.kernel.ids import is_id
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT

MOST_IDS = 1000

type DocumentId = Annotated[str, StringConstraints(pattern=r"^doc_[0-9a-z]{26}$")]
type Readable = Literal[
    Status.APPROVED,
    Status.READY,
    Status.NEEDS_REVIEW,
    Status.AWAITING_SECOND_APPROVAL,
    Status.REJECTED,
]


class ExportFilter(BaseModel):
    """``from`` and ``to``: the day on the invoice, both inclusive. ``supplier``: a part of its name.

    ``only_new``: documents that no export holds; one that came to nothing before anybody fetched it holds
    none.
    """

    model_config = ConfigDict(extra="forbid")

    status: Readable = Status.APPROVED
    invoiced_from: Annotated[date | None, Field(alias="from")] = None
    invoiced_to: Annotated[date | None, Field(alias="to")] = None
    supplier: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None
    ) = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    client_id: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,4}_[0-9a-z]{26}$")] | None = None
    only_new: bool = False


class NewExport(BaseModel):
    """``document_ids`` or a ``filter``; with neither, all approved documents."""

    model_config = ConfigDict(extra="forbid")

    format: Format
    filter: ExportFilter | None = None
    document_ids: Annotated[list[DocumentId], Field(min_length=1, max_length=MOST_IDS)] | None = None
    layout: Layout = Layout()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.filter is not None and self.document_ids is not None:
            raise PydanticCustomError("export_selection", "Give document_ids or a filter, not both")
        return self

    @property
    def selection(self) -> Selection:
        if self.document_ids is not None:
            return Selection(document_ids=tuple(sorted(set(self.document_ids))))
        asked = self.filter or ExportFilter()
        return Selection(
            status=asked.status,
            invoiced_from=asked.invoiced_from.isoformat() if asked.invoiced_from else None,
            invoiced_to=asked.invoiced_to.isoformat() if asked.invoiced_to else None,
            supplier=asked.supplier,
            currency=asked.currency,
            client_id=asked.client_id,
            only_new=asked.only_new,
        )


class ExportView(BaseModel):
    """``looked_at`` grows while it runs. ``documents`` are in the file, ``left_out`` are not: the first of
    them say why. ``notes`` are what somebody should know before they import the file. ``sha256`` and ``size``
    (in bytes) are the file's, which can be fetched until ``expires_at``. ``reason``: why it failed or was
    withdrawn.
    """

    id: str
    format: Format
    state: State
    created_at: AwareDatetime
    created_by: str
    repeats: str | None
    looked_at: int
    documents: int
    left_out: int
    left_out_first: tuple[LeftOut, ...]
    currencies: dict[str, int]
    notes: tuple[str, ...]
    filename: str | None
    size: int | None
    sha256: str | None
    finished_at: AwareDatetime | None
    expires_at: AwareDatetime | None
    downloads: int
    reason: str | None


class ExportQuery(BaseModel):
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^exp_[0-9a-z]{26}$")] | None = None


class ExportList(BaseModel):
    items: list[ExportView]
    next_cursor: str | None


class ExportLink(BaseModel):
    url: str
    filename: str
    expires_at: AwareDatetime


def request_export(tenant: Tenant, new: NewExport) -> ExportView:
    export = Export(
        id=tenant.new_id("exp"),
        format=new.format,
        state=State.QUEUED,
        created_at=tenant.clock.now(),
        created_by=tenant.actor.id,
        selection=_as_far_as(tenant.visibility, new.selection),
        layout=new.layout,
    )
    return _begun(tenant, export)


def _as_far_as(visibility: Visibility, selection: Selection) -> Selection:
    """An export is made behind the back of whoever asked, and takes what they saw when they did."""
    if visibility.clients is None:
        return selection
    return selection.model_copy(update={"clients": tuple(sorted(visibility.clients))})


def repeat_export(tenant: Tenant, export_id: str) -> ExportView:
    """The very same rows, whatever has become of the documents since: the same bytes."""
    repeated = _find(tenant, export_id)
    _require_done(repeated)
    export = Export(
        id=tenant.new_id("exp"),
        format=repeated.format,
        state=State.QUEUED,
        created_at=tenant.clock.now(),
        created_by=tenant.actor.id,
        selection=repeated.selection,
        layout=repeated.layout,
        repeats=repeated.id,
        looked_at=repeated.looked_at,
        left_out=repeated.left_out,
        tally=repeated.tally,
    )
    return _begun(tenant, export)


def show_export(tenant: Tenant, export_id: str) -> ExportView:
    return view(_find(tenant, export_id))


def list_exports(tenant: Tenant, query: ExportQuery) -> ExportList:
    page = tenant.exports.page(limit=query.limit, cursor=query.cursor)
    return ExportList(items=[view(export) for export in page.items], next_cursor=page.next_cursor)


def link_to_export(tenant: Tenant, export_id: str, lifetime: timedelta) -> ExportLink:
    """Counted: whoever fetches the file has what it says."""
    export = _find(tenant, export_id)
    link = _link(tenant, export, lifetime)
    tenant.exports.save(export.model_copy(update={"downloads": export.downloads + 1}))
    tenant.record(Change(subject=export.id, after={"downloads": str(export.downloads + 1)}))
    return link


def renew_link(tenant: Tenant, export_id: str, lifetime: timedelta) -> ExportLink:
    """The same request once more: counted already."""
    return _link(tenant, _find(tenant, export_id), lifetime)


def delete_export(tenant: Tenant, export_id: str) -> None:
    """Its bytes first. What it took counts as exported only if it was fetched."""
    withdraw(tenant, _find(tenant, export_id), "deleted")


def view(export: Export) -> ExportView:
    file = export.file
    return ExportView(
        **export.model_dump(include=ExportView.model_fields.keys() & Export.model_fields.keys()),
        left_out_first=export.tally.left_out,
        currencies=export.tally.currencies,
        notes=tuple(_notes(export)),
        filename=_filename(export),
        size=file.size if file else None,
        sha256=file.sha256 if file else None,
        expires_at=export.expires_at,
    )


def _begun(tenant: Tenant, export: Export) -> ExportView:
    tenant.exports.add(export)
    about = {"format": export.format.value, "only_new": str(export.selection.only_new).lower()}
    if export.repeats:
        about["repeats"] = export.repeats
    tenant.record(Change(subject=export.id, after=about))
    return view(export)


def _find(tenant: Tenant, export_id: str) -> Export:
    export = tenant.exports.get(export_id) if is_id(export_id, "exp") else None
    if export is None:
        raise NotFound("There is no such export in this workspace.")
    return export


def _require_done(export: Export) -> None:
    match export.state:
        case State.QUEUED | State.RUNNING:
            raise Conflict("This export is still at work.", code="export_not_done")
        case State.FAILED:
            raise Conflict("This export failed; ask for a new one.", code="export_failed")
        case State.WITHDRAWN:
            raise Gone(
                "Nothing is left of this export: it, or a document in it, was deleted.",
                code="export_withdrawn",
            )


def _link(tenant: Tenant, export: Export, lifetime: timedelta) -> ExportLink:
    _require_done(export)
    now, file, filename = tenant.clock.now(), export.file, _filename(export)
    if file is None or filename is None or export.expires_at is None or export.expires_at <= now:
        raise Gone(
            "The file has expired. Repeat the export to have the same rows again.", code="export_expired"
        )
    url = tenant.export_files.presign(export.id, file.version_id, filename=filename, lifetime=lifetime)
    return ExportLink(url=url, filename=filename, expires_at=now + lifetime)


def _filename(export: Export) -> str | None:
    if export.file is None:
        return None
    return (
        f"sheaf-{export.format.value.replace('_', '-')}-{export.created_at:%Y-%m-%d}.{export.file.extension}"
    )


def _notes(export: Export) -> list[str]:
    currencies = sorted(export.tally.currencies)
    if len(currencies) < 2 or not export.format.target.one_currency:  # noqa: PLR2004 - one needs no telling
        return []
    note = (
        f"The amounts are in several currencies ({', '.join(currencies)}), and this format has no place to "
        "say which: each row's memo does. Export one currency at a time to import it."
    )
    return [note]
