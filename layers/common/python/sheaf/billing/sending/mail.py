"""A mail of an issued document, and what became of it.

Its text is kept as it was written: whoever sends it once more must send the very same.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Purpose(StrEnum):
    DOCUMENT = "document"
    REMINDER = "reminder"
    RECEIPT = "receipt"


class MailState(StrEnum):
    """In their rank: a mail never goes back, in whatever order its events come."""

    QUEUED = "queued"
    UNKNOWN = "unknown"
    """It may have been sent, or not: to send it again might send it twice."""

    SENT = "sent"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


_RANK = {state: rank for rank, state in enumerate(MailState)}
_NOT_SENT = frozenset({MailState.QUEUED, MailState.UNKNOWN, MailState.FAILED})


class Happening(BaseModel):
    """``reason`` is the provider's, or ours."""

    model_config = ConfigDict(frozen=True)

    state: MailState
    at: datetime
    reason: str | None = None


class Mail(BaseModel):
    """``happened`` has each state once, as it was first told. ``tried_at`` is when it was first handed over,
    or when that was about to be done. ``doubtful``: addresses that had bounced or complained before.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    issued_id: str
    version: int = 0
    purpose: Purpose
    to: str
    cc: tuple[str, ...] = ()
    sender: str
    reply_to: str | None = None
    subject: str
    text: str
    html: str
    attach_ubl: bool = False
    asked_by: str
    asked_at: datetime
    tried_at: datetime | None = None
    provider_id: str | None = None
    happened: tuple[Happening, ...] = ()
    doubtful: tuple[str, ...] = ()

    @property
    def latest(self) -> Happening | None:
        """Of the highest rank."""
        return max(self.happened, key=lambda each: _RANK[each.state], default=None)

    @property
    def state(self) -> MailState:
        return self.latest.state if self.latest else MailState.QUEUED

    @property
    def has_left(self) -> bool:
        return any(each.state not in _NOT_SENT for each in self.happened)

    @property
    def recipients(self) -> tuple[str, ...]:
        return (self.to, *self.cc)

    def with_happening(self, told: Happening) -> Mail:
        """The same whatever is told first, and however often."""
        known = {each.state: each for each in self.happened}
        before = known.get(told.state)
        if before is None or _order(told) < _order(before):
            known[told.state] = told
        happened = tuple(known[state] for state in MailState if state in known)
        return self.model_copy(update={"happened": happened})


class Address(BaseModel):
    """What became of the last mails to it that had trouble, or came through after that."""

    model_config = ConfigDict(frozen=True)

    address: str
    version: int = 0
    trouble: Happening | None = None
    delivered_at: datetime | None = None

    @property
    def standing_trouble(self) -> Happening | None:
        """A complaint stands; a bounce until something is delivered."""
        trouble = self.trouble
        if trouble is None or trouble.state is MailState.COMPLAINED or self.delivered_at is None:
            return trouble
        return trouble if self.delivered_at <= trouble.at else None

    def with_happening(self, told: Happening) -> Address:
        if told.state in (MailState.BOUNCED, MailState.COMPLAINED):
            older = self.trouble is not None and _weight(self.trouble) >= _weight(told)
            return self if older else self.model_copy(update={"trouble": told})
        trouble = self.trouble
        is_news = told.state is MailState.DELIVERED and trouble is not None and told.at > trouble.at
        if not is_news or (self.delivered_at and self.delivered_at >= told.at):
            return self
        return self.model_copy(update={"delivered_at": told.at})


def _order(told: Happening) -> tuple[datetime, str]:
    return told.at, told.reason or ""


def _weight(trouble: Happening) -> tuple[bool, datetime, str]:
    """A complaint weighs more than a later bounce."""
    return trouble.state is MailState.COMPLAINED, trouble.at, trouble.reason or ""
