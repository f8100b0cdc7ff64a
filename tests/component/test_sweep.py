"""Files go when their window closes, in all versions, with proof; nothing else does."""

from __future__ import annotations

import pytest

from functions.retention.handler import SweepIncomplete
from sheaf.retention import sweep
from tests.builders.expense import acme
from tests.builders.files import picture, text_pdf
from tests.builders.world import SETTINGS, World, original
from tests.component.invariants import at_rest
from tests.component.originals import document, due_on, file_of, gone, gone_yet
from tests.fakes.network import Fault

FILE_LINK = "GET /v1/documents/{document_id}/file"


def test_the_day_before_nothing_goes_and_on_the_day_everything(world: World) -> None:
    ws = world.workspace()
    document_id = document(world, ws, "a")
    assert world.sweep("2033-11-19")["workspaces"] in (
        [],
        [
            {
                "workspace_id": ws.workspace_id,
                "files_deleted": 0,
                "bytes_deleted": 0,
                "certificates": [],
                "refused": {},
                "failure": None,
            }
        ],
    )
    assert world.versions() != []

    report = world.sweep("2033-11-20")

    (swept,) = report["workspaces"]
    assert report["complete"] is True
    assert report["as_of"] == "2033-11-20"
    assert (swept["workspace_id"], swept["files_deleted"]) == (ws.workspace_id, 1)
    assert swept["bytes_deleted"] == len(text_pdf(["a"]))
    assert gone(world, ws, document_id)
    at_rest(world)


def test_the_clock_sweeps_without_being_told_a_day(world: World) -> None:
    ws = world.workspace()
    document_id = document(world, ws, "a")
    world.settings(ws, "1y")
    world.tick(days=364, hours=14, minutes=29)
    world.sweep()
    assert not gone_yet(world, ws, document_id)
    world.tick(minutes=1)
    world.sweep()
    assert gone(world, ws, document_id)
    at_rest(world)


def test_every_version_marker_and_converted_picture_goes(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, picture(["Invoice"], "WEBP"), acme(), "a.webp", "image/webp")
    key = original(ws, document_id)
    world.put(key, b"written over it")
    world.s3.delete_object(Bucket=SETTINGS.bucket, Key=key)
    world.put(key, b"and once more")
    assert len(world.versions()) == 5

    world.sweep("2033-11-20")

    assert gone(world, ws, document_id)
    (certificate,) = world.certificates(ws)
    assert certificate["files"][0]["versions"] == 5
    at_rest(world)


def test_what_was_read_stays(world: World) -> None:
    ws = world.workspace()
    document_id = document(world, ws, "a")
    before = world.document(ws, document_id)
    world.tick(days=3000)
    world.sweep()

    after = world.document(ws, document_id)

    assert after["reading"] == before["reading"]
    assert after["status"] == before["status"]
    assert after["file"]["sha256"] == before["file"]["sha256"]
    assert after["file"]["expires_on"] is None
    assert after["file"]["deleted_at"] == "2035-02-06T09:30:00Z"
    reply = world.call(ws.api_key, FILE_LINK, path={"document_id": document_id})
    assert (reply.status, reply.json["code"]) == (410, "gone")


def test_a_deletion_is_certified_and_audited(world: World) -> None:
    ws = world.workspace()
    ids = [document(world, ws, name) for name in "ab"]
    report = world.sweep("2034-01-01")

    (certificate,) = world.certificates(ws)
    assert report["workspaces"][0]["certificates"] == [certificate["id"]]
    assert certificate["run_id"] == report["run_id"]
    assert (certificate["rule"], certificate["as_of"]) == ("7y", "2034-01-01T00:00:00Z")
    assert certificate["deleted_at"] == "2026-11-20T09:30:00Z"
    assert {file["document_id"] for file in certificate["files"]} == set(ids)
    for file in certificate["files"]:
        assert file["sha256"] == file_of(world, ws, file["document_id"])["sha256"]
        assert file["versions"] == 1
    (entry,) = world.audit(ws, action="files.expired")
    assert entry["subject"] == certificate["id"]
    assert entry["actor"] == {"kind": "system", "id": "retention"}
    assert entry["after"] == {"run": report["run_id"], "files": "2"}


