"""The items of the directory that are about people. See ``_table`` for the house rules of items."""

from __future__ import annotations

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from sheaf.storage._table import DirectoryEntry, RecordItem


class UserItem(DirectoryEntry):
    """``pk`` is ``USER#<id>``, like everything that belongs to the person."""

    KIND = "USER"
    email = UnicodeAttribute(attr_name="m")
    name = UnicodeAttribute(attr_name="n", null=True)
    created = NumberAttribute(attr_name="c")
    second_factors = UnicodeSetAttribute(attr_name="f", null=True)
    workspace_id = UnicodeAttribute(attr_name="w", null=True)
    version = NumberAttribute(attr_name="v")


class AddressItem(DirectoryEntry):
    """``pk`` is ``ADDRESS#<SHA-256 of the folded address>``: whose it is, proven by a link sent there."""

    KIND = "ADDRESS"
    user_id = UnicodeAttribute(attr_name="u")


class IdentityItem(DirectoryEntry):
    """``pk`` is ``IDENTITY#<SHA-256 of issuer and subject>``."""

    KIND = "IDENTITY"
    user_id = UnicodeAttribute(attr_name="u")
    issuer = UnicodeAttribute(attr_name="i")


class SessionItem(DirectoryEntry):
    """``pk`` is ``SESSION#<SHA-256 of the token>``."""

    KIND = "SESSION"
    session_id = UnicodeAttribute(attr_name="i")
    user_id = UnicodeAttribute(attr_name="u")
    workspace_id = UnicodeAttribute(attr_name="w", null=True)
    role = UnicodeAttribute(attr_name="r", null=True)
    factors = UnicodeSetAttribute(attr_name="f")
    awaits_second_factor = BooleanAttribute(attr_name="a", null=True)
    created = NumberAttribute(attr_name="c")
    proved = NumberAttribute(attr_name="p")
    seen = NumberAttribute(attr_name="s")
    ends = NumberAttribute(attr_name="e")
    ip = UnicodeAttribute(attr_name="o", null=True)
    user_agent = UnicodeAttribute(attr_name="b", null=True)
    ttl = NumberAttribute()


class UserSessionItem(DirectoryEntry):
    """``pk`` is the user's, ``sk`` is ``SESSION#<id>#<digest>``: what there is to list and to end."""

    KIND = "SESSION"
    digest = UnicodeAttribute(attr_name="d")
    ttl = NumberAttribute()


class MembershipItem(DirectoryEntry):
    """``pk`` is the user's, ``sk`` is ``MEMBER#<workspace>``: the role, and the clients, that count."""

    KIND = "MEMBER"
    workspace_id = UnicodeAttribute(attr_name="w")
    role = UnicodeAttribute(attr_name="r")
    joined = NumberAttribute(attr_name="j")
    clients = UnicodeAttribute(attr_name="g", null=True)


class MemberItem(RecordItem):
    """The same membership as the workspace lists it; ``sk`` is the user's id."""

    KIND = "MEMBER"
    role = UnicodeAttribute(attr_name="r")
    email = UnicodeAttribute(attr_name="m")
    name = UnicodeAttribute(attr_name="n", null=True)
    joined = NumberAttribute(attr_name="j")
    clients = UnicodeAttribute(attr_name="g", null=True)
    version = NumberAttribute(attr_name="v")


class InvitationItem(RecordItem):
    """``sk`` is the invitation's id; ``digest`` is its token's."""

    KIND = "INVITATION"
    email = UnicodeAttribute(attr_name="m")
    role = UnicodeAttribute(attr_name="r")
    invited_by = UnicodeAttribute(attr_name="b")
    expires = NumberAttribute(attr_name="e")
    digest = UnicodeAttribute(attr_name="d")
    clients = UnicodeAttribute(attr_name="g", null=True)
    ttl = NumberAttribute()


class InvitationTokenItem(DirectoryEntry):
    """``pk`` is ``INVITATION#<SHA-256 of the token>``: which invitation it opens."""

    KIND = "INVITATION"
    workspace_id = UnicodeAttribute(attr_name="w")
    invitation_id = UnicodeAttribute(attr_name="i")
    ttl = NumberAttribute()
