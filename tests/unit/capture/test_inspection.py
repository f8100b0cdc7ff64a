import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from sheaf.capture import inspection
from sheaf.capture.inspection import Limits, content_type_of_name, inspect
from sheaf.kernel.errors import UnreadableFile
from tests.builders import files

SAMPLES = Path(__file__).parents[3] / "samples"
DEFAULT = Limits()
TABLE = inspection.__doc__ or ""
PDF, PNG, JPEG, TIFF = "application/pdf", "image/png", "image/jpeg", "image/tiff"


def refusal(data: bytes, *, content_type: str | None = None, limits: Limits = DEFAULT) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        inspect(data, content_type=content_type, limits=limits)
    return refused.value


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def picture(image_format: str, size: tuple[int, int] = (40, 60), **options: object) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "white").save(buffer, image_format, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "content_type", "pages"),
    [
        (files.invoice_pdf(), PDF, 1),
        (files.many_pages_pdf(3), PDF, 3),
        (files.owner_locked_pdf(), PDF, 1),
        (files.picture(["Total 12.00"]), PNG, 1),
        (files.picture(["Total 12.00"], "JPEG"), JPEG, 1),
        (files.picture(["Total 12.00"], "TIFF", frames=4), TIFF, 4),
    ],
    ids=["pdf", "pages", "owner password only", "png", "jpeg", "tiff"],
)
def test_what_can_be_read_as_it_is(data: bytes, content_type: str, pages: int) -> None:
    for declared in (None, content_type, "application/octet-stream"):
        found = inspect(data, content_type=declared)
        assert (found.content_type, found.pages) == (content_type, pages)
        assert found.readable is None


@pytest.mark.parametrize(
    ("build", "declared", "code"),
    [
        (files.empty, None, "file_empty"),
        (lambda: b"\n \x00\n", PDF, "file_empty"),
        (files.corrupt_pdf, PDF, "file_corrupt"),
        (files.truncated_jpeg, JPEG, "file_corrupt"),
        (lambda: picture("PNG")[:-20], PNG, "file_corrupt"),
        (files.encrypted_pdf, PDF, "file_encrypted"),
        (files.png_renamed_pdf, PDF, "file_type_mismatch"),
        (files.docx_renamed_pdf, PDF, "file_type_mismatch"),
        (files.html_renamed_pdf, PDF, "file_type_mismatch"),
        (lambda: b"just some words", PDF, "file_type_mismatch"),
        (lambda: b"just some words", None, "file_type_unsupported"),
        (lambda: picture("GIF"), "image/gif", "file_type_unsupported"),
        (files.html_pdf_polyglot, None, "file_type_unsupported"),
        (files.bomb_png, PNG, "file_image_too_large"),
        (files.giant_page_pdf, PDF, "file_image_too_large"),
        (lambda: files.many_pages_pdf(501), PDF, "file_too_many_pages"),
        (files.billion_laughs_xml, None, "file_xml_not_invoice"),
        (files.external_entity_xml, None, "file_xml_not_invoice"),
        (lambda: b"<note>hello</note>", "text/xml", "file_xml_not_invoice"),
        (files.deep_xml, None, "file_corrupt"),
        (lambda: b"<Invoice", "application/xml", "file_corrupt"),
    ],
)
def test_what_is_refused_and_why(build: Callable[[], bytes], declared: str | None, code: str) -> None:
    assert refusal(build(), content_type=declared).code == code
    assert code in TABLE


def test_a_mismatch_names_both_types() -> None:
    message = refusal(files.png_renamed_pdf(), content_type=PDF).message
    assert "a PDF" in message
    assert "a PNG picture" in message


def test_limits_are_named_in_the_refusal() -> None:
    pdf = files.many_pages_pdf(3)
    too_large = refusal(pdf, limits=Limits(max_bytes=100))
    assert (too_large.code, "the limit is 100" in too_large.message) == ("file_too_large", True)
    assert "3 pages, the limit is 2" in refusal(pdf, limits=Limits(max_pages=2)).message
    tiff = files.picture(["x"], "TIFF", frames=3)
    assert refusal(tiff, limits=Limits(max_pages=2)).code == "file_too_many_pages"


