"""A workspace is deleted: a week to change one's mind, then nothing of it is left, and that is certified."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.retention.erasure import ErasureIncomplete
from sheaf.access.erasures import ErasureCertificate
from sheaf.access.roles import Role
from sheaf.capture.policy import Duplicates
from sheaf.storage.blobs import Blobs, NotErased
from sheaf.storage.erasure import KINDS
from tests.builders import events
from tests.builders.billing import BUYER, LOGO, act, attempt, issued, settings, show
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.reviewing import approved, policy
from tests.builders.world import SETTINGS, World
from tests.component.test_sending import react_to_all, tell
from tests.security.probes import Populated, populate

CLOSE, KEEP = "PUT /v1/workspace/closing", "DELETE /v1/workspace/closing"


def traces(world: World, made: Populated) -> list[str]:
    """Where the workspace is still named, but for notes of ids that run out by themselves (whose job it was,
    on which day its chain went on) and the plan of the erasure.
    """
    items = [*world.items(), *world.items(table=SETTINGS.directory_table)]
    texts = [json.dumps(item, default=str) for item in items]
    named = [text for text in texts if made.ws.workspace_id in text]
    passing = ('"ERASURE"', '"CHAINED#', '"JOB#')
    keys = [text for text in named if not any(kind in text for kind in passing)]
    objects = world.versions(f"workspaces/{made.ws.workspace_id}/")
    return [*keys, *(version["Key"] for version in objects)]


def full(world: World) -> Populated:
    made = populate(world, "A")
    entries = [item for item in world.items("AUDIT") if item["pk"]["S"].startswith(made.ws.workspace_id)]
    world.chain(events.dynamodb_stream(*entries))
    made.document_for("undo-division")
    world.drop(made.ws, "left.pdf", b"never adopted")
    world.drop(made.ws, "a line\nbreak.pdf", b"never adopted")
    return made


def certificate(world: World, made: Populated) -> ErasureCertificate:
    key = f"erased/{made.ws.workspace_id}.json"
    body = world.s3.get_object(Bucket=SETTINGS.anchors_bucket, Key=key)["Body"].read()
    return ErasureCertificate.model_validate_json(body)


def test_after_a_week_nothing_is_left_and_the_owner_is_told(world: World) -> None:
    made = full(world)
    reply = made.browse(CLOSE, body={})
    assert reply.json["closes_at"] == (world.clock.now() + timedelta(days=7)).isoformat().replace(
        "+00:00", "Z"
    )

    world.tick(days=7, seconds=-1)
    assert world.erase_workspaces() == {"erased": 0, "waiting": 0}
    assert traces(world, made)

    world.tick(seconds=1)
    assert world.erase_workspaces() == {"erased": 0, "waiting": 1}
    assert traces(world, made) == []
    world.tick(hours=2)
    assert world.erase_workspaces() == {"erased": 1, "waiting": 0}

    said = certificate(world, made)
    assert said.items_erased > 20
    assert said.versions_erased >= 4
    assert set(said.kinds) == set(KINDS)
    assert [message.to for message in world.mail.sent if "erased" in message.subject] == ["a@example.com"]
    assert world.erase_workspaces() == {"erased": 0, "waiting": 0}


def test_told_now_it_goes_with_the_next_run(world: World) -> None:
    made = full(world)
    made.browse(CLOSE, body={"now": True})
    world.tick(seconds=1)
    world.erase_workspaces()
    assert traces(world, made) == []


def test_many_members_with_many_sessions_hold_nobody_up(world: World) -> None:
    other, made = full(world), populate(world, "B")
    for number in range(12):
        member = world.person(f"m{number}@example.com", (made.ws.workspace_id, Role.MEMBER))
        for _ in range(10):
            world.sign_in(member, made.ws.workspace_id)
    for each in (made, other):
        each.browse(CLOSE, body={"now": True})
        world.tick(seconds=1)
    assert world.erase_workspaces() == {"erased": 0, "waiting": 2}
    assert traces(world, made) == traces(world, other) == []


def test_one_that_cannot_be_erased_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, other = full(world), populate(world, "B")
    for each in (stuck, other):
        each.browse(CLOSE, body={"now": True})
        world.tick(seconds=1)
    erase_everything = Blobs.erase_everything

    def fails(blobs: Blobs) -> int:
        if stuck.ws.workspace_id in blobs.original_key("doc"):
            raise NotErased("kept")
        return erase_everything(blobs)

    monkeypatch.setattr(Blobs, "erase_everything", fails)
    with pytest.raises(ErasureIncomplete):
        world.erase_workspaces()
    assert traces(world, stuck)
    assert world.call(stuck.ws.api_key, "GET /v1/documents").status == 401, "the door is closed first"
    assert traces(world, other) == []


def test_nobody_gets_in_afterwards(world: World) -> None:
    made = full(world)
    token = world.sign_in(made.owner, made.ws.workspace_id)
    world.browse(token, CLOSE, body={"now": True})
    world.tick(seconds=1)
    world.erase_workspaces()
    assert world.call(made.ws.api_key, "GET /v1/documents").status == 401
    assert world.browse(token, "GET /v1/documents").json["code"] == "no_workspace"
    assert world.browse(token, "GET /v1/me").json["workspaces"] == []


def test_another_workspace_is_not_touched(world: World) -> None:
    other, made = populate(world, "B"), full(world)
    before = traces(world, other)
    made.browse(CLOSE, body={"now": True})
    world.tick(seconds=1)
    world.erase_workspaces()
    assert traces(world, other) == before


def test_an_owner_changes_their_mind(world: World) -> None:
    made = full(world)
    made.browse(CLOSE, body={})
    world.tick(days=6)
    assert made.browse(KEEP).json["closes_at"] is None
    world.tick(days=2)
    assert world.erase_workspaces() == {"erased": 0, "waiting": 0}
    assert world.document(made.ws, made.document)["id"] == made.document
    assert made.browse(KEEP).json["code"] == "not_closing"


def test_what_arrives_after_the_first_pass_goes_with_the_second(world: World) -> None:
    made = full(world)
    document_id, landing = world.send(made.ws, text_pdf(["late"]))
    made.browse(CLOSE, body={"now": True})
    world.tick(seconds=1)
    world.erase_workspaces()
    key = f"workspaces/{made.ws.workspace_id}/files/{document_id}/original"
    late = world.put(key, text_pdf(["late"]))
    world.receive(landing)
    world.receive(late)
    for _ in range(2):
        world.tick(hours=2)
        world.erase_workspaces()
    assert traces(world, made) == []
    assert certificate(world, made).items_left == 0


def test_a_run_that_ends_early_is_gone_on_with(world: World) -> None:
    made = full(world)
    made.browse(CLOSE, body={"now": True})
    world.tick(seconds=1)
    times = iter([60_000, *[59_999] * 1000])

    class Context:
        def get_remaining_time_in_millis(self) -> int:
            return next(times)

    from functions.retention.erasure import handler

    with world.network.guard.running("Erasure"):
        assert handler({}, Context()) == {"erased": 0, "waiting": 1}  # type: ignore[arg-type]  # all it uses
    assert traces(world, made), "there was no time for all of it"
    world.erase_workspaces()
    assert traces(world, made) == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MEMBER, Role.READ_ONLY])
def test_only_an_owner_may(world: World, role: Role) -> None:
    ws = world.workspace()
    person = world.person("bob@example.com", (ws.workspace_id, role))
    request: dict[str, Any] = {"body": {"now": True}}
    assert world.browse(world.sign_in(person, ws.workspace_id), CLOSE, **request).status == 403
    assert world.call(ws.api_key, CLOSE, **request).status == 403


def test_it_asks_for_a_recent_sign_in(world: World) -> None:
    made = full(world)
    token = world.sign_in(made.owner, made.ws.workspace_id)
    world.tick(minutes=11)
    assert world.browse(token, CLOSE, body={}).json["code"] == "step_up_required"


def test_a_document_that_was_read_is_erased_in_every_kind(world: World) -> None:
    """What ``full`` makes covers every kind of item there is: a new one must be made there, too."""
    made = full(world)
    policy(world, made.ws, duplicates=Duplicates.BLOCK)
    document_id = world.read(made.ws, text_pdf(["once more"]), acme())
    approved(world, made.ws, document_id, "duplicate")
    world.settle()
    body = {"format": "csv", "document_ids": [document_id]}
    assert world.call(made.ws.api_key, "POST /v1/exports", body=body).status == 202
    world.export_all()
    assert made.browse("PUT /v1/settings/billing/logo", body={"logo": LOGO}).status == 200
    bill = issued(world, made.ws, "bill", document_id=document_id)
    act(world, made.ws, "payments", bill, amount="1.00")
    invoice = issued(world, made.ws, customer_id=made.things["customer_id"])
    assert attempt(world, made.ws, "send", invoice, {"to": "gone@example.com"}).status == 202
    world.dispatch_all()
    tell(world, "email.bounced", show(world, made.ws, invoice["id"]))
    react_to_all(world)
    tenant = world.tenant(made.ws.workspace_id)
    tenant.calendar.add_reminder(invoice["id"], 7, world.clock.now())
    tenant.commit(None)
    settings(world, made.ws, reminders=[1])
    due = issued(world, made.ws, buyer=BUYER | {"email": "there@example.com"})["due_date"]
    world.clock.at = world.clock.at.fromisoformat(f"{due}T09:00:00+00:00") + timedelta(days=1)
    world.bill_by_calendar()
    key = {"idempotency-key": "once"}
    upload = {"filename": "a.pdf", "content_type": "application/pdf", "size": 10}
    world.call(made.ws.api_key, "POST /v1/uploads", headers=key, body=upload)
    there = {
        item["pk"]["S"].split("#")[1]
        for item in world.items()
        if item["pk"]["S"].startswith(made.ws.workspace_id)
    }
    assert there == set(KINDS)
