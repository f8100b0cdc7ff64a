"""A document: a captured file and what is known of it.

    awaiting_upload ──> reading ──> ready | needs_review | failed | split
                                      │                               └─ parts: ready | needs_review | failed
                                      ├──> approved
                                      ├──> awaiting_second_approval ──> approved
                                      └──> rejected

A document is made before its file is there (``POST /v1/uploads``) or when a file appears in the drop
folder. ``file`` is None until the bytes have landed. A file of several invoices is split: each becomes a
document of its own, a part of the file's. What was approved or rejected can be opened again.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from sheaf.capture.reading import Source


class Status(StrEnum):
    AWAITING_UPLOAD = "awaiting_upload"
    READING = "reading"
    READY = "ready"
    NEEDS_REVIEW = "needs_review"
    FAILED = "failed"
    SPLIT = "split"
    AWAITING_SECOND_APPROVAL = "awaiting_second_approval"
    APPROVED = "approved"
    REJECTED = "rejected"

    @property
    def is_final(self) -> bool:
        """Whether the machine is done with it."""
        return self not in _UNDER_WAY

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody's decision."""
        return self in _OPEN

    @property
    def is_decided(self) -> bool:
        return self in _DECIDED


_UNDER_WAY = frozenset({Status.AWAITING_UPLOAD, Status.READING})
_OPEN = frozenset({Status.READY, Status.NEEDS_REVIEW, Status.AWAITING_SECOND_APPROVAL})
_DECIDED = frozenset({Status.APPROVED, Status.REJECTED})


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class FileFacts(_Record):
    """Of the original bytes; kept when the bytes are deleted. ``size`` in bytes.

    ``sha256`` is None for a file too large to be looked into.
    """

    id: str
    size: int
    sha256: str | None
    content_type: str
    pages: int
    uploaded_at: datetime


NO_ROOM = "quota_exhausted"
"""The code of a document whose file is kept until the workspace's plan has room for it."""


class Failure(_Record):
    """``code`` is stable; ``message`` is one sentence a person can act on."""

    code: str
    message: str


class Summary(_Record):
    """What a list shows of a reading."""

    vendor: str | None = None
    invoice_number: str | None = None
    invoice_date: str | None = None
    total: str | None = None
    currency: str | None = None


class PartOf(_Record):
    """The document of the file, and the pages of it (counted from 1) that the part stands on."""

    document_id: str
    first_page: int
    last_page: int


class LastPart(_Record):
    """The last of the parts made so far, whether it is still there or not; ``number`` counts from 1."""

    number: int
    first_page: int
    last_page: int


class Pages(_Record):
    """Of a file, both inclusive, counted from 1. ``before`` is the part that comes next after them."""

    first: int
    last: int
    before: str | None = None

    @property
    def range(self) -> tuple[int, int]:
        return self.first, self.last


class Division(_Record):
    """How people have divided a file, whatever speaks for another way.

    ``pending`` are the pages of each document that is still to be read, in their order; ``at`` is when that
    was asked for. ``knew_bytes``: until then the document was the first one with its bytes.
    """

    pending: tuple[Pages, ...] = ()
    at: datetime
    knew_bytes: bool = False


class Claim(_Record):
    """Who is looking at it; nobody else changes it until then."""

    by: str
    until: datetime


class Signature(_Record):
    by: str
    at: datetime


class Rejection(_Record):
    by: str
    at: datetime
    reason: str


class Review(_Record):
    """What people have decided so far."""

    claim: Claim | None = None
    approvals: tuple[Signature, ...] = ()
    rejection: Rejection | None = None


class Rereading(_Record):
    """The file is being read once more, since ``at``; ``analyses`` is how many there had been before.

    ``is_first``: it had not been read before, for there was no room for it.
    """

    at: datetime
    analyses: int
    is_first: bool = False


