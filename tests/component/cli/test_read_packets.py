"""``sheaf read`` of files that hold several invoices."""

from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader, PdfWriter
from typer.testing import CliRunner

from sheaf_cli.main import app
from tests.builders import files
from training.generate import generate

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLES = Path(__file__).parents[3] / "samples"
BOUND = ("us-office-furniture", "fr-caterer", "ch-components-60-lines")


def bound(path: Path, invoices: Sequence[Path]) -> list[int]:
    """Puts them into one file; the pages on which each begins."""
    packet, counts = PdfWriter(), []
    for invoice in invoices:
        pages = PdfReader(invoice).pages
        counts.append(len(pages))
        for page in pages:
            packet.add_page(page)
    packet.write(path)
    return [end - count + 1 for end, count in zip(accumulate(counts), counts, strict=True)]


def run(*arguments: str | Path) -> Any:
    result = CliRunner().invoke(app, ["read", *map(str, arguments)])
    assert result.exit_code == 0
    return result.stdout


def record_of(path: Path) -> dict[str, Any]:
    (record,) = json.loads(run("--format", "json", "--no-xml", path))
    return dict(record)


@pytest.fixture
def packet(tmp_path: Path) -> Path:
    path = tmp_path / "packet.pdf"
    bound(path, [SAMPLES / f"{name}.pdf" for name in BOUND])
    return path


def test_a_record_is_one_line_and_has_all_parts(packet: Path) -> None:
    (line,) = run("--format", "jsonl", packet).splitlines()
    record = json.loads(line)
    assert (record["path"], record["invoice_number"]) == (str(packet), "LB-20417")
    expected = {one["path"]: one for one in json.loads((SAMPLES / "expected.json").read_text())}
    wanted = [expected[f"{name}.pdf"] for name in BOUND]
    for name in ("invoice_number", "total", "currency"):
        assert [part[name] for part in record["parts"]] == [one[name] for one in wanted]
    assert [part["pages"][0] for part in record["parts"]] == [1, 2, 3]
    assert len(record["parts"][2]["line_items"]) == 60


def test_a_table_has_a_row_for_each(packet: Path, tmp_path: Path) -> None:
    single = tmp_path / "single.pdf"
    single.write_bytes(files.invoice_pdf("INV-1"))
    shown = run("--jobs", "1", packet, single)
    assert [name in shown for name in ("1/3", "2/3", "3/3", "single.pdf")] == [True] * 4
    assert "2/3: page 2" in " ".join(run(packet).split())


def test_invoices_of_one_supplier_are_told_apart(tmp_path: Path) -> None:
    months = []
    for month in range(1, 5):
        months.append(tmp_path / f"{month}.pdf")
        months[-1].write_bytes(files.invoice_pdf(f"INV-10{month}", invoice_date=f"2026-0{month}-14"))
    path = tmp_path / "quarter.pdf"
    bound(path, months)
    numbers = [part["invoice_number"] for part in record_of(path)["parts"]]
    assert numbers == ["INV-101", "INV-102", "INV-103", "INV-104"]


def test_no_invoice_is_ever_torn_apart(tmp_path: Path) -> None:
    """Of whatever layout: what is missed is flagged, what is divided is divided where an invoice begins."""
    generate(tmp_path / "made", count=24, seed=77)
    made = sorted((tmp_path / "made").glob("*.pdf"))
    found = missed = 0
    for first, last in ((0, 2), (2, 6), (6, 12), (12, 18), (18, 24)):
        path = tmp_path / "packet.pdf"
        begins = set(bound(path, made[first:last]))
        record = record_of(path)
        parts = record.get("parts", [{**record, "pages": [1, None]}])
        divided = {part["pages"][0] for part in parts}
        assert divided <= begins
        in_doubt = [part for part in parts if "several_documents" in {c["code"] for c in part["checks"]}]
        assert divided == begins or in_doubt
        found, missed = found + len(divided), missed + len(begins - divided)
    assert missed <= found / 5
