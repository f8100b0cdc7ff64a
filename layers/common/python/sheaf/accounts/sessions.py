"""Sessions: begun, kept going, looked at, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, BaseModel

from sheaf.access.roles import Role
from sheaf.access.sessions import GRACE, LONGEST, SEEN_EVERY, Factor, Session
from sheaf.access.tokens import digest_of, new_token
from sheaf.audit.entries import Change
from sheaf.kernel.errors import NotFound

if TYPE_CHECKING:
    from sheaf.accounts.ports import Sessions, Visit


_AT_ONCE = 25
"""Sessions in one transaction: two items each, and an entry."""


class SessionView(BaseModel):
    """``current``: the one that asks. Times are UTC."""

    id: str
    current: bool
    created_at: AwareDatetime
    seen_at: AwareDatetime
    ends_at: AwareDatetime
    factors: list[Factor]
    ip: str | None
    user_agent: str | None


class SessionList(BaseModel):
    items: list[SessionView]


def begin(
    visit: Visit,
    user_id: str,
    factors: Iterable[Factor],
    *,
    workspace_id: str | None,
    awaits_second_factor: bool = False,
) -> tuple[Session, str]:
    """Stages a new session. Its token goes into the cookie and is never seen again."""
    now, token = visit.clock.now(), new_token()
    role = visit.people.role(user_id, workspace_id) if workspace_id else None
    session = Session(
        id=visit.new_id("ses"),
        digest=digest_of(token),
        user_id=user_id,
        workspace_id=workspace_id if role else None,
        role=role,
        factors=frozenset(factors),
        awaits_second_factor=awaits_second_factor,
        created_at=now,
        proved_at=now,
        seen_at=now,
        ends_at=now + LONGEST,
        ip=visit.origin.ip,
        user_agent=visit.origin.user_agent,
    )
    visit.people.open_session(session)
    return session, token


def rotate(visit: Visit, session: Session) -> tuple[Session, str]:
    """The same session under another token. The old one is good for a moment more: a page may have sent
    several requests at once.
    """
    token, now = new_token(), visit.clock.now()
    fresh = session.model_copy(update={"digest": digest_of(token), "seen_at": now})
    visit.people.retire_token(session, ends_at=min(session.ends_at, now + GRACE))
    visit.people.open_session(fresh)
    return fresh, token


def strengthen(visit: Visit, session: Session, factor: Factor) -> tuple[Session, str]:
    """The person has just shown who they are once more. The old tokens are worth nothing from now on: whoever
    may have seen one gains nothing by this.
    """
    token, now = new_token(), visit.clock.now()
    fresh = session.model_copy(
        update={
            "digest": digest_of(token),
            "factors": session.factors | {factor},
            "proved_at": now,
            "seen_at": now,
        }
    )
    _end_tokens(visit, session)
    visit.people.open_session(fresh)
    return fresh, token


def keep_going(visit: Visit, session: Session, role: Role | None) -> tuple[Session, str | None]:
    """What a request does to its session: another role means another token; now and then it is seen."""
    now = visit.clock.now()
    if role is not session.role and session.ends_at - now > GRACE:
        workspace_id = session.workspace_id if role else None
        return rotate(visit, session.model_copy(update={"role": role, "workspace_id": workspace_id}))
    if now - session.seen_at < SEEN_EVERY or session.ends_at - now <= GRACE:
        return session, None
    seen = session.model_copy(update={"seen_at": now, "ip": visit.origin.ip})
    visit.people.save_session(seen)
    return seen, None


def work_in(visit: Visit, workspace_id: str | None, role: Role | None) -> None:
    """The caller's next requests are about that workspace."""
    if visit.session is not None:
        update = {"workspace_id": workspace_id, "role": role}
        visit.people.save_session(visit.session.model_copy(update=update))
        if workspace_id is not None:
            visit.people.note_workspace(visit.user_id, workspace_id)


def forget_workspace(people: Sessions, user_id: str, workspace_id: str, at: datetime) -> None:
    """Whoever is no member any more works there in none of their newest sessions; in older ones they find out
    at their next request.
    """
    live = [session for session in people.sessions_of(user_id) if session.is_live(at)]
    for session in live[-_AT_ONCE:]:
        if session.workspace_id == workspace_id:
            people.save_session(session.model_copy(update={"workspace_id": None, "role": None}))


def list_sessions(visit: Visit) -> SessionList:
    """The live ones, newest first."""
    now = visit.clock.now()
    current = visit.session.id if visit.session else None
    tokens = visit.people.sessions_of(visit.user_id)
    live = {each.id: each for each in sorted(tokens, key=lambda each: each.ends_at) if each.is_live(now)}
    return SessionList(
        items=[
            SessionView(
                id=session.id,
                current=session.id == current,
                created_at=session.created_at,
                seen_at=session.seen_at,
                ends_at=session.ends_at,
                factors=sorted(session.factors),
                ip=session.ip,
                user_agent=session.user_agent,
            )
            for session in sorted(live.values(), key=lambda each: each.id, reverse=True)
        ]
    )


def end(visit: Visit, session_id: str) -> None:
    """Raises NotFound for a session that is not one of the caller's."""
    tokens = [each for each in visit.people.sessions_of(visit.user_id) if each.id == session_id]
    if not tokens:
        raise NotFound("There is no such session.")
    for each in tokens:
        visit.people.end_session(each)
    visit.record(Change(subject=session_id))


def end_others(visit: Visit) -> bool:
    """Every session of the caller's but this one, some at a time. False: there was none left."""
    current, now = visit.session.id if visit.session else None, visit.clock.now()
    others = [each for each in visit.people.sessions_of(visit.user_id) if each.id != current][:_AT_ONCE]
    for each in others:
        visit.people.end_session(each)
    for session_id in {each.id for each in others if each.is_live(now)}:
        visit.record(Change(subject=session_id))
    return bool(others)


def sign_out(visit: Visit) -> None:
    if visit.session is not None:
        _end_tokens(visit, visit.session)
        visit.record(Change(subject=visit.session.id))


def _end_tokens(visit: Visit, session: Session) -> None:
    for each in visit.people.sessions_of(session.user_id):
        if each.id == session.id:
            visit.people.end_session(each)
