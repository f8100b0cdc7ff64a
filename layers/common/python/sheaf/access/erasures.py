"""A workspace that is to be erased, and what is said when it was."""

from __future__ import annotations

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict


class PlannedErasure(BaseModel):
    """What is known of a workspace that is to be erased, until it is; ``email`` is whom to tell."""

    model_config = ConfigDict(frozen=True)

    workspace_id: str
    closes_at: datetime
    asked_by: str
    email: str
    items_erased: int = 0
    versions_erased: int = 0


class ErasureCertificate(BaseModel):
    """``items_erased`` and ``versions_erased`` count what whole runs have deleted; a run that was killed in
    between has deleted more. ``items_left`` and ``versions_left`` are what a last look found: in the tables,
    and in the bucket.
    """

    model_config = ConfigDict(frozen=True)

    workspace_id: str
    closed_at: AwareDatetime
    asked_by: str
    erased_at: AwareDatetime
    items_erased: int
    versions_erased: int
    kinds: tuple[str, ...]
    items_left: int = 0
    versions_left: int = 0
