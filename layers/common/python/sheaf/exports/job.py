"""An export: which documents, in which format, how far it has come, and the file it became.

    queued ──> running ──> done ──> withdrawn
       └──────────┴──> failed | withdrawn

It takes documents in the order of their ids and freezes them part by part, each with its place in one
transaction: stopped anywhere it goes on from there. When no document is left the file is put together from
the parts, which stay, so that the same rows can be had again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from sheaf.capture.documents import Status
from sheaf.exports.formats import Format
from sheaf.exports.rows import Layout

EXPIRES_AFTER = timedelta(days=7)
MOST_TOLD = 100
"""Documents left out that are named with their reason; of the others there is the number."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    """Nothing is left of it: somebody deleted it, or a document that it holds."""

    @property
    def is_final(self) -> bool:
        return self in (State.DONE, State.FAILED, State.WITHDRAWN)


class Selection(_Record):
    """``clients`` are those that whoever asked sees (None: all). ``document_ids`` are sorted; with them
    nothing else counts. Days are ISO 8601, both inclusive.
    """

    document_ids: tuple[str, ...] = ()
    status: Status = Status.APPROVED
    invoiced_from: str | None = None
    invoiced_to: str | None = None
    supplier: str | None = None
    currency: str | None = None
    client_id: str | None = None
    clients: tuple[str, ...] | None = None
    only_new: bool = False


class LeftOut(_Record):
    """``reason``: ``not_found``, ``not_read``, or what the format's target says of it."""

    document_id: str
    reason: str


class Tally(_Record):
    """``currencies``: how many documents are in each; ``unknown`` where a document does not say."""

    left_out: tuple[LeftOut, ...] = ()
    currencies: dict[str, int] = {}


class Part(_Record):
    """Frozen documents; ``number`` counts from 1."""

    number: int
    version_id: str
    document_ids: tuple[str, ...]


class File(_Record):
    """``size`` in bytes."""

    version_id: str
    sha256: str
    size: int
    extension: str
    content_type: str


class Export(_Record):
    """``cursor`` is the last document looked at; ``walked``: there are no more. ``version`` is the stored one
    this was loaded as. ``repeats`` is the export whose parts it takes.
    """

    id: str
    format: Format
    state: State
    created_at: datetime
    created_by: str
    selection: Selection = Selection()
    layout: Layout = Layout()
    repeats: str | None = None
    version: int = 0
    cursor: str | None = None
    walked: bool = False
    parts: int = 0
    looked_at: int = 0
    documents: int = 0
    left_out: int = 0
    tally: Tally = Tally()
    file: File | None = None
    finished_at: datetime | None = None
    downloads: int = 0
    reason: str | None = None

    @property
    def expires_at(self) -> datetime | None:
        return self.finished_at + EXPIRES_AFTER if self.file and self.finished_at else None

    @property
    def counts(self) -> bool:
        """Whether what it took is taken: what came to nothing before anybody fetched it exported nothing."""
        return self.downloads > 0 or self.state not in (State.FAILED, State.WITHDRAWN)

    def finished(self, file: File, at: datetime) -> Export:
        return self.model_copy(update={"state": State.DONE, "file": file, "finished_at": at})

    def ended(self, state: State, reason: str, at: datetime) -> Export:
        return self.model_copy(update={"state": state, "reason": reason, "finished_at": at, "file": None})
