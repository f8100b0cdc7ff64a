"""What reviewing needs of the world, beyond what capture does."""

from __future__ import annotations

from typing import Protocol

from sheaf.audit.entries import Change
from sheaf.capture.history import Event, Told
from sheaf.capture.ports import Tenant as CaptureTenant
from sheaf.kernel.pages import Page


class History(Protocol):
    def page(self, document_id: str, *, limit: int, cursor: str | None) -> Page[Event]: ...


class Tenant(CaptureTenant, Protocol):
    @property
    def history(self) -> History: ...
    def record(self, change: Change, told: Told | None = None) -> None: ...
