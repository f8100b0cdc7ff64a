"""``sheaf read``, as people and scripts call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sheaf_cli.main import app
from sheaf_cli.workers import read_alone, read_files
from tests.builders import files
from tests.component.cli.readers import misbehaving

CII = Path(__file__).parents[3] / "samples" / "de-landscaping-cii.xml"


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["read", *map(str, arguments)])


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(files.invoice_pdf("INV-1"))
    return path


def only_line(result: Any) -> dict[str, Any]:
    (line,) = result.stdout.splitlines()
    record: dict[str, Any] = json.loads(line)
    return record


def test_a_line_of_json_says_what_the_invoice_says(invoice: Path) -> None:
    result = run("--format", "jsonl", invoice)
    record = only_line(result)
    assert result.exit_code == 0
    assert record["path"] == str(invoice)
    assert record["status"] == "ready"
    assert record["vendor"] == "Fernhollow Paper Ltd"
    assert record["buyer"] == "Saltmarsh Books Ltd"
    assert record["invoice_number"] == "INV-1"
    assert (record["invoice_date"], record["due_date"]) == ("2026-03-14", "2026-04-13")
    assert (record["subtotal"], record["tax"], record["total"]) == ("250.00", "50.00", "300.00")
    assert record["currency"] == "EUR"
    assert record["line_items"][0] == {
        "description": "Laid paper, A4, ream", "quantity": "10", "unit_price": "15.00", "amount": "150.00"
    }  # fmt: skip
    assert 0 < record["confidence"]["total"] <= 1
    assert record["checks"] == []


def test_a_table_for_people(invoice: Path) -> None:
    shown = run(invoice).stdout
    assert "Fernhollow Paper Ltd" in shown
    assert "300.00" in shown
    assert "Laid paper, A4, ream" in shown


def test_several_files_are_a_table_of_a_line_each(invoice: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(files.invoice_pdf("INV-2"))
    result = run("--jobs", "1", invoice, other, tmp_path / "missing.pdf")
    assert result.exit_code == 1
    assert "INV-1" in result.stdout
    assert "INV-2" in result.stdout
    assert "missing.pdf: No such file or directory" in result.stdout


def test_json_is_one_list_in_the_order_of_the_files(invoice: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(files.invoice_pdf("INV-2"))
    records = json.loads(run("--format", "json", other, invoice).stdout)
    assert [record["invoice_number"] for record in records] == ["INV-2", "INV-1"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (files.corrupt_pdf(), "file_corrupt"),
        (files.encrypted_pdf(), "file_encrypted"),
        (files.docx_renamed_pdf(), "file_type_unsupported"),
        (files.empty(), "file_empty"),
        (files.bomb_png(), "file_image_too_large"),
        (files.many_pages_pdf(501), "file_too_many_pages"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    result = run("--format", "jsonl", path)
    record = only_line(result)
    assert result.exit_code == 1
    assert (record["status"], record["error"]["code"]) == ("failed", code)
    assert record["error"]["message"]


def test_the_xml_in_a_pdf_is_believed_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "facturx.pdf"
    path.write_bytes(files.attachment_pdf("factur-x.xml", CII.read_bytes()))
    assert only_line(run("--format", "jsonl", path))["engine"] == "xml"
    assert only_line(run("--format", "jsonl", "--no-xml", path))["engine"] == "embedded"


def test_an_xml_invoice_has_nothing_else_to_read() -> None:
    assert only_line(run("--format", "jsonl", "--no-xml", CII))["engine"] == "xml"


def recorded(total: str) -> dict[str, Any]:
    field = {
        "Type": {"Text": "TOTAL", "Confidence": 99.0},
        "LabelDetection": {"Text": "Total", "Confidence": 99.0},
        "ValueDetection": {"Text": total, "Confidence": 99.0},
        "PageNumber": 1,
    }
    return {"ExpenseDocuments": [{"ExpenseIndex": 1, "SummaryFields": [field], "LineItemGroups": []}]}


@pytest.mark.parametrize("pages", [recorded("$12.50"), [recorded("$12.50"), {"ExpenseDocuments": []}]])
def test_a_recorded_answer_of_textract(tmp_path: Path, pages: object) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(pages))
    record = only_line(run("--format", "jsonl", path))
    assert (record["engine"], record["total"]) == ("textract", "12.50")


@pytest.mark.parametrize("text", ["{", "[1]", '{"Blocks": []}'])
def test_other_json_is_no_answer(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answer.json"
    path.write_text(text)
    assert run("--format", "jsonl", path).exit_code == 1


def test_no_file_is_a_mistake_in_the_command() -> None:
    assert run().exit_code == 2
    assert run("--format", "xml", "a.pdf").exit_code == 2


@pytest.mark.parametrize(
    ("path", "code"),
    [("crash", "reader_crashed"), ("hang", "reading_timed_out"), ("devour", "out_of_memory")],
)
def test_a_single_file_is_stopped_as_well(path: str, code: str) -> None:
    assert read_alone(path, misbehaving, seconds=0.5)["error"]["code"] == code
    assert read_alone("good", misbehaving, seconds=60)["status"] == "ready"


def test_a_crash_a_hang_and_a_glutton_cost_only_themselves() -> None:
    paths = ["good", "crash", "hang", "devour", "better"]
    records = {r["path"]: r for r in read_files(paths, misbehaving, processes=2, seconds=3)}
    assert records.keys() == set(paths)
    assert records["good"]["status"] == records["better"]["status"] == "ready"
    codes = {path: records[path]["error"]["code"] for path in ("crash", "hang", "devour")}
    assert codes == {"crash": "reader_crashed", "hang": "reading_timed_out", "devour": "out_of_memory"}
