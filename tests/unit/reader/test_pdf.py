from __future__ import annotations

import ctypes
import io
import subprocess
import sys
import textwrap

import pypdfium2
import pytest
from PIL import Image

import sheaf_reader
from sheaf_reader import pdf
from sheaf_reader.page import Page
from tests.builders import files


def words_of(data: bytes) -> Page:
    with pdf.opened(data) as document:
        read = pdf.page_of(document, 0)
    assert isinstance(read, Page)
    return read


def turned(data: bytes, degrees: int) -> bytes:
    with pypdfium2.PdfDocument(data) as document:
        document[0].set_rotation(degrees)
        target = io.BytesIO()
        document.save(target)
    return target.getvalue()


def place(read: Page, text: str) -> tuple[float, float]:
    """Where the word's middle is shown, in shares of the page."""
    word = next(word for word in read.words if word.text == text)
    return read.shown(word.box.centre, word.box.middle)


def test_words_stand_where_the_page_shows_them() -> None:
    read = words_of(files.invoice_pdf("INV-77"))
    x, y = place(read, "INV-77")
    assert 0.1 < x < 0.5
    assert 0.1 < y < 0.3
    assert place(read, "Subtotal")[1] > y


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_reads_the_same_and_its_boxes_turn_with_it(degrees: int) -> None:
    upright, rotated = words_of(files.invoice_pdf()), words_of(turned(files.invoice_pdf(), degrees))
    assert sorted(word.text for word in rotated.words) == sorted(word.text for word in upright.words)
    x, y = place(upright, "Subtotal")
    expected = {90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[degrees]
    assert place(rotated, "Subtotal") == pytest.approx(expected, abs=1e-3)


def test_a_turned_page_gives_the_same_fields() -> None:
    def texts(data: bytes) -> list[tuple[str, str]]:
        fields = sheaf_reader.analyze_expense(data)["ExpenseDocuments"][0]["SummaryFields"]
        return [(field["Type"]["Text"], field["ValueDetection"]["Text"]) for field in fields]

    assert texts(turned(files.invoice_pdf(), 90)) == texts(files.invoice_pdf())


def test_text_written_sideways_is_set_upright() -> None:
    read = words_of(sideways_pdf())
    first, second = read.words[:2]
    assert (first.text, second.text) == ("Sideways", "invoice")
    assert first.box.right < second.box.left
    assert first.box.width > first.box.height


def sideways_pdf() -> bytes:
    text = "Sideways invoice with quite enough characters on it to be a page of text"
    content = f"BT /F1 10 Tf 0 1 -1 0 300 50 Tm ({text}) Tj ET".encode()
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Courier>>>>>>>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%b\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF"
    ) % (len(content), content)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (files.encrypted_pdf(), "encrypted"),
        (files.corrupt_pdf(), "damaged"),
        (files.truncated_pdf(), "damaged"),
        (files.cyclic_page_tree_pdf(), "damaged"),
    ],
)
def test_what_does_not_open_is_a_bad_document(data: bytes, message: str) -> None:
    with pytest.raises(sheaf_reader.BadDocument, match=message):
        sheaf_reader.analyze_expense(data)


def test_an_owner_password_hinders_nobody_from_reading() -> None:
    assert sheaf_reader.analyze_expense(files.owner_locked_pdf())["DocumentMetadata"]["Pages"] == 1


def test_five_hundred_pages_are_the_most() -> None:
    assert sheaf_reader.analyze_expense(files.many_pages_pdf(500))["DocumentMetadata"]["Pages"] == 500
    with pytest.raises(sheaf_reader.DocumentTooLarge, match="501 pages"):
        sheaf_reader.analyze_expense(files.many_pages_pdf(501))


def test_a_digital_pdf_is_read_without_text_recognition() -> None:
    program = (
        "import sys, sheaf_reader\n"
        "sheaf_reader.analyze_expense(sys.stdin.buffer.read())\n"
        "print(*sorted({'onnxruntime', 'rapidocr', 'numpy', 'PIL'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=files.invoice_pdf(), capture_output=True, check=True
    )
    assert done.stdout.strip() == b""


HEADER = (
    "Scanned by the front office of Fernhollow Paper Ltd, second floor, tray four. Please keep with the "
    "papers of the supplier and forward to accounts payable. Received and registered for approval, batch of "
    "the morning, operator seven, all pages complete and legible as far as could be seen."
)


def scan_with_text(text: str) -> bytes:
    """A picture over a whole page, and text on top of it."""
    scan = io.BytesIO()
    Image.new("L", (595, 842), 230).save(scan, "PDF", resolution=72)
    raw = pypdfium2.raw
    with pypdfium2.PdfDocument(scan) as document:
        page = document[0]
        for row, line in enumerate(textwrap.wrap(text, 80)):
            shown = raw.FPDFPageObj_NewTextObj(document.raw, b"Helvetica", 9)
            raw.FPDFText_SetText(shown, ctypes.cast((line + "\0").encode("utf-16-le"), raw.FPDF_WIDESTRING))
            raw.FPDFPageObj_Transform(shown, 1, 0, 0, 1, 40, 800 - 12 * row)
            raw.FPDFPage_InsertObject(page.raw, shown)
        page.gen_content()
        target = io.BytesIO()
        document.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("Received 14 March, tray four", False),
        (HEADER, False),
        (f"{HEADER} Subtotal 150.00, VAT 30.00, total 180.00", True),
    ],
)
def test_a_scan_counts_as_text_when_its_text_holds_the_amounts(text: str, is_read: bool) -> None:
    with pdf.opened(scan_with_text(text)) as document:
        assert isinstance(pdf.page_of(document, 0), Page) is is_read


def test_a_page_with_a_word_or_two_is_not_taken_for_a_scan() -> None:
    read = words_of(files.text_pdf(["Page 2"]))
    assert [word.text for word in read.words] == ["Page", "2"]
