"""Text recognition itself: a second of processor time a picture, so few of them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

import sheaf_reader
from tests.builders import files

LINES = [
    "FERNHOLLOW PAPER LTD",
    "7 Mill Lane, Otterbourne SO21 2EH",
    "INVOICE",
    "Invoice number: INV-7734",
    "Invoice date: 2026-03-14",
    "Subtotal 150.00",
    "VAT 20% 30.00",
    "Total EUR 180.00",
]


def read(image: Image.Image, image_format: str = "PNG") -> dict[str, dict[str, Any]]:
    """The best field of each type."""
    target = io.BytesIO()
    image.save(target, image_format)
    answer = sheaf_reader.analyze_expense(target.getvalue())
    fields = sorted(
        answer["ExpenseDocuments"][0]["SummaryFields"], key=lambda field: field["Type"]["Confidence"]
    )
    return {field["Type"]["Text"]: field for field in fields}


def centre(field: dict[str, Any]) -> tuple[float, float]:
    box = field["ValueDetection"]["Geometry"]["BoundingBox"]
    return box["Left"] + box["Width"] / 2, box["Top"] + box["Height"] / 2


@pytest.fixture(scope="module")
def upright() -> Image.Image:
    return Image.open(io.BytesIO(files.picture(LINES)))


@pytest.fixture(scope="module")
def expected(upright: Image.Image) -> dict[str, dict[str, Any]]:
    return read(upright)


def test_a_picture_gives_the_fields_it_shows(expected: dict[str, dict[str, Any]]) -> None:
    texts = {kind: field["ValueDetection"]["Text"] for kind, field in expected.items()}
    assert texts["VENDOR_NAME"] == "FERNHOLLOW PAPER LTD"
    assert texts["INVOICE_RECEIPT_ID"] == "INV-7734"
    assert texts["INVOICE_RECEIPT_DATE"] == "2026-03-14"
    assert texts["TOTAL"] == "180.00"
    assert expected["TOTAL"]["Currency"]["Code"] == "EUR"


@pytest.mark.parametrize("degrees", [90, 180])
def test_a_picture_on_its_side_or_head_is_read_and_located_as_it_came(
    upright: Image.Image, expected: dict[str, dict[str, Any]], degrees: int
) -> None:
    found = read(upright.rotate(degrees, expand=True))["TOTAL"]
    assert found["ValueDetection"]["Text"] == "180.00"
    x, y = centre(expected["TOTAL"])
    assert centre(found) == pytest.approx({90: (y, 1 - x), 180: (1 - x, 1 - y)}[degrees], abs=0.03)


def test_a_slanted_photograph_keeps_its_rows(upright: Image.Image) -> None:
    found = read(upright.rotate(4, expand=True, fillcolor="white"))
    assert found["SUBTOTAL"]["ValueDetection"]["Text"] == "150.00"
    assert found["TAX"]["ValueDetection"]["Text"] == "30.00"


def test_a_scan_in_a_pdf_is_read_beside_pages_with_text(upright: Image.Image) -> None:
    import pypdfium2

    scan = io.BytesIO()
    upright.save(scan, "PDF", resolution=100)
    with pypdfium2.PdfDocument(files.invoice_pdf("INV-1")) as both, pypdfium2.PdfDocument(scan) as scanned:
        both.import_pages(scanned)
        target = io.BytesIO()
        both.save(target)
    answer = sheaf_reader.analyze_expense(target.getvalue())
    numbers = [
        field["ValueDetection"]["Text"]
        for document in answer["ExpenseDocuments"]
        for field in document["SummaryFields"]
        if field["Type"]["Text"] == "INVOICE_RECEIPT_ID"
    ]
    assert answer["DocumentMetadata"]["Pages"] == 2
    assert {"INV-1", "INV-7734"} <= set(numbers)


def test_an_empty_sheet_has_no_fields() -> None:
    assert read(Image.new("RGB", (400, 300), "white")) == {}
