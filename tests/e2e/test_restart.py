"""A host that is stopped, or killed at any moment, goes on where it was."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.builders.files import invoice_pdf
from tests.e2e.client import SETTLED, Client, patiently
from tests.e2e.host import READY

pytestmark = pytest.mark.xdist_group("restart")

CHECKOUT = Path(__file__).parents[2]


@contextmanager
def host(state: Path) -> Iterator[tuple[subprocess.Popen[bytes], Client]]:
    (state / READY).unlink(missing_ok=True)
    with (state / "said.txt").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.host", str(state)], cwd=CHECKOUT, stderr=said
        )
    try:
        for _ in patiently():
            if (state / READY).exists():
                break
            assert process.poll() is None, (state / "said.txt").read_text()
        yield process, Client(json.loads((state / READY).read_text()))
    finally:
        process.kill()
        process.wait()


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


def test_a_second_start_finds_the_same_workspace_documents_and_files(tmp_path: Path) -> None:
    data = invoice_pdf("INV-1")
    with host(tmp_path) as (process, client):
        document_id = client.upload("a.pdf", data)
        before = client.wait([document_id])[document_id]
        stop(process)
        assert (tmp_path / "said.txt").read_text() == ""

    with host(tmp_path) as (process, client):
        assert client.document(document_id) == before
        _, link = client.call("GET", f"/v1/documents/{document_id}/file")
        assert client.http.request("GET", link["url"]).data == data
        stop(process)
        assert (tmp_path / "said.txt").read_text() == ""


@pytest.mark.parametrize("moment", ["at once", "when the first is read"])
def test_documents_in_flight_when_the_host_is_killed_are_read_after_the_next_start(
    tmp_path: Path, moment: str
) -> None:
    with host(tmp_path) as (process, client):
        ids = [client.upload(f"{n}.pdf", invoice_pdf(f"INV-{n}")) for n in range(12)]
        if moment != "at once":
            for _ in patiently():
                if any(document["status"] in SETTLED for document in client.documents()):
                    break
        process.kill()
        process.wait()

    with host(tmp_path) as (process, client):
        settled = client.wait(ids)
        assert {document["status"] for document in settled.values()} <= {"ready", "needs_review"}
        numbers = [d["reading"]["fields"]["invoice_number"]["value"] for d in settled.values()]
        assert sorted(numbers) == sorted(f"INV-{n}" for n in range(12))
        _, entries = client.call("GET", "/v1/audit-events?action=document.read&limit=100")
        assert sorted(entry["subject"] for entry in entries["items"]) == sorted(ids)
        stop(process)
