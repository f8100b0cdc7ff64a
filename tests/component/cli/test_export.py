"""``sheaf export``: asks for a file, waits for it, fetches it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders.client import Handlers, client_of
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import World


@pytest.fixture
def approved(world: World, ws: Provisioned, handlers: Handlers) -> str:
    document_id = world.read(ws, text_pdf(["a"]), acme(), "a.pdf")
    client = client_of(handlers, ws.api_key)
    client.documents.get(document_id)
    client.documents.approve(document_id)
    return document_id


@pytest.fixture(autouse=True)
def exporter(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Works while the command waits."""
    monkeypatch.setattr("sheaf_cli.export.time.sleep", lambda _seconds: world.export_all())


def test_a_file_for_a_spreadsheet(sheaf: Any, approved: str, tmp_path: Path) -> None:
    path = tmp_path / "bills.csv"
    result = sheaf("export", "--format", "csv", "--output", path)
    assert result.exit_code == 0, result.output
    assert "bills.csv: 1 document," in result.stdout
    assert "INV-1001" in path.read_text(encoding="utf-8")


def test_into_a_folder_under_its_own_name(sheaf: Any, approved: str, tmp_path: Path) -> None:
    record = json.loads(sheaf("export", "--format", "xlsx", "--output", tmp_path, "--json").stdout)
    path = Path(record["path"])
    assert path.parent == tmp_path
    assert path.name == record["filename"]
    assert path.stat().st_size == record["size"]
    assert (record["state"], record["documents"]) == ("done", 1)
    assert list(tmp_path.iterdir()) == [path]


def test_its_own_name_overwrites_nothing(sheaf: Any, approved: str, tmp_path: Path) -> None:
    for _ in range(3):
        assert sheaf("export", "--format", "csv", "--output", tmp_path).exit_code == 0
    stems = sorted(path.stem for path in tmp_path.iterdir())
    assert stems == [stems[0], f"{stems[0]}-2", f"{stems[0]}-3"]


def test_filters(sheaf: Any, approved: str, tmp_path: Path) -> None:
    def count(*arguments: str) -> int:
        result = sheaf("export", "--format", "csv", "-o", tmp_path, "--json", *arguments)
        assert result.exit_code == 0, result.output
        return int(json.loads(result.stdout)["documents"])

    assert count("--only-new") == 1
    assert count("--only-new") == 0
    assert count("--from", "1990-01-01", "--to", "1990-12-31") == 0
    assert count("--currency", "usd") == 1
    assert count("--status", "rejected") == 0
    assert count(approved) == 1


def test_nothing_to_export_says_why(sheaf: Any, tmp_path: Path) -> None:
    result = sheaf("export", "--format", "csv", "--output", tmp_path)
    assert result.exit_code == 0
    assert "approved ones are exported" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_what_could_not_be_exported_is_named(sheaf: Any, approved: str, tmp_path: Path) -> None:
    missing = "doc_" + "0" * 26
    result = sheaf("export", approved, missing, "--format", "csv", "--output", tmp_path)
    assert "1 could not be exported" in result.stderr
    assert f"{missing}  not_found" in result.stderr


def test_a_folder_that_is_none(sheaf: Any, approved: str, tmp_path: Path) -> None:
    result = sheaf("export", "--format", "csv", "--output", tmp_path / "none" / "bills.csv")
    assert result.exit_code == 1
    assert "cannot be written: No such file or directory" in result.stderr


def test_an_export_that_takes_long(sheaf: Any, approved: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sheaf_cli.export.time.sleep", lambda _seconds: None)
    result = sheaf("export", "--format", "csv", "--timeout", "1")
    assert result.exit_code == 1
    assert "still at work" in result.stderr
    assert "exp_" in result.stderr
