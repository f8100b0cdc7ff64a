"""From a header or a cookie to a verified credential, and what finding out costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sheaf.access.actor import Actor, ActorKind
from sheaf.access.keys import ApiKey, digest, display_of, new_secret
from sheaf.access.roles import Permission, Role
from sheaf.access.sessions import IDLE, SEEN_EVERY
from sheaf.access.tokens import SESSION_COOKIE, digest_of, new_token
from sheaf.audit.entries import Action
from sheaf.edge.identity import Credential, authenticate
from sheaf.edge.provisioning import Provisioned
from sheaf.edge.request import Request
from sheaf.kernel.errors import Forbidden, Unauthenticated
from tests.builders import events
from tests.builders.world import SETTINGS, World

GET, WRITE = "dynamodb.GetItem", "dynamodb.TransactWriteItems"


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


@pytest.fixture
def ada(world: World, ws: Provisioned) -> str:
    return world.person("ada@example.test", (ws.workspace_id, Role.ADMIN))


def request(
    *, header: str | None = None, token: str | None = None, method: str = "GET", origin: str = ""
) -> Request:
    headers = {"authorization": header} if header is not None else {}
    if origin:
        headers["origin"] = origin
    cookies = {SESSION_COOKIE: token} if token is not None else None
    return Request(events.http(method, "/v1/things", headers=headers, cookies=cookies))


def asked(world: World, **sent: str) -> tuple[Credential, list[str]]:
    """Who it is, and what was looked up."""
    with world.network.recording() as calls:
        credential = authenticate(request(**sent), world.app)
        return credential, [str(call) for call in calls]


def refusal(world: World, **sent: str) -> tuple[str, int]:
    """Its code, and how many calls it cost."""
    with world.network.recording() as calls:
        with pytest.raises(Unauthenticated) as refused:
            authenticate(request(**sent), world.app)
        return refused.value.code, len(calls)


def make_key(world: World, ws: Provisioned, **more: Any) -> str:
    secret, tenant = new_secret(), world.tenant(ws.workspace_id)
    key = ApiKey(
        id=tenant.new_id("key"), workspace_id=ws.workspace_id, name="k", display=display_of(secret),
        role=Role.ADMIN, created_at=world.clock.now(), created_by="tests", **more,
    )  # fmt: skip
    tenant.keys.add(key, digest(secret))
    tenant.commit(Action.API_KEY_CREATED)
    return secret


def test_nobody(world: World) -> None:
    assert refusal(world) == ("unauthenticated", 0)


class TestKeys:
    def test_a_key_is_its_holder_in_its_workspace(self, world: World, ws: Provisioned) -> None:
        for header in (f"Bearer {ws.api_key}", f"bEARER   {ws.api_key} "):
            found, calls = asked(world, header=header)
            assert found.actor == Actor(kind=ActorKind.API_KEY, id=ws.key_id)
            assert (found.workspace_id, found.role, found.scopes) == (ws.workspace_id, Role.OWNER, None)
            assert (found.session, found.cookies, calls) == (None, (), [GET])

    def test_a_keys_scopes_come_along(self, world: World, ws: Provisioned) -> None:
        secret = make_key(world, ws, scopes=frozenset({Permission.DOCUMENT_READ}))
        found, _ = asked(world, header=f"Bearer {secret}")
        assert (found.role, found.scopes) == (Role.ADMIN, {Permission.DOCUMENT_READ})

    def test_a_header_decides_whatever_the_cookies_say(self, world: World, ws: Provisioned, ada: str) -> None:
        token = world.sign_in(ada, ws.workspace_id)
        assert refusal(world, header="Bearer", token=token) == ("unauthenticated", 0)

    def test_what_cannot_be_one_is_refused_before_any_look_up(self, world: World, ws: Provisioned) -> None:
        for header in ("", "Bearer", "Bearer ", ws.api_key):
            assert refusal(world, header=header) == ("unauthenticated", 0)
        for header in (
            f"Basic {ws.api_key}",
            f"Bearer {ws.api_key[:-1]}",
            f"Bearer {ws.api_key} {ws.api_key}",
        ):
            assert refusal(world, header=header) == ("invalid_api_key", 0)

    def test_a_key_that_is_not_there_or_not_any_more(self, world: World, ws: Provisioned) -> None:
        assert refusal(world, header=f"Bearer {new_secret()}") == ("invalid_api_key", 1)
        secret = make_key(world, ws, expires_at=world.clock.now() + timedelta(hours=1))
        asked(world, header=f"Bearer {secret}")
        world.tick(hours=1)
        assert refusal(world, header=f"Bearer {secret}") == ("invalid_api_key", 1)

    def test_its_use_is_noted_once_an_hour(self, world: World, ws: Provisioned) -> None:
        header = f"Bearer {ws.api_key}"
        assert asked(world, header=header)[1] == [GET]
        world.tick(hours=1)
        assert asked(world, header=header)[1] == [GET, WRITE]
        assert asked(world, header=header)[1] == [GET]
        known = world.app.keys.find(digest(ws.api_key))
        assert known is not None
        assert known.used_at == world.clock.now()


class TestSessions:
    def test_a_session_is_its_person_with_their_role(self, world: World, ws: Provisioned, ada: str) -> None:
        token = world.sign_in(ada, ws.workspace_id)
        found, calls = asked(world, token=token)
        assert found.actor == Actor(kind=ActorKind.USER, id=ada)
        assert (found.workspace_id, found.role, found.scopes) == (ws.workspace_id, Role.ADMIN, None)
        assert found.session == world.app.people.session(digest_of(token))
        assert (found.cookies, calls) == ((), [GET, GET])

    def test_in_no_workspace_no_role_is_looked_up(self, world: World, ada: str) -> None:
        token = world.sign_in(ada)
        visit = world.app.visit(Request(events.http("GET", "/")).origin, None)
        session = world.app.people.session(digest_of(token))
        assert session is not None
        visit.people.save_session(session.model_copy(update={"workspace_id": None, "role": None}))
        visit.commit()
        found, calls = asked(world, token=token)
        assert (found.workspace_id, found.role, calls) == (None, None, [GET])

    def test_what_cannot_be_one_is_refused_before_any_look_up(self, world: World) -> None:
        for token in ("", "x", "A" * 44):
            assert refusal(world, token=token) == ("session_ended", 0)

    def test_a_session_that_is_not_there_or_not_any_more(
        self, world: World, ws: Provisioned, ada: str
    ) -> None:
        assert refusal(world, token=new_token()) == ("session_ended", 1)
        token = world.sign_in(ada, ws.workspace_id)
        world.clock.at += IDLE
        assert refusal(world, token=token) == ("session_ended", 1)

    def test_a_cookie_changes_things_from_our_own_pages_only(
        self, world: World, ws: Provisioned, ada: str
    ) -> None:
        token = world.sign_in(ada, ws.workspace_id)
        asked(world, token=token, method="POST", origin=SETTINGS.origin)
        asked(world, token=token, method="GET", origin="https://mail.test")
        for origin in ("", "https://evil.test"):
            with pytest.raises(Forbidden):
                asked(world, token=token, method="POST", origin=origin)

    def test_it_is_noted_now_and_then_that_it_is_used(self, world: World, ws: Provisioned, ada: str) -> None:
        token = world.sign_in(ada, ws.workspace_id)
        world.clock.at += SEEN_EVERY
        found, calls = asked(world, token=token)
        assert (found.cookies, calls) == ((), [GET, GET, WRITE])
        assert found.session == world.app.people.session(digest_of(token))
        assert found.session is not None
        assert found.session.seen_at == world.clock.now()
        assert asked(world, token=token)[1] == [GET, GET]

    def test_another_role_is_another_token(self, world: World, ws: Provisioned, ada: str) -> None:
        token = world.sign_in(ada, ws.workspace_id)
        leave(world, ws, ada, Role.MEMBER)
        found, _ = asked(world, token=token)
        assert found.role is Role.MEMBER
        [cookie] = found.cookies
        fresh = cookie.partition(";")[0].partition("=")[2]
        assert fresh != token
        assert asked(world, token=fresh)[0].cookies == ()

    def test_whoever_is_out_is_out_with_every_token(self, world: World, ws: Provisioned, ada: str) -> None:
        """The one that was replaced a moment before still names the workspace they were in."""
        replaced = world.sign_in(ada, ws.workspace_id)
        leave(world, ws, ada, Role.MEMBER)
        [cookie] = asked(world, token=replaced)[0].cookies
        newest = cookie.partition(";")[0].partition("=")[2]
        leave(world, ws, ada, None)
        for token in (replaced, newest):
            found, _ = asked(world, token=token)
            assert (found.workspace_id, found.role) == (None, None)
            assert found.session is not None
            assert (found.session.workspace_id, found.session.role) == (None, None)


def leave(world: World, ws: Provisioned, user_id: str, role: Role | None) -> None:
    """For another role, or altogether."""
    tenant = world.tenant(ws.workspace_id)
    membership = tenant.members.get(user_id)
    assert membership is not None
    if role is None:
        tenant.people.drop_membership(user_id, ws.workspace_id)
    else:
        tenant.people.put_membership(membership.model_copy(update={"role": role}), is_new=False)
    tenant.commit(Action.MEMBER_JOINED)
