from __future__ import annotations

import io
import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import facturx
import pillow_heif
import pypdfium2
import pytest
from lxml import etree
from PIL import Image
from stdnum import iban

from samples.make import RECIPES, expected
from samples.sources.invoice import SOURCES, load

NARROW_SPACE = "\u202f"
SAMPLES = Path(__file__).parents[2] / "samples"
NOT_SAMPLES = {".py", ".md", ".json"}
ANSWERS: list[dict[str, Any]] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
PAGES = {
    "ch-components-60-lines.pdf": 3,
    "ca-freight-fax.tiff": 2,
}

every_sample = pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: str(answer["path"]))


def amount(answer: dict[str, Any], field: str) -> Decimal:
    return Decimal(answer.get(field, "0"))


def test_every_file_has_an_answer_and_a_recipe() -> None:
    files = (path for path in SAMPLES.iterdir() if path.is_file() and not path.name.startswith("."))
    on_disk = {path.name for path in files if path.suffix not in NOT_SAMPLES}
    assert on_disk == set(RECIPES) == {answer["path"] for answer in ANSWERS}


def test_the_folder_stays_light() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 3_000_000


@every_sample
def test_answers_are_those_of_the_source(answer: dict[str, Any]) -> None:
    assert answer == expected(answer["path"])


@every_sample
def test_amounts_agree_to_the_cent(answer: dict[str, Any]) -> None:
    assert amount(answer, "subtotal") + amount(answer, "tax") == amount(answer, "total")
    if "amount_due" in answer:
        assert amount(answer, "total") - amount(answer, "prepaid") == amount(answer, "amount_due")


@every_sample
def test_lines_add_up(answer: dict[str, Any]) -> None:
    lines = answer["line_items"]
    for line in lines:
        product = Decimal(line["quantity"]) * Decimal(line["unit_price"])
        assert Decimal(line["amount"]) == product.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    lines_total = sum(Decimal(line["amount"]) for line in lines)
    net = lines_total - amount(answer, "discount") + amount(answer, "charges")
    assert net == amount(answer, "total" if answer["document_type"] == "receipt" else "subtotal")


@every_sample
def test_files_open_with_all_their_pages(answer: dict[str, Any]) -> None:
    path = SAMPLES / answer["path"]
    content = path.read_bytes()
    if path.suffix == ".xml":
        etree.fromstring(content)
        return
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(content)
        pages = len(document)
        document.close()
    else:
        pillow_heif.register_heif_opener()
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            pages = getattr(picture, "n_frames", 1)
    assert pages == PAGES.get(path.name, 1)


@pytest.mark.parametrize("name", [name for name in RECIPES if name.endswith(".pdf") and "scan" not in name])
def test_digital_pages_print_what_is_expected(name: str) -> None:
    answer = next(answer for answer in ANSWERS if answer["path"] == name)
    text = text_of(SAMPLES / name).replace(NARROW_SPACE, "")
    printed = " ".join(text.split())
    for field in ("vendor", "buyer", "invoice_number"):
        assert answer[field] in printed
    numbers = {digits(word) for word in text.split()}
    taxes = [str(tax.amount) for tax in load(Path(name).stem).taxes]
    for value in (
        answer["subtotal"],
        answer["total"],
        *taxes,
        *(line["amount"] for line in answer["line_items"]),
    ):
        assert digits(value) in numbers


def test_the_scan_has_no_text_of_its_own() -> None:
    assert text_of(SAMPLES / "uk-joiner-scan.pdf").strip() == ""


def test_electronic_invoices_are_valid() -> None:
    assert facturx.xml_check_xsd((SAMPLES / "be-printer-ubl.xml").read_bytes(), flavor="ubl-2.1")
    assert facturx.xml_check_xsd(
        (SAMPLES / "de-landscaping-cii.xml").read_bytes(), flavor="factur-x", level="en16931"
    )
    name, xml = facturx.get_xml_from_pdf(
        (SAMPLES / "de-electrician-facturx.pdf").read_bytes(), check_xsd=True
    )
    assert name == "factur-x.xml"
    assert facturx.get_level(etree.fromstring(xml)) == "en16931"


@every_sample
def test_bank_accounts_pass_their_checksum_and_are_no_real_ones(answer: dict[str, Any]) -> None:
    invoice = load(Path(answer["path"]).stem)
    if invoice.iban is not None:
        assert iban.is_valid(invoice.iban)
        assert any(mark in invoice.iban for mark in ("TEST", "1234567", "7654321"))
    assert invoice.seller.email is None or invoice.seller.email.endswith(".example")


def test_every_source_is_a_sample() -> None:
    stems = {Path(name).stem for name in RECIPES}
    assert {path.stem for path in SOURCES.glob("*.toml")} == stems


def digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
