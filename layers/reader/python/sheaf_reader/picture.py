"""PNG, JPEG and TIFF files: one upright RGB picture a page."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from sheaf_reader.errors import BadDocument, DocumentTooLarge

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 80_000_000
MAX_SIDE = 20_000
MAX_PAGES = 500
_FORMATS = ("PNG", "JPEG", "TIFF")
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


def pages(data: bytes) -> Iterator[Image]:
    """Pixels are decoded frame by frame, each after its size was checked.

    Raises ``BadDocument`` and ``DocumentTooLarge``.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning)  # damaged metadata
            with Image.open(BytesIO(data), formats=_FORMATS) as picture:
                count: int = getattr(picture, "n_frames", 1)
                if count > MAX_PAGES:
                    raise DocumentTooLarge(f"The file has {count} pages; the most is {MAX_PAGES}.")
                for index in range(count):
                    picture.seek(index)
                    _check_size(picture)
                    yield _upright(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DocumentTooLarge(_too_many_pixels()) from error
    except _BROKEN as error:
        raise BadDocument("The picture is damaged.") from error


def _check_size(picture: Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise DocumentTooLarge(_too_many_pixels())


def _too_many_pixels() -> str:
    return f"The picture is too large; the most is {MAX_PIXELS // 1_000_000} megapixels."


def _upright(frame: Image) -> Image:
    """As the camera meant it (EXIF orientation), on white where it is transparent."""
    from PIL import Image, ImageOps

    picture = ImageOps.exif_transpose(frame)
    if picture.mode.startswith(("I", "F")):  # 16 bits a pixel and more
        grey = picture.convert("F")
        low, high = grey.getextrema()
        if not isinstance(low, float) or not isinstance(high, float):
            raise BadDocument("The picture has no brightness to read.")
        scale = 255 / max(high - low, 1.0)
        return grey.point(lambda value: value * scale - low * scale).convert("RGB")
    if "A" in picture.getbands() or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return picture.convert("RGB")
