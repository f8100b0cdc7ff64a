"""Who may call a route: by role, by scope, by being a person, by having shown lately who they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sheaf.access.actor import Actor, ActorKind
from sheaf.access.roles import PEOPLE_ONLY, Permission, Role
from sheaf.access.sessions import Session
from sheaf.edge.identity import Credential
from sheaf.edge.routes import Route, Routes
from sheaf.kernel.errors import Forbidden, Unauthenticated
from tests.builders.world import NOW

READ, DELETE, OWN = Permission.DOCUMENT_READ, Permission.DOCUMENT_DELETE, Permission.OWN_ACCOUNT


def route(permission: Permission, **more: bool) -> Route:
    routes = Routes()
    routes.get("/v1/things", permission=permission, **more)(lambda: None)
    return routes.routes["GET /v1/things"]


def key(role: Role = Role.OWNER, *scopes: Permission) -> Credential:
    actor = Actor(kind=ActorKind.API_KEY, id="key_1")
    return Credential(actor, "wrk_1", role, scopes=frozenset(scopes) if scopes else None)


def person(role: Role | None = Role.OWNER, workspace_id: str | None = "wrk_1", **more: Any) -> Credential:
    session = Session(
        id="ses_1", digest="d", user_id="usr_1", created_at=NOW, seen_at=NOW,
        proved_at=more.pop("proved_at", NOW), ends_at=NOW + timedelta(days=1), **more,
    )  # fmt: skip
    return Credential(Actor(kind=ActorKind.USER, id="usr_1"), workspace_id, role, session=session)


def refusal(credential: Credential, wanted: Route) -> str | None:
    """Its code, or None."""
    try:
        credential.permit(wanted, NOW)
    except (Forbidden, Unauthenticated) as refused:
        return refused.code
    return None


@pytest.mark.parametrize("who", [key, person])
def test_a_role_is_enough_or_it_is_not(who: Any) -> None:
    assert refusal(who(Role.ADMIN), route(DELETE)) is None
    assert refusal(who(Role.MEMBER), route(DELETE)) == "forbidden"
    assert refusal(who(Role.MEMBER), route(READ)) is None


def test_scopes_narrow_what_a_role_allows_and_add_nothing() -> None:
    assert refusal(key(Role.OWNER, READ), route(READ)) is None
    assert refusal(key(Role.OWNER, READ), route(DELETE)) == "forbidden"
    assert refusal(key(Role.MEMBER, DELETE), route(DELETE)) == "forbidden"


@pytest.mark.parametrize("permission", sorted(PEOPLE_ONLY - {OWN}))
def test_some_things_are_for_people(permission: Permission) -> None:
    assert refusal(key(Role.OWNER), route(permission)) == "forbidden"
    assert refusal(key(Role.OWNER, permission), route(permission)) == "forbidden"
    assert refusal(person(Role.OWNER), route(permission)) is None


def test_an_account_is_whoevers_is_signed_in() -> None:
    assert refusal(person(None, None), route(OWN)) is None
    assert refusal(person(Role.READ_ONLY), route(OWN)) is None
    assert refusal(key(Role.OWNER), route(OWN)) == "session_required"


@pytest.mark.parametrize(("role", "workspace_id"), [(None, None), (None, "wrk_1"), (Role.OWNER, None)])
def test_a_workspace_is_for_those_with_a_role_in_it(role: Role | None, workspace_id: str | None) -> None:
    assert refusal(person(role, workspace_id), route(READ)) == "no_workspace"


@pytest.mark.parametrize("permission", [READ, OWN])
def test_half_way_through_signing_in_only_what_leads_on_is_open(permission: Permission) -> None:
    half_way = person(awaits_second_factor=True)
    assert refusal(half_way, route(permission)) == "second_factor_required"
    assert refusal(half_way, route(permission, half_way=True)) is None
    assert refusal(person(), route(permission, half_way=True)) is None
    assert refusal(person(), route(permission)) is None


def test_what_asks_for_it_asks_people_who_they_are_and_no_key() -> None:
    long_ago = NOW - timedelta(minutes=10)
    careful = route(READ, step_up=True)
    assert refusal(person(proved_at=long_ago), careful) == "step_up_required"
    assert refusal(person(proved_at=long_ago + timedelta(seconds=1)), careful) is None
    assert refusal(person(proved_at=long_ago), route(READ)) is None
    assert refusal(key(), careful) is None


def test_whoever_was_let_into_a_workspace_holds_a_role() -> None:
    assert key(Role.MEMBER).held_role is Role.MEMBER
    with pytest.raises(AssertionError):
        _ = person(None, None).held_role
