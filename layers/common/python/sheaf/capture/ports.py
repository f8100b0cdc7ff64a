"""What capture needs of the world, as protocols: storage and vendors fit them, fakes stand in for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from sheaf.access.actor import Actor
from sheaf.audit.entries import Change
from sheaf.capture.documents import Digest, Document, Status, StoredFile
from sheaf.capture.duplicates import Hold
from sheaf.capture.kept import KeptReading
from sheaf.capture.policy import Policy
from sheaf.capture.search import Question, Shelf
from sheaf.capture.views import DocumentItemView
from sheaf.kernel.clock import Clock
from sheaf.kernel.pages import Page
from sheaf.retention.certificates import Certificate
from sheaf.retention.sweep import Erasure
from sheaf.retention.workspace import Workspace


class Job(BaseModel):
    """A running text analysis: our own record of whose it is."""

    model_config = ConfigDict(frozen=True)

    id: str
    workspace_id: str
    document_id: str
    attempt: int


class JobState(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LOST = "lost"
    """Textract does not know the job: it expired, or was never there."""


class JobResult(BaseModel):
    """``response`` is a whole AnalyzeExpense answer when the job succeeded, its pages joined.

    ``reason`` is the code of a failure, one of ``sheaf.capture.inspection``'s where it has one.
    """

    model_config = ConfigDict(frozen=True)

    state: JobState
    response: Mapping[str, Any] | None = None
    reason: str | None = None


class TextAnalysis(Protocol):
    """Amazon Textract's asynchronous expense analysis."""

    def start(self, key: str, version_id: str | None, *, token: str) -> str:
        """The job's id. The same token gives the same job.

        Raises UnreadableFile when the file can never be analysed.
        """

    def result(self, job_id: str) -> JobResult: ...


class Reminders(Protocol):
    """Messages to ourselves that arrive later: a job whose completion got lost is noticed by them."""

    def remind(self, workspace_id: str, document_id: str, *, after: timedelta) -> None: ...


class Documents(Protocol):
    def get(self, document_id: str) -> Document | None: ...
    def page(self, *, limit: int, cursor: str | None, status: Status | None) -> Page[Document]: ...
    def add(self, document: Document) -> None: ...
    def save(self, document: Document) -> Document: ...
    def remove(self, document: Document) -> None: ...
    def remove_part(self, document_id: str) -> None: ...
    def require_status(self, document_id: str, status: Status) -> None: ...


class SearchIndex(Protocol):
    def page(
        self, shelf: Shelf, question: Question, *, limit: int, cursor: str | None
    ) -> Page[DocumentItemView]: ...
    def under(self, key: str, *, consistent: bool = True) -> list[str]: ...


class Readings(Protocol):
    def get(self, document_id: str) -> KeptReading | None: ...
    def put(self, document_id: str, kept: KeptReading) -> None: ...
    def remove(self, document_id: str) -> None: ...


class Files(Protocol):
    def get(self, file_id: str) -> StoredFile | None: ...
    def add(self, file: StoredFile) -> None: ...
    def remove(self, file_id: str) -> None: ...


class Digests(Protocol):
    def get(self, sha256: str) -> Digest | None: ...
    def claim(self, sha256: str, document_id: str, *, instead_of: str | None = None) -> None: ...
    def follow(self, sha256: str, document_id: str, *, first: str) -> None: ...
    def release(self, sha256: str, document_id: str) -> None: ...


class Policies(Protocol):
    def get(self, *, consistent: bool = True) -> Policy: ...
    def save(self, policy: Policy) -> None: ...


class Holds(Protocol):
    def get(self, key: str) -> Hold | None: ...
    def take(self, hold: Hold, *, instead_of: Hold | None) -> None: ...


class UploadForm(Protocol):
    @property
    def url(self) -> str: ...
    @property
    def fields(self) -> dict[str, str]: ...


class Blobs(Protocol):
    def original_key(self, document_id: str) -> str: ...
    def readable_key(self, document_id: str, file_id: str) -> str: ...
    def presign_upload(
        self, document_id: str, *, content_type: str, size: int, lifetime: timedelta
    ) -> UploadForm: ...
    def presign_download(
        self, document_id: str, version_id: str, *, filename: str, lifetime: timedelta
    ) -> str: ...
    def read(self, document_id: str, version_id: str) -> bytes | None: ...
    def put_readable(self, document_id: str, file_id: str, data: bytes, content_type: str) -> None: ...
    def is_dropped(self, dropped_key: str, version_id: str) -> bool: ...
    def adopt(self, dropped_key: str, version_id: str, document_id: str) -> None: ...
    def discard(self, dropped_key: str, version_id: str) -> None: ...
    def erase(self, document_ids: Sequence[str]) -> Mapping[str, Erasure]: ...


class Workspaces(Protocol):
    def get(self) -> Workspace | None: ...


class Certificates(Protocol):
    def covering(self, file_id: str) -> Certificate | None: ...


class ExportMarks(Protocol):
    def of(self, document_id: str) -> list[str]: ...


class Tenant(Protocol):
    """One workspace. Writes are staged; nothing here can commit."""

    @property
    def workspace_id(self) -> str: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def workspace(self) -> Workspaces: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def readings(self) -> Readings: ...
    @property
    def search(self) -> SearchIndex: ...
    @property
    def policies(self) -> Policies: ...
    @property
    def holds(self) -> Holds: ...
    @property
    def files(self) -> Files: ...
    @property
    def digests(self) -> Digests: ...
    @property
    def certificates(self) -> Certificates: ...
    @property
    def export_marks(self) -> ExportMarks: ...
    @property
    def blobs(self) -> Blobs: ...
    def new_id(self, prefix: str) -> str: ...
    def record(self, change: Change) -> None: ...
