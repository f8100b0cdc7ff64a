"""Who is signed in, and where they may go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import AwareDatetime, BaseModel

from sheaf.access.roles import Role
from sheaf.kernel.errors import Unauthenticated

if TYPE_CHECKING:
    from sheaf.accounts.ports import Visit


_NAMED = 20
"""Workspaces whose names are looked up, each by a read of its own: the one that is worked in first."""


class Place(BaseModel):
    """``name`` is None before the second factor was given, and in a list too long to look up each."""

    workspace_id: str
    name: str | None
    role: Role


class Profile(BaseModel):
    """``workspace_id`` is the one this session works in; ``workspaces`` are all that it could."""

    id: str
    email: str
    name: str
    created_at: AwareDatetime
    second_factors: list[str]
    workspace_id: str | None
    workspaces: list[Place]


def show_profile(visit: Visit) -> Profile:
    user = visit.people.user(visit.user_id)
    if user is None:
        raise Unauthenticated("The account was deleted.", code="session_ended")
    places, here = visit.people.workspaces_of(user.id), visit.session.workspace_id if visit.session else None
    is_whole = visit.session is not None and not visit.session.awaits_second_factor
    named = sorted((each for each, _ in places), key=lambda each: each != here)[:_NAMED] if is_whole else []
    names = {each: found.name for each in named if (found := visit.workspace(each))}
    return Profile(
        id=user.id,
        email=user.email,
        name=user.name,
        created_at=user.created_at,
        second_factors=sorted(user.second_factors),
        workspace_id=here,
        workspaces=[
            Place(workspace_id=workspace_id, name=names.get(workspace_id), role=role)
            for workspace_id, role in places
        ],
    )
