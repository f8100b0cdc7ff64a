"""Somebody has shown who they are: their session begins, in the workspace they worked in last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel

from sheaf.access import totp
from sheaf.access.sessions import Factor, Session
from sheaf.access.users import User
from sheaf.accounts.sessions import begin
from sheaf.audit.entries import Change
from sheaf.kernel.errors import Unauthenticated

if TYPE_CHECKING:
    from sheaf.accounts.ports import Visit


@dataclass(frozen=True)
class SignedIn:
    """``token`` goes into the cookie."""

    session: Session
    token: str

    @property
    def view(self) -> SignInView:
        return SignInView(
            workspace_id=self.session.workspace_id,
            awaits_second_factor=self.session.awaits_second_factor,
        )


class SignInView(BaseModel):
    """While it ``awaits_second_factor``, nothing but that is taken from the session."""

    workspace_id: str | None
    awaits_second_factor: bool


def sign_in(visit: Visit, user: User, factor: Factor) -> SignedIn:
    """A passkey is two factors: the device, and what unlocks it."""
    is_half = totp.KIND in user.second_factors and factor is not Factor.PASSKEY
    workspace_id = log_of(visit, user)
    session, token = begin(visit, user.id, [factor], workspace_id=workspace_id, awaits_second_factor=is_half)
    visit.record(Change(subject=session.id, after={"factor": factor.value}))
    return SignedIn(session, token)


def log_of(visit: Visit, user: User) -> str | None:
    """Opens the workspace whose log tells of what this person does: the one they worked in last, or their
    only one.
    """
    if visit.session is not None:
        return visit.session.workspace_id
    places = [workspace_id for workspace_id, _ in visit.people.workspaces_of(user.id)]
    known = user.workspace_id in places
    chosen = user.workspace_id if known else places[0] if len(places) == 1 else None
    if chosen is not None:
        visit.inside(chosen, user.id)
    return chosen


def known_user(visit: Visit, user_id: str) -> User:
    user = visit.people.user(user_id)
    if user is None:
        raise Unauthenticated("The account was deleted.", code="session_ended")
    return user


def new_user(visit: Visit, email: str, name: str = "") -> User:
    """Stages somebody whose address was proven to be theirs."""
    user = User(id=visit.new_id("usr"), email=email, name=name, created_at=visit.clock.now())
    visit.people.add_user(user)
    visit.people.claim_address(email, user.id)
    return user
