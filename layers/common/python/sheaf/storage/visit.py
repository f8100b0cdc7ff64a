"""A person's unit of work: signing in, and what somebody does to their own account.

It is of no workspace, so its writes are the directory's; the audit entry goes to the log of the workspace
the person is in, if any.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from pynamodb.connection import Connection

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.access.sessions import Session
from sheaf.audit.entries import Action, Change
from sheaf.kernel.clock import Clock
from sheaf.kernel.ids import new_id
from sheaf.storage.people import People
from sheaf.storage.tenant import Tenant
from sheaf.storage.transactions import Write, transact

if TYPE_CHECKING:
    from sheaf.retention.workspace import Workspace
    from sheaf.storage.credentials import Credentials


class Visit:
    """``session`` is None while nobody is signed in. ``opened`` opens a workspace for the audit entry."""

    def __init__(
        self,
        connection: Connection,
        directory_table: str,
        *,
        origin: Origin,
        session: Session | None,
        clock: Clock,
        opened: Callable[[str, Actor, Origin], Tenant],
    ) -> None:
        self.clock = clock
        self.origin = origin
        self.session = session
        self._connection = connection
        self._directory_table = directory_table
        self._opened = opened
        self._writes: list[Write] = []
        self._changes: list[Change] = []
        self._tenant: Tenant | None = None
        self.people = People(connection, directory_table, self._writes)

    @cached_property
    def credentials(self) -> Credentials:
        from sheaf.storage.credentials import Credentials

        return Credentials(self._connection, self._directory_table, self._writes)

    @property
    def user_id(self) -> str:
        if self.session is None:
            raise AssertionError("nobody is signed in: the route must not be public")
        return self.session.user_id

    def new_id(self, prefix: str) -> str:
        return new_id(prefix, self.clock.now())

    def inside(self, workspace_id: str, user_id: str | None = None) -> Tenant:
        """A workspace the visit has to do with: what is staged there is committed with the visit, and its log
        gets the audit entry. Without it, that is the workspace the session works in.

        Only for a workspace that the session, a membership or an invitation names.
        """
        if self._tenant is None:
            actor = Actor(kind=ActorKind.USER, id=user_id or self.user_id)
            self._tenant = self._opened(workspace_id, actor, self.origin)
        if self._tenant.workspace_id != workspace_id:
            raise AssertionError("one visit, one workspace")
        return self._tenant

    def workspace(self, workspace_id: str) -> Workspace | None:
        """To look at one that the person is a member of; nothing is staged there."""
        actor = Actor(kind=ActorKind.USER, id=self.user_id)
        return self._opened(workspace_id, actor, self.origin).workspace.get()

    def record(self, change: Change) -> None:
        self._changes.append(change)

    @property
    def has_writes(self) -> bool:
        return bool(self._writes) or (self._tenant is not None and self._tenant.has_writes)

    def _belongs(self, session: Session) -> bool:
        """Whoever was removed writes into no log any more."""
        if session.workspace_id is None:
            return False
        return self.people.role(session.user_id, session.workspace_id) is not None

    def commit(self, action: Action | None = None) -> None:
        """``action`` is what the audit entry says was done; None for what nobody did on purpose."""
        writes, changes, tenant = tuple(self._writes), tuple(self._changes), self._tenant
        self._writes.clear()
        self._changes.clear()
        self._tenant = None
        session = self.session
        if tenant is None and action and changes and session is not None and self._belongs(session):
            actor = Actor(kind=ActorKind.USER, id=session.user_id)
            tenant = self._opened(session.workspace_id or "", actor, self.origin)
        if tenant is None:
            if writes:
                transact(self._connection, writes)
            return
        for write in writes:
            tenant.stage(write)
        for change in changes:
            tenant.record(change)
        tenant.commit(action)
