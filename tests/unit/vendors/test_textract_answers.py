"""What is kept of Textract's answers: all that readings are made of, in a fraction of the memory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sheaf.capture.normalise import normalise
from sheaf.capture.reading import Source
from sheaf.vendors.textract import slimmed
from sheaf_reader import analyze_expense

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.mark.parametrize("name", ["us-office-furniture.pdf", "ch-components-60-lines.pdf"])
def test_a_slim_answer_gives_the_same_reading(name: str) -> None:
    answer = analyze_expense((SAMPLES / name).read_bytes())
    slim = {**answer, "ExpenseDocuments": [slimmed(document) for document in answer["ExpenseDocuments"]]}

    assert normalise(slim, source=Source.TEXTRACT) == normalise(answer, source=Source.TEXTRACT)
    assert len(json.dumps(slim)) < len(json.dumps(answer)) / 2


def test_an_answer_of_the_time_before_blocks_is_taken_as_it_is() -> None:
    document = {"ExpenseIndex": 1, "SummaryFields": [], "LineItemGroups": []}

    assert slimmed(document) == {**document, "Blocks": []}
