"""Hard-deleting files whose window has closed: bytes first, then their records, then a certificate.

A run that is stopped between the bytes and the records finds the same files again, deletes nothing twice
that matters, and certifies then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sheaf.audit.entries import Change
from sheaf.kernel.clock import Clock
from sheaf.retention.certificates import Certificate, DeletedFile
from sheaf.retention.workspace import Workspace

BATCH = 90
"""Files in one transaction; it has room for 100 actions, a certificate and an audit entry among them."""


class StoredFile(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def document_id(self) -> str: ...
    @property
    def sha256(self) -> str | None: ...
    @property
    def size(self) -> int: ...
    @property
    def uploaded_at(self) -> datetime: ...
    @property
    def pictures(self) -> int: ...


class Erasure(Protocol):
    """``error`` is None when nothing of the document's objects is left."""

    @property
    def versions(self) -> int: ...
    @property
    def error(self) -> str | None: ...


class Files(Protocol):
    def due(self, before: datetime, *, limit: int, after: str | None) -> Sequence[StoredFile]: ...
    def oldest(self) -> StoredFile | None: ...
    def remove(self, file_id: str, *, pictures: int) -> None: ...


class Blobs(Protocol):
    def erase(self, document_ids: Sequence[str]) -> Mapping[str, Erasure]: ...


class Workspaces(Protocol):
    def get(self) -> Workspace | None: ...
    def save(self, workspace: Workspace) -> None: ...


class Certificates(Protocol):
    def add(self, certificate: Certificate) -> None: ...


class Tenant(Protocol):
    @property
    def clock(self) -> Clock: ...
    @property
    def workspace(self) -> Workspaces: ...
    @property
    def files(self) -> Files: ...
    @property
    def blobs(self) -> Blobs: ...
    @property
    def certificates(self) -> Certificates: ...
    def new_id(self, prefix: str) -> str: ...
    def record(self, change: Change) -> None: ...


@dataclass(frozen=True)
class Batch:
    """``certificate`` is staged with the records' removal; ``refused`` maps file ids to S3's error codes.

    ``last`` is the youngest file looked at: where the next batch begins.
    """

    certificate: Certificate | None
    refused: Mapping[str, str]
    last: str


def delete_due(tenant: Tenant, *, run_id: str, as_of: datetime, after: str | None) -> Batch | None:
    """One batch of due files, oldest first; None when there is none left.

    A file that S3 would not delete keeps its record and its turn; the others go on.
    """
    workspace = tenant.workspace.get()
    before = workspace.retention.due_before(as_of.date()) if workspace else None
    if workspace is None or before is None:
        return None
    files = tenant.files.due(before, limit=BATCH, after=after)
    if not files:
        return None
    outcome = tenant.blobs.erase([file.document_id for file in files])
    refused = {file.id: error for file in files if (error := outcome[file.document_id].error)}
    gone = [file for file in files if file.id not in refused]
    if not gone:
        return Batch(None, refused, files[-1].id)
    certificate = Certificate(
        id=tenant.new_id("crt"),
        run_id=run_id,
        rule=workspace.retention,
        as_of=as_of,
        deleted_at=tenant.clock.now(),
        files=tuple(_deleted(file, outcome[file.document_id].versions) for file in gone),
    )
    for file in gone:
        tenant.files.remove(file.id, pictures=file.pictures)
    tenant.certificates.add(certificate)
    tenant.record(Change(subject=certificate.id, after={"run": run_id, "files": str(len(gone))}))
    return Batch(certificate, refused, files[-1].id)


def reschedule(tenant: Tenant) -> None:
    """Stages the day of the workspace's next sweep."""
    workspace = tenant.workspace.get()
    if workspace is None:
        return
    oldest = tenant.files.oldest()
    swept = workspace.swept(oldest_upload=oldest.uploaded_at if oldest else None, now=tenant.clock.now())
    if swept != workspace:
        tenant.workspace.save(swept)


def _deleted(file: StoredFile, versions: int) -> DeletedFile:
    return DeletedFile(
        file_id=file.id,
        document_id=file.document_id,
        sha256=file.sha256,
        size=file.size,
        uploaded_at=file.uploaded_at,
        versions=versions,
    )
