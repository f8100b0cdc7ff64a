"""``sheaf`` in a process of its own, against the embedded AWS: files in, readings out, decided, exported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import Client, patiently

pytestmark = pytest.mark.xdist_group("stack")


def test_from_files_to_an_export(client: Client, samples: Path, tmp_path: Path) -> None:
    environment = os.environ | {"SHEAF_URL": client.local["url"], "SHEAF_API_KEY": client.local["api_key"]}

    def sheaf(*arguments: str | Path) -> Any:
        command = [sys.executable, "-c", "from sheaf_cli.main import app; app()", *map(str, arguments)]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    files = [
        samples / "be-printer-ubl.xml",
        samples / "de-electrician-facturx.pdf",
        samples / "fr-caterer.pdf",
    ]
    sent = sheaf("upload", *files, "--wait", "--json")
    ids = [record["document_id"] for record in sent]
    assert {record["status"] for record in sent} <= {"ready", "needs_review"}
    assert sent[0]["document"]["summary"]["total"] == "7801.53"
    again = sheaf("upload", *files, "--json")
    assert [(record["document_id"], record["was_there"]) for record in again] == [
        (each, True) for each in ids
    ]

    assert {item["id"] for item in sheaf("documents", "--json")} == set(ids)
    for _ in patiently():
        waiting = sheaf("review", "--json")
        if len(waiting) == len(ids):
            break
    assert [record["status"] for record in sheaf("review", "approve", *ids[:2], "--json")] == ["approved"] * 2

    exported = sheaf("export", "--format", "csv", "--output", tmp_path / "bills.csv", "--json")
    assert exported["documents"] == 2
    assert "Drukkerij Zilverberk" in (tmp_path / "bills.csv").read_text(encoding="utf-8")
