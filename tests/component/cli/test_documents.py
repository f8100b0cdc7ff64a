"""``sheaf documents``: a table, its filters, JSON; one document in full."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sheaf.edge.provisioning import Provisioned
from sheaf_cli.main import app
from tests.builders.expense import acme
from tests.builders.files import corrupt_pdf, text_pdf
from tests.builders.world import World
from tests.component.cli.conftest import of_json


@pytest.fixture
def ids(world: World, ws: Provisioned) -> dict[str, str]:
    found = {
        "ready": world.read(ws, text_pdf(["a"]), acme(), "first invoice.pdf"),
        "needs_review": world.read(ws, text_pdf(["b"]), acme(total="1234.50"), "second.pdf"),
        "failed": world.upload(ws, corrupt_pdf(), "third.pdf"),
    }
    world.settle()
    return found


def test_the_table_has_what_one_looks_for(sheaf: Any, ids: dict[str, str]) -> None:
    result = sheaf("documents")
    assert result.exit_code == 0, result.output
    for shown in (*ids.values(), "first invoice.pdf", "Acme Tools Ltd", "INV-1001", "2026-11-02"):
        assert shown in result.stdout
    for shown in ("119.00 USD", "1,234.50 USD", "needs review", "total_mismatch", "file_corrupt"):
        assert shown in result.stdout
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize("columns", [80, 100, 120, 200])
def test_it_fits(sheaf: Any, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for arguments in (["documents"], ["documents", "show", ids["needs_review"]]):
        shown = sheaf(*arguments).stdout
        assert max(map(len, shown.splitlines())) <= min(columns, 120)
        assert ids["needs_review"] in shown


def test_for_a_script(sheaf: Any, ids: dict[str, str]) -> None:
    items = of_json(sheaf("documents", "--json"))
    assert {item["id"] for item in items} == set(ids.values())
    assert items[0].keys() >= {"id", "filename", "status", "summary", "risk", "checks", "created_at"}


def test_filters(sheaf: Any, ids: dict[str, str]) -> None:
    def found(*arguments: str) -> set[str]:
        return {item["id"] for item in of_json(sheaf("documents", *arguments, "--json"))}

    assert found("--status", "failed") == {ids["failed"]}
    assert found("--q", "second") == {ids["needs_review"]}
    assert found("--check", "total_mismatch") == {ids["needs_review"]}
    assert found("--amount-from", "119", "--amount-to", "119.00") == {ids["ready"]}
    assert found("--currency", "usd") == {ids["ready"], ids["needs_review"]}
    assert found("--from", "1990-01-01", "--to", "1990-12-31") == set()


def test_limit_and_all(sheaf: Any, ids: dict[str, str]) -> None:
    assert len(of_json(sheaf("documents", "--limit", "2", "--json"))) == 2
    assert len(of_json(sheaf("documents", "--limit", "2", "--all", "--json"))) == 3
    assert "There are more" in sheaf("documents", "--limit", "2").stderr
    assert "There are more" not in sheaf("documents", "--limit", "3").stderr


def test_nothing_there_says_what_to_do(sheaf: Any) -> None:
    assert "sheaf upload" in sheaf("documents").stdout
    assert "lists them all" in sheaf("documents", "--q", "nobody").stdout
    assert of_json(sheaf("documents", "--json")) == []


def test_one_document_in_full(sheaf: Any, ids: dict[str, str]) -> None:
    shown = sheaf("documents", "show", ids["needs_review"]).stdout
    for wanted in ("invoice number", "INV-1001", "textract, p. 1", "total_mismatch", "uploaded", "99%"):
        assert wanted in shown
    assert of_json(sheaf("documents", "show", ids["ready"], "--json"))["reading"]["fields"]["total"]["value"]


def test_why_one_failed(sheaf: Any, ids: dict[str, str]) -> None:
    failure = of_json(sheaf("documents", "show", ids["failed"], "--json"))["failure"]
    assert failure["message"] in " ".join(sheaf("documents", "show", ids["failed"]).stdout.split())


def test_one_that_is_not_there(sheaf: Any) -> None:
    result = sheaf("documents", "show", "doc_none")
    assert result.exit_code == 1
    assert result.stderr == "There is no such document in this workspace.\n"


def test_no_amount(sheaf: Any) -> None:
    assert sheaf("documents", "--amount-from", "much").exit_code == 2


def test_nowhere_to_connect_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHEAF_URL", "SHEAF_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    result = CliRunner().invoke(app, ["documents", "--state", str(tmp_path / "local.json")])
    assert result.exit_code == 1
    assert "Set SHEAF_URL and SHEAF_API_KEY" in result.stderr


def test_the_environment_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    state = tmp_path / "local.json"
    state.write_text(json.dumps({"url": "http://127.0.0.1:9", "api_key": "local"}))
    monkeypatch.setenv("SHEAF_URL", "https://elsewhere.test")
    result = CliRunner().invoke(app, ["documents", "--state", str(state)])
    assert "An API key is needed for https://elsewhere.test" in result.stderr
