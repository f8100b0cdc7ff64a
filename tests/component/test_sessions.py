"""Sessions: what a stolen, an old and an ended one are worth, and what a role change does to one."""

from __future__ import annotations

import pytest

from sheaf.access.actor import Origin
from sheaf.access.roles import Role
from sheaf.access.sessions import IDLE, LONGEST
from sheaf.access.tokens import SESSION_COOKIE, digest_of
from sheaf.access.users import Membership
from sheaf.accounts.sessions import rotate
from sheaf.audit.entries import Action
from sheaf.kernel.errors import Conflict
from tests.builders import events
from tests.builders.world import SETTINGS, Reply, World


@pytest.fixture
def token(world: World) -> str:
    ws = world.workspace()
    user_id = world.person("ada@example.test", (ws.workspace_id, Role.OWNER))
    return world.sign_in(user_id, ws.workspace_id)


def test_a_session_is_its_person_in_its_workspace(world: World, token: str) -> None:
    me = world.browse(token, "GET /v1/me").json
    assert me["email"] == "ada@example.test"
    assert [place["role"] for place in me["workspaces"]] == ["owner"]
    workspace = world.browse(token, "GET /v1/workspace").json
    assert workspace["id"] == me["workspace_id"]


def test_a_session_ends_when_it_is_not_used(world: World, token: str) -> None:
    world.clock.at += IDLE
    assert ended(world.browse(token, "GET /v1/me"))


def test_a_session_that_is_used_goes_on_but_not_for_ever(world: World, token: str) -> None:
    for _ in range(int(LONGEST / IDLE * 2) - 1):
        world.clock.at += IDLE / 2
        assert world.browse(token, "GET /v1/me").status == 200
    world.clock.at += IDLE / 2
    assert ended(world.browse(token, "GET /v1/me"))


def test_a_cookie_copied_before_signing_out_is_worth_nothing_after(world: World, token: str) -> None:
    reply = world.browse(token, "DELETE /v1/session")
    assert reply.status == 200
    assert reply.cookies == {SESSION_COOKIE: ""}
    assert ended(world.browse(token, "GET /v1/me"))


def test_one_session_can_be_ended_from_another(world: World, token: str) -> None:
    user_id = world.browse(token, "GET /v1/me").json["id"]
    other = world.sign_in(user_id)
    listed = world.browse(token, "GET /v1/sessions").json["items"]
    assert [session["current"] for session in listed].count(True) == 1
    [elsewhere] = [session["id"] for session in listed if not session["current"]]

    reply = world.browse(token, "DELETE /v1/sessions/{session_id}", path={"session_id": elsewhere})

    assert reply.status == 204
    assert ended(world.browse(other, "GET /v1/me"))
    assert world.browse(token, "GET /v1/me").status == 200


def test_all_others_can_be_ended_at_once(world: World, token: str) -> None:
    user_id = world.browse(token, "GET /v1/me").json["id"]
    others = [world.sign_in(user_id) for _ in range(3)]
    assert world.browse(token, "DELETE /v1/sessions").status == 204
    assert all(ended(world.browse(other, "GET /v1/me")) for other in others)
    assert len(world.browse(token, "GET /v1/sessions").json["items"]) == 1


def test_requests_that_race_rotate_a_session_once(world: World) -> None:
    ws = world.workspace()
    user_id = world.person("ada@example.test", (ws.workspace_id, Role.OWNER))
    token = world.sign_in(user_id, ws.workspace_id)
    session = world.app.people.session(digest_of(token))
    assert session is not None
    first, second = (world.app.visit(Origin(), None) for _ in range(2))
    for visit in (first, second):
        rotate(visit, session.model_copy(update={"role": Role.MEMBER}))
    first.commit()
    with pytest.raises(Conflict):
        second.commit()


def test_a_rotated_session_ends_with_every_token_it_has(world: World) -> None:
    ws = world.workspace()
    user_id = world.person("ada@example.test", (ws.workspace_id, Role.OWNER))
    for end in ("DELETE /v1/session", "DELETE /v1/sessions/{session_id}", "DELETE /v1/sessions"):
        old = world.sign_in(user_id, ws.workspace_id)
        set_role(world, user_id, ws.workspace_id, Role.ADMIN)
        fresh = world.browse(old, "GET /v1/workspace").cookies[SESSION_COOKIE]
        [mine] = [each for each in world.browse(old, "GET /v1/sessions").json["items"] if each["current"]]
        by = world.sign_in(user_id) if end != "DELETE /v1/session" else old
        path = {"path": {"session_id": mine["id"]}} if "{" in end else {}
        assert world.browse(by, end, **path).status in {200, 204}
        assert ended(world.browse(old, "GET /v1/me")), end
        assert ended(world.browse(fresh, "GET /v1/me")), end
        set_role(world, user_id, ws.workspace_id, Role.OWNER)


def test_sixty_sessions_are_ended_at_once(world: World, token: str) -> None:
    user_id = world.browse(token, "GET /v1/me").json["id"]
    others = [world.sign_in(user_id) for _ in range(60)]
    assert world.browse(token, "DELETE /v1/sessions").status == 204
    assert all(ended(world.browse(other, "GET /v1/me")) for other in others[::7])
    assert len(world.browse(token, "GET /v1/sessions").json["items"]) == 1


def test_whoever_was_removed_writes_nothing_into_the_log(world: World) -> None:
    ws = world.workspace()
    user_id = world.person("bob@example.test", (ws.workspace_id, Role.ADMIN))
    token, other = (world.sign_in(user_id, ws.workspace_id) for _ in range(2))
    tenant = world.tenant(ws.workspace_id)
    membership = tenant.members.get(user_id)
    assert membership is not None
    tenant.members.remove(membership)
    tenant.commit(Action.MEMBER_REMOVED)
    before = world.items("AUDIT")
    assert world.browse(token, "DELETE /v1/sessions").status == 204
    assert ended(world.browse(other, "GET /v1/me"))
    assert world.items("AUDIT") == before


