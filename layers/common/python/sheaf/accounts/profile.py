"""Who is signed in, and where they may go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import AwareDatetime, BaseModel

from sheaf.access.roles import Role
from sheaf.kernel.errors import Unauthenticated

if TYPE_CHECKING:
    from sheaf.accounts.ports import Visit


class Place(BaseModel):
    workspace_id: str
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
    return Profile(
        id=user.id,
        email=user.email,
        name=user.name,
        created_at=user.created_at,
        second_factors=sorted(user.second_factors),
        workspace_id=visit.session.workspace_id if visit.session else None,
        workspaces=[
            Place(workspace_id=workspace_id, role=role)
            for workspace_id, role in visit.people.workspaces_of(user.id)
        ],
    )
