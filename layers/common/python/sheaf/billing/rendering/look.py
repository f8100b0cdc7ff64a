"""What a workspace decides about how its documents look."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from sheaf.kernel.errors import InvalidRequest

if TYPE_CHECKING:
    from lxml.etree import _Element

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
MOST_LOGO_BYTES = 512 << 10
MOST_LOGO_PIXELS = 4_000_000
_PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_SVG = "http://www.w3.org/2000/svg"
_LOADED = ("image", "feImage")
MOST_DRAWN = 20_000
"""Elements of an SVG, those counted that ``use`` draws once more: six lines of it can draw a million."""

_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


class Look(BaseModel):
    """``logo`` are the bytes of a PNG, JPEG or SVG file; ``accent`` colours the title and the amount due."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    logo: bytes | None = None
    accent: Colour = "#1f4e5f"


def drawing(logo: bytes) -> bytes:
    """The logo as an SVG, a picture with an SVG around it: the typesetter takes text alone.

    Raises InvalidRequest: too large a file or too many pixels, as its head says before anything is unpacked;
    an SVG that would load pictures, expand entities or draw the same again and again.
    """
    if len(logo) > MOST_LOGO_BYTES:
        raise logo_refused(f"it has more than {MOST_LOGO_BYTES >> 10} KiB")
    kind = next((kind for magic, kind in _PICTURES.items() if logo.startswith(magic)), None)
    return _drawn(logo) if kind is None else _framed(logo, kind)


def _framed(picture: bytes, kind: str) -> bytes:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(picture), formats=[kind]) as image:
            width, height = image.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise logo_refused("the picture is damaged") from error
    if width * height > MOST_LOGO_PIXELS:
        raise logo_refused(f"it has more than {MOST_LOGO_PIXELS:,} pixels")
    encoded = base64.b64encode(picture).decode()
    return (
        f'<svg xmlns="{_SVG}" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{encoded}"/></svg>'
    ).encode()


def _drawn(svg: bytes) -> bytes:
    from lxml import etree

    try:
        root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise logo_refused("it is not XML") from error
    if root.getroottree().docinfo.doctype or any(True for name in _LOADED for _ in root.iter(f"{{*}}{name}")):
        raise logo_refused("it has pictures or a document type in it")
    if any(True for _ in root.iter("{*}marker")) or _drawn_elements(root) > MOST_DRAWN:
        raise logo_refused("it draws the same too often")
    return svg


def _drawn_elements(root: _Element) -> int:
    """Of what refers to itself, or is nested beyond measure, more than there may be."""
    named = {name: each for each in root.iter() if (name := each.get("id"))}
    known: dict[str, int] = {}

    def count(element: _Element) -> int:
        found = 1 + sum(map(count, element))
        if str(element.tag).rpartition("}")[2] != "use":
            return found
        href = next(filter(None, map(element.get, _HREFS)), "").removeprefix("#")
        if href in named and href not in known:
            known[href] = MOST_DRAWN + 1
            known[href] = count(named[href])
        return found + known.get(href, 0)

    try:
        return count(root)
    except RecursionError:
        return MOST_DRAWN + 1


def logo_refused(why: str) -> InvalidRequest:
    message = f"The logo is not a PNG, JPEG or SVG that can be printed: {why}."
    return InvalidRequest(message, errors=[{"field": "logo", "message": message}])
