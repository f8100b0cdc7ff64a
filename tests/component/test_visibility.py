"""Members and keys who see the documents of some clients only, and what they can do with those."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.access.roles import Role
from sheaf.capture.policy import Duplicates
from sheaf.edge.provisioning import Provisioned
from tests.builders.clients import (
    announce,
    assign,
    boss,
    client,
    document,
    limit,
    limited_key,
    limited_person,
    sent,
)
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.reviewing import approved, findings, policy
from tests.builders.world import World

LIST, QUEUE = "GET /v1/documents", "GET /v1/review"
DOCUMENT = "GET /v1/documents/{document_id}"


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


@pytest.fixture
def one(world: World, ws: Provisioned) -> str:
    return client(world, ws, "One")


@pytest.fixture
def two(world: World, ws: Provisioned) -> str:
    return client(world, ws, "Two")


def walk(world: World, api_key: str, key: str = LIST, **query: str) -> list[str]:
    found, cursor = [], None
    while True:
        reply = world.call(api_key, key, query=query | ({"cursor": cursor} if cursor else {}))
        assert reply.status == 200, reply.text
        found += [item["id"] for item in reply.json["items"]]
        cursor = reply.json["next_cursor"]
        if cursor is None:
            return found


class TestLists:
    def test_they_hold_the_documents_of_ones_clients_in_whatever_state(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        mine = [
            announce(world, ws.api_key, one).json["document_id"],
            sent(world, ws, one, text_pdf(["being read"])),
            sent(world, ws, one, b"%PDF-1.7 nothing"),
            document(world, ws, one),
        ]
        document(world, ws, two)
        document(world, ws, None)
        world.settle()
        api_key = limited_key(world, ws, one)
        assert sorted(walk(world, api_key)) == sorted(mine)
        assert [walk(world, api_key, status=each) for each in ("awaiting_upload", "reading", "failed")] == [
            [mine[0]],
            [mine[1]],
            [mine[2]],
        ]

    @pytest.mark.parametrize("page", ["1", "2", "7", "50"])
    def test_of_several_clients_they_are_one_list_newest_first(
        self, world: World, ws: Provisioned, one: str, two: str, page: str
    ) -> None:
        others = client(world, ws, "Three")
        mine = []
        for whose in (one, one, two, others, one, two, two, two, others):
            world.tick(seconds=1)
            made = announce(world, ws.api_key, whose).json["document_id"]
            mine += [made] if whose != others else []
        world.settle()
        assert walk(world, limited_key(world, ws, one, two), limit=page) == mine[::-1]

    def test_a_filter_and_a_client_are_answered_together(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        cheap = document(world, ws, one, VENDOR_NAME="Alpha Ltd", INVOICE_RECEIPT_DATE="2026-10-01")
        dear = document(world, ws, one, VENDOR_NAME="Beta Ltd", TOTAL="USD 900.00")
        other = document(world, ws, two, VENDOR_NAME="Alpha Ltd", INVOICE_RECEIPT_DATE="2026-10-01")
        world.settle()
        for api_key, more in ((ws.api_key, {"client": one}), (limited_key(world, ws, one), {})):
            assert walk(world, api_key, q="alpha", **more) == [cheap]
            assert walk(world, api_key, amount_from="500", **more) == [dear]
            assert walk(world, api_key, date_to="2026-10-31", **more) == [cheap]
            assert sorted(walk(world, api_key, currency="USD", **more)) == sorted([cheap, dear])
            assert walk(world, api_key, check="total_mismatch", **more) == [dear]
            assert walk(world, api_key, client=one, q="alpha") == [cheap]
        assert walk(world, limited_key(world, ws, one), client=two) == []
        assert sorted(walk(world, ws.api_key, q="alpha")) == sorted([cheap, other])

    def test_the_queue_of_several_clients_keeps_its_order(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        small = document(world, ws, one, TOTAL="USD 119.00")
        wrong = document(world, ws, two, TOTAL="USD 7.00")
        large = document(world, ws, one, SUBTOTAL="USD 1000.00", TAX="USD 190.00", TOTAL="USD 1190.00")
        document(world, ws, None, TOTAL="USD 8.00")
        world.settle()
        api_key = limited_key(world, ws, one, two)
        everybody = walk(world, ws.api_key, QUEUE)
        for page in ("1", "2", "50"):
            assert walk(world, api_key, QUEUE, limit=page) == [
                each for each in everybody if each in (small, wrong, large)
            ]

    def test_a_document_leaves_the_lists_of_one_client_for_those_of_another(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        document_id = document(world, ws, one)
        keys = [limited_key(world, ws, each) for each in (one, two)]
        world.settle()
        assert [walk(world, each) for each in keys] == [[document_id], []]
        assign(world, ws, document_id, two)
        world.settle()
        assert [walk(world, each) for each in keys] == [[], [document_id]]
        assert [walk(world, each, q="acme") for each in keys] == [[], [document_id]]
        assert [walk(world, each, QUEUE) for each in keys] == [[], [document_id]]


class TestLimits:
    def test_they_count_from_the_next_request_on(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        document_id = document(world, ws, two)
        user_id, token = limited_person(world, ws, one)

        def status() -> int:
            return world.browse(token, DOCUMENT, path={"document_id": document_id}).status

        assert status() == 404
        limit(world, ws, user_id, one, two)
        assert status() == 200
        limit(world, ws, user_id, one)
        assert status() == 404
        limit(world, ws, user_id)
        assert status() == 200

    def test_a_role_that_sees_all_is_not_limited_and_the_limit_is_there_when_it_is_left(
        self, world: World, ws: Provisioned, one: str
    ) -> None:
        document_id = document(world, ws, None)
        user_id, token = limited_person(world, ws, one)
        key = "PATCH /v1/members/{user_id}"

        def become(role: Role) -> Any:
            return world.browse(
                boss(world, ws), key, path={"user_id": user_id}, body={"role": role.value}
            ).json

        def status() -> int:
            return world.browse(token, DOCUMENT, path={"document_id": document_id}).status

        assert become(Role.ADMIN)["clients"] is None
        assert status() == 200
        reply = limit(world, ws, user_id, one)
        assert (reply.status, reply.json["code"]) == (422, "role_sees_all")
        assert become(Role.READ_ONLY)["clients"] == [one]
        assert status() == 404

    def test_the_log_says_who_was_limited_to_what(self, world: World, ws: Provisioned, one: str) -> None:
        user_id, _ = limited_person(world, ws, one)
        (entry,) = world.audit(ws, action="member.changed")
        assert (entry["subject"], entry["before"], entry["after"]) == (
            user_id,
            {"clients": "all"},
            {"clients": one},
        )
        assert world.mail.sent == [] or "role" not in str(world.mail.sent[-1]).lower()

    @pytest.mark.parametrize("clients", [[], ["cli_1"], [f"cli_{'0' * 26}"]])
    def test_nobody_is_limited_to_nothing_or_to_what_is_not_there(
        self, world: World, ws: Provisioned, clients: list[str]
    ) -> None:
        user_id = world.person("ada@example.test", (ws.workspace_id, Role.MEMBER))
        key, path = "PATCH /v1/members/{user_id}", {"user_id": user_id}
        assert world.browse(boss(world, ws), key, path=path, body={"clients": clients}).status == 422
        body = {"name": "k", "role": "member", "clients": clients}
        assert world.browse(boss(world, ws), "POST /v1/api-keys", body=body).status == 422
        body = {"email": "new@example.com", "role": "member", "clients": clients}
        assert world.browse(boss(world, ws), "POST /v1/invitations", body=body).status == 422

    def test_an_admins_key_is_not_limited(self, world: World, ws: Provisioned, one: str) -> None:
        body = {"name": "k", "role": "admin", "clients": [one]}
        reply = world.browse(boss(world, ws), "POST /v1/api-keys", body=body)
        assert (reply.status, reply.json["code"]) == (422, "role_sees_all")

    def test_a_guest_is_limited_before_they_come(self, world: World, ws: Provisioned, one: str) -> None:
        document_id = document(world, ws, None)
        body = {"email": "guest@example.com", "role": "member", "clients": [one]}
        invited = world.browse(boss(world, ws), "POST /v1/invitations", body=body)
        assert invited.json["clients"] == [one]
        token = world.mail.latest_token("guest@example.com")
        session = world.sign_in(world.person("guest@example.com"))
        accepted = world.browse(session, "POST /v1/invitations/accept", body={"token": token})
        assert accepted.status == 200, accepted.text
        assert world.browse(session, DOCUMENT, path={"document_id": document_id}).status == 404
        assert [each["name"] for each in world.browse(session, "GET /v1/clients").json["items"]] == ["One"]

    def test_the_limits_of_others_are_told_as_far_as_one_sees(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        other, _ = limited_person(world, ws, one, two)
        _, token = limited_person(world, ws, one)
        members = world.browse(token, "GET /v1/members").json["items"]
        assert {each["user_id"]: each["clients"] for each in members}[other] == [one]


class TestUploads:
    def test_they_go_to_ones_own_clients_and_nowhere_else(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        api_key = limited_key(world, ws, one)
        made = announce(world, api_key, one)
        assert made.status == 201
        assert world.document(ws, made.json["document_id"])["client_id"] == one
        refusals = [announce(world, api_key, each) for each in (None, two, f"cli_{'0' * 26}")]
        assert [(each.status, each.json["code"]) for each in refusals] == [
            (422, "client_required"),
            (422, "client_unknown"),
            (422, "client_unknown"),
        ]
        assert refusals[1].json["detail"] == refusals[2].json["detail"]

    def test_a_document_is_not_given_away_out_of_sight(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        document_id = document(world, ws, one)
        api_key = limited_key(world, ws, one)
        for chosen, code in ((None, "client_required"), (two, "client_unknown")):
            reply = world.call(
                api_key,
                "PUT /v1/documents/{document_id}/client",
                path={"document_id": document_id},
                body={"client_id": chosen},
                headers={"if-match": "*"},
            )
            assert (reply.status, reply.json["code"]) == (422, code)
        assert world.document(ws, document_id)["client_id"] == one

    def test_documents_of_others_are_not_fetched(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        document_id = document(world, ws, two)
        body = {"documents": [{"id": document_id}]}
        reply = world.call(
            limited_key(world, ws, one),
            "POST /v1/clients/{client_id}/documents",
            path={"client_id": one},
            body=body,
        )
        assert [each["problem"]["code"] for each in reply.json["items"]] == ["not_found"]
        assert world.document(ws, document_id)["client_id"] == two


class TestDuplicates:
    def test_every_client_has_its_own(self, world: World, ws: Provisioned, one: str, two: str) -> None:
        policy(world, ws, duplicates=Duplicates.BLOCK)
        of_two, of_nobody = document(world, ws, two), document(world, ws, None)
        world.settle()
        world.tick(seconds=1)
        first = document(world, ws, one)
        world.settle()
        world.tick(seconds=1)
        second = document(world, ws, one)
        world.settle()
        for each in (of_two, of_nobody, first):
            assert findings(world, ws, each, "duplicate") == []
            approved(world, ws, each)
        assert findings(world, ws, second, "duplicate") == [("duplicate", "error", first)]

    def test_a_document_is_looked_at_again_among_those_it_comes_to(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        there = document(world, ws, one)
        world.tick(seconds=1)
        moving = document(world, ws, two)
        world.settle()
        assert findings(world, ws, moving, "duplicate") == []
        assign(world, ws, moving, one)
        world.settle()
        assert [found for _, _, found in findings(world, ws, moving, "duplicate")] == [there]
        assign(world, ws, moving, two)
        world.settle()
        assert findings(world, ws, moving, "duplicate") == []

    def test_what_an_approved_document_holds_goes_with_it(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        policy(world, ws, duplicates=Duplicates.BLOCK)
        document_id = document(world, ws, one)
        approved(world, ws, document_id)
        held = {item["sk"]["S"] for item in world.items("HELD")}
        assign(world, ws, document_id, two)
        now = {item["sk"]["S"] for item in world.items("HELD")}
        assert len(held) == len(now)
        assert not held & now

    def test_the_same_bytes_are_read_for_each_client(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        first = document(world, ws, two, "same")
        other = document(world, ws, one, "same")
        assert world.document(ws, other)["duplicate_of"] is None
        again = sent(world, ws, two, text_pdf(["same"]))
        assert world.document(ws, again)["duplicate_of"] == first

    def test_whoever_waits_for_a_reading_does_not_get_it_from_another_client(
        self, world: World, ws: Provisioned, one: str
    ) -> None:
        first = sent(world, ws, None, text_pdf(["same"]))
        follower = sent(world, ws, None, text_pdf(["same"]))
        assert world.document(ws, follower)["duplicate_of"] == first
        tenant = world.tenant(ws.workspace_id)
        known = tenant.documents.get(first)
        assert known is not None
        tenant.documents.save(known.model_copy(update={"client_id": one}))
        tenant.commit(None)
        assert world.finish_job(world.job_of(first), acme()) == []
        assert world.watch(ws.workspace_id, follower) == []
        waiting = world.document(ws, follower)
        assert (waiting["duplicate_of"], waiting["status"]) == (None, "reading")
        assert world.finish_job(world.job_of(follower), acme()) == []
        assert world.document(ws, follower)["status"] == "ready"


class TestExports:
    def test_they_hold_and_count_what_whoever_asked_sees(
        self, world: World, ws: Provisioned, one: str, two: str
    ) -> None:
        mine, other = document(world, ws, one), document(world, ws, two, INVOICE_RECEIPT_ID="T-77")
        for each in (mine, other, document(world, ws, None, INVOICE_RECEIPT_ID="N-1")):
            approved(world, ws, each)
        api_key = limited_key(world, ws, one)
        asked = world.call(api_key, "POST /v1/exports", body={"format": "csv"})
        assert asked.status == 202, asked.text
        named = world.call(api_key, "POST /v1/exports", body={"format": "csv", "document_ids": [mine, other]})
        world.export_all()
        path = {"export_id": asked.json["id"]}
        done = world.call(api_key, "GET /v1/exports/{export_id}", path=path).json
        assert (done["state"], done["looked_at"], done["documents"], done["left_out"]) == ("done", 1, 1, 0)
        path = {"export_id": named.json["id"]}
        done = world.call(api_key, "GET /v1/exports/{export_id}", path=path).json
        assert (done["documents"], done["left_out_first"]) == (
            1,
            [{"document_id": other, "reason": "not_found"}],
        )

    def test_those_of_others_are_not_there(self, world: World, ws: Provisioned, one: str, two: str) -> None:
        made = {}
        for name, api_key in (
            ("everything", ws.api_key),
            ("both", limited_key(world, ws, one, two)),
            ("one", limited_key(world, ws, one)),
        ):
            world.tick(seconds=1)
            made[name] = world.call(api_key, "POST /v1/exports", body={"format": "csv"}).json["id"]
        world.export_all()
        expected = {
            "one": (limited_key(world, ws, one), ["one"]),
            "both": (limited_key(world, ws, one, two), ["one", "both"]),
            "all": (ws.api_key, ["one", "both", "everything"]),
        }
        for api_key, names in expected.values():
            assert walk(world, api_key, "GET /v1/exports", limit="1") == [made[name] for name in names]
