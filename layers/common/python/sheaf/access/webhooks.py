"""What vendors tell us by webhook: events, whose they are, and where they come in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from sheaf.access.sealing import Place
from sheaf.access.signatures import Scheme
from sheaf.kernel.errors import InvalidRequest

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_TYPE = re.compile(r"[A-Za-z0-9_.-]{1,128}")
TAG = "sheaf"
"""The tag of a mail at Resend that names what it was sent for: events bring it along."""


class Source(StrEnum):
    """An account that tells us something. Whoever owns one can sign whatever they like: what counts for a
    source counts for no other, not even where both are at the same vendor.
    """

    STRIPE = "stripe"
    """Ours, where workspaces pay for Sheaf."""

    STRIPE_OF_WORKSPACE = "stripe-of-workspace"
    """A workspace's own, where its customers pay."""

    RESEND = "resend"
    PADDLE = "paddle"

    @property
    def scheme(self) -> Scheme:
        return _SCHEMES[self]


_SCHEMES = {
    Source.STRIPE: Scheme.STRIPE,
    Source.STRIPE_OF_WORKSPACE: Scheme.STRIPE,
    Source.RESEND: Scheme.STANDARD,
    Source.PADDLE: Scheme.PADDLE,
}
_ABOUT = {
    Source.STRIPE: ("id", "subscription", "customer"),
    Source.STRIPE_OF_WORKSPACE: ("id",),
    Source.RESEND: ("email_id",),
    Source.PADDLE: ("id", "subscription_id", "customer_id"),
}
"""Where an event has the ids of what it is about: what says most first."""


@dataclass(frozen=True)
class Event:
    """``at`` is when it happened, as the vendor says, for there is no order in which events come in."""

    source: Source
    id: str
    type: str
    at: datetime
    body: bytes

    @cached_property
    def document(self) -> dict[str, Any]:
        """The body as it was signed."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def object(self) -> dict[str, Any]:
        """What it is about, as the vendor describes it; empty where it does not."""
        data = self.document.get("data")
        if self.source in {Source.STRIPE, Source.STRIPE_OF_WORKSPACE} and isinstance(data, dict):
            data = data.get("object")
        return data if isinstance(data, dict) else {}

    @property
    def subjects(self) -> tuple[str, ...]:
        """The ids of what it is about, the vendor's or ours: we may know whose one of them is."""
        found = [_id_of(self.object.get(name)) for name in _ABOUT[self.source]]
        tags = self.object.get("tags")
        if self.source is Source.RESEND and isinstance(tags, dict):
            found.insert(0, _id_of(tags.get(TAG)))
        told = self.object.get("custom_data")
        if self.source is Source.PADDLE and isinstance(told, dict):
            found.insert(0, _id_of(told.get("workspace_id")))
        return tuple(filter(None, found))


@dataclass(frozen=True)
class Endpoint:
    """Where the account of one workspace tells us something. ``secrets`` are sealed: two while exchanged."""

    id: str
    workspace_id: str
    source: Source
    secrets: frozenset[bytes]

    @property
    def place(self) -> Place:
        """What its secrets are sealed for."""
        return Place(self.workspace_id, "webhook", self.id)


def event_of(source: Source, body: bytes, *, event_id: str | None, now: datetime) -> Event:
    """``event_id`` is the one that was signed beside the body, if any. Raises InvalidRequest."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("The event is not JSON.", code="invalid_event") from error
    if not isinstance(document, dict):
        raise InvalidRequest("The event is no object.", code="invalid_event")
    paddle = source is Source.PADDLE
    found = event_id or document.get("event_id" if paddle else "id")
    kind = document.get("event_type" if paddle else "type")
    if not (
        isinstance(found, str) and _ID.fullmatch(found) and isinstance(kind, str) and _TYPE.fullmatch(kind)
    ):
        raise InvalidRequest("The event has no id, or no type.", code="invalid_event")
    at = document.get({Source.PADDLE: "occurred_at", Source.RESEND: "created_at"}.get(source, "created"))
    return Event(source, found, kind, _instant(at) or now, body)


def _id_of(value: object) -> str | None:
    """Of what may be described where its id would do."""
    named = value.get("id") if isinstance(value, dict) else value
    return named if isinstance(named, str) and _ID.fullmatch(named) else None


def _instant(value: object) -> datetime | None:
    try:
        if isinstance(value, int):
            return datetime.fromtimestamp(value, UTC)
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
