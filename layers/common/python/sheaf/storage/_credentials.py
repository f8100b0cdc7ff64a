"""The items of the directory by which people sign in. See ``_table`` for the house rules of items."""

from __future__ import annotations

from pynamodb.attributes import (
    BinaryAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)

from sheaf.storage._table import DirectoryEntry


class SignInLinkItem(DirectoryEntry):
    """``pk`` is ``SIGNIN#<SHA-256 of the token>``: the address the token was mailed to."""

    KIND = "SIGNIN"
    email = UnicodeAttribute(attr_name="m")
    ends = NumberAttribute(attr_name="e")
    ttl = NumberAttribute()


class ChallengeItem(DirectoryEntry):
    """``pk`` is ``CHALLENGE#<SHA-256 of the browser's token>``."""

    KIND = "CHALLENGE"
    purpose = UnicodeAttribute(attr_name="p")
    user_id = UnicodeAttribute(attr_name="u", null=True)
    session_id = UnicodeAttribute(attr_name="s", null=True)
    return_to = UnicodeAttribute(attr_name="r", null=True)
    ends = NumberAttribute(attr_name="e")
    ttl = NumberAttribute()


class UserIdentityItem(DirectoryEntry):
    """``pk`` is the user's, ``sk`` is ``IDENTITY#<SHA-256 of issuer and subject>``."""

    KIND = "IDENTITY"
    issuer = UnicodeAttribute(attr_name="i")
    subject = UnicodeAttribute(attr_name="s")
    provider = UnicodeAttribute(attr_name="p")
    linked = NumberAttribute(attr_name="l")


class PasskeyItem(DirectoryEntry):
    """``pk`` is the user's, ``sk`` is ``PASSKEY#<id>``."""

    KIND = "PASSKEY"
    credential_id = BinaryAttribute(attr_name="k", legacy_encoding=False)
    public_key = BinaryAttribute(attr_name="b", legacy_encoding=False)
    sign_count = NumberAttribute(attr_name="n")
    name = UnicodeAttribute(attr_name="m")
    used = NumberAttribute(attr_name="u", null=True)


class TotpItem(DirectoryEntry):
    """``pk`` is the user's; ``sk`` is the kind, or ``TOTP-PENDING`` until a code was given."""

    KIND = "TOTP"
    secret = BinaryAttribute(attr_name="s", legacy_encoding=False)
    last_step = NumberAttribute(attr_name="l")


class RecoveryItem(DirectoryEntry):
    """``pk`` is the user's. ``digests`` are those of the codes that were not used yet."""

    KIND = "RECOVERY"
    digests = UnicodeSetAttribute(attr_name="d")
