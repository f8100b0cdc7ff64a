"""Whatever a stranger sends is looked into within limits, and ends in what it is or in a reason."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sheaf.capture import inspection
from sheaf.capture.examination import Examination, examine, look_into
from sheaf.capture.inspection import Limits
from sheaf.capture.untrusted import parsed
from sheaf.kernel.confined import Bounds
from sheaf.kernel.errors import UnreadableFile
from tests.builders import files, hostile

SAMPLES = Path(__file__).parents[3] / "samples"
CODES = inspection.__doc__ or ""
LIMITS = Limits(bounds=Bounds(seconds=60, memory=1_000 * hostile.MEBIBYTE))

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "an attachment of 1.5 gigabytes": (lambda: hostile.attachment_bomb_pdf(1_500), "file_too_complex"),
    "an attachment packed twice": (lambda: hostile.twice_packed_attachment_pdf(1_500), "file_too_complex"),
    "a stream of objects of 1.5 gigabytes": (
        lambda: hostile.object_stream_bomb_pdf(1_500),
        "file_too_complex",
    ),
    "a PNG of a hundred megapixels": (hostile.wide_png, "file_too_complex"),
    "a WebP of a hundred megapixels": (hostile.wide_webp, "file_too_complex"),
    "gigapixels": (files.bomb_png, "file_image_too_large"),
    "a page of square kilometres": (files.giant_page_pdf, "file_image_too_large"),
    "a TIFF of 10,000 pages": (lambda: hostile.tiff_of_pages(10_000), "file_too_many_pages"),
    "a billion laughs": (files.billion_laughs_xml, "file_xml_not_invoice"),
    "an external entity": (files.external_entity_xml, "file_xml_not_invoice"),
    "100,000 elements deep": (files.deep_xml, "file_corrupt"),
}
READ: dict[str, tuple[Callable[[], bytes], int]] = {
    "100,000 objects": (hostile.many_objects_pdf, 1),
    "a page 20,000 nodes deep": (hostile.deep_page_tree_pdf, 1),
    "arrays 200,000 deep": (hostile.deep_arrays_pdf, 1),
    "a cross-reference table before itself": (hostile.cross_reference_loop_pdf, 1),
    "a page tree that is its own child": (files.cyclic_page_tree_pdf, 1),
    "a form that draws itself": (hostile.form_in_itself_pdf, 1),
    "200 MB of spaces": (files.bomb_stream_pdf, 1),
    "a TIFF page that follows itself": (hostile.tiff_loop, 1),
    "100,000 elements": (lambda: hostile.many_nodes_xml(100_000), 1),
    "20,000 attributes": (lambda: hostile.many_attributes_xml(20_000), 1),
    "5,000 namespaces": (lambda: hostile.many_namespaces_xml(5_000), 1),
    "2,000 lines": (lambda: hostile.many_lines_xml(2_000), 1),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_take_the_process_with_it_is_refused(name: str) -> None:
    make, code = REFUSED[name]
    with pytest.raises(UnreadableFile) as refused:
        examine(make(), content_type=None, limits=LIMITS)
    assert (refused.value.code, refused.value.message[-1]) == (code, ".")
    assert code in CODES


@pytest.mark.parametrize("name", READ)
def test_what_only_looks_dangerous_is_taken(name: str) -> None:
    make, pages = READ[name]
    assert examine(make(), content_type=None, limits=LIMITS).inspection.pages == pages


def test_what_takes_too_long_is_refused() -> None:
    impatient = Limits(bounds=Bounds(seconds=0.05))
    with pytest.raises(UnreadableFile, match=r"more than 0\.05 seconds") as refused:
        examine(hostile.many_lines_xml(), content_type=None, limits=impatient)
    assert refused.value.code == "file_timed_out"


def test_the_next_file_is_read_as_if_nothing_had_been() -> None:
    with pytest.raises(UnreadableFile):
        examine(hostile.twice_packed_attachment_pdf(1_500), content_type=None, limits=LIMITS)
    found = examine((SAMPLES / "de-electrician-facturx.pdf").read_bytes(), content_type=None)
    assert found.reading is not None
    assert found.reading.value("total")


@pytest.mark.parametrize("name", [path.name for path in sorted(SAMPLES.iterdir()) if path.suffix in
                                  (".pdf", ".xml", ".png", ".jpg", ".tiff", ".webp", ".heic")])  # fmt: skip
def test_a_transfer_that_breaks_off_gives_a_reading_or_a_reason(name: str) -> None:
    broken = list(hostile.sixteenths((SAMPLES / name).read_bytes()))
    assert all(code == "" or code in CODES for code in outcomes(broken))


def test_noise_gives_a_reason() -> None:
    noise = random.Random(20_261_120)  # noqa: S311  # the same in every run
    beginnings = (b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\x00", b"RIFF1234WEBP",
                  b"\x00\x00\x00\x18ftypheic", b"<?xml version='1.0'?>", b"GIF89a")  # fmt: skip
    made = [start + noise.randbytes(size) for start in beginnings for size in (0, 1, 100, 10_000)]
    assert all(code in CODES for code in outcomes([*made, bytes(1_000)]))


@pytest.mark.parametrize(
    "amount",
    ["1E+999999999", "1E-999999999", "NaN", "-Infinity", "9" * 100_000, "1_000", "\uff11\uff12", "0x10"],
)
def test_what_is_no_amount_is_left_out(amount: str) -> None:
    reading = examine(hostile.amounts_xml(amount), content_type=None, limits=LIMITS).reading
    assert reading is not None
    assert reading.value("total") is None


def test_an_encoding_that_is_not_the_declared_one_gives_a_reading_or_a_reason() -> None:
    assert all(code == "" or code in CODES for code in outcomes(list(hostile.wrongly_encoded_xmls())))


def outcomes(several: Sequence[bytes]) -> list[str]:
    """Of each the code it is refused with, or nothing; all in one child."""
    return parsed(LIMITS.bounds, lambda: [_outcome(data) for data in several])


def _outcome(data: bytes) -> str:
    try:
        found: Examination = look_into(data, content_type=None)
    except UnreadableFile as refused:
        return refused.code
    assert found.inspection.pages
    return ""
