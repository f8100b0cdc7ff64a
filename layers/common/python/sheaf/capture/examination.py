"""All that is found out of a file before its text is recognised: what it is, and its e-invoice read."""

from __future__ import annotations

from typing import NamedTuple

from sheaf.capture.content_types import HEIC, JPEG, PDF, PNG, TIFF, WEBP, XML, content_type_of_bytes
from sheaf.capture.einvoice import read_einvoice
from sheaf.capture.inspection import Inspection, Limits, inspect
from sheaf.capture.page_comparison import compare, page_text
from sheaf.capture.reading import Reading
from sheaf.capture.untrusted import parsed
from sheaf.kernel.errors import UnreadableFile

_USUAL = Limits()


class Examination(NamedTuple):
    """``reading`` is there when the file is an e-invoice, or carries one and was compared with it."""

    inspection: Inspection
    reading: Reading | None


def examine(data: bytes, *, content_type: str | None, limits: Limits = _USUAL) -> Examination:
    """Raises ``UnreadableFile``; whatever the bytes are, within the limits' bounds of time and memory."""
    _load_parsers(content_type_of_bytes(data))
    return parsed(limits.bounds, look_into, data, content_type=content_type, limits=limits)


def look_into(data: bytes, *, content_type: str | None, limits: Limits = _USUAL) -> Examination:
    """``examine`` in this process, where nothing stops it."""
    inspection = inspect(data, content_type=content_type, limits=limits)
    if inspection.einvoice_xml is None:
        return Examination(inspection, None)
    try:
        reading = read_einvoice(inspection.einvoice_xml)
    except UnreadableFile:
        if inspection.content_type == XML:
            raise
        return Examination(inspection, None)
    if inspection.content_type == PDF:
        reading = _compared_with_page(reading, data)
    return Examination(inspection, reading)


def _compared_with_page(reading: Reading, data: bytes) -> Reading:
    from pypdfium2 import PdfDocument

    with PdfDocument(data) as pdf:
        check = compare(reading, page_text(pdf))
    return reading.model_copy(update={"checks": (*reading.checks, check)}) if check else reading


def _load_parsers(content_type: str | None) -> None:
    """Here and once: what is imported in a child is forgotten with it."""
    if content_type == PDF:
        import lxml.etree
        import pypdfium2  # noqa: F401
    elif content_type == XML:
        import lxml.etree  # noqa: F401
    elif content_type in (PNG, JPEG, TIFF, WEBP, HEIC):
        from PIL import Image

        Image.init()
