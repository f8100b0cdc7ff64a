"""A document: a captured file and what is known of it.

    awaiting_upload ──> reading ──> ready | needs_review | failed | split
                                                                      └─ parts: ready | needs_review | failed

A document is made before its file is there (``POST /v1/uploads``) or when a file appears in the drop
folder. ``file`` is None until the bytes have landed. A file of several invoices is split: each becomes a
document of its own, a part of the file's.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from sheaf.capture.reading import Reading, Source


class Status(StrEnum):
    AWAITING_UPLOAD = "awaiting_upload"
    READING = "reading"
    READY = "ready"
    NEEDS_REVIEW = "needs_review"
    FAILED = "failed"
    SPLIT = "split"

    @property
    def is_final(self) -> bool:
        return self in _FINAL


_FINAL = {Status.READY, Status.NEEDS_REVIEW, Status.FAILED, Status.SPLIT}


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


class Document(_Record):
    """``version`` is the stored version this one was loaded as: a write against a newer one is refused.

    ``attempt`` counts the reading jobs started for this file; it is part of a job's idempotency token.
    ``parts`` are ids in the order of the pages: while it is read, of those that are there already.
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
    failure: Failure | None = None
    summary: Summary = Summary()
    parts: tuple[str, ...] = ()
    part_of: PartOf | None = None

    def landed(self, file: FileFacts) -> Document:
        return self.model_copy(update={"status": Status.READING, "file": file})

    def read(self, reading: Reading, *, needs_review: bool) -> Document:
        summary = Summary(**{name: _short(reading.value(name)) for name in Summary.model_fields})
        status = Status.NEEDS_REVIEW if needs_review else Status.READY
        return self.model_copy(update={"status": status, "engine": reading.engine, "summary": summary})

    def split(self) -> Document:
        return self.model_copy(update={"status": Status.SPLIT})

    def failed(self, code: str, message: str) -> Document:
        return self.model_copy(
            update={"status": Status.FAILED, "failure": Failure(code=code, message=message)}
        )


_SHORT = 200
"""Characters of a value in a list; the reading has all of it."""


def _short(value: str | None) -> str | None:
    return value if value is None or len(value) <= _SHORT else f"{value[: _SHORT - 1]}…"


class StoredFile(_Record):
    """The original bytes in the bucket, as retention sees them. ``id`` orders files by upload time.

    ``version_id`` is the S3 object version that was read; a later one under the same key is not it.
    ``converted``: a picture in a format Textract takes lies beside it, and is what is analysed.
    """

    id: str
    document_id: str
    version_id: str
    sha256: str | None
    size: int
    uploaded_at: datetime
    converted: bool = False


class Digest(_Record):
    """The first document of this workspace with these bytes, and those that wait for its reading."""

    sha256: str
    document_id: str
    followers: frozenset[str] = frozenset()
