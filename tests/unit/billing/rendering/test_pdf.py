"""The page: what is on it, that it is a PDF/A-3 with the e-invoice in it, and that nobody's text is code."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import facturx as official
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from sheaf.billing.document import IssuedDocument, Kind, LineItem, Tax
from sheaf.billing.rendering import facturx
from sheaf.billing.rendering.look import MOST_LOGO_BYTES, Look
from sheaf.billing.rendering.pdf import check_logo, render_pdf
from sheaf.billing.sums import totals
from sheaf.kernel.errors import InvalidRequest
from tests.builders.issued import (
    AT,
    BUYER,
    credit_note,
    issued,
    line,
    long_document,
    reverse_charge,
    withheld,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MINUS = "\N{MINUS SIGN}"
ADDRESS = "https://pay.example/pay/kT3-zb_9fJ2mQx7LwV0sRc5nYh8aDg1eUo4iPp6tBvE"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><rect width="60" height="20"/></svg>'
TWICE = SVG.replace(b"<rect", b'<defs><g id="a"><path d="M0 0h9v9z"/></g></defs><use href="#a"/><rect')


def rendered(document: IssuedDocument, **said: Any) -> bytes:
    return render_pdf(document, totals(document.content), **said)


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def text(document: IssuedDocument, **said: Any) -> str:
    return " ".join(" ".join(pages(rendered(document, **said))).split())


def picture(image_format: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (120, 40), "navy").save(written, image_format)
    return written.getvalue()


def test_the_e_invoice_is_found_in_the_page_as_the_standard_says() -> None:
    document = issued()
    pdf = rendered(document)
    name, xml = official.get_facturx_xml_from_pdf(pdf, check_xsd=True, check_schematron=False)
    assert name == "factur-x.xml"
    assert xml == facturx.to_xml(document, totals(document.content))
    root = pypdf.PdfReader(io.BytesIO(pdf)).root_object
    [attached] = root["/AF"]
    assert attached.get_object()["/AFRelationship"] == "/Alternative"
    assert attached.get_object()["/EF"]["/F"]["/Subtype"] == "/text/xml"
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"


def test_it_is_tagged_for_those_who_hear_it() -> None:
    root = pypdf.PdfReader(io.BytesIO(rendered(issued(locale="de")))).root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    assert b"<pdfuaid:part>1<" in root["/Metadata"].get_data()


def test_the_metadata_say_which_standards_the_file_keeps() -> None:
    packet = pypdf.PdfReader(io.BytesIO(rendered(issued()))).root_object["/Metadata"].get_data()
    root = etree.fromstring(packet)
    said = {etree.QName(each).localname: each.text for each in root.iter() if isinstance(each.tag, str)}
    assert b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A<" in packet
    assert (said["ConformanceLevel"], said["DocumentFileName"]) == ("EN 16931", "factur-x.xml")
    bags = root.findall(".//{http://www.aiim.org/pdfa/ns/extension/}schemas")
    assert len(bags) == 1
    described = {each.text for each in bags[0].iter("{http://www.aiim.org/pdfa/ns/schema#}namespaceURI")}
    assert "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#" in described


@pytest.mark.parametrize(
    "document",
    [issued(Kind.ESTIMATE), issued(number=None), issued(voided_at=AT), issued(currency="TND")],
    ids=["estimate", "draft", "void", "dinar"],
)
def test_without_an_e_invoice_it_is_a_plain_pdf_a(document: IssuedDocument) -> None:
    reader = pypdf.PdfReader(io.BytesIO(rendered(document)))
    assert not reader.attachments
    assert b"<pdfaid:part>3<" in reader.root_object["/Metadata"].get_data()
    assert b"factur-x" not in reader.root_object["/Metadata"].get_data()


@pytest.mark.parametrize("make", [issued, credit_note, lambda: issued(number=None)])
def test_the_same_document_gives_the_same_bytes(make: Callable[[], IssuedDocument]) -> None:
    assert rendered(make()) == rendered(make())


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import sys; from sheaf.billing.rendering.pdf import render_pdf;"
        "from sheaf.billing.sums import totals; from tests.builders.issued import issued;"
        "sys.stdout.buffer.write(render_pdf(issued(), totals(issued().content)))"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert told.stdout == rendered(issued())


def test_an_invoice_says_all_that_it_has_to() -> None:
    said = text(issued())
    for each in (
        "Invoice", "INV-2026-00042", "5 March 2026", "4 April 2026", "2 March 2026", "PO-77120",
        "Hellwig & Söhne Werkstatt GmbH", "Torstraße 118, 10119 Berlin, Germany", "VAT no. DE136695976",
        "Lumière Studio SARL", "Attn. Camille Aubert", "75009 Paris France", "VAT no. FR40303265045",
        "Workbench, oiled oak", "WB-180", "2 1,249.50 19% 2,499.00", "6.5 h", "10%",
        "Subtotal €3,133.73", "VAT 19%", "on €3,026.00", "€574.94", "VAT 7%", "on €107.73", "€7.54",
        "Total €3,716.21", "Amount due €3,716.21", "DE89 3704 0044 0532 0130 00", "COBADEFFXXX",
        "Thank you for your order.", "Payable within 30 days", "Page 1 of 1",
    ):  # fmt: skip
        assert each in said


def test_each_kind_says_what_it_is() -> None:
    estimate = text(issued(Kind.ESTIMATE, number="EST-3", valid_until=date(2026, 4, 1)))
    assert "Estimate number EST-3" in estimate
    assert "Valid until 1 April 2026" in estimate
    assert "IBAN" not in estimate
    assert "Amount due" not in estimate
    credited = text(credit_note()).replace("\N{NO-BREAK SPACE}", " ")
    assert "For invoice INV-2026-00042 of 5 March 2026" in credited
    assert "Total credited €2,973.81" in credited
    assert "IBAN" not in credited


def test_why_no_tax_is_due_is_said() -> None:
    said = text(reverse_charge())
    assert "Steuerschuldnerschaft des Leistungsempfängers" in said
    assert f"Treuerabatt {MINUS}94,01 €" in said


def test_what_is_withheld_is_taken_off_what_is_to_be_paid() -> None:
    said = text(withheld())
    assert f"Menos IRPF (15 %) {MINUS}470,06 €" in said
    assert "A pagar 3.246,15 €" in said


def test_a_void_invoice_asks_for_no_money() -> None:
    said = text(issued(voided_at=AT), payment_url=ADDRESS)
    assert "Void" in said
    assert "IBAN" not in said
    assert "Pay online" not in said


def test_a_draft_says_so_and_may_be_empty() -> None:
    said = text(issued(number=None, lines=(), due_date=None, terms=None, issue_date=None))
    assert "Invoice number Draft" in said


def test_the_payment_page_is_a_link() -> None:
    reader = pypdf.PdfReader(io.BytesIO(rendered(issued(), payment_url=ADDRESS)))
    links = [note.get_object()["/A"]["/URI"] for page in reader.pages for note in page["/Annots"]]
    assert links == [ADDRESS]


def test_the_head_of_the_table_comes_again_on_each_page() -> None:
    said = pages(rendered(long_document(60)))
    assert len(said) == 3
    assert all("Unit price" in each for each in said[:2])
    assert "Position 60" in said[1]
    assert "Amount due" in said[1]
    assert [f"Page {at} of 3" in each for at, each in enumerate(said, start=1)] == [True] * 3


HOSTILE = '#panic() $x^2$ [*b*] \\u{41} `raw` <label> @ref // no /* no */ #import "@preview/x:1.0.0"'


def test_what_people_write_is_text_and_never_code() -> None:
    said = text(issued(notes=HOSTILE, lines=(line(HOSTILE, details=HOSTILE),)))
    assert said.count("#panic() $x^2$ [*b*]") == 3
    assert '"@preview/x:1.0.0"' in said


@pytest.mark.parametrize(
    "worst",
    [
        line("x" * 2000, details="y\n" * 900),
        line(
            "محمد بن عبد الله — שלום 山田 😀 \U00012000", "123456789.123456", quantity=Decimal("12345.6789")
        ),
        line("a\x00\x07\r\t\u202eb"),
    ],
)
def test_nothing_that_is_said_breaks_the_page(worst: LineItem) -> None:
    long_name = BUYER.model_copy(update={"name": "W" * 100, "contact": "한국어 " * 12})
    assert pages(rendered(issued(buyer=long_name, lines=(worst,), terms="t " * 900)))


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=300).filter(str.strip))
def test_no_characters_break_the_page(said: str) -> None:
    """PDF/A and PDF/UA forbid some, and take none that a font lacks."""
    assert rendered(issued(notes=said, lines=(line(said),)))


def test_more_taxes_than_fit_on_a_page_go_on_the_next() -> None:
    lines = tuple(line(tax=Tax(rate=Decimal(at) / 10)) for at in range(1, 120))
    said = pages(rendered(issued(lines=lines)))
    assert any("Amount due" in each for each in said)
    assert all(sum(f"VAT {at / 10:g}%\n" in each for each in said) == 1 for at in range(1, 120))


@pytest.mark.parametrize("logo", [SVG, TWICE, picture("PNG"), picture("JPEG")])
def test_a_logo_stands_for_the_name(logo: bytes) -> None:
    check_logo(logo)
    look = Look(logo=logo, accent="#B4552D")
    reader = pypdf.PdfReader(io.BytesIO(rendered(issued(), look=look)))
    assert rendered(issued(), look=look) != rendered(issued())
    assert "Hellwig & Söhne Werkstatt GmbH" in reader.pages[0].extract_text()


TEN = '<use href="#a{0}"/>' * 10
NESTED = '<g id="a{}">{}</g>'


def svg(inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'.encode()


@pytest.mark.parametrize(
    "logo",
    [
        b"hello",
        b"\x89PNG\r\n\x1a\n not quite",
        picture("PNG")[:80],
        b"\xff\xd8\xff\xe0" + b"\x00" * 100,
        svg(" " * MOST_LOGO_BYTES),
        svg('<image href="/etc/passwd" width="9" height="9"/>'),
        svg('<image href="../../../../../etc/passwd" width="9" height="9"/>'),
        svg('<image href="https://example.com/x.png" width="9" height="9"/>'),
        svg('<image href="data:image/png;base64,AAAA" width="9" height="9"/>'),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"),
        svg('<text y="9">\U00012000</text>'),
        svg("<g>" * 2000 + "</g>" * 2000),
        svg('<g id="a0"/>' + "".join(f'<g id="a{at}">{TEN.format(at - 1)}</g>' for at in range(1, 9))),
        svg(f'<defs><g id="a0"/>{"".join(NESTED.format(at, TEN.format(at - 1)) for at in range(1, 6))}</defs>'
            '<use href="#a5"/>'),
        svg('<g id="a"><use href="#a"/></g>'),
        svg('<marker id="m"><path d="M0 0h1v1z"/></marker>'),
    ],
)  # fmt: skip
def test_a_logo_that_cannot_be_printed_is_refused_before_it_is_needed(logo: bytes) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_logo(logo)
    assert refused.value.errors[0]["field"] == "logo"
    assert "site-packages" not in refused.value.message
    assert "sheaf" not in refused.value.message


@pytest.mark.parametrize("side", [5_000, 30_000])
def test_a_huge_picture_is_refused_before_it_is_unpacked(side: int) -> None:
    small = picture("PNG")
    head = small[12:16] + struct.pack(">II", side, side) + small[24:29]
    huge = small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]
    with pytest.raises(InvalidRequest):
        check_logo(huge)
