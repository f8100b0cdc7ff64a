"""People: users, how they are found, their sessions and their memberships. All of it is in the directory.

Reads answer at once; writes are staged, for a visit or a tenant to commit.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sheaf.access.erasures import PlannedErasure
from sheaf.access.roles import Role
from sheaf.access.sessions import Factor, Session
from sheaf.access.users import Identity, MemberGrant, Membership, User, digest_of_address
from sheaf.storage._people import (
    AddressItem,
    IdentityItem,
    InvitationTokenItem,
    MembershipItem,
    SessionItem,
    UserItem,
    UserSessionItem,
)
from sheaf.storage._table import PlannedErasureItem
from sheaf.storage.codec import instant, listed, milliseconds, seconds, unlisted
from sheaf.storage.entries import DirectoryEntries
from sheaf.storage.transactions import absent


class People(DirectoryEntries):
    # --- who somebody is ------------------------------------------------------------------------------

    def user(self, user_id: str) -> User | None:
        item = self._get(UserItem, f"USER#{user_id}", UserItem.KIND)
        if item is None:
            return None
        return User(
            id=user_id,
            email=item.email,
            name=item.name or "",
            created_at=instant(item.created),
            second_factors=frozenset(item.second_factors or ()),
            workspace_id=item.workspace_id,
            version=int(item.version),
        )

    def user_id_at(self, email: str) -> str | None:
        """Whoever has proven that the address is theirs."""
        item = self._get(AddressItem, f"ADDRESS#{digest_of_address(email)}", AddressItem.KIND)
        return item.user_id if item else None

    def user_id_of(self, identity: Identity) -> str | None:
        item = self._get(IdentityItem, f"IDENTITY#{identity.digest}", IdentityItem.KIND)
        return item.user_id if item else None

    def add_user(self, user: User) -> None:
        self._put(_user_item(user), f"USER#{user.id}", UserItem.KIND, absent(UserItem.pk))

    def save_user(self, user: User) -> None:
        condition = UserItem.version == user.version
        self._put(_user_item(user), f"USER#{user.id}", UserItem.KIND, condition)

    def note_workspace(self, user_id: str, workspace_id: str) -> None:
        chosen = UserItem.workspace_id.set(workspace_id)
        self._update(f"USER#{user_id}", UserItem.KIND, chosen, UserItem.pk.exists())

    def claim_address(self, email: str, user_id: str) -> None:
        """Conflict when somebody has it."""
        pk = f"ADDRESS#{digest_of_address(email)}"
        self._put(AddressItem(user_id=user_id), pk, AddressItem.KIND, absent(AddressItem.pk))

    # --- sessions -------------------------------------------------------------------------------------

    def session(self, digest: str) -> Session | None:
        item = self._get(SessionItem, f"SESSION#{digest}", SessionItem.KIND)
        return _session(item) if item else None

    def sessions_of(self, user_id: str) -> list[Session]:
        """Oldest first, one for each token: a session that was just rotated has two. Those that ended are
        among them until the table's TTL takes them.
        """
        pointers = self._of_user(UserSessionItem, user_id, "SESSION#")
        found = (self.session(pointer.digest) for pointer in pointers)
        return [session for session in found if session is not None]

    def open_session(self, session: Session) -> None:
        self._put(
            _session_item(session), f"SESSION#{session.digest}", SessionItem.KIND, absent(SessionItem.pk)
        )
        pointer = UserSessionItem(digest=session.digest, ttl=seconds(session.ends_at))
        self._put(pointer, *_pointer(session), None)

    def save_session(self, session: Session) -> None:
        """Conflict when it was ended, or its token replaced, meanwhile."""
        unchanged = SessionItem.ends == milliseconds(session.ends_at)
        self._put(_session_item(session), f"SESSION#{session.digest}", SessionItem.KIND, unchanged)

    def retire_token(self, session: Session, *, ends_at: datetime) -> None:
        """Conflict when it was ended, or its token replaced, meanwhile."""
        unchanged = SessionItem.ends == milliseconds(session.ends_at)
        retired = session.model_copy(update={"ends_at": ends_at})
        self._put(_session_item(retired), f"SESSION#{session.digest}", SessionItem.KIND, unchanged)

    def end_session(self, session: Session) -> None:
        """Conflict when it was ended meanwhile."""
        self._delete(SessionItem, f"SESSION#{session.digest}", SessionItem.KIND)
        self._forget(*_pointer(session))

    # --- memberships ----------------------------------------------------------------------------------

    def grant(self, user_id: str, workspace_id: str) -> MemberGrant | None:
        item = self._get(MembershipItem, f"USER#{user_id}", f"MEMBER#{workspace_id}")
        return MemberGrant(role=Role(item.role), clients=unlisted(item.clients)) if item else None

    def role(self, user_id: str, workspace_id: str) -> Role | None:
        grant = self.grant(user_id, workspace_id)
        return grant.role if grant else None

    def workspaces_of(self, user_id: str) -> list[tuple[str, Role]]:
        """In the order of their ids, which is that of their making."""
        items = self._of_user(MembershipItem, user_id, "MEMBER#")
        return [(item.workspace_id, Role(item.role)) for item in items]

    def forget_membership(self, user_id: str, workspace_id: str) -> None:
        """Whether it is still there or not."""
        self._forget(f"USER#{user_id}", f"MEMBER#{workspace_id}")

    def put_membership(self, membership: Membership, *, is_new: bool) -> None:
        item = MembershipItem(
            workspace_id=membership.workspace_id,
            role=membership.role.value,
            joined=milliseconds(membership.joined_at),
            clients=listed(membership.clients),
        )
        condition = absent(MembershipItem.pk) if is_new else MembershipItem.pk.exists()
        pk, sk = f"USER#{membership.user_id}", f"MEMBER#{membership.workspace_id}"
        self._put(item, pk, sk, condition)

    def drop_membership(self, user_id: str, workspace_id: str) -> None:
        self._delete(MembershipItem, f"USER#{user_id}", f"MEMBER#{workspace_id}")

    # --- what opens a workspace -----------------------------------------------------------------------

    def forget_invitation(self, digest: str) -> None:
        """Whether it is still there or not."""
        self._forget(f"INVITATION#{digest}", InvitationTokenItem.KIND)

    def invitation(self, digest: str) -> tuple[str, str] | None:
        """The workspace and the id of the invitation that a token opens."""
        item = self._get(InvitationTokenItem, f"INVITATION#{digest}", InvitationTokenItem.KIND)
        return (item.workspace_id, item.invitation_id) if item else None

    def add_invitation(self, digest: str, workspace_id: str, invitation_id: str, *, ends: datetime) -> None:
        item = InvitationTokenItem(workspace_id=workspace_id, invitation_id=invitation_id, ttl=seconds(ends))
        pk = f"INVITATION#{digest}"
        self._put(item, pk, InvitationTokenItem.KIND, absent(InvitationTokenItem.pk))

    def drop_invitation(self, digest: str) -> None:
        self._delete(InvitationTokenItem, f"INVITATION#{digest}", InvitationTokenItem.KIND)

    # --- workspaces that are to be erased --------------------------------------------------------------

    def plan_erasure(self, planned: PlannedErasure) -> None:
        item = PlannedErasureItem(
            workspace_id=planned.workspace_id,
            asked_by=planned.asked_by,
            email=planned.email or None,
            items_erased=planned.items_erased,
            versions_erased=planned.versions_erased,
        )
        self._put(item, PlannedErasureItem.KIND, _when(planned.workspace_id, planned.closes_at), None)

    def drop_erasure(self, workspace_id: str, closes_at: datetime) -> None:
        """Conflict when there is nothing to drop any more."""
        self._delete(PlannedErasureItem, PlannedErasureItem.KIND, _when(workspace_id, closes_at))

    def planned_erasures(self, until: datetime) -> list[PlannedErasure]:
        """Those whose time has come, the earliest first."""
        due = PlannedErasureItem.sk < _when("x", until)
        items = self._query(PlannedErasureItem, PlannedErasureItem.KIND, due)
        return [_planned(item) for item in items]


def _pointer(session: Session) -> tuple[str, str]:
    return f"USER#{session.user_id}", f"SESSION#{session.id}#{session.digest}"


def _user_item(user: User) -> UserItem:
    return UserItem(
        email=user.email,
        name=user.name or None,
        created=milliseconds(user.created_at),
        second_factors=set(user.second_factors) or None,
        workspace_id=user.workspace_id,
        version=user.version + 1,
    )


def _session_item(session: Session) -> SessionItem:
    return SessionItem(
        session_id=session.id,
        user_id=session.user_id,
        workspace_id=session.workspace_id,
        role=session.role.value if session.role else None,
        factors={factor.value for factor in session.factors},
        awaits_second_factor=session.awaits_second_factor or None,
        created=milliseconds(session.created_at),
        proved=milliseconds(session.proved_at),
        seen=milliseconds(session.seen_at),
        ends=milliseconds(session.ends_at),
        ip=session.ip,
        user_agent=session.user_agent,
        ttl=seconds(session.ends_at),
    )


def _session(item: SessionItem) -> Session:
    return Session(
        id=item.session_id,
        digest=item.pk.partition("#")[2],
        user_id=item.user_id,
        workspace_id=item.workspace_id,
        role=Role(item.role) if item.role else None,
        factors=frozenset(Factor(factor) for factor in item.factors),
        awaits_second_factor=bool(item.awaits_second_factor),
        created_at=instant(item.created),
        proved_at=instant(item.proved),
        seen_at=instant(item.seen),
        ends_at=instant(item.ends),
        ip=item.ip,
        user_agent=item.user_agent,
    )


def _when(workspace_id: str, at: datetime) -> str:
    return f"{at.astimezone(UTC).isoformat(timespec='milliseconds')}#{workspace_id}"


def _planned(item: PlannedErasureItem) -> PlannedErasure:
    return PlannedErasure(
        workspace_id=item.workspace_id,
        closes_at=datetime.fromisoformat(item.sk.partition("#")[0]),
        asked_by=item.asked_by,
        email=item.email or "",
        items_erased=int(item.items_erased),
        versions_erased=int(item.versions_erased),
    )
