"""A person's unit of work: signing in, and what somebody does to their own account.

It is of no workspace, so its writes are the directory's; the audit entry goes to the log of the workspace
the person is in, if any.
"""

from __future__ import annotations

from collections.abc import Callable

from pynamodb.connection import Connection

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.access.sessions import Session
from sheaf.audit.entries import Action, Change
from sheaf.kernel.clock import Clock
from sheaf.kernel.ids import new_id
from sheaf.storage.people import People
from sheaf.storage.tenant import Tenant
from sheaf.storage.transactions import Write, transact


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
        self._opened = opened
        self._writes: list[Write] = []
        self._changes: list[Change] = []
        self._log: tuple[str, Actor] | None = None
        self.people = People(connection, directory_table, self._writes)
        if session is not None and session.workspace_id is not None:
            self.note_in(session.workspace_id, session.user_id)

    @property
    def user_id(self) -> str:
        if self.session is None:
            raise AssertionError("nobody is signed in: the route must not be public")
        return self.session.user_id

    def new_id(self, prefix: str) -> str:
        return new_id(prefix, self.clock.now())

    def note_in(self, workspace_id: str, user_id: str) -> None:
        """Whose log the audit entry is for: that of a workspace the user is a member of."""
        self._log = workspace_id, Actor(kind=ActorKind.USER, id=user_id)

    def record(self, change: Change) -> None:
        self._changes.append(change)

    @property
    def has_writes(self) -> bool:
        return bool(self._writes)

    def commit(self, action: Action | None = None) -> None:
        """``action`` is what the audit entry says was done; None for what nobody did on purpose."""
        writes, changes = tuple(self._writes), tuple(self._changes)
        self._writes.clear()
        self._changes.clear()
        if not writes:
            return
        if self._log is None or not changes or action is None:
            transact(self._connection, writes)
            return
        workspace_id, actor = self._log
        tenant = self._opened(workspace_id, actor, self.origin)
        for write in writes:
            tenant.stage(write)
        for change in changes:
            tenant.record(change)
        tenant.commit(action)
