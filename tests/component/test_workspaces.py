"""Workspaces and the people in them: made, joined, left, handed over; and who may not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from sheaf.access.roles import Role
from sheaf.access.tokens import SESSION_COOKIE
from tests.builders.world import SETTINGS, Reply, World


@dataclass
class Somebody:
    """A person in a browser, who keeps the cookies they are given."""

    world: World
    email: str
    token: str

    def __call__(self, route: str, **request: Any) -> Reply:
        reply = self.world.browse(self.token, route, **request)
        self.token = reply.cookies.get(SESSION_COOKIE) or self.token
        return reply

    @property
    def id(self) -> str:
        return str(self("GET /v1/me").json["id"])


def somebody(world: World, email: str) -> Somebody:
    return Somebody(world, email, world.sign_in(world.person(email)))


def owner(world: World, email: str = "ada@example.com") -> Somebody:
    person = somebody(world, email)
    assert person("POST /v1/workspaces", body={"name": "Acme"}).status == 201
    return person


def invited(world: World, by: Somebody, email: str, role: Role) -> Somebody:
    reply = by("POST /v1/invitations", body={"email": email, "role": role.value})
    assert reply.status == 201, reply.text
    person = somebody(world, email)
    reply = person("POST /v1/invitations/accept", body={"token": world.mail.latest_token(email)})
    assert (reply.status, reply.json["role"]) == (200, role.value)
    return person


def sessions(world: World) -> list[Any]:
    return [
        item for item in world.items(table=SETTINGS.directory_table) if item["pk"]["S"].startswith("SESSION#")
    ]


def test_whoever_makes_a_workspace_owns_it_and_works_in_it(world: World) -> None:
    ada = owner(world)
    assert ada("GET /v1/workspace").json["name"] == "Acme"
    [member] = ada("GET /v1/members").json["items"]
    assert (member["email"], member["role"]) == ("ada@example.com", "owner")
    actions = [entry["action"] for entry in ada("GET /v1/audit-events").json["items"]]
    assert actions == ["workspace.created"]


def test_somebody_in_two_workspaces_sees_one_at_a_time(world: World) -> None:
    ada = owner(world)
    first = ada("GET /v1/workspace").json["id"]
    ada("POST /v1/workspaces", body={"name": "Second"})
    assert ada("GET /v1/workspace").json["name"] == "Second"
    assert ada("PUT /v1/session/workspace", body={"workspace_id": first}).json["name"] == "Acme"
    assert ada("GET /v1/workspace").json["id"] == first
    assert len(ada("GET /v1/me").json["workspaces"]) == 2


def test_who_is_there_already_stays_and_nothing_is_written(world: World) -> None:
    ada = owner(world)
    here = ada("GET /v1/workspace").json["id"]
    before = world.items(), sessions(world)
    reply = ada("PUT /v1/session/workspace", body={"workspace_id": here})
    assert (reply.status, reply.json["name"]) == (200, "Acme")
    assert (world.items(), sessions(world)) == before


def test_nobody_enters_a_workspace_they_are_no_member_of(world: World) -> None:
    theirs = owner(world, "eve@example.com")("GET /v1/workspace").json["id"]
    ada = owner(world)
    for workspace_id in (theirs, "wrk_00000000000000000000000000", "", "x" * 100, f"{theirs}#X"):
        reply = ada("PUT /v1/session/workspace", body={"workspace_id": workspace_id})
        assert (reply.status, reply.json["code"]) == (404, "not_found")
    assert ada("GET /v1/workspace").json["name"] == "Acme"


def test_a_workspace_gets_another_name(world: World) -> None:
    ada = owner(world)
    world.tick(seconds=1)
    assert ada("PATCH /v1/workspace", body={"name": " Acme & Co "}).json["name"] == "Acme & Co"
    [renamed, _] = ada("GET /v1/audit-events").json["items"]
    assert (renamed["before"], renamed["after"]) == ({"name": "Acme"}, {"name": "Acme & Co"})


@pytest.mark.parametrize(
    "name",
    ["Acme\nGmbH", "Acme\x00", "\u202eemcA", "\u2066Acme\u2069", "\u200b", "\u200b\ufeff", "Ac\u200bme"],
)
def test_a_name_that_is_not_what_it_looks_like_is_refused(world: World, name: str) -> None:
    ada = owner(world)
    for route in ("POST /v1/workspaces", "PATCH /v1/workspace", "POST /v1/api-keys"):
        reply = ada(route, body={"name": name})
        assert reply.status == 422, route
        assert "line breaks" in reply.text
    assert ada("GET /v1/workspace").json["name"] == "Acme"


def test_a_name_is_in_any_language(world: World) -> None:
    ada = owner(world)
    for name in ("Müller & Söhne", "株式会社アクメ", "أكمي", "Acme 🧾"):
        assert ada("PATCH /v1/workspace", body={"name": name}).json["name"] == name


class TestInvitations:
    def test_somebody_invited_becomes_a_member(self, world: World) -> None:
        ada = owner(world)
        bob = invited(world, ada, "bob@example.com", Role.MEMBER)
        assert bob("GET /v1/workspace").json["name"] == "Acme"
        assert ada("GET /v1/invitations").json["items"] == []
        assert {m["email"] for m in ada("GET /v1/members").json["items"]} == {
            "ada@example.com",
            "bob@example.com",
        }

    def test_an_invitation_works_once(self, world: World) -> None:
        ada = owner(world)
        bob = invited(world, ada, "bob@example.com", Role.MEMBER)
        again = {"token": world.mail.latest_token("bob@example.com")}
        assert bob("POST /v1/invitations/accept", body=again).json["code"] == "invitation_gone"

    def test_an_invitation_is_for_its_address(self, world: World) -> None:
        ada = owner(world)
        ada("POST /v1/invitations", body={"email": "bob@example.com", "role": "admin"})
        eve = somebody(world, "eve@example.com")
        token = world.mail.latest_token("bob@example.com")
        reply = eve("POST /v1/invitations/accept", body={"token": token})
        assert (reply.status, reply.json["code"]) == (403, "invitation_not_yours")
        bob = somebody(world, "Bob@Example.COM")
        assert bob("POST /v1/invitations/accept", body={"token": token}).status == 200

    def test_an_invitation_runs_out(self, world: World) -> None:
        ada = owner(world)
        ada("POST /v1/invitations", body={"email": "bob@example.com"})
        world.tick(days=7)
        bob = somebody(world, "bob@example.com")
        token = world.mail.latest_token("bob@example.com")
        assert bob("POST /v1/invitations/accept", body={"token": token}).status == 410

    def test_an_invitation_can_be_taken_back(self, world: World) -> None:
        ada = owner(world)
        made = ada("POST /v1/invitations", body={"email": "bob@example.com"}).json
        path = {"invitation_id": made["id"]}
        assert ada("DELETE /v1/invitations/{invitation_id}", path=path).status == 204
        bob = somebody(world, "bob@example.com")
        token = world.mail.latest_token("bob@example.com")
        assert bob("POST /v1/invitations/accept", body={"token": token}).status == 410

    def test_another_invitation_takes_the_place_of_the_first(self, world: World) -> None:
        ada = owner(world)
        ada("POST /v1/invitations", body={"email": "bob@example.com", "role": "admin"})
        first = world.mail.latest_token("bob@example.com")
        ada("POST /v1/invitations", body={"email": "Bob@example.com", "role": "member"})
        bob = somebody(world, "bob@example.com")
        assert bob("POST /v1/invitations/accept", body={"token": first}).json["code"] == "invitation_gone"
        assert len(ada("GET /v1/invitations").json["items"]) == 1

    def test_who_is_a_member_is_not_invited(self, world: World) -> None:
        ada = owner(world)
        invited(world, ada, "bob@example.com", Role.MEMBER)
        for email in ("ada@example.com", "BOB@example.com"):
            reply = ada("POST /v1/invitations", body={"email": email, "role": "admin"})
            assert (reply.status, reply.json["code"]) == (409, "already_member")

    def test_who_was_removed_does_not_come_back_with_an_invitation_from_before(self, world: World) -> None:
        ada = owner(world)
        ada("POST /v1/invitations", body={"email": "bob@example.com", "role": "admin"})
        token = world.mail.latest_token("bob@example.com")
        bob_id = world.person("bob@example.com")
        user = world.app.people.user(bob_id)
        assert user is not None
        world.join(user, ada("GET /v1/workspace").json["id"], Role.MEMBER)
        assert ada("DELETE /v1/members/{user_id}", path={"user_id": bob_id}).status == 204
        bob = Somebody(world, "bob@example.com", world.sign_in(bob_id))
        assert bob("POST /v1/invitations/accept", body={"token": token}).status == 410

    def test_an_invitation_is_worth_no_more_than_its_inviter(self, world: World) -> None:
        ada = owner(world)
        bob = invited(world, ada, "bob@example.com", Role.ADMIN)
        bob("POST /v1/invitations", body={"email": "mole@example.com", "role": "admin"})
        assert ada("DELETE /v1/members/{user_id}", path={"user_id": bob.id}).status == 204
        mole = somebody(world, "mole@example.com")
        token = world.mail.latest_token("mole@example.com")
        assert mole("POST /v1/invitations/accept", body={"token": token}).status == 410

    def test_a_lapsed_invitation_of_which_a_half_is_left_is_in_nobodys_way(self, world: World) -> None:
        ada = owner(world)
        ada("POST /v1/invitations", body={"email": "bob@example.com"})
        [item] = [
            each
            for each in world.items(table=SETTINGS.directory_table)
            if each["pk"]["S"].startswith("INVITATION#")
        ]
        key = {"pk": item["pk"], "sk": item["sk"]}
        world.dynamodb.delete_item(TableName=SETTINGS.directory_table, Key=key)
        assert ada("POST /v1/invitations", body={"email": "bob@example.com"}).status == 201

    def test_inviting_asks_for_a_recent_sign_in_and_is_counted(self, world: World) -> None:
        ada = owner(world)
        replies = [
            ada("POST /v1/invitations", body={"email": f"p{number}@example.com"}) for number in range(21)
        ]
        assert [reply.status for reply in replies] == [201] * 20 + [429]
        world.tick(minutes=11)
        reply = ada("POST /v1/invitations", body={"email": "q@example.com", "role": "owner"})
        assert reply.json["code"] == "step_up_required"

    def test_neither_table_holds_the_token(self, world: World) -> None:
        owner(world)("POST /v1/invitations", body={"email": "bob@example.com"})
        token = world.mail.latest_token("bob@example.com")
        assert token not in f"{world.items()}{world.items(table=SETTINGS.directory_table)}"

    @pytest.mark.parametrize("email", ["", "bob", "bob@", "@example.com", "a b@example.com", "x" * 400])
    def test_what_is_no_address_is_refused(self, world: World, email: str) -> None:
        assert owner(world)("POST /v1/invitations", body={"email": email}).status == 422

    def test_the_same_request_twice_is_one_invitation_and_one_mail(self, world: World) -> None:
        ada = owner(world)
        request: dict[str, Any] = {
            "body": {"email": "bob@example.com"},
            "headers": {"idempotency-key": "once"},
        }
        first, second = (ada("POST /v1/invitations", **request) for _ in range(2))
        assert first.json == second.json
        assert len(world.mail.sent) == 1


class TestRoles:
    @pytest.mark.parametrize("role", [Role.OWNER])
    def test_an_admin_neither_gives_nor_takes_what_is_above_them(self, world: World, role: Role) -> None:
        ada = owner(world)
        bob = invited(world, ada, "bob@example.com", Role.ADMIN)
        member = {"user_id": bob.id}
        for route, request in (
            ("POST /v1/invitations", {"body": {"email": "c@example.com", "role": role.value}}),
            ("PATCH /v1/members/{user_id}", {"path": member, "body": {"role": role.value}}),
            ("PATCH /v1/members/{user_id}", {"path": {"user_id": ada.id}, "body": {"role": "member"}}),
            ("DELETE /v1/members/{user_id}", {"path": {"user_id": ada.id}}),
            ("POST /v1/api-keys", {"body": {"name": "k", "role": role.value}}),
        ):
            reply = bob(route, **request)
            assert (reply.status, reply.json["code"]) == (403, "forbidden"), route
        denied = ada("GET /v1/audit-events", query={"action": "access.denied", "actor": bob.id}).json["items"]
        assert len(denied) == 4, "a refusal of the rules is noted, too, once a minute for a route"

    def test_the_last_owner_stays(self, world: World) -> None:
        ada = owner(world)
        path = {"user_id": ada.id}
        for reply in (
            ada("PATCH /v1/members/{user_id}", path=path, body={"role": "admin"}),
            ada("DELETE /v1/members/{user_id}", path=path),
            ada("DELETE /v1/membership"),
        ):
            assert (reply.status, reply.json["code"]) == (409, "last_owner")
        assert ada("GET /v1/members").json["items"][0]["role"] == "owner"

    def test_ownership_is_handed_over(self, world: World) -> None:
        ada = owner(world)
        bob = invited(world, ada, "bob@example.com", Role.MEMBER)
        assert ada("PUT /v1/workspace/owner", body={"user_id": bob.id}).json["role"] == "owner"
        roles = {m["email"]: m["role"] for m in bob("GET /v1/members").json["items"]}
        assert roles == {"ada@example.com": "admin", "bob@example.com": "owner"}
        assert ada("PUT /v1/workspace/owner", body={"user_id": ada.id}).status == 403

    def test_two_owners_cannot_depose_each_other(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        ada = owner(world)
        bob = invited(world, ada, "bob@example.com", Role.OWNER)
        ids = {"ada": ada.id, "bob": bob.id}
        demoted = {"role": "member"}

        def meanwhile() -> None:
            path = {"user_id": ids["ada"]}
            assert bob("PATCH /v1/members/{user_id}", path=path, body=demoted).status == 200

        world.meanwhile(monkeypatch, meanwhile)
        reply = ada("PATCH /v1/members/{user_id}", path={"user_id": ids["bob"]}, body=demoted)

        assert reply.status == 409
        roles = [m["role"] for m in bob("GET /v1/members").json["items"]]
        assert sorted(roles) == ["member", "owner"]

    def test_whoever_leaves_sees_nothing_any_more(self, world: World) -> None:
        ada = owner(world)
        bob = invited(world, ada, "bob@example.com", Role.ADMIN)
        assert bob("DELETE /v1/membership").status == 204
        assert bob("GET /v1/documents").json["code"] == "no_workspace"
        assert bob("GET /v1/me").json["workspaces"] == []

    def test_whoever_is_removed_is_out_at_the_next_request(self, world: World) -> None:
        ada = owner(world)
        bob = invited(world, ada, "bob@example.com", Role.ADMIN)
        assert ada("DELETE /v1/members/{user_id}", path={"user_id": bob.id}).status == 204
        assert bob("GET /v1/documents").json["code"] == "no_workspace"

    def test_no_session_of_whoever_is_out_names_the_workspace_any_more(self, world: World) -> None:
        ada = owner(world)
        workspace_id = ada("GET /v1/workspace").json["id"]
        bob = invited(world, ada, "bob@example.com", Role.ADMIN)
        elsewhere = Somebody(world, bob.email, world.sign_in(bob.id, workspace_id))
        other = Somebody(world, bob.email, world.sign_in(bob.id))
        other("POST /v1/workspaces", body={"name": "Own"})
        assert ada("DELETE /v1/members/{user_id}", path={"user_id": bob.id}).status == 204
        kept = [item for item in sessions(world) if item["u"]["S"] == bob.id]
        assert len(kept) == 3
        assert all(item.get("w", {}).get("S") != workspace_id for item in kept)
        assert {person("GET /v1/me").json["workspace_id"] for person in (bob, elsewhere)} == {None}
        assert other("GET /v1/workspace").json["name"] == "Own", "another workspace's session is not touched"

    def test_an_older_session_of_whoever_is_out_finds_out_by_itself(self, world: World) -> None:
        ada = owner(world)
        workspace_id = ada("GET /v1/workspace").json["id"]
        bob = invited(world, ada, "bob@example.com", Role.ADMIN)
        for _ in range(30):
            world.sign_in(bob.id, workspace_id)
        assert ada("DELETE /v1/members/{user_id}", path={"user_id": bob.id}).status == 204
        assert any(item.get("w", {}).get("S") == workspace_id for item in sessions(world))
        old = bob.token
        for token in (old, old, bob.token):  # replaced at the first request, good for a moment more
            me = world.browse(token, "GET /v1/me").json
            assert (me["workspace_id"], me["workspaces"]) == (None, [])

    def test_a_change_of_role_asks_for_a_recent_sign_in(self, world: World) -> None:
        ada = owner(world)
        bob = invited(world, ada, "bob@example.com", Role.MEMBER)
        world.tick(minutes=11)
        request: dict[str, Any] = {"path": {"user_id": bob.id}, "body": {"role": "admin"}}
        reply = ada("PATCH /v1/members/{user_id}", **request)
        assert (reply.status, reply.json["code"]) == (403, "step_up_required")


class TestKeys:
    def test_a_key_is_shown_once_and_works(self, world: World) -> None:
        ada = owner(world)
        made = ada("POST /v1/api-keys", body={"name": "ci", "role": "read-only"}).json
        assert world.call(made["secret"], "GET /v1/workspace").json["name"] == "Acme"
        [listed] = ada("GET /v1/api-keys").json["items"]
        assert listed["secret"] is None
        assert listed["used_at"] is not None
        assert made["secret"].startswith(listed["display"])
        stored = f"{world.items()}{world.items(table=SETTINGS.directory_table)}"
        assert made["secret"] not in stored

    def test_a_revoked_key_is_refused_at_once(self, world: World) -> None:
        ada = owner(world)
        made = ada("POST /v1/api-keys", body={"name": "ci"}).json
        assert ada("DELETE /v1/api-keys/{key_id}", path={"key_id": made["id"]}).status == 204
        assert world.call(made["secret"], "GET /v1/workspace").status == 401
        assert ada("GET /v1/api-keys").json["items"] == []

    def test_an_expired_key_is_refused(self, world: World) -> None:
        ada = owner(world)
        expires_at = "2026-11-20T10:00:00Z"
        made = ada("POST /v1/api-keys", body={"name": "ci", "expires_at": expires_at}).json
        assert world.call(made["secret"], "GET /v1/workspace").status == 200
        world.tick(minutes=30)
        assert world.call(made["secret"], "GET /v1/workspace").status == 401

    @pytest.mark.parametrize(
        "expires_at",
        [
            "9999-12-31T23:59:59.999999-14:00",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59Z",
            "2036-11-25T09:30:00Z",
            "2026-11-20T10:30:00+02:00",
        ],
    )
    def test_a_key_that_expires_at_no_sensible_time_is_refused(self, world: World, expires_at: str) -> None:
        ada = owner(world)
        reply = ada("POST /v1/api-keys", body={"name": "ci", "expires_at": expires_at})
        assert (reply.status, reply.json["code"]) == (422, "invalid_request")
        assert ada("GET /v1/api-keys").json["items"] == []

    def test_a_time_to_expire_is_told_in_utc(self, world: World) -> None:
        ada = owner(world)
        body = {"name": "ci", "expires_at": "2036-11-20T02:30:00-07:00"}
        made = ada("POST /v1/api-keys", body=body).json
        [listed] = ada("GET /v1/api-keys").json["items"]
        assert made["expires_at"] == listed["expires_at"] == "2036-11-20T09:30:00Z"

    def test_scopes_narrow_what_a_key_may_do(self, world: World) -> None:
        ada = owner(world)
        body = {"name": "uploader", "role": "member", "scopes": ["document:upload"]}
        made = ada("POST /v1/api-keys", body=body).json
        upload = {"filename": "a.pdf", "content_type": "application/pdf", "size": 10}
        assert world.call(made["secret"], "POST /v1/uploads", body=upload).status == 201
        assert world.call(made["secret"], "GET /v1/documents").status == 403

    @pytest.mark.parametrize("scope", ["key:write", "member:write", "workspace:own", "document:delete"])
    def test_a_scope_beyond_the_role_is_refused(self, world: World, scope: str) -> None:
        body = {"name": "k", "role": "member", "scopes": [scope]}
        assert owner(world)("POST /v1/api-keys", body=body).status == 422

    def test_the_same_request_twice_is_one_key_and_the_second_answer_has_no_secret(
        self, world: World
    ) -> None:
        ada = owner(world)
        request: dict[str, Any] = {"body": {"name": "ci"}, "headers": {"idempotency-key": "once"}}
        first, second = (ada("POST /v1/api-keys", **request).json for _ in range(2))
        assert first["id"] == second["id"]
        assert second["secret"] is None

    def test_a_key_makes_no_keys_and_no_members(self, world: World) -> None:
        ada = owner(world)
        made = ada("POST /v1/api-keys", body={"name": "ci", "role": "owner"}).json
        for route, body in (
            ("POST /v1/api-keys", {"name": "more"}),
            ("POST /v1/invitations", {"email": "eve@example.com"}),
        ):
            assert world.call(made["secret"], route, body=body).status == 403

    def test_a_use_is_noted_once_an_hour(self, world: World) -> None:
        ada = owner(world)
        secret = ada("POST /v1/api-keys", body={"name": "ci"}).json["secret"]
        for minutes, writes in ((0, 1), (30, 0), (31, 1), (1, 0)):
            world.tick(minutes=minutes)
            with world.network.recording() as calls:
                assert world.call(secret, "GET /v1/workspace").status == 200
                assert [str(call) for call in calls].count("dynamodb.TransactWriteItems") == writes