def test_what_is_not_due_is_not_even_looked_at(world: World) -> None:
    ws = world.workspace()
    due = document(world, ws, "due")
    world.tick(days=30)
    kept = [document(world, ws, str(number)) for number in range(3)]
    with world.network.recording() as calls:
        world.sweep("2033-11-20")
        texts = "\n".join(call.text for call in calls)
    assert due in texts
    assert not any(document_id in texts for document_id in kept)
    assert not any(gone_yet(world, ws, document_id) for document_id in kept)
    at_rest(world)


def test_a_day_with_nothing_due_is_one_query(world: World) -> None:
    ws = world.workspace()
    document(world, ws, "a")
    with world.network.recording() as calls:
        assert world.sweep()["workspaces"] == []
        assert [str(call) for call in calls] == ["dynamodb.Query"]


def test_several_batches_each_with_a_certificate(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "BATCH", 2)
    ws = world.workspace()
    ids = []
    for number in range(5):
        ids.append(document(world, ws, str(number)))
        world.tick(hours=1)
    report = world.sweep("2034-01-01")
    assert report["workspaces"][0]["files_deleted"] == 5
    assert [len(certificate["files"]) for certificate in world.certificates(ws)] == [2, 2, 1]
    certified = [file["document_id"] for c in world.certificates(ws) for file in c["files"]]
    assert certified == ids, "oldest first"
    assert len(world.audit(ws, action="files.expired")) == 3
    assert all(file_of(world, ws, document_id)["deleted_at"] for document_id in ids)
    at_rest(world)


def test_a_batch_fits_one_transaction() -> None:
    """Its files, a certificate and an audit entry; DynamoDB takes 100 actions."""
    assert sweep.BATCH + 2 <= 100


def test_a_file_that_s3_keeps_does_not_hold_up_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "BATCH", 2)
    ws, other = world.workspace("A"), world.workspace("B")
    ids = []
    for number in range(4):
        ids.append(document(world, ws, str(number)))
        world.tick(hours=1)
    theirs = document(world, other, "b")
    world.network.undeletable = {original(ws, ids[1]): "AccessDenied"}

    with pytest.raises(SweepIncomplete) as refusal:
        world.sweep("2034-01-01")

    assert "AccessDenied" in str(refusal.value)
    assert [gone_yet(world, ws, each) for each in ids] == [True, False, True, True]
    assert gone(world, other, theirs)
    kept = file_of(world, ws, ids[1])
    assert (kept["expires_on"], kept["deleted_at"]) == ("2033-11-20", None)
    assert due_on(world, ws) <= "2033-11-20"
    at_rest(world)

    world.network.undeletable = {}
    world.sweep("2034-01-02")

    assert gone(world, ws, ids[1])
    assert all(file_of(world, ws, each)["deleted_at"] for each in ids)
    at_rest(world)


@pytest.mark.parametrize("error", ["InternalError", None])
def test_what_s3_keeps_is_not_certified_whatever_it_says(world: World, error: str | None) -> None:
    ws = world.workspace()
    document_id = document(world, ws, "a")
    world.network.undeletable = {original(ws, document_id): error}
    with pytest.raises(SweepIncomplete):
        world.sweep("2034-01-01")
    assert world.certificates(ws) == world.audit(ws, action="files.expired") == []
    at_rest(world)


def test_another_workspace_is_untouched(world: World) -> None:
    ws, other = world.workspace("A"), world.workspace("B")
    document_id, theirs = document(world, ws, "a"), document(world, other, "b")
    world.settings(ws, "1y")
    world.sweep("2028-01-01")
    assert gone(world, ws, document_id)
    assert file_of(world, other, theirs)["expires_on"] == "2033-11-20"
    assert world.certificates(other) == world.audit(other, action="files.expired") == []
    at_rest(world)


