"""The shape of AnalyzeExpense: https://docs.aws.amazon.com/textract/latest/dg/expensedocuments.html"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import sheaf_reader
from tests.builders import files


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    return sheaf_reader.analyze_expense(files.invoice_pdf("INV-77"))


def detections(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "Geometry" in node:
            yield node
        for child in node.values():
            yield from detections(child)
    elif isinstance(node, list):
        for child in node:
            yield from detections(child)


def test_one_expense_document_a_page() -> None:
    answer = sheaf_reader.analyze_expense(files.many_pages_pdf(3))
    assert answer["DocumentMetadata"] == {"Pages": 3}
    assert [document["ExpenseIndex"] for document in answer["ExpenseDocuments"]] == [1, 2, 3]


def test_summary_fields(answer: dict[str, Any]) -> None:
    (document,) = answer["ExpenseDocuments"]
    assert document.keys() == {"ExpenseIndex", "SummaryFields", "LineItemGroups", "Blocks"}
    texts = {field["Type"]["Text"]: field["ValueDetection"]["Text"] for field in document["SummaryFields"]}
    assert texts["VENDOR_NAME"] == "Fernhollow Paper Ltd"
    assert texts["RECEIVER_NAME"] == "Saltmarsh Books Ltd"
    assert texts["INVOICE_RECEIPT_ID"] == "INV-77"
    assert (texts["SUBTOTAL"], texts["TAX"], texts["TOTAL"]) == ("250.00", "50.00", "300.00")
    for field in document["SummaryFields"]:
        assert field.keys() <= {"Type", "LabelDetection", "ValueDetection", "PageNumber", "Currency"}
        assert field["PageNumber"] == 1
    total = next(field for field in document["SummaryFields"] if field["Type"]["Text"] == "TOTAL")
    assert total["Currency"]["Code"] == "EUR"
    assert total["LabelDetection"]["Text"] == "Total EUR"


def test_line_items_end_with_their_row(answer: dict[str, Any]) -> None:
    ((group,),) = [document["LineItemGroups"] for document in answer["ExpenseDocuments"]]
    assert group["LineItemGroupIndex"] == 1
    cells = [
        [(field["Type"]["Text"], field["ValueDetection"]["Text"]) for field in item["LineItemExpenseFields"]]
        for item in group["LineItems"]
    ]
    assert cells[0] == [
        ("ITEM", "Laid paper, A4, ream"),
        ("QUANTITY", "10"),
        ("UNIT_PRICE", "15.00"),
        ("PRICE", "150.00"),
        ("EXPENSE_ROW", "Laid paper, A4, ream\n10\n15.00\n150.00"),
    ]
    assert len(cells) == 2


def test_geometry_and_confidences_are_in_range(answer: dict[str, Any]) -> None:
    for found in detections(answer):
        box = found["Geometry"]["BoundingBox"]
        assert 0 <= box["Left"] <= box["Left"] + box["Width"] <= 1.0001
        assert 0 <= box["Top"] <= box["Top"] + box["Height"] <= 1.0001
        assert len(found["Geometry"]["Polygon"]) == 4
        assert 0 <= found.get("Confidence", 100) <= 100


def test_blocks_are_a_tree(answer: dict[str, Any]) -> None:
    blocks = answer["ExpenseDocuments"][0]["Blocks"]
    by_id = {block["Id"]: block for block in blocks}
    assert len(by_id) == len(blocks)
    page = blocks[0]
    assert page["BlockType"] == "PAGE"
    lines = [by_id[child] for child in page["Relationships"][0]["Ids"]]
    assert {line["BlockType"] for line in lines} == {"LINE"}
    for line in lines:
        words = [by_id[child]["Text"] for child in line["Relationships"][0]["Ids"]]
        assert " ".join(words) == line["Text"]


def test_the_same_file_gives_the_same_answer(answer: dict[str, Any]) -> None:
    assert sheaf_reader.analyze_expense(files.invoice_pdf("INV-77")) == answer