def test_pixels_are_counted_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert refusal(files.bomb_png(12_000)).code == "file_image_too_large"


@pytest.mark.parametrize("name", ["es-ceramics.webp", "au-plumber-photo.heic"])
def test_pictures_textract_does_not_take_are_converted(name: str) -> None:
    found = inspect(sample(name), content_type=content_type_of_name(name))
    assert found.readable_content_type == JPEG
    assert found.readable is not None
    assert inspect(found.readable, content_type=JPEG).readable is None


def test_a_converted_picture_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    found = inspect(picture("WEBP", (40, 60), exif=exif.tobytes()), content_type="image/webp")
    assert Image.open(BytesIO(found.readable or b"")).size == (60, 40)


def test_a_transparent_picture_is_put_on_white() -> None:
    buffer = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(buffer, "WEBP", lossless=True)
    found = inspect(buffer.getvalue(), content_type=None)
    assert Image.open(BytesIO(found.readable or b"")).getpixel((10, 10)) == (255, 255, 255)


def test_a_picture_longer_than_textract_takes_is_made_smaller() -> None:
    found = inspect(picture("PNG", (500, 20_000)), content_type=PNG)
    assert Image.open(BytesIO(found.readable or b"")).size == (250, 10_000)


@pytest.mark.parametrize(
    "name", ["factur-x.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "a.xml"]
)
def test_an_embedded_einvoice_is_found(name: str) -> None:
    xml = sample("be-printer-ubl.xml")
    found = inspect(files.attachment_pdf(name, xml), content_type=PDF)
    assert found.einvoice_xml == xml


@pytest.mark.parametrize("content", [b"<order/>", b"not xml", files.billion_laughs_xml()])
def test_an_attachment_that_is_no_einvoice_leaves_the_page_to_be_read(content: bytes) -> None:
    found = inspect(files.attachment_pdf("factur-x.xml", content), content_type=PDF)
    assert (found.content_type, found.einvoice_xml) == (PDF, None)


def test_a_plain_einvoice_counts_as_one_page() -> None:
    xml = sample("de-landscaping-cii.xml")
    found = inspect(xml, content_type="text/xml; charset=utf-8")
    assert (found.content_type, found.pages, found.einvoice_xml) == ("application/xml", 1, xml)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("a.PDF", PDF), ("a.xml", "application/xml"), ("scan.jpeg", JPEG), ("b.tif", TIFF),
     ("x.heif", "image/heic"), ("notes.docx", None), ("pdf", None)],
)  # fmt: skip
def test_a_name_tells_the_type_by_its_extension(name: str, content_type: str | None) -> None:
    assert content_type_of_name(name) == content_type


SEEDS = (
    files.invoice_pdf(),
    files.attachment_pdf("factur-x.xml", sample("be-printer-ubl.xml")),
    sample("be-printer-ubl.xml"),
    files.picture(["Total 12.00"]),
    files.picture(["Total 12.00"], "JPEG"),
    picture("WEBP"),
    picture("TIFF"),
)  # fmt: skip


def code_of_refusal(data: bytes) -> str:
    try:
        inspect(data, content_type=None)
    except UnreadableFile as refused:
        return refused.code
    return ""


SIGNATURES = (
    b"",
    b"%PDF-1.7\n",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    b"II*\x00",
    b"<a>",
    b"RIFF1234WEBP",
)


@given(st.sampled_from(SIGNATURES), st.binary(max_size=400))
def test_arbitrary_bytes_are_read_or_refused(signature: bytes, rest: bytes) -> None:
    assert code_of_refusal(signature + rest) in TABLE


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(seed=st.sampled_from(SEEDS), at=st.integers(0, 10**6), patch=st.binary(max_size=8), cut=st.booleans())
def test_damaged_files_are_read_or_refused(seed: bytes, at: int, patch: bytes, cut: bool) -> None:
    at %= len(seed)
    assert code_of_refusal(seed[:at] if cut else seed[:at] + patch + seed[at + len(patch) :]) in TABLE
