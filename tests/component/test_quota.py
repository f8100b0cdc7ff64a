"""A plan's quota: what is refused, what waits, and that nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sheaf.edge.provisioning import Provisioned
from sheaf.subscription.plans import PLANS, PlanCode
from sheaf.subscription.subscription import SubscriptionStatus
from tests.builders.expense import acme
from tests.builders.files import many_pages_pdf, text_pdf
from tests.builders.subscribing import subscribe
from tests.builders.world import Reply, World
from tests.component.scenarios import UBL

QUOTA = PLANS[PlanCode.STARTER].documents


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


@pytest.fixture
def full(world: World, ws: Provisioned) -> Provisioned:
    subscribe(world, ws, PlanCode.STARTER, used=QUOTA)
    return ws


def announce(world: World, ws: Provisioned) -> Reply:
    body = {"filename": "a.pdf", "content_type": "application/pdf", "size": 1000}
    return world.call(ws.api_key, "POST /v1/uploads", body=body)


def shown(world: World, ws: Provisioned) -> Any:
    reply = world.call(ws.api_key, "GET /v1/subscription")
    assert reply.status == 200, reply.text
    return reply.json


def next_month(world: World) -> None:
    world.tick(days=12)


def dropped(world: World, ws: Provisioned, data: bytes, name: str = "a.pdf") -> str:
    """The id of the document that a dropped file becomes."""
    known = {item["sk"]["S"] for item in world.items("DOCUMENT")}
    assert world.receive(world.drop(ws, name, data)) == []
    [made] = {item["sk"]["S"] for item in world.items("DOCUMENT")} - known
    [landed] = [event for event in world.landings() if made in str(event)]
    assert world.receive(landed) == []
    return made


class TestAtTheApi:
    def test_over_the_quota_nothing_is_made(self, world: World, full: Provisioned) -> None:
        before = world.items("DOCUMENT")
        reply = announce(world, full)
        assert (reply.status, reply.json["code"]) == (402, "quota_exhausted")
        assert reply.json["quota"] == {
            "plan": "starter",
            "used": QUOTA,
            "documents": QUOTA,
            "upgrade_url": "/account/subscription",
            "renews_at": "2026-12-01T00:00:00+00:00",
        }
        until = timedelta(days=10, hours=14, minutes=30)
        assert reply.headers["retry-after"] == str(int(until.total_seconds()))
        assert world.items("DOCUMENT") == before

    def test_the_last_one_is_taken(self, world: World, ws: Provisioned) -> None:
        subscribe(world, ws, PlanCode.STARTER, used=QUOTA - 1)
        assert announce(world, ws).status == 201

    def test_a_batch_is_taken_whole_or_not(self, world: World, ws: Provisioned) -> None:
        subscribe(world, ws, PlanCode.STARTER, used=QUOTA - 2)
        new = {"filename": "a.pdf", "content_type": "application/pdf", "size": 1000}

        def send(count: int, **more: Any) -> Reply:
            return world.call(ws.api_key, "POST /v1/uploads/batch", body={"files": [new] * count}, **more)

        refused = send(3)
        assert (refused.status, refused.json["code"]) == (402, "quota_exhausted")
        assert world.items("BATCH") == world.items("DOCUMENT") == []
        assert send(2, headers={"idempotency-key": "k"}).status == 201
        subscribe(world, ws, PlanCode.STARTER, used=5)
        assert send(2, headers={"idempotency-key": "k"}).status == 201, "it had been taken"

    def test_it_renews_with_the_month(self, world: World, full: Provisioned) -> None:
        next_month(world)
        assert announce(world, full).status == 201
        assert shown(world, full)["left"] == QUOTA

    def test_a_metered_plan_takes_more(self, world: World, ws: Provisioned) -> None:
        subscribe(world, ws, PlanCode.BUSINESS, used=PLANS[PlanCode.BUSINESS].documents + 7)
        assert announce(world, ws).status == 201

    def test_a_trial_has_its_own_quota_and_ends(self, world: World, ws: Provisioned) -> None:
        subscribe(world, ws, None, used=PLANS[PlanCode.TRIAL].documents - 1)
        assert announce(world, ws).status == 201
        world.tick(days=15)
        refused = announce(world, ws)
        assert (refused.status, refused.json["quota"]["renews_at"]) == (402, None)
        assert "retry-after" not in refused.headers

    def test_without_a_subscription_there_is_no_limit(self, world: World, ws: Provisioned) -> None:
        assert shown(world, ws) == {
            "plan": None, "status": None, "provider": None, "used": 0, "left": None, "renews_at": None,
            "trial_ends_at": None, "period_ends_at": None, "contracts": [], "warning": None,
        }  # fmt: skip
        assert announce(world, ws).status == 201

    def test_what_has_ended_leaves_everything_but_reading(self, world: World, ws: Provisioned) -> None:
        document_id = world.read(ws, text_pdf(["a"]), acme())
        subscribe(world, ws, PlanCode.STARTER, status=SubscriptionStatus.CANCELLED)
        refused = announce(world, ws)
        assert (refused.status, refused.json["code"]) == (402, "quota_exhausted")
        assert world.document(ws, document_id)["status"] in {"ready", "needs_review"}
        path = {"document_id": document_id}
        assert world.call(ws.api_key, "GET /v1/documents/{document_id}/file", path=path).status == 302
        assert world.call(ws.api_key, "POST /v1/exports", body={"format": "csv"}).status == 202
        route = "POST /v1/documents/{document_id}/reprocess"
        assert world.call(ws.api_key, route, path=path).status == 402, "nor is it read once more"
        assert world.delete(ws, document_id).status == 204


class TestFilesThatWait:
    def test_a_dropped_file_is_kept_and_not_read(self, world: World, full: Provisioned) -> None:
        document_id = dropped(world, full, text_pdf(["a"]))
        found = world.document(full, document_id)
        assert (found["status"], found["failure"]["code"]) == ("failed", "quota_exhausted")
        assert found["file"]["pages"] == 1
        assert world.textract.jobs == {}
        world.settle()
        assert shown(world, full)["used"] == QUOTA
        path = {"document_id": document_id}
        assert world.call(full.api_key, "GET /v1/documents/{document_id}/file", path=path).status == 302

    def test_so_is_one_that_was_announced_in_time(self, world: World, ws: Provisioned) -> None:
        document_id, event = world.send(ws, UBL, "a.xml", "application/xml")
        subscribe(world, ws, PlanCode.STARTER, used=QUOTA)
        assert world.receive(event) == world.receive(event) == []
        assert world.document(ws, document_id)["failure"]["code"] == "quota_exhausted"
        assert world.document(ws, document_id)["reading"] is None

    def test_what_was_read_is_read_again_though_the_quota_is_used_up(
        self, world: World, ws: Provisioned
    ) -> None:
        path = {"document_id": world.read(ws, text_pdf(["a"]), acme())}
        subscribe(world, ws, PlanCode.STARTER, used=QUOTA)
        route = "POST /v1/documents/{document_id}/reprocess"
        assert world.call(ws.api_key, route, path=path).status == 202

    def test_it_is_not_read_again_before_there_is_room(self, world: World, full: Provisioned) -> None:
        path = {"document_id": dropped(world, full, text_pdf(["a"]))}
        route = "POST /v1/documents/{document_id}/reprocess"
        refused = world.call(full.api_key, route, path=path)
        assert (refused.status, refused.json["code"]) == (402, "quota_exhausted")
        next_month(world)
        assert world.call(full.api_key, route, path=path).status == 202
        world.receive_rereads()
        world.finish_job(world.job_of(path["document_id"]), acme())
        assert world.document(full, path["document_id"])["status"] in {"ready", "needs_review"}
        assert world.items("WAITING") == []

    def test_of_many_only_as_many_are_read_again_as_there_is_room_for(
        self, world: World, full: Provisioned
    ) -> None:
        waiting = [dropped(world, full, text_pdf([name]), f"{name}.pdf") for name in "abc"]
        next_month(world)
        subscribe(world, full, PlanCode.STARTER, used=QUOTA - 2)
        body = {"documents": [{"id": document_id} for document_id in waiting]}
        answer = world.call(full.api_key, "POST /v1/documents/reprocess", body=body).json["items"]
        assert [each["status"] for each in answer] == ["ok", "ok", "refused"]
        assert answer[-1]["problem"]["code"] == "quota_exhausted"

    def test_it_is_read_when_the_quota_renews_and_counted_once(self, world: World, full: Provisioned) -> None:
        document_id = dropped(world, full, many_pages_pdf(2))
        assert world.round() == {"seen": 1, "left": 0}
        assert world.reminders.resumes == []
        next_month(world)
        world.settle()
        assert world.round() == {"seen": 1, "left": 0}
        world.resume()
        world.settle()
        world.finish_job(world.job_of(document_id), acme())
        world.settle()
        assert world.document(full, document_id)["status"] in {"ready", "needs_review"}
        assert shown(world, full)["used"] == 1
        usage = world.call(full.api_key, "GET /v1/usage").json
        assert (usage["documents"], usage["pages"]["textract"]) == (1, 2)
        assert world.round() == {"seen": 1, "left": 1}
        assert world.round() == {"seen": 0, "left": 0}

    def test_it_is_read_after_an_upgrade(self, world: World, full: Provisioned) -> None:
        document_id = dropped(world, full, UBL, "a.xml")
        world.tick(seconds=1)
        subscribe(world, full, PlanCode.BUSINESS)
        world.round()
        world.resume()
        assert world.document(full, document_id)["reading"] is not None

    def test_no_more_are_read_than_there_is_room_for(self, world: World, ws: Provisioned) -> None:
        sent = [world.send(ws, text_pdf([str(number)])) for number in range(25)]
        subscribe(world, ws, PlanCode.STARTER, used=QUOTA)
        for _, event in sent:
            world.receive(event)
        subscribe(world, ws, PlanCode.STARTER)
        next_month(world)
        tenant = world.tenant(ws.workspace_id)
        subscribe(world, ws, PlanCode.STARTER, used=QUOTA - 22)
        assert len(tenant.waiting.first(50)) == 25
        world.round()
        world.resume()
        assert len(tenant.waiting.first(50)) == 3
        assert len(world.textract.jobs) == 22

    def test_one_that_was_deleted_waits_no_more(self, world: World, full: Provisioned) -> None:
        world.delete(full, dropped(world, full, text_pdf(["a"])))
        next_month(world)
        world.round()
        world.resume()
        assert world.items("WAITING") == []
        assert world.textract.jobs == {}

    def test_a_file_that_waits_closes_with_its_retention_window(
        self, world: World, full: Provisioned
    ) -> None:
        document_id = dropped(world, full, text_pdf(["a"]))
        world.settings(full, "1y")
        world.tick(days=370)
        world.sweep()
        assert world.document(full, document_id)["file"]["deleted_at"] is not None

    def test_copies_wait_and_are_read_by_themselves(self, world: World, ws: Provisioned) -> None:
        world.read(ws, text_pdf(["a"]), acme())
        subscribe(world, ws, PlanCode.STARTER, used=QUOTA)
        copy = dropped(world, ws, text_pdf(["a"]))
        assert world.document(ws, copy)["failure"]["code"] == "quota_exhausted"
        next_month(world)
        world.round()
        world.resume()
        world.finish_job(world.job_of(copy), acme())
        assert world.document(ws, copy)["status"] in {"ready", "needs_review"}