class Document(_Record):
    """``version`` is the stored version this one was loaded as: a write against a newer one is refused.

    ``risk`` is the probability, in percent, that something it says is wrong; ``checks`` are the codes of what
    was found, errors first. ``supplier_id`` and ``client_id`` are this workspace's own.
    ``attempt`` counts the text analyses started for this file; it is part of a job's idempotency token.
    ``parts`` are ids in the order of the pages: while it is read, of those that are there already.
    ``last_part``: how far a file is divided, until it is ``split``. ``division``: people have divided it, or
    joined it, by hand; ``undoable``: what it was before is set aside.
    """

    id: str
    filename: str
    content_type: str | None
    status: Status
    created_at: datetime
    created_by: str
    version: int = 0
    file: FileFacts | None = None
    attempt: int = 0
    engine: Source | None = None
    duplicate_of: str | None = None
    rereading: Rereading | None = None
    failure: Failure | None = None
    summary: Summary = Summary()
    parts: tuple[str, ...] = ()
    last_part: LastPart | None = None
    part_of: PartOf | None = None
    division: Division | None = None
    undoable: bool = False
    risk: int = 0
    checks: tuple[str, ...] = ()
    supplier_id: str | None = None
    client_id: str | None = None
    review: Review = Review()

    @property
    def waits_for(self) -> str | None:
        """The document whose reading will be this one's as well."""
        return None if self.rereading else self.duplicate_of

    @property
    def waits_for_room(self) -> bool:
        """Whether its file was kept without being read, for there was no room in the workspace's plan."""
        return self.status is Status.FAILED and self.failure is not None and self.failure.code == NO_ROOM

    @property
    def is_to_be_examined(self) -> bool:
        """Whether its file is to be looked into once more before any text analysis."""
        again = self.rereading
        return self.status is Status.READING and again is not None and again.analyses == self.attempt

    def is_analysed_by(self, attempt: int) -> bool:
        """Whether it is that text analysis, and no earlier one, whose answer is waited for."""
        return self.status is Status.READING and self.attempt == attempt and not self.is_to_be_examined

    @property
    def wanted_pages(self) -> tuple[tuple[int, int], ...]:
        """First and last page of each document that its text analysis is to give; none: by evidence."""
        if self.division is None or self.file is None:
            return ()
        return tuple(each.range for each in self.division.pending) or ((1, self.file.pages),)

    @property
    def tries(self) -> int:
        """Text analyses started for the reading that is under way."""
        return self.attempt - (self.rereading.analyses if self.rereading else 0)

    @property
    def reading_since(self) -> datetime | None:
        if self.rereading:
            return self.rereading.at
        return self.file.uploaded_at if self.file else None

    def analysed(self) -> Document:
        """With one more text analysis."""
        return self.model_copy(update={"attempt": self.attempt + 1})

    def landed(self, file: FileFacts) -> Document:
        return self.model_copy(update={"status": Status.READING, "file": file})

    def split(self) -> Document:
        return self.model_copy(update={"status": Status.SPLIT, "last_part": None})

    def failed(self, code: str, message: str) -> Document:
        return self.model_copy(
            update={"status": Status.FAILED, "failure": Failure(code=code, message=message)}
        )


class StoredFile(_Record):
    """The original bytes in the bucket, as retention sees them. ``id`` orders files by upload time.

    ``version_id`` is the S3 object version that was read; a later one under the same key is not it.
    ``converted``: a picture in a format Textract takes lies beside it, and is what is analysed.
    ``pictures``: how often pictures of its pages were put beside it.
    """

    id: str
    document_id: str
    version_id: str
    sha256: str | None
    size: int
    uploaded_at: datetime
    converted: bool = False
    pictures: int = 0


class Digest(_Record):
    """The first document of a client with these bytes, and those that wait for its reading; ``client_id``
    None: of those without one.
    """

    sha256: str
    client_id: str | None
    document_id: str
    followers: frozenset[str] = frozenset()
