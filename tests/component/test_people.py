"""Who is who in the directory: what is saved is found again, under its own name, and nobody is overrun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sheaf.access.actor import Origin
from sheaf.access.erasures import PlannedErasure
from sheaf.access.openid import LinkedIdentity
from sheaf.access.roles import Role
from sheaf.access.sessions import Factor, Session
from sheaf.access.users import Identity, Membership, User, digest_of_address
from sheaf.kernel.errors import Conflict
from sheaf.storage.people import People
from sheaf.storage.visit import Visit
from tests.builders.world import NOW, SETTINGS, World

HOUR = timedelta(hours=1)
SECONDS = str(int(NOW.timestamp()))
ADA = User(id="usr_ada", email="ada@example.test", created_at=NOW)
FULL = ADA.model_copy(
    update={"name": "Ada", "second_factors": frozenset({"totp", "passkey"}), "workspace_id": "wrk_1"}
)
BARE = Session(
    id="ses_1", digest="d1", user_id="usr_ada", factors=frozenset({Factor.EMAIL}),
    created_at=NOW, proved_at=NOW, seen_at=NOW, ends_at=NOW + HOUR,
)  # fmt: skip
RICH = BARE.model_copy(
    update={
        "workspace_id": "wrk_1",
        "role": Role.ADMIN,
        "factors": frozenset({Factor.EMAIL, Factor.TOTP}),
        "awaits_second_factor": True,
        "created_at": NOW - 3 * HOUR,
        "proved_at": NOW - 2 * HOUR,
        "seen_at": NOW - HOUR,
        "ip": "203.0.113.7",
        "user_agent": "tests/1.0",
    }
)
MEMBER = Membership(
    user_id="usr_ada", workspace_id="wrk_1", role=Role.MEMBER, email="ada@example.test", joined_at=NOW
)


@pytest.fixture
def people(world: World) -> People:
    return world.app.people


def do(world: World, *steps: Callable[[People], object]) -> None:
    """One transaction."""
    visit = world.app.visit(Origin(), None)
    for step in steps:
        step(visit.people)
    visit.commit()


def refused(world: World, step: Callable[[People], object]) -> bool:
    before = stored(world)
    try:
        do(world, step)
    except Conflict:
        return stored(world) == before
    return False


def stored(world: World) -> dict[tuple[str, str], Any]:
    """By their keys, the rest of each as the table has it."""
    found = {}
    for item in world.items(table=SETTINGS.directory_table):
        key = item.pop("pk")["S"], item.pop("sk")["S"]
        found[key] = {name: next(iter(value.values())) for name, value in item.items()}
    return found


class TestUsers:
    @pytest.mark.parametrize("user", [ADA, FULL])
    def test_what_is_saved_is_found(self, world: World, people: People, user: User) -> None:
        assert people.user("usr_ada") is None
        do(world, lambda to: to.add_user(user))
        assert people.user("usr_ada") == user.model_copy(update={"version": 1})
        assert people.user("usr_bob") is None

    def test_nobody_is_added_twice(self, world: World) -> None:
        do(world, lambda to: to.add_user(ADA))
        assert refused(world, lambda to: to.add_user(FULL))

    def test_who_saves_what_somebody_else_has_saved_since_is_refused(
        self, world: World, people: People
    ) -> None:
        do(world, lambda to: to.add_user(ADA))
        read = people.user("usr_ada")
        assert read is not None
        do(world, lambda to: to.save_user(read.model_copy(update={"name": "Ada"})))
        assert refused(world, lambda to: to.save_user(read.model_copy(update={"name": "Other"})))
        assert people.user("usr_ada") == read.model_copy(update={"name": "Ada", "version": 2})

    def test_the_workspace_they_chose(self, world: World, people: People) -> None:
        assert refused(world, lambda to: to.note_workspace("usr_ada", "wrk_1"))
        do(world, lambda to: to.add_user(ADA))
        do(world, lambda to: to.note_workspace("usr_ada", "wrk_1"))
        user = people.user("usr_ada")
        assert user is not None
        assert user.workspace_id == "wrk_1"

    def test_an_address_is_one_persons(self, world: World, people: People) -> None:
        assert people.user_id_at("ada@example.test") is None
        do(world, lambda to: to.claim_address("Ada@Example.test", "usr_ada"))
        assert people.user_id_at("ada@example.test") == "usr_ada"
        assert refused(world, lambda to: to.claim_address("ada@example.TEST", "usr_bob"))

    def test_an_identity_is_one_persons(self, world: World, people: People) -> None:
        identity = Identity(issuer="https://accounts.google.com", subject="1234")
        assert people.user_id_of(identity) is None
        visit: Visit = world.app.visit(Origin(), None)
        linked = LinkedIdentity(identity=identity, provider="google", linked_at=NOW)
        visit.credentials.link_identity(linked, "usr_ada")
        visit.commit()
        assert people.user_id_of(identity) == "usr_ada"
        assert people.user_id_of(identity.model_copy(update={"subject": "1235"})) is None


class TestSessions:
    @pytest.mark.parametrize("session", [BARE, RICH])
    def test_what_is_saved_is_found_by_its_digest_and_its_person(
        self, world: World, people: People, session: Session
    ) -> None:
        assert people.session("d1") is None
        do(world, lambda to: to.open_session(session))
        assert people.session("d1") == session
        assert people.sessions_of("usr_ada") == [session]
        assert people.sessions_of("usr_bob") == []

    def test_no_token_opens_two(self, world: World) -> None:
        do(world, lambda to: to.open_session(BARE))
        assert refused(world, lambda to: to.open_session(RICH))

    def test_it_is_saved_while_it_is_as_it_was(self, world: World, people: People) -> None:
        do(world, lambda to: to.open_session(BARE))
        do(world, lambda to: to.save_session(RICH))
        assert people.session("d1") == RICH
        assert refused(world, lambda to: to.save_session(RICH.model_copy(update={"ends_at": NOW + 2 * HOUR})))

    def test_a_replaced_token_ends_soon_and_nobody_replaces_it_again(
        self, world: World, people: People
    ) -> None:
        do(world, lambda to: to.open_session(RICH))
        do(world, lambda to: to.retire_token(RICH, ends_at=NOW))
        assert people.session("d1") == RICH.model_copy(update={"ends_at": NOW})
        assert refused(world, lambda to: to.retire_token(RICH, ends_at=NOW))
        assert refused(world, lambda to: to.save_session(RICH))

    def test_what_is_ended_is_gone(self, world: World, people: People) -> None:
        other = RICH.model_copy(update={"digest": "d2"})
        do(world, lambda to: to.open_session(BARE), lambda to: to.open_session(other))
        do(world, lambda to: to.end_session(BARE))
        assert people.session("d1") is None
        assert people.sessions_of("usr_ada") == [other]
        assert refused(world, lambda to: to.end_session(BARE))
        assert {key for key in stored(world) if "d1" in str(key)} == set()

    def test_what_the_table_has_swept_is_not_listed(self, world: World, people: People) -> None:
        do(world, lambda to: to.open_session(BARE))
        key = {"pk": {"S": "SESSION#d1"}, "sk": {"S": "SESSION"}}
        world.dynamodb.delete_item(TableName=SETTINGS.directory_table, Key=key)
        assert people.sessions_of("usr_ada") == []


class TestMemberships:
    def test_a_role_is_a_persons_in_a_workspace(self, world: World, people: People) -> None:
        assert people.role("usr_ada", "wrk_1") is None
        second = MEMBER.model_copy(update={"workspace_id": "wrk_2", "role": Role.OWNER})
        do(world, *(lambda to, each=each: to.put_membership(each, is_new=True) for each in (second, MEMBER)))
        assert people.role("usr_ada", "wrk_1") is Role.MEMBER
        assert people.role("usr_ada", "wrk_3") is None
        assert people.role("usr_bob", "wrk_1") is None
        assert people.workspaces_of("usr_ada") == [("wrk_1", Role.MEMBER), ("wrk_2", Role.OWNER)]
        assert people.workspaces_of("usr_bob") == []

    def test_nobody_joins_twice_and_only_members_change(self, world: World, people: People) -> None:
        admin = MEMBER.model_copy(update={"role": Role.ADMIN})
        assert refused(world, lambda to: to.put_membership(admin, is_new=False))
        do(world, lambda to: to.put_membership(MEMBER, is_new=True))
        assert refused(world, lambda to: to.put_membership(admin, is_new=True))
        do(world, lambda to: to.put_membership(admin, is_new=False))
        assert people.role("usr_ada", "wrk_1") is Role.ADMIN

    def test_who_leaves_is_out(self, world: World, people: People) -> None:
        do(world, lambda to: to.put_membership(MEMBER, is_new=True))
        do(world, lambda to: to.drop_membership("usr_ada", "wrk_1"))
        assert people.role("usr_ada", "wrk_1") is None
        assert refused(world, lambda to: to.drop_membership("usr_ada", "wrk_1"))

    def test_what_is_erased_is_forgotten_however_often(self, world: World, people: People) -> None:
        do(world, lambda to: to.put_membership(MEMBER, is_new=True))
        for _ in range(2):
            do(world, lambda to: to.forget_membership("usr_ada", "wrk_1"))
            assert people.role("usr_ada", "wrk_1") is None


class TestInvitations:
    def invite(self, world: World) -> None:
        do(world, lambda to: to.add_invitation("d1", "wrk_1", "ivt_1", ends=NOW))

    def test_a_token_opens_one(self, world: World, people: People) -> None:
        assert people.invitation("d1") is None
        self.invite(world)
        assert people.invitation("d1") == ("wrk_1", "ivt_1")
        assert refused(world, lambda to: to.add_invitation("d1", "wrk_2", "ivt_2", ends=NOW))

    def test_it_is_used_once(self, world: World, people: People) -> None:
        self.invite(world)
        do(world, lambda to: to.drop_invitation("d1"))
        assert people.invitation("d1") is None
        assert refused(world, lambda to: to.drop_invitation("d1"))

    def test_what_is_erased_is_forgotten_however_often(self, world: World, people: People) -> None:
        self.invite(world)
        for _ in range(2):
            do(world, lambda to: to.forget_invitation("d1"))
            assert people.invitation("d1") is None


class TestErasures:
    @staticmethod
    def planned(number: int = 1, **more: Any) -> PlannedErasure:
        given = {"workspace_id": f"wrk_{number}", "closes_at": NOW + number * HOUR, "asked_by": "usr_ada"}
        return PlannedErasure(**given | {"email": ""} | more)

    def test_what_is_due_is_found_the_earliest_first(self, world: World, people: People) -> None:
        second = self.planned(2, email="ada@example.test", items_erased=3, versions_erased=4)
        first, third = self.planned(1), self.planned(3)
        do(world, *(lambda to, each=each: to.plan_erasure(each) for each in (third, second, first)))
        assert people.planned_erasures(NOW) == []
        assert people.planned_erasures(NOW + 2 * HOUR) == [first, second]

    def test_it_is_dropped_once(self, world: World, people: People) -> None:
        do(world, lambda to: to.plan_erasure(self.planned()))
        do(world, lambda to: to.drop_erasure("wrk_1", NOW + HOUR))
        assert people.planned_erasures(NOW + 2 * HOUR) == []
        assert refused(world, lambda to: to.drop_erasure("wrk_1", NOW + HOUR))


def test_what_stands_in_the_table(world: World) -> None:
    """There are tables with these names in them; what is not known of somebody takes no room."""
    do(
        world,
        lambda to: to.add_user(ADA),
        lambda to: to.claim_address(ADA.email, ADA.id),
        lambda to: to.open_session(BARE),
        lambda to: to.put_membership(MEMBER, is_new=True),
        lambda to: to.add_invitation("d1", "wrk_1", "ivt_1", ends=NOW),
        lambda to: to.plan_erasure(TestErasures.planned()),
    )
    milliseconds, ends = f"{SECONDS}000", int(NOW.timestamp()) + 3600
    assert stored(world) == {
        ("USER#usr_ada", "USER"): {"m": "ada@example.test", "c": milliseconds, "v": "1"},
        (f"ADDRESS#{digest_of_address(ADA.email)}", "ADDRESS"): {"u": "usr_ada"},
        ("SESSION#d1", "SESSION"): {
            "i": "ses_1",
            "u": "usr_ada",
            "f": ["email"],
            "c": milliseconds,
            "p": milliseconds,
            "s": milliseconds,
            "e": f"{ends}000",
            "ttl": str(ends),
        },
        ("USER#usr_ada", "SESSION#ses_1#d1"): {"d": "d1", "ttl": str(ends)},
        ("USER#usr_ada", "MEMBER#wrk_1"): {"w": "wrk_1", "r": "member", "j": milliseconds},
        ("INVITATION#d1", "INVITATION"): {"w": "wrk_1", "i": "ivt_1", "ttl": SECONDS},
        ("ERASURE", "2026-11-20T10:30:00.000+00:00#wrk_1"): {
            "w": "wrk_1",
            "b": "usr_ada",
            "i": "0",
            "v": "0",
        },
    }
