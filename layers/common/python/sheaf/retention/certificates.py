"""Deletion certificates: what was hard-deleted, under which rule, when."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from sheaf.retention.windows import Window


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class DeletedFile(_Record):
    """``versions`` counts the object versions and delete markers that this run removed: 0 when an
    earlier run removed them and was stopped before it could certify it.
    """

    file_id: str
    document_id: str
    sha256: str | None
    size: int
    uploaded_at: datetime
    versions: int


class Certificate(_Record):
    """For each file a HEAD of its key answered 404 after the deletion, at ``deleted_at`` or before."""

    id: str
    run_id: str
    rule: Window
    as_of: datetime
    deleted_at: datetime
    files: tuple[DeletedFile, ...]
