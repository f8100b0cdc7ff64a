"""``sheaf upload``, as people and scripts call it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from sheaf.edge.provisioning import Provisioned
from sheaf_cli.main import app
from sheaf_client import Client
from tests.builders.client import Handlers, client_of
from tests.builders.world import World

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two e-invoices, one of them in a folder within, and what is none."""
    (tmp_path / "inner").mkdir()
    (tmp_path / ".hidden").mkdir()
    shutil.copy(SAMPLES / "be-printer-ubl.xml", tmp_path / "a.xml")
    shutil.copy(SAMPLES / "de-landscaping-cii.xml", tmp_path / "inner" / "B.XML")
    shutil.copy(SAMPLES / "de-landscaping-cii.xml", tmp_path / ".hidden" / "c.xml")
    (tmp_path / "notes.txt").write_text("nothing")
    return tmp_path


def test_a_folder_is_sent_and_read(sheaf: Any, folder: Path) -> None:
    result = sheaf("upload", folder, "--wait")
    assert result.exit_code == 0, result.output
    assert "a.xml" in result.stdout
    assert "B.XML" in result.stdout
    assert "7,801.53 EUR" in result.stdout
    assert "notes.txt" not in result.stdout
    assert result.stdout.count("ready") == 2


def test_for_a_script(sheaf: Any, folder: Path) -> None:
    result = sheaf("upload", folder / "a.xml", "--wait", "--json")
    [record] = json.loads(result.stdout)
    assert result.exit_code == 0
    assert record["path"] == str(folder / "a.xml")
    assert (record["status"], record["was_there"], record["error"]) == ("ready", False, None)
    assert record["document"]["id"] == record["document_id"]
    assert record["document"]["summary"]["total"] == "7801.53"


def test_without_waiting_it_says_what_was_sent_and_what_to_do(sheaf: Any, folder: Path) -> None:
    result = sheaf("upload", folder / "a.xml")
    assert "sent" in result.stdout
    assert "doc_" in result.stdout
    assert "sheaf documents" in result.stdout


def test_run_again_it_sends_nothing_twice(sheaf: Any, handlers: Handlers, world: World, folder: Path) -> None:
    sheaf("upload", folder)
    handlers.landed.clear()
    result = sheaf("upload", folder)
    assert result.exit_code == 0
    assert result.stdout.count("was there") == 2
    assert handlers.landed == {}
    assert len(world.items("DOCUMENT")) == 2


def test_the_same_file_in_two_folders_is_sent_once(sheaf: Any, handlers: Handlers, folder: Path) -> None:
    shutil.copy(folder / "a.xml", folder / "inner" / "a.xml")
    records = json.loads(sheaf("upload", folder, "--json").stdout)
    ids = {record["path"]: record["document_id"] for record in records}
    assert ids[str(folder / "a.xml")] == ids[str(folder / "inner" / "a.xml")]
    assert len(handlers.landed) == 2


def test_a_refused_file_says_why_and_keeps_no_other_from_being_sent(sheaf: Any, folder: Path) -> None:
    (folder / "empty.pdf").touch()
    result = sheaf("upload", folder, folder / "notes.txt", folder / "missing.pdf", "--wait")
    assert result.exit_code == 1
    assert result.stdout.count("ready") == 2
    assert "empty.pdf: The file is empty." in result.stdout
    assert "notes.txt: This is a .txt file, which cannot be read" in result.stdout
    assert "missing.pdf: No such file or directory" in result.stdout


def test_the_codes_of_failures_are_there_for_scripts(sheaf: Any, folder: Path) -> None:
    (folder / "broken.xml").write_text("<Invoice>")
    result = sheaf("upload", folder / "broken.xml", folder / "missing.pdf", "--wait", "--json")
    broken, missing = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (broken["status"], broken["error"]["code"]) == ("failed", broken["document"]["failure"]["code"])
    assert (missing["status"], missing["error"]["code"]) == ("failed", "file_not_opened")
    assert missing["document_id"] is None


def test_a_pattern_that_the_shell_left_alone(sheaf: Any, folder: Path) -> None:
    records = json.loads(sheaf("upload", f"{folder}/**/*.[xX][mM][lL]", "--json").stdout)
    assert sorted(Path(record["path"]).name for record in records) == ["B.XML", "a.xml"]


def test_an_empty_folder(sheaf: Any, tmp_path: Path) -> None:
    result = sheaf("upload", tmp_path)
    assert result.exit_code == 1
    assert "nothing to send" in result.stderr


def test_what_is_still_not_read_is_not_done(sheaf: Any, handlers: Handlers, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    shutil.copy(SAMPLES / "us-office-furniture.pdf", path)
    result = sheaf("upload", path, "--wait", "--timeout", "1")
    assert result.exit_code == 1
    assert "Not all of them have been read" in result.stdout


def test_a_key_that_is_none_ends_it(
    handlers: Handlers, ws: Provisioned, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Client, "connect", lambda *_, **__: client_of(handlers, "shf_live_wrong"))
    result = CliRunner().invoke(app, ["upload", str(folder)])
    assert result.exit_code == 1
    assert "not a valid API key" in result.stderr


def test_a_lost_connection_is_one_sentence_a_file(
    ws: Provisioned, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused")

    monkeypatch.setattr(Client, "connect", lambda *_, **__: client_of(httpx.MockTransport(lost), ws.api_key))
    result = CliRunner().invoke(app, ["upload", str(folder)])
    assert result.exit_code == 1
    assert "a.xml: Nothing answers at https://api.example.test: Connection refused." in result.stdout
