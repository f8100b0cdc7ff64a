"""Pictures: measured before they are decoded, and made readable for text recognition.

Amazon Textract takes JPEG and PNG up to 10 MB and 10,000 pixels a side, and neither WebP nor HEIC
(https://docs.aws.amazon.com/textract/latest/dg/limits-document.html): what it would refuse is
converted to a JPEG it accepts.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from sheaf.capture.content_types import HEIC, JPEG, PNG, TIFF, WEBP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

_PIL_FORMATS = {PNG: "PNG", JPEG: "JPEG", TIFF: "TIFF", WEBP: "WEBP", HEIC: "HEIF"}
_MOST_BYTES_READABLE = 10_000_000
_LONGEST_SIDE_READABLE = 10_000
_JPEG_QUALITIES = (92, 80, 60)
_PNG_END = b"IEND\xaeB`\x82"
# What Pillow's decoders raise on broken files.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)


class BrokenPicture(ValueError):
    pass


class TooManyPixels(ValueError):
    pass


class TooManyPages(ValueError):
    pass


@dataclass(frozen=True)
class Picture:
    """``jpeg`` is there when the original has to be converted to be read."""

    pages: int
    jpeg: bytes | None


def measure(data: bytes, content_type: str, *, max_pages: int, max_pixels: int) -> Picture:
    """Raises ``BrokenPicture``, ``TooManyPixels`` or ``TooManyPages``."""
    with _decoding():
        image = _open(data, content_type)
        pages = _count_pages(image, max_pages, max_pixels) if content_type == TIFF else 1
        _refuse_large(image, max_pixels)
        if _needs_conversion(image, content_type, len(data)):
            return Picture(pages, _to_jpeg(image))
        _decode(image, data, content_type)
        return Picture(pages, None)


def frames(data: bytes, content_type: str, numbers: range, longest: int) -> Iterator[Image]:
    """Those pages (counted from 1) that there are: upright, on white, no side longer than that.

    Raises ``BrokenPicture``.
    """
    with _decoding():
        image = _open(data, content_type)
        for number in numbers:
            if content_type != TIFF and number > 1:
                return
            try:
                image.seek(number - 1)
            except EOFError:
                return
            if content_type == JPEG:
                image.draft("RGB", (longest, longest))
            upright = _upright(image)
            upright.thumbnail((longest, longest))
            yield upright


@contextmanager
def _decoding() -> Iterator[None]:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (TooManyPixels, TooManyPages):
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except _BROKEN as error:
        raise BrokenPicture(str(error)) from error


def _open(data: bytes, content_type: str) -> Image:
    from PIL import Image

    if content_type == HEIC:
        from pillow_heif import register_heif_opener

        register_heif_opener()
    return Image.open(BytesIO(data), formats=[_PIL_FORMATS[content_type]])


def _refuse_large(image: Image, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise TooManyPixels


def _count_pages(image: Image, max_pages: int, max_pixels: int) -> int:
    pages = 0
    while True:
        try:
            image.seek(pages)
        except EOFError:
            break
        pages += 1
        _refuse_large(image, max_pixels)
        if pages > max_pages:
            raise TooManyPages
    image.seek(0)
    return pages


def _needs_conversion(image: Image, content_type: str, size: int) -> bool:
    if content_type in (WEBP, HEIC):
        return True
    return content_type in (JPEG, PNG) and (
        size > _MOST_BYTES_READABLE or max(image.size) > _LONGEST_SIDE_READABLE
    )


def _decode(image: Image, data: bytes, content_type: str) -> None:
    """Finds truncated files: a JPEG is decoded at an eighth of its size, a PNG has checksums."""
    if content_type == PNG:
        image.verify()
        if _PNG_END not in data:
            raise BrokenPicture("the end of the picture is missing")
    else:
        image.draft("L", (image.width // 8, image.height // 8))
        image.load()


def _to_jpeg(image: Image) -> bytes:
    """Within Textract's limits."""
    upright = _upright(image)
    upright.thumbnail((_LONGEST_SIDE_READABLE, _LONGEST_SIDE_READABLE))
    return _compressed(upright)


def _upright(image: Image) -> Image:
    """With the EXIF orientation applied, on white."""
    from PIL import ImageOps
    from PIL.Image import new

    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        on_white = new("RGB", upright.size, "white")
        upright = upright.convert("RGBA")
        on_white.paste(upright, mask=upright.getchannel("A"))
        upright = on_white
    return upright.convert("RGB")


def _compressed(image: Image) -> bytes:
    for quality in _JPEG_QUALITIES:
        buffer = BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        if buffer.tell() <= _MOST_BYTES_READABLE:
            return buffer.getvalue()
    image.thumbnail((image.width // 2, image.height // 2))
    return _compressed(image)
