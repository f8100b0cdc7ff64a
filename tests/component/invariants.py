"""What is true of a system that has come to rest, whatever went wrong on the way."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sheaf.retention.certificates import Certificate
from sheaf.storage.codec import unpack
from tests.builders import events
from tests.builders.expense import acme
from tests.builders.world import SETTINGS, World

READ_AGAIN = ("document.reprocessed", "document.divided", "document.joined")
OFTEN = {"settings.changed", "document.division_undone", *READ_AGAIN}
FINAL = {"ready", "needs_review", "failed", "split"}


def run_on(world: World, *, rounds: int = 2) -> None:
    """What AWS does in the end: every landing, completion and reminder is delivered, once more at least."""
    for _ in range(rounds):
        assert world.receive(*world.landings()) == []
        for job_id in world.textract.running:
            world.textract.finish(job_id, acme())
        done = [job_id for job_id, job in world.textract.jobs.items() if job.status == "SUCCEEDED"]
        assert world.complete(*map(events.textract_completion, done)) == []
        world.tick(minutes=15)
        for reminder in set(world.reminders.sent):
            assert world.watch(reminder.workspace_id, reminder.document_id) == []
        if all(document["s"]["S"] in FINAL for document in world.items("DOCUMENT")):
            return


def at_rest(world: World) -> None:
    """One state, one reading, one file, one entry for each thing done; nothing stuck, nothing left over."""
    items = world.items()
    documents = {item["sk"]["S"]: item for item in _of(items, "DOCUMENT")}
    _nothing_stuck(documents)
    set_aside = [item["sk"]["S"].split("#") for item in _of(items, "SETASIDE")]
    assert all(whole in documents for whole, _ in set_aside), "what is set aside belongs to a document"
    assert not {each for whole, each in set_aside if each != whole} & documents.keys()
    _one_reading_each(documents, _of(items, "READING"), {each for _, each in set_aside})
    _one_file_each(world, documents, _of(items, "FILE"))
    _parts_and_wholes_know_each_other(documents)
    _one_entry_for_each_thing_done(documents, _of(items, "AUDIT"))
    _each_deleted_file_certified_once(documents, _of(items, "FILE"), _of(items, "CERTIFICATE"))
    for digest in _of(items, "DIGEST"):
        assert digest["d"]["S"] in documents, "bytes are remembered for a document that is gone"


def _of(items: list[Any], kind: str) -> list[Any]:
    return [item for item in items if item["pk"]["S"].endswith(f"#{kind}")]


def _nothing_stuck(documents: dict[str, Any]) -> None:
    for document in documents.values():
        assert document["s"]["S"] in {*FINAL, "awaiting_upload"}, "a document is stuck"
        assert ("status_pk" in document) == (document["s"]["S"] in FINAL)
        assert ("ttl" in document) == (document["s"]["S"] == "awaiting_upload")


def _one_reading_each(documents: dict[str, Any], readings: list[Any], set_aside: set[str]) -> None:
    """What is set aside keeps its own."""
    read = {key for key, document in documents.items() if document["s"]["S"] in {"ready", "needs_review"}}
    found = {reading["sk"]["S"] for reading in readings}
    assert read <= found <= read | set_aside


def _one_file_each(world: World, documents: dict[str, Any], files: list[Any]) -> None:
    """A file's item is there exactly as long as its bytes, and its document knows it."""
    stored = {(version["Key"], version["VersionId"]) for version in world.versions()}
    for file in files:
        document = documents[file["d"]["S"]]
        assert document["f"]["S"] == file["sk"]["S"]
        workspace_id = file["pk"]["S"].partition("#")[0]
        assert (f"workspaces/{workspace_id}/files/{file['d']['S']}/original", file["v"]["S"]) in stored
    owners = Counter(file["d"]["S"] for file in files)
    assert set(owners.values()) <= {1}
    assert {key.split("/")[3] for key, _ in stored} == set(owners), "bytes nobody answers for"
    assert all(key.split("/")[2] == "files" for key, _ in stored), "a dropped file was not moved"


def _parts_and_wholes_know_each_other(documents: dict[str, Any]) -> None:
    named = [
        (part["S"], key) for key, document in documents.items() for part in document.get("l", {"L": ()})["L"]
    ]
    parts = [(key, document["u"]["S"]) for key, document in documents.items() if "u" in document]
    assert sorted(named) == sorted(parts)
    for part, whole in parts:
        assert documents[whole]["s"]["S"] == "split"
        assert documents[whole]["f"] == documents[part]["f"]


def _one_entry_for_each_thing_done(documents: dict[str, Any], entries: list[Any]) -> None:
    done = Counter((entry["s"]["S"], entry["a"]["S"]) for entry in entries)
    for (subject, action), times in done.items():
        again = sum(done[subject, each] for each in READ_AGAIN) if action == "document.read" else 0
        assert action in OFTEN or times <= 1 + again, f"more than one entry: {done}"
    for key, document in documents.items():
        begun = done[key, "document.uploaded"] + done[key, "document.dropped"]
        assert begun == (0 if "u" in document else 1)
        is_read, times = document["s"]["S"] in FINAL, done[key, "document.read"]
        by_hand = done[key, "document.divided"] + done[key, "document.joined"]
        again = done[key, "document.reprocessed"] + is_read
        assert again <= times <= again + by_hand
        assert done[key, "document.deleted"] == 0
    for subject, action in done:
        if action == "document.deleted":
            assert subject not in documents


def _each_deleted_file_certified_once(
    documents: dict[str, Any], files: list[Any], certificates: list[Any]
) -> None:
    certified = Counter(
        file.file_id for item in certificates for file in unpack(Certificate, item["r"]["B"]).files
    )
    assert set(certified.values()) <= {1}
    kept = {file["sk"]["S"] for file in files}
    known = {document["f"]["S"] for document in documents.values() if "f" in document}
    assert known - kept <= set(certified), "a file is gone and no certificate says so"
    assert not kept & set(certified)


def job_tokens(world: World) -> list[str]:
    return [job.token for job in world.textract.jobs.values()]


def jobs_recorded(world: World) -> set[str]:
    return {item["pk"]["S"].partition("#")[2] for item in world.items("JOB", SETTINGS.directory_table)}
