from __future__ import annotations

from pathlib import Path

from benchmarks.pages import STEPS, Steps, read
from tests.builders import files

XML = Path(__file__).parents[3] / "samples" / "be-printer-ubl.xml"


def test_every_step_of_a_page_is_seen() -> None:
    found = read(files.invoice_pdf())
    assert (found.kind, found.pages) == ("PDF with text", 1)
    assert found.steps.seconds.keys() == STEPS.keys() - {"detect", "recognise"}
    assert all(seconds >= 0 for seconds in found.steps.seconds.values())


def test_an_einvoice_is_only_inspected() -> None:
    found = read(XML.read_bytes())
    assert (found.kind, set(found.steps.seconds)) == ("e-invoice", {"inspect"})


def test_a_step_inside_another_counts_once() -> None:
    steps = Steps()
    with steps.step("outer"), steps.step("inner"):
        sum(range(2_000_000))
    assert steps.seconds["inner"] > steps.seconds["outer"]
    assert steps.total == sum(steps.seconds.values())
