"""What a subscription needs of its workspace, as protocols: storage fits them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sheaf.access.visibility import Visibility
    from sheaf.access.webhooks import Source
    from sheaf.audit.entries import Change
    from sheaf.kernel.clock import Clock
    from sheaf.retention.workspace import Workspace
    from sheaf.subscription.metering import Metered
    from sheaf.subscription.subscription import Subscription


class Used(Protocol):
    @property
    def documents(self) -> int: ...


class Usage(Protocol):
    def of(self, month: str) -> Used | None: ...


class Workspaces(Protocol):
    def get(self) -> Workspace | None: ...


class Subscriptions(Protocol):
    """One a workspace, or none. ``watch``: the hourly round is to come by."""

    def get(self, *, consistent: bool = True) -> Subscription | None: ...
    def save(self, subscription: Subscription) -> None: ...
    def metered(self, month: str) -> Metered: ...
    def save_metered(self, metered: Metered) -> None: ...
    def watch(self) -> None: ...


class VendorObjects(Protocol):
    def claim(self, source: Source, object_id: str) -> None: ...


class Counted(Protocol):
    """What a quota is compared with."""

    @property
    def clock(self) -> Clock: ...
    @property
    def usage(self) -> Usage: ...
    @property
    def subscriptions(self) -> Subscriptions: ...


class Tenant(Counted, Protocol):
    """One workspace. Writes are staged; nothing here can commit."""

    @property
    def workspace_id(self) -> str: ...
    @property
    def visibility(self) -> Visibility: ...
    @property
    def workspace(self) -> Workspaces: ...
    @property
    def vendor_objects(self) -> VendorObjects: ...
    def new_id(self, prefix: str) -> str: ...
    def record(self, change: Change) -> None: ...
