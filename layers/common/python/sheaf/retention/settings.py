"""A workspace's settings: for now, how long it keeps original files."""

from __future__ import annotations

from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

from sheaf.audit.entries import Change
from sheaf.kernel.clock import Clock
from sheaf.kernel.errors import NotFound
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT, Page
from sheaf.retention.certificates import Certificate
from sheaf.retention.sweep import Files
from sheaf.retention.windows import Window
from sheaf.retention.workspace import Workspace


class SettingsView(BaseModel):
    retention: Window


class SettingsChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    retention: Window


class CertificateQuery(BaseModel):
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^fil_[0-9a-z]{26}$")] | None = None


class CertificateList(BaseModel):
    items: list[Certificate]
    next_cursor: str | None


class Workspaces(Protocol):
    def get(self) -> Workspace | None: ...
    def save(self, workspace: Workspace) -> None: ...


class Certificates(Protocol):
    def page(self, *, limit: int, cursor: str | None) -> Page[Certificate]: ...


class Tenant(Protocol):
    @property
    def clock(self) -> Clock: ...
    @property
    def workspace(self) -> Workspaces: ...
    @property
    def files(self) -> Files: ...
    @property
    def certificates(self) -> Certificates: ...
    def record(self, change: Change) -> None: ...


def show_settings(tenant: Tenant) -> SettingsView:
    return SettingsView(retention=_itself(tenant).retention)


def change_settings(tenant: Tenant, change: SettingsChange) -> SettingsView:
    """Another window applies at once, to the files that are there as well. The same changes nothing."""
    workspace = _itself(tenant)
    if change.retention is workspace.retention:
        return SettingsView(retention=workspace.retention)
    oldest = tenant.files.oldest()
    tenant.workspace.save(
        workspace.keeping(
            change.retention, oldest_upload=oldest.uploaded_at if oldest else None, now=tenant.clock.now()
        )
    )
    tenant.record(
        Change(
            subject=workspace.id,
            before={"retention": workspace.retention.value},
            after={"retention": change.retention.value},
        )
    )
    return SettingsView(retention=change.retention)


def list_certificates(tenant: Tenant, query: CertificateQuery) -> CertificateList:
    page = tenant.certificates.page(limit=query.limit, cursor=query.cursor)
    return CertificateList(items=page.items, next_cursor=page.next_cursor)


def _itself(tenant: Tenant) -> Workspace:
    workspace = tenant.workspace.get()
    if workspace is None:
        raise NotFound("There is no such workspace.")
    return workspace