def test_the_next_sweep_comes_when_the_next_file_is_due(world: World) -> None:
    ws = world.workspace()
    document(world, ws, "a")
    world.tick(days=40)
    second = document(world, ws, "b")
    world.settings(ws, "1y")
    world.tick(days=330)
    world.sweep()
    assert due_on(world, ws) == "2027-12-30" == file_of(world, ws, second)["expires_on"]
    with world.network.recording() as calls:
        world.sweep()
        assert len(calls) == 1, "its turn has moved on"


def test_a_swept_workspace_is_due_again_for_what_comes_later(world: World) -> None:
    ws = world.workspace()
    world.settings(ws, "1y")
    document(world, ws, "a")
    world.tick(days=370)
    world.sweep()
    later = document(world, ws, "b")
    world.tick(days=366)
    world.sweep()
    assert gone(world, ws, later)
    assert len(world.certificates(ws)) == 2
    at_rest(world)


def test_a_second_sweep_finds_nothing(world: World) -> None:
    ws = world.workspace()
    document(world, ws, "a")
    world.sweep("2034-01-01")
    again = world.sweep("2034-01-01")
    assert sum(swept["files_deleted"] for swept in again["workspaces"]) == 0
    assert len(world.certificates(ws)) == len(world.audit(ws, action="files.expired")) == 1


def test_when_its_time_runs_out_the_rest_comes_with_the_next_run(world: World) -> None:
    ws = world.workspace()
    document_id = document(world, ws, "a")
    report = world.sweep("2034-01-01", milliseconds=50_000)
    assert (report["complete"], report["workspaces"]) == (False, [])
    assert not gone_yet(world, ws, document_id)
    assert world.sweep("2034-01-01")["complete"] is True
    assert gone(world, ws, document_id)


def test_a_deleted_document_is_no_business_of_the_sweep(world: World) -> None:
    ws = world.workspace()
    world.delete(ws, document(world, ws, "a"))
    world.sweep("2034-01-01")
    assert world.certificates(ws) == []
    at_rest(world)


def test_a_swept_document_can_still_be_deleted(world: World) -> None:
    ws = world.workspace()
    document_id = document(world, ws, "a")
    world.sweep("2034-01-01")
    assert world.delete(ws, document_id).status == 204
    assert len(world.certificates(ws)) == 1, "the proof stays"
    at_rest(world)


def test_a_file_that_could_not_be_read_goes_too(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, b"no pdf at all")
    assert world.document(ws, document_id)["status"] == "failed"
    world.sweep("2034-01-01")
    assert gone(world, ws, document_id)
    assert file_of(world, ws, document_id)["deleted_at"]
    at_rest(world)


def test_a_copy_of_a_swept_file_is_still_known(world: World) -> None:
    ws = world.workspace()
    first = document(world, ws, "a")
    world.sweep("2034-01-01")
    again = world.upload(ws, text_pdf(["a"]))
    assert world.document(ws, again)["duplicate_of"] == first
    at_rest(world)


def test_certificates_come_in_pages_oldest_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "BATCH", 1)
    ws = world.workspace()
    for number in range(5):
        document(world, ws, str(number))
        world.tick(hours=1)
    world.sweep("2034-01-01")
    everything = [certificate["id"] for certificate in world.certificates(ws)]
    found, cursor = [], None
    while True:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = world.call(ws.api_key, "GET /v1/deletion-certificates", query=query).json
        found += [certificate["id"] for certificate in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == everything
    assert len(found) == 5


def test_a_workspace_in_trouble_does_not_keep_the_others_waiting(world: World) -> None:
    first = world.workspace("First")
    left = document(world, first, "a")
    world.tick(days=1)
    second = world.workspace("Second")
    document_id = document(world, second, "b")
    with world.network.recording() as finding_who_is_due:
        world.sweep("2020-01-01")

    with (
        world.network.failing(len(finding_who_is_due), Fault.UNREACHABLE),
        pytest.raises(SweepIncomplete) as told,
    ):
        world.sweep("2033-11-21")

    assert first.workspace_id in str(told.value)
    assert gone(world, second, document_id)
    world.sweep("2033-11-21")
    assert gone(world, first, left)
    at_rest(world)
