"""``sheaf invoices``: a table, its filters, JSON; the file of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from sheaf.edge.provisioning import Provisioned
from tests.builders.billing import act, billing, customer, draft, issued
from tests.builders.world import World
from tests.component.cli.conftest import of_json


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world)


@pytest.fixture
def ids(world: World, ws: Provisioned) -> dict[str, str]:
    whose = {"customer_id": customer(world, ws, "A bakery with a name of some length")["id"]}
    documents = {"draft": draft(world, ws), "issued": issued(world, ws, **whose)}
    documents["paid"] = act(world, ws, "payments", issued(world, ws), amount="238.00")
    return {name: document["id"] for name, document in documents.items()}


def test_the_table_has_what_one_looks_for(sheaf: Any, ids: dict[str, str]) -> None:
    result = sheaf("invoices")
    assert result.exit_code == 0, result.output
    for shown in (*ids.values(), "INV-2026-00001", "A bakery", "238.00 EUR", "0.00 EUR", "draft", "paid"):
        assert shown in result.stdout
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize("columns", [80, 100, 200])
def test_it_fits(sheaf: Any, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = sheaf("invoices").stdout
    assert max(map(len, shown.splitlines())) <= min(columns, 120)
    assert all(each in shown for each in ids.values())


def test_what_should_have_been_paid_says_so(world: World, sheaf: Any, ids: dict[str, str]) -> None:
    world.tick(days=40)
    assert "overdue" in sheaf("invoices").stdout
    assert [each["id"] for each in of_json(sheaf("invoices", "--overdue", "--json"))] == [ids["issued"]]


def test_filters(world: World, ws: Provisioned, sheaf: Any, ids: dict[str, str]) -> None:
    def found(*arguments: str) -> list[str]:
        return [each["id"] for each in of_json(sheaf("invoices", *arguments, "--json"))]

    assert set(found()) == set(ids.values())
    assert found("--status", "paid") == [ids["paid"]]
    assert found("--number", "INV-2026-00001") == [ids["issued"]]
    estimate = issued(world, ws, "estimate")
    assert found("--kind", "estimate") == [estimate["id"]]
    assert found("--kind", "bill") == []
    assert len(found("--limit", "2")) == 2
    assert "--all" in sheaf("invoices", "--limit", "2").stderr


def test_when_there_is_nothing_it_says_so(sheaf: Any) -> None:
    assert "none yet" in sheaf("invoices").stdout
    assert "like that" in sheaf("invoices", "--status", "void").stdout


@pytest.mark.parametrize("by", ["id", "number"])
def test_a_file_is_fetched_by_id_or_number(sheaf: Any, ids: dict[str, str], tmp_path: Path, by: str) -> None:
    named = ids["issued"] if by == "id" else "INV-2026-00001"
    result = sheaf("invoices", "pdf", named, "--output", tmp_path)
    assert result.exit_code == 0, result.output
    path = tmp_path / "INV-2026-00001.pdf"
    assert f"{path}:" in result.stdout
    assert "INV-2026-00001" in PdfReader(path).pages[0].extract_text()


def test_a_file_does_not_overwrite_another(sheaf: Any, ids: dict[str, str], tmp_path: Path) -> None:
    paths = [
        of_json(sheaf("invoices", "pdf", ids["draft"], "-o", tmp_path, "--json"))["path"] for _ in range(2)
    ]
    assert [Path(path).name for path in paths] == ["draft-invoice.pdf", "draft-invoice-2.pdf"]


def test_a_number_that_nobody_has(sheaf: Any, ids: dict[str, str]) -> None:
    result = sheaf("invoices", "pdf", "INV-1999-00001")
    assert result.exit_code != 0
    assert "INV-1999-00001" in result.stderr
