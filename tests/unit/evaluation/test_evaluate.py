"""``sheaf evaluate``, as people call it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sheaf_cli.evaluation.measuring import measured_read
from sheaf_cli.main import app

SAMPLES = Path(__file__).parents[3] / "samples"
XML = "de-landscaping-cii.xml"
FACTURX = "de-electrician-facturx.pdf"
RIGHT = {"invoice_number": "2026-0382", "total": "4235.57"}
MEBIBYTE = 1 << 20


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sets; of the one file of the second, the total is labelled wrong."""
    xml = next(
        answer
        for answer in json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
        if answer["path"] == XML
    )
    sets: dict[str, dict[str, Any]] = {
        "xml": {"file": XML, "labels": {"vendor": xml["vendor"], "line_items": xml["line_items"]}},
        "pdf": {"file": FACTURX, "labels": RIGHT | {"total": "1.00"}, "split": "dev"},
    }
    for name, item in sets.items():
        (tmp_path / name).mkdir()
        shutil.copy(SAMPLES / item["file"], tmp_path / name)
        (tmp_path / name / "manifest.json").write_text(json.dumps({"items": [item]}), encoding="utf-8")
    return tmp_path


def test_tables_fit_110_columns_and_say_how_much_is_right(folder: Path) -> None:
    result = run(folder, "--jobs", 1)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 110
    assert "2 files read by 1 process in 0:0" in result.stdout
    for title in ("Right answers, percent", "Documents that pass untouched", "Confidence as", "Cost"):
        assert title in result.stdout


def test_reports_and_plots_are_written(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "made" / "here"
    assert run(folder, "--out", out, "--jobs", 1).exit_code == 0
    assert {path.name for path in out.iterdir()} == {
        "report.json", "report.md", "reliability.png", "reliability.svg", "accuracy.png", "accuracy.svg",
    }  # fmt: skip
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    scores = {score["name"]: score for score in report["sets"]}
    assert scores["pdf"]["fields"]["total"] == {"right": 0, "asked": 1}
    assert scores["pdf"]["untouched"]["wrong"]["total"] == 1
    assert scores["xml"]["lines"] == {"recall": 1.0, "precision": 1.0}
    assert [(miss["file"], miss["field"], miss["given"]) for miss in report["misses"]] == [
        (FACTURX, "total", RIGHT["total"])
    ]
    assert "| all (2 files) |" in (out / "report.md").read_text(encoding="utf-8")


def test_misses_of_the_untouched_half_are_not_shown(tmp_path: Path) -> None:
    samples = tmp_path / "samples"
    samples.mkdir()
    items = []
    for number in range(8):
        shutil.copy(SAMPLES / XML, samples / f"{number}.xml")
        items.append({"file": f"{number}.xml", "labels": {"total": "1.00"}})
    (samples / "manifest.json").write_text(json.dumps({"items": items}), encoding="utf-8")
    assert run(samples, "--own-split", "--out", tmp_path / "out", "--jobs", 1).exit_code == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    documents = {score["half"]: score["documents"] for score in report["sets"]}
    assert documents.keys() == {"tuned", "untouched"}
    assert len(report["misses"]) == documents["tuned"]


@pytest.mark.parametrize("arguments", [("--sets", "receipts"), ("--split", "holdout")])
def test_nothing_to_evaluate_is_a_usage_error(folder: Path, arguments: tuple[str, str]) -> None:
    assert run(folder, *arguments).exit_code == 2


def test_cost_is_measured_where_the_file_is_read() -> None:
    cost = measured_read(str(SAMPLES / FACTURX), use_xml=True)["cost"]
    assert cost["pages"] == 1
    assert cost["cpu_seconds"] >= 0
    assert 0 < cost["seconds"] < 60
    assert 10 * MEBIBYTE < cost["peak"] < 4096 * MEBIBYTE


def test_pages_of_a_recorded_answer_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    page: dict[str, Any] = {"ExpenseDocuments": [{"SummaryFields": [], "LineItemGroups": []}]}
    path.write_text(json.dumps([page, page]), encoding="utf-8")
    assert measured_read(str(path), use_xml=True)["cost"]["pages"] == 2


def test_a_file_that_cannot_be_read_costs_nothing(tmp_path: Path) -> None:
    assert "cost" not in measured_read(str(tmp_path / "missing.pdf"), use_xml=True)
