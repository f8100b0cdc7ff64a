"""What people are told by mail once it has happened: to their account, or to their place in a workspace.

None of it acts: no token, no code, one link to the page where they can look. Where a request came from is
told to whoever owns the account it was made with, and to nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sheaf.access.users import digest_of_address
from sheaf.accounts.mail import Message


class News(Enum):
    """Subject and text; braces are filled in by whoever tells it."""

    SECOND_FACTOR_ADDED = (
        "A second factor was added to your account",
        "Signing in to Sheaf asks for a code of your app from now on.",
    )
    SECOND_FACTOR_REMOVED = (
        "The second factor was taken off your account",
        "Signing in to Sheaf asks for no code any more, and your recovery codes are worth nothing.",
    )
    RECOVERY_CODES_MADE = (
        "You have new recovery codes",
        "New recovery codes were made for your account. The earlier ones are worth nothing now.",
    )
    PASSKEY_ADDED = (
        "A passkey was added to your account",
        "The passkey “{name}” signs in to your account from now on.",
    )
    PASSKEY_REMOVED = (
        "A passkey was taken off your account",
        "The passkey “{name}” does not sign in to your account any more.",
    )
    SIGN_IN_LINKED = (
        "{provider} signs in to your account",
        "An account at {provider} was linked to yours: signing in there signs you in to Sheaf.",
    )
    SIGN_IN_UNLINKED = (
        "{provider} does not sign in to your account any more",
        "The account at {provider} is not linked to yours any more.",
    )
    KEY_MADE = (
        "You made an API key for {workspace}",
        "The API key “{name}”, which begins with {display}, works in {workspace} with the role {role}.",
    )
    JOINED = (
        "You are a member of {workspace}",
        "You have joined {workspace} with the role {role}.",
    )
    LEFT = (
        "You have left {workspace}",
        "You are no member of {workspace} any more.",
    )
    REMOVED = (
        "You were taken out of {workspace}",
        "You are no member of {workspace} any more: somebody who may manage its members took you out.",
    )
    ROLE_CHANGED = (
        "Your role in {workspace} is another one",
        "Your role in {workspace} is {role} now.",
    )
    OWNERSHIP_RECEIVED = (
        "You own {workspace} now",
        "{other} has handed {workspace} over to you: you are its owner.",
    )
    OWNERSHIP_GIVEN = (
        "You handed {workspace} over",
        "{other} is the owner of {workspace} now, and you are an admin.",
    )
    CLOSING = (
        "{workspace} will be deleted",
        "{other} has asked for all of {workspace} to be deleted. Until {when}, an owner may keep it.",
    )
    CLOSED = (
        "{workspace} is being deleted",
        "{other} has asked for {workspace} to be deleted at once, with all there is in it.",
    )
    KEPT = (
        "{workspace} is kept",
        "{workspace} will not be deleted: {other} has kept it.",
    )


ABOUT_ACCOUNT = frozenset(
    {
        News.SECOND_FACTOR_ADDED,
        News.SECOND_FACTOR_REMOVED,
        News.RECOVERY_CODES_MADE,
        News.PASSKEY_ADDED,
        News.PASSKEY_REMOVED,
        News.SIGN_IN_LINKED,
        News.SIGN_IN_UNLINKED,
        News.KEY_MADE,
        News.JOINED,
        News.LEFT,
    }
)
"""What the recipient did themselves, or somebody who passes for them."""


@dataclass(frozen=True)
class Occasion:
    """``id`` is the request's: sent again, its mails are the same mails. ``ip``: where it came from."""

    id: str
    at: datetime
    ip: str | None
    origin: str


def notice(news: News, to: str, occasion: Occasion, **facts: str) -> Message:
    subject, text = (part.format(**facts) for part in news.value)
    when = said(occasion.at)
    if news in ABOUT_ACCOUNT:
        place = f", from {occasion.ip}" if occasion.ip else ""
        rest = (
            f"This was on {when}{place}.\n\n"
            f"If it was not you, sign in and end your other sessions:\n{occasion.origin}/account\n"
        )
    else:
        rest = f"This was on {when}. Your workspaces:\n{occasion.origin}/account\n"
    key = f"{news.name.lower()}-{occasion.id}-{digest_of_address(to)[:16]}"
    return Message(to=to, subject=subject, text=f"{text}\n\n{rest}", key=key)


def said(at: datetime) -> str:
    """In UTC, for people."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"
