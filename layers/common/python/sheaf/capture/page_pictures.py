"""Pictures of a file's pages, for looking at: about 150 dots an inch, no larger than a screen needs."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from sheaf.capture.content_types import PDF
from sheaf.capture.pictures import BrokenPicture, frames
from sheaf.capture.untrusted import parsed
from sheaf.kernel.confined import Bounds

if TYPE_CHECKING:
    from PIL.Image import Image

PAGES_AT_ONCE = 10
LONGEST_SIDE = 2000
"""Pixels."""

_SCALE = 150 / 72
_QUALITY = 80


def slice_with(page: int) -> range:
    """The pages, counted from 1, that are drawn together with this one."""
    first = page - (page - 1) % PAGES_AT_ONCE
    return range(first, first + PAGES_AT_ONCE)


def draw(bounds: Bounds, data: bytes, content_type: str, pages: range) -> list[bytes | None]:
    """JPEGs of those pages that the file has; None for one that does not open.

    Raises UnreadableFile.
    """
    if content_type == PDF:
        import pypdfium2  # noqa: F401  # what is imported in a child is forgotten with it
    from PIL import Image

    Image.init()
    return parsed(bounds, _drawn, data, content_type, pages)


def _drawn(data: bytes, content_type: str, pages: range) -> list[bytes | None]:
    found = _of_pdf(data, pages) if content_type == PDF else _of_picture(data, content_type, pages)
    return [_jpeg(image) if image else None for image in found]


def _of_pdf(data: bytes, pages: range) -> Iterator[Image | None]:
    from pypdfium2 import PdfDocument, PdfiumError

    with PdfDocument(data) as pdf:
        pdf.init_forms()
        for number in pages[: max(len(pdf) - pages.start + 1, 0)]:
            try:
                page = pdf[number - 1]
                scale = min(_SCALE, LONGEST_SIDE / max(*page.get_size(), 1))
                yield page.render(scale=scale).to_pil()
            except PdfiumError:
                yield None


def _of_picture(data: bytes, content_type: str, pages: range) -> Iterator[Image | None]:
    try:
        yield from frames(data, content_type, pages, LONGEST_SIDE)
    except BrokenPicture:
        yield None


def _jpeg(image: Image) -> bytes:
    buffer = BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return buffer.getvalue()
