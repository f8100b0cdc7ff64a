"""What happened to a document, told with what it was about: the audit log names only the fact."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sheaf.access.actor import Actor
from sheaf.audit.entries import Action
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT


class ValueChange(BaseModel):
    """``field`` is a field's name, ``line_items``, ``tax_breakdown`` or ``document_type``.

    Of lists, ``before`` and ``after`` are the numbers of their lines.
    """

    model_config = ConfigDict(frozen=True)

    field: str
    before: str | None
    after: str | None


class Told(BaseModel):
    """What an audit entry does not say. It goes with the document when that is deleted."""

    model_config = ConfigDict(frozen=True)

    text: str | None = None
    values: tuple[ValueChange, ...] = ()


class Event(BaseModel):
    """``id`` is that of the audit entry; ``before`` and ``after`` are what it says."""

    model_config = ConfigDict(frozen=True)

    id: str
    action: Action
    actor: Actor
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    told: Told = Told()


class EventView(BaseModel):
    """``text`` is a comment or a reason; ``values`` are corrections, field by field."""

    id: str
    at: AwareDatetime
    action: Action
    actor: Actor
    before: dict[str, str]
    after: dict[str, str]
    text: str | None = None
    values: tuple[ValueChange, ...] = ()


class HistoryQuery(BaseModel):
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^aud_[0-9a-z]{26}$")] | None = None


class HistoryView(BaseModel):
    items: list[EventView]
    next_cursor: str | None


def event_view(event: Event, at: datetime) -> EventView:
    return EventView(
        id=event.id,
        at=at,
        action=event.action,
        actor=event.actor,
        before=event.before,
        after=event.after,
        text=event.told.text,
        values=event.told.values,
    )
