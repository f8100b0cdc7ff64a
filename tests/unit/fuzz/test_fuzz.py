"""What was good and got damaged on the way ends in a reading or in a declared error, nothing else.

``make fuzz`` tries some thousand times as many examples as ``make test``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sheaf_reader
from sheaf.capture import inspection
from sheaf.capture.amounts import decimal_mark, parse_amount, plain
from sheaf.capture.dates import read_date
from sheaf.capture.einvoice import read_einvoice
from sheaf.capture.examination import look_into
from sheaf.capture.normalise import normalise
from sheaf.capture.reading import Reading, Source
from sheaf.kernel.errors import UnreadableFile
from sheaf_reader.page import Affine, Page
from tests.builders import files
from tests.builders.expense import acme
from tests.builders.mutation import damaged, disturbed, odd_texts

if TYPE_CHECKING:
    from PIL.Image import Image

SAMPLES = Path(__file__).parents[3] / "samples"
CODES = inspection.__doc__ or ""
patient = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


XMLS = (sample("be-printer-ubl.xml"), sample("de-landscaping-cii.xml"))
PDFS = (
    files.invoice_pdf(iban="DE75512108001245126199"),
    files.text_pdf([f"Line {number}\t1\t2.00\t2.00" for number in range(60)]),
    files.attachment_pdf("factur-x.xml", XMLS[0]),
    files.owner_locked_pdf(),
    sample("us-office-furniture.pdf"),
)
PICTURES = (
    files.picture(["Total 12.00"]),
    files.picture(["Total 12.00"], "JPEG"),
    files.picture(["Total 12.00"], "TIFF", frames=2),
)
OTHER_PICTURES = (files.picture(["Total 12.00"], "WEBP"), files.picture(["Total 12.00"], "HEIF"))


@cache
def answers() -> list[dict[str, Any]]:
    return [acme(), *(sheaf_reader.analyze_expense(data) for data in PDFS[:2])]


def is_sound(reading: Reading) -> bool:
    """It can be stored, shown and worked with."""
    text = reading.model_dump_json()
    for name in ("subtotal", "tax", "total", "amount_due"):
        amount = reading.value(name)
        assert amount is None or Decimal(amount).is_finite()
    assert Reading.model_validate(json.loads(text)) == reading
    return True


def refusal(read: Callable[[], object]) -> str | None:
    """The code of the refusal that a reading ended in."""
    try:
        read()
    except UnreadableFile as refused:
        return refused.code
    return None


@patient
@given(st.data())
def test_files(data: st.DataObject) -> None:
    file = damaged(data, PDFS + PICTURES + OTHER_PICTURES + XMLS)

    def read() -> None:
        found = look_into(file, content_type=None)
        assert found.inspection.pages >= 1
        assert found.reading is None or is_sound(found.reading)

    code = refusal(read)
    assert code is None or code in CODES


@patient
@given(st.data())
def test_einvoices(data: st.DataObject) -> None:
    xml = damaged(data, XMLS)
    code = refusal(lambda: is_sound(read_einvoice(xml)))
    assert code in (None, "file_corrupt", "file_xml_not_invoice")


@patient
@given(st.integers(0, 1), st.lists(st.tuples(st.integers(0, 10**6), odd_texts), min_size=1, max_size=8))
def test_einvoices_of_odd_values(seed: int, changes: list[tuple[int, str]]) -> None:
    """The XML stays well-formed; what stands in its elements does not stay sensible."""
    from lxml import etree

    root = etree.fromstring(XMLS[seed])
    elements = list(root.iter("{*}*"))
    for place, text in changes:
        element = elements[place % len(elements)]
        element.text = "".join(sign for sign in text if sign.isprintable() or sign == "\n")
    assert is_sound(read_einvoice(etree.tostring(root)))


@patient
@given(st.data())
def test_answers(data: st.DataObject) -> None:
    answer = disturbed(data, answers())

    def read() -> None:
        parts = normalise(answer, source=Source.TEXTRACT)
        assert parts
        assert all(is_sound(part.reading) for part in parts)

    assert refusal(read) in (None, "reading_failed")


@pytest.fixture
def without_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are decoded and turned as ever; no words are looked for in them, which takes most time."""

    def nothing(picture: Image, number: int) -> Page:
        picture.load()
        return Page(number, (), Affine(1, 0, 0, 0, 1, 0))

    monkeypatch.setattr("sheaf_reader.ocr.read", nothing)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_local_reader(without_recognition: None, data: st.DataObject) -> None:
    file = damaged(data, PDFS + PICTURES)
    try:
        answer = sheaf_reader.analyze_expense(file)
    except sheaf_reader.ReaderError:
        return
    json.dumps(answer, allow_nan=False).encode()
    assert all(is_sound(part.reading) for part in normalise(answer, source=Source.EMBEDDED))


@given(odd_texts, st.sampled_from((None, ".", ",")))
def test_amounts(text: str, mark: Any) -> None:
    amount = parse_amount(text, mark=mark)
    assert amount is None or Decimal(plain(amount)) == amount
    assert decimal_mark([text]) in (None, ".", ",")


@given(odd_texts)
def test_dates(text: str) -> None:
    found = read_date(text)
    assert found is None or found.resolve(day_first=True).isoformat()