def test_nobody_ends_somebody_elses_session(world: World, token: str) -> None:
    stranger = world.sign_in(world.person("eve@example.test"))
    [session] = world.browse(token, "GET /v1/sessions").json["items"]
    reply = world.browse(stranger, "DELETE /v1/sessions/{session_id}", path={"session_id": session["id"]})
    assert reply.status == 404
    assert world.browse(token, "GET /v1/me").status == 200


def test_a_change_of_role_counts_at_the_next_request_and_brings_another_token(world: World) -> None:
    ws = world.workspace()
    user_id = world.person("ada@example.test", (ws.workspace_id, Role.OWNER))
    token = world.sign_in(user_id, ws.workspace_id)
    settings = {"body": {"retention": "3y"}}
    assert world.browse(token, "PATCH /v1/settings", **settings).status == 200

    set_role(world, user_id, ws.workspace_id, Role.READ_ONLY)

    refused = world.browse(token, "PATCH /v1/settings", **settings)
    assert refused.status == 403
    fresh = refused.cookies[SESSION_COOKIE]
    assert world.browse(token, "GET /v1/me").status == 200, "sent before the new token was there"
    assert world.browse(fresh, "GET /v1/workspace").status == 200
    world.tick(minutes=1)
    assert ended(world.browse(token, "GET /v1/me")), "the old token is good for a moment only"
    assert world.browse(fresh, "GET /v1/me").status == 200


def test_who_is_no_member_any_more_has_no_workspace(world: World) -> None:
    ws = world.workspace()
    user_id = world.person("ada@example.test", (ws.workspace_id, Role.OWNER))
    token = world.sign_in(user_id, ws.workspace_id)
    tenant = world.tenant(ws.workspace_id)
    tenant.people.drop_membership(user_id, ws.workspace_id)
    tenant.commit(Action.MEMBER_REMOVED)
    reply = world.browse(token, "GET /v1/documents")
    assert (reply.status, reply.json["code"]) == (403, "no_workspace")


@pytest.mark.parametrize("value", ["", "x", "x" * 43, "A" * 42 + "_", "A" * 43 + "=", "x" * 1_000_000])
def test_what_is_no_session_is_refused(world: World, value: str) -> None:
    assert ended(world.browse(value, "GET /v1/me"))


def test_the_table_does_not_hold_the_token(world: World, token: str) -> None:
    assert token not in str(world.items(table=SETTINGS.directory_table))


ORIGINS = {
    "none": {},
    "another site": {"origin": "https://evil.test"},
    "a sub-domain": {"origin": "https://x.sheaf.invalid"},
    "our name as a prefix": {"origin": f"{SETTINGS.origin}.evil.test"},
    "another scheme": {"origin": "http://sheaf.invalid"},
    "another port": {"origin": f"{SETTINGS.origin}:444"},
    "null": {"origin": "null"},
    "empty": {"origin": ""},
    "two": {"origin": f"{SETTINGS.origin},{SETTINGS.origin}"},
    "another site, and our referer": {"origin": "https://evil.test", "referer": f"{SETTINGS.origin}/"},
    "another site's referer": {"referer": f"https://evil.test/{SETTINGS.origin}"},
    "our name as the referer's user": {"referer": f"{SETTINGS.origin}@evil.test/"},
    "a referer that is no address": {"referer": "https://[::"},
}


@pytest.mark.parametrize("headers", ORIGINS.values(), ids=ORIGINS)
@pytest.mark.parametrize("route", ["DELETE /v1/session", "PATCH /v1/settings", "POST /v1/uploads"])
def test_a_cookie_counts_only_from_our_own_pages(
    world: World, token: str, route: str, headers: dict[str, str]
) -> None:
    method, _, path = route.partition(" ")
    before = world.items(table=SETTINGS.directory_table)
    with world.network.recording() as calls:
        reply = world.serve(
            events.http(method, path, headers=headers, cookies={SESSION_COOKIE: token}, body={})
        )
        assert calls == []
    assert (reply.status, reply.json["code"]) == (403, "cross_site_request")
    assert world.items(table=SETTINGS.directory_table) == before


def test_a_referer_will_do_where_there_is_no_origin(world: World, token: str) -> None:
    headers = {"referer": f"{SETTINGS.origin}/console?x=1"}
    event = events.http("DELETE", "/v1/session", headers=headers, cookies={SESSION_COOKIE: token})
    assert world.serve(event).status == 200


def test_an_api_key_is_nobody(world: World) -> None:
    ws = world.workspace()
    reply = world.call(ws.api_key, "GET /v1/me")
    assert (reply.status, reply.json["code"]) == (403, "session_required")


def set_role(world: World, user_id: str, workspace_id: str, role: Role) -> None:
    user = world.app.people.user(user_id)
    assert user is not None
    tenant = world.tenant(workspace_id)
    membership = Membership(
        user_id=user_id, workspace_id=workspace_id, role=role, email=user.email, joined_at=world.clock.now()
    )
    tenant.people.put_membership(membership, is_new=False)
    tenant.commit(Action.MEMBER_JOINED)


def ended(reply: Reply) -> bool:
    return reply.status == 401 and reply.json["code"] == "session_ended"


def test_reading_needs_no_page_of_ours(world: World, token: str) -> None:
    """A browser names no origin when somebody opens an address."""
    assert world.serve(events.http("GET", "/v1/me", cookies={SESSION_COOKIE: token})).status == 200
