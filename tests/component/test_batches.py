"""Up to a thousand files announced in one call, each with its own fate."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException

from sheaf.access.limits import UPLOADS_IN_BATCHES
from sheaf.access.roles import Role
from sheaf.edge.provisioning import Provisioned
from tests.builders.clients import client, limited_key
from tests.builders.expense import acme
from tests.builders.files import corrupt_pdf, text_pdf
from tests.builders.world import SETTINGS, Reply, World, original
from tests.component.test_upload_limits import spend
from tests.fakes.network import Fault, Killed

PDF = "application/pdf"


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


def named(count: int, size: int = 1000) -> list[dict[str, Any]]:
    return [
        {"filename": f"{number}.pdf", "content_type": PDF, "size": size} for number in range(1, count + 1)
    ]


def announce(world: World, ws: Provisioned, files: Any, key: str | None = None) -> Reply:
    headers = {"idempotency-key": key} if key else {}
    return world.call(ws.api_key, "POST /v1/uploads/batch", body={"files": files}, headers=headers)


def show(world: World, ws: Provisioned, batch_id: str, **query: str) -> Reply:
    path = {"batch_id": batch_id}
    return world.call(ws.api_key, "GET /v1/batches/{batch_id}", path=path, query=query or None)


def retry(world: World, ws: Provisioned, batch_id: str) -> Reply:
    return world.call(ws.api_key, "POST /v1/batches/{batch_id}/retry", path={"batch_id": batch_id})


def test_each_file_has_a_form_of_its_own(world: World, ws: Provisioned) -> None:
    single = world.call(ws.api_key, "POST /v1/uploads", body=named(1)[0]).json
    made = announce(world, ws, named(3))
    assert made.status == 201, made.text
    batch = made.json
    assert batch["expires_at"] == "2026-11-20T09:45:00Z"
    assert batch["url"] == single["url"]
    for item in batch["items"]:
        fields = batch["fields"] | item["fields"]
        assert fields.keys() == single["fields"].keys()
        assert fields["key"] == original(ws, item["document_id"])
    assert len({item["fields"]["policy"] for item in batch["items"]}) == 3
    documents = world.call(ws.api_key, "GET /v1/documents").json["items"]
    assert [each["filename"] for each in documents][:3] == ["3.pdf", "2.pdf", "1.pdf"]


def test_a_bad_file_is_refused_alone(world: World, ws: Provisioned) -> None:
    files = named(2)
    files[1:1] = [
        {"filename": "a/b.pdf", "content_type": PDF, "size": 1},
        {"filename": "setup.exe", "content_type": "application/x-msdownload", "size": 1},
        {"filename": "large.pdf", "content_type": PDF, "size": SETTINGS.max_file_bytes + 1},
        {"filename": "empty.pdf", "content_type": PDF, "size": 0},
        "no file at all",
    ]
    batch = announce(world, ws, files).json
    refused = [item["error"] and (item["error"]["status"], item["error"]["code"]) for item in batch["items"]]
    assert refused == [
        None,
        (422, "invalid_request"), (422, "file_type_unsupported"), (413, "file_too_large"),
        (422, "file_empty"), (422, "invalid_request"),
        None,
    ]  # fmt: skip
    assert "filename" in batch["items"][1]["error"]["detail"]
    view = show(world, ws, batch["batch_id"]).json
    assert (view["files"], view["refused"], view["counts"]) == (7, 5, {"awaiting_upload": 2})
    assert [(item["number"], item["filename"]) for item in view["items"]] == [(1, "1.pdf"), (7, "2.pdf")]


def test_all_of_them_bad(world: World, ws: Provisioned) -> None:
    batch = announce(world, ws, [{}, {}]).json
    assert [item["error"]["code"] for item in batch["items"]] == ["invalid_request"] * 2
    view = show(world, ws, batch["batch_id"]).json
    assert (view["complete"], view["counts"], view["items"]) == (True, {}, [])


@pytest.mark.parametrize("files", [[], named(1001), None, "a.pdf"])
def test_what_is_no_batch(world: World, ws: Provisioned, files: Any) -> None:
    reply = announce(world, ws, files)
    assert (reply.status, [error["field"] for error in reply.json["errors"]]) == (422, ["files"])
    assert world.items("DOCUMENT") == world.items("BATCH") == []


def test_a_thousand_fit_one_call(world: World, ws: Provisioned) -> None:
    """With the longest names, and the key of a session as long as STS may make it."""
    files = [{"filename": f"{n:04}" + "ä" * 251, "content_type": PDF, "size": 1} for n in range(1000)]
    made = announce(world, ws, files)
    ids = [item["document_id"] for item in made.json["items"]]
    assert len(set(ids)) == 1000
    assert ids == sorted(ids)
    token = max(map(len, made.json["fields"].values()))
    grown = len(json.dumps(made.text)) + 1000 * max(2048 - token, 0) * 4 // 3
    assert grown < 5_500_000, "Lambda answers with 6 MB at most"
    assert len(world.items("DOCUMENT")) == 1000
    view = show(world, ws, made.json["batch_id"], limit="200").json
    assert view["counts"] == {"awaiting_upload": 1000}
    assert len(view["items"]) == 200


def test_a_batch_is_shown_page_by_page(world: World, ws: Provisioned) -> None:
    batch = announce(world, ws, named(5)).json
    seen, query = [], {"limit": "2"}
    while True:
        page = show(world, ws, batch["batch_id"], **query).json
        seen += [item["number"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query = {"limit": "2", "cursor": page["next_cursor"]}
    assert seen == [1, 2, 3, 4, 5]


def test_it_says_what_became_of_each(world: World, ws: Provisioned) -> None:
    good, bad = text_pdf(["a"]), corrupt_pdf()
    files = [
        {"filename": "x.pdf", "content_type": PDF, "size": len(data)} for data in (good, bad, good, good)
    ]
    batch = announce(world, ws, files).json
    first, second, _, fourth = (item["document_id"] for item in batch["items"])
    world.receive(world.put(original(ws, first), good))
    world.finish_job(world.job_of(first), acme())
    world.receive(world.put(original(ws, second), bad))
    world.delete(ws, fourth)

    view = show(world, ws, batch["batch_id"]).json

    states = [item["status"] for item in view["items"]]
    assert states[1:] == ["failed", "awaiting_upload", "deleted"]
    assert states[0] in {"ready", "needs_review"}
    assert view["items"][1]["failure"]["code"] == "file_corrupt"
    assert view["counts"] == {states[0]: 1, "failed": 1, "awaiting_upload": 1, "deleted": 1}


def test_what_failed_is_tried_again(world: World, ws: Provisioned) -> None:
    files = [{"filename": "x.pdf", "content_type": PDF, "size": len(corrupt_pdf())}, *named(1)]
    batch = announce(world, ws, files).json
    failed = batch["items"][0]["document_id"]
    world.receive(world.put(original(ws, failed), corrupt_pdf()))

    reply = retry(world, ws, batch["batch_id"])

    assert (reply.status, reply.json["items"]) == (202, [{"id": failed, "status": "ok", "problem": None}])
    assert world.document(ws, failed)["status"] == "reading"
    assert retry(world, ws, batch["batch_id"]).json["items"] == []
    world.receive_rereads()
    assert world.document(ws, failed)["status"] == "failed"


# --- once, however often it is sent -----------------------------------------------------------------------


def test_the_same_key_is_the_same_batch_with_fresh_forms(world: World, ws: Provisioned) -> None:
    first = announce(world, ws, named(3), "one")
    world.delete(ws, first.json["items"][1]["document_id"])
    world.tick(minutes=20)
    second = announce(world, ws, named(3), "one")
    assert second.headers["idempotent-replayed"] == "true"
    assert second.json["batch_id"] == first.json["batch_id"]
    ids = [item["document_id"] for item in first.json["items"]]
    assert [item["document_id"] for item in second.json["items"]] == [ids[0], None, ids[2]]
    assert second.json["items"][1]["error"]["code"] == "not_found"
    assert second.json["expires_at"] == "2026-11-20T10:05:00Z"
    assert announce(world, ws, named(4), "one").json["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.ANSWERS_LOST])
def test_a_call_that_ended_half_way_goes_on(world: World, ws: Provisioned, number: int, fault: Fault) -> None:
    """Two buckets, the batch, and its 60 documents in two transactions."""
    with world.network.recording() as calls:
        announce(world, ws, named(60), "calls")
    writes = [at for at, call in enumerate(calls) if call.operation not in {"GetItem", "AssumeRole"}]
    before = len(world.items("DOCUMENT"))
    with world.network.failing(writes[number % len(writes)], fault), suppress(Killed, PynamoDBException):
        announce(world, ws, named(60), "one")

    done = announce(world, ws, named(60), "one")

    assert done.status == 201
    ids = {item["document_id"] for item in done.json["items"]}
    assert len(ids) == 60
    assert len(world.items("DOCUMENT")) - before == 60
    assert len(world.items("BATCH")) == 2
    view = show(world, ws, done.json["batch_id"]).json
    assert (view["complete"], view["counts"]) == (True, {"awaiting_upload": 60})


def test_one_that_nobody_went_on_with_says_so(world: World, ws: Provisioned) -> None:
    announce(world, ws, named(1))
    with world.network.recording() as calls:
        announce(world, ws, named(60), "calls")
    last = max(at for at, call in enumerate(calls) if call.operation == "TransactWriteItems")
    with world.network.failing(last, Fault.KILLED_BEFORE), suppress(Killed):
        announce(world, ws, named(60), "one")
    begun = {item["sk"]["S"] for item in world.items("BATCH")}
    views = [show(world, ws, batch_id).json for batch_id in begun]
    assert sorted((view["complete"], view["counts"].get("not_announced", 0)) for view in views) == [
        (False, 11), (True, 0), (True, 0),
    ]  # fmt: skip


# --- how many ---------------------------------------------------------------------------------------------


def test_a_batch_counts_as_many_uploads(world: World, ws: Provisioned) -> None:
    spend(world, UPLOADS_IN_BATCHES, ws.key_id, leaving=10)
    reply = announce(world, ws, named(11))
    assert (reply.status, reply.json["code"]) == (429, "too_many_requests")
    assert world.items("BATCH") == []
    assert announce(world, ws, named(10)).status == 201
    assert announce(world, ws, named(1)).status == 429
    world.tick(seconds=int(announce(world, ws, named(11)).headers["retry-after"]))
    assert announce(world, ws, named(11)).status == 201


def test_another_workspace_s_batch_is_none(world: World, ws: Provisioned) -> None:
    batch_id = announce(world, ws, named(1)).json["batch_id"]
    other = world.workspace("Other")
    assert show(world, other, batch_id).status == retry(world, other, batch_id).status == 404
    assert show(world, ws, "bat_1").status == 404


# --- of clients -------------------------------------------------------------------------------------------


def test_a_client_that_may_not_be_chosen_is_refused_for_its_file(world: World, ws: Provisioned) -> None:
    mine, theirs = client(world, ws, "Mine"), client(world, ws, "Theirs")
    files = [
        each | {"client_id": chosen} for each, chosen in zip(named(3), (mine, theirs, None), strict=True)
    ]
    key = limited_key(world, ws, mine, role=Role.MEMBER)
    made = world.call(key, "POST /v1/uploads/batch", body={"files": files}).json
    codes = [item["error"] and item["error"]["code"] for item in made["items"]]
    assert codes == [None, "client_unknown", "client_required"]
    assert world.document(ws, made["items"][0]["document_id"])["client_id"] == mine
    route, path = "GET /v1/batches/{batch_id}", {"batch_id": made["batch_id"]}
    assert world.call(key, route, path=path).json["counts"] == {"awaiting_upload": 1}
    colleague = limited_key(world, ws, theirs, role=Role.MEMBER)
    assert world.call(colleague, route, path=path).status == 404
    assert world.call(key, "GET /v1/usage").status == 403
