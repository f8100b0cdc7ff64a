"""Who belongs to a workspace: its members, and those it has invited.

Each is two items of one transaction: one in the workspace, by which it is listed, and one in the directory,
by which it is found before a workspace is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sheaf.access.invitations import Invitation
from sheaf.access.roles import Role
from sheaf.access.users import Membership
from sheaf.kernel.ids import is_id
from sheaf.kernel.pages import Page
from sheaf.storage._people import InvitationItem, MemberItem
from sheaf.storage.codec import instant, listed, milliseconds, seconds, unlisted
from sheaf.storage.paging import collect
from sheaf.storage.partition import Partition
from sheaf.storage.people import People
from sheaf.storage.transactions import Write, absent

_OWNERS = 20


class Members:
    def __init__(self, partition: Partition, people: People, writes: list[Write]) -> None:
        self._partition = partition
        self._people = people
        self._writes = writes

    def get(self, user_id: str) -> Membership | None:
        item = self._partition.get(MemberItem, user_id) if is_id(user_id, "usr") else None
        return _membership(item) if item else None

    def page(self, *, limit: int, cursor: str | None) -> Page[Membership]:
        """In the order in which their accounts were made."""

        def fetch(after: str | None, count: int) -> tuple[list[MemberItem], str | None]:
            return self._partition.query(MemberItem, limit=count, after=after)

        return collect(fetch, _membership, limit=limit, cursor=cursor)

    def another_owner(self, than: str) -> Membership | None:
        return next((owner for owner in self._owners() if owner.user_id != than), None)

    def owners(self) -> list[Membership]:
        """Some twenty of them at most."""
        return list(islice(self._owners(), _OWNERS))

    def _owners(self) -> Iterator[Membership]:
        after: str | None = None
        while True:
            items, after = self._partition.query(
                MemberItem, limit=100, after=after, only=MemberItem.role == Role.OWNER.value
            )
            yield from map(_membership, items)
            if after is None:
                return

    def require_owner(self, user_id: str) -> None:
        """Conflict when they are no owner any more at the moment of the commit."""
        self._writes.append(self._partition.require(MemberItem, user_id, MemberItem.role == Role.OWNER.value))

    def add(self, membership: Membership) -> None:
        """Conflict when they are a member already."""
        self._writes.append(self._partition.put(_member_item(membership), absent(MemberItem.pk)))
        self._people.put_membership(membership, is_new=True)

    def save(self, membership: Membership) -> None:
        item, condition = _member_item(membership), MemberItem.version == membership.version
        self._writes.append(self._partition.put(item, condition))
        self._people.put_membership(membership, is_new=False)

    def remove(self, membership: Membership) -> None:
        condition = MemberItem.version == membership.version
        self._writes.append(self._partition.delete(MemberItem, membership.user_id, condition))
        self._people.drop_membership(membership.user_id, membership.workspace_id)


class Invitations:
    def __init__(self, partition: Partition, people: People, writes: list[Write]) -> None:
        self._partition = partition
        self._people = people
        self._writes = writes

    def get(self, invitation_id: str) -> Invitation | None:
        is_one = is_id(invitation_id, "ivt")
        item = self._partition.get(InvitationItem, invitation_id) if is_one else None
        return _invitation(item) if item else None

    def page(self, *, limit: int, cursor: str | None) -> Page[Invitation]:
        """Oldest first; those that have run out are among them for a while."""

        def fetch(after: str | None, count: int) -> tuple[list[InvitationItem], str | None]:
            return self._partition.query(InvitationItem, limit=count, after=after)

        return collect(fetch, _invitation, limit=limit, cursor=cursor)

    def add(self, invitation: Invitation, workspace_id: str) -> None:
        item = InvitationItem(
            sk=invitation.id,
            email=invitation.email,
            role=invitation.role.value,
            invited_by=invitation.invited_by,
            expires=milliseconds(invitation.expires_at),
            digest=invitation.digest,
            clients=listed(invitation.clients),
            ttl=seconds(invitation.expires_at),
        )
        self._writes.append(self._partition.put(item, absent(InvitationItem.pk)))
        self._people.add_invitation(
            invitation.digest, workspace_id, invitation.id, ends=invitation.expires_at
        )

    def forget(self, invitation: Invitation) -> None:
        """Whether its items are still there or not: the table's TTL takes each in its own time."""
        self._writes.append(self._partition.delete(InvitationItem, invitation.id))
        self._people.forget_invitation(invitation.digest)

    def remove(self, invitation: Invitation) -> None:
        """Conflict when it was used or taken back meanwhile."""
        self._writes.append(self._partition.delete(InvitationItem, invitation.id, InvitationItem.pk.exists()))
        self._people.drop_invitation(invitation.digest)


def _member_item(membership: Membership) -> MemberItem:
    return MemberItem(
        sk=membership.user_id,
        role=membership.role.value,
        email=membership.email,
        name=membership.name or None,
        joined=milliseconds(membership.joined_at),
        clients=listed(membership.clients),
        version=membership.version + 1,
    )


def _membership(item: MemberItem) -> Membership:
    return Membership(
        user_id=item.sk,
        workspace_id=item.pk.partition("#")[0],
        role=Role(item.role),
        email=item.email,
        name=item.name or "",
        joined_at=instant(item.joined),
        clients=unlisted(item.clients),
        version=int(item.version),
    )


def _invitation(item: InvitationItem) -> Invitation:
    return Invitation(
        id=item.sk,
        email=item.email,
        role=Role(item.role),
        invited_by=item.invited_by,
        expires_at=instant(item.expires),
        digest=item.digest,
        clients=unlisted(item.clients),
    )
