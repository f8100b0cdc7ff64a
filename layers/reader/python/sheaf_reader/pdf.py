"""PDF pages: the words a page carries, or a picture of it where it carries none."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sheaf_reader.errors import BadDocument, DocumentTooLarge
from sheaf_reader.page import Affine, Box, Page, Word, around

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

MAX_PAGES = 500
_DOTS_PER_INCH = 180
_MAX_PIXELS = 12_000_000
_ENOUGH = 40  # characters
_PLENTY = 200
_MEANINGFUL_SHARE = 0.4
_SCANNED_SHARE = 0.6  # of the page
_LOGO_SHARE = 0.05
_DRAWN_LETTERS = 60
_MOST_OBJECTS = 2000
_SPACES = frozenset((0xA0, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000, 0xFEFF))
_LAST_CONTROL = 0x20
_HYPHENS = frozenset((0x02, 0xAD, 0xFFFE))  # what PDFium reports for a hyphen at the end of a line


class _Glyph(NamedTuple):
    text: str
    box: Box


@contextmanager
def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Raises ``BadDocument`` and ``DocumentTooLarge``."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = error.err_code == pdfium.raw.FPDF_ERR_PASSWORD
        raise BadDocument("The PDF is encrypted." if locked else "The PDF is damaged.") from error
    try:
        if len(document) == 0:
            raise BadDocument("The PDF has no pages.")
        if len(document) > MAX_PAGES:
            raise DocumentTooLarge(f"The PDF has {len(document)} pages; the most is {MAX_PAGES}.")
        if document.get_formtype() != pdfium.raw.FORMTYPE_NONE:
            document.init_forms()
        yield document
    finally:
        document.close()


def page_of(document: pypdfium2.PdfDocument, index: int) -> Page | Image:
    """The page with its words, or its picture when it has no words to speak of."""
    import pypdfium2 as pdfium

    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        raise BadDocument(f"Page {index + 1} of the PDF is damaged.") from error
    try:
        if document.formenv:
            page.flatten()  # the values of form fields become text
        read = _read(page, index + 1)
        return read if _is_usable(read, page) else _rendered(page)
    finally:
        page.close()


def _rendered(page: pypdfium2.PdfPage) -> Image:
    width, height = page.get_size()
    scale = min(_DOTS_PER_INCH / 72, math.sqrt(_MAX_PIXELS / max(width * height, 1)))
    image: Image = page.render(scale=scale, may_draw_forms=True).to_pil()
    return image.convert("RGB")


def _is_usable(read: Page, page: pypdfium2.PdfPage) -> bool:
    """False for glyphs without meaning, for a scan with a stamp of text on it, for drawn letters."""
    text = "".join(word.text for word in read.words)
    meaningful = sum(character.isalnum() for character in text)
    if meaningful < len(text) * _MEANINGFUL_SHARE:
        return False
    if meaningful > _PLENTY:
        return True
    pictured, drawn = _drawn(page)
    if meaningful > _ENOUGH:
        return pictured < _SCANNED_SHARE
    return pictured < _LOGO_SHARE and drawn < _DRAWN_LETTERS


def _drawn(page: pypdfium2.PdfPage) -> tuple[float, int]:
    """How much of the page its largest picture covers, and how many paths are drawn on it."""
    import pypdfium2 as pdfium

    width, height = page.get_size()
    kinds = [pdfium.raw.FPDF_PAGEOBJ_IMAGE, pdfium.raw.FPDF_PAGEOBJ_PATH]
    share, paths = 0.0, 0
    for drawn in islice(page.get_objects(filter=kinds, max_depth=3), _MOST_OBJECTS):
        if drawn.type == pdfium.raw.FPDF_PAGEOBJ_PATH:
            paths += 1
        else:
            box = Box(*drawn.get_bounds())
            share = max(share, abs(box.width * box.height) / max(width * height, 1))
    return share, paths


def _read(page: pypdfium2.PdfPage, number: int) -> Page:
    to_shown = _shown(page)
    turned = list(_words(page))
    quarter = Counter[int]()
    for quarters, word in turned:
        quarter[quarters] += len(word.text)
    upright = quarter.most_common(1)[0][0] if quarter else 0
    turn = _TURNS[upright]
    words = tuple(Word(word.text, turn.box(word.box)) for quarters, word in turned if quarters == upright)
    return Page(number, words, to_shown.after(turn.inverse()))


# A text's direction in quarter turns against the clock in PDF space (y upwards) → what makes it run to
# the right in a space with y downwards.
_TURNS = {
    0: Affine(1, 0, 0, 0, -1, 0),
    1: Affine(0, 1, 0, 1, 0, 0),
    2: Affine(-1, 0, 0, 0, 1, 0),
    3: Affine(0, -1, 0, -1, 0, 0),
}


def _shown(page: pypdfium2.PdfPage) -> Affine:
    """PDF space (y upwards) → shares of the page as shown, its ``/Rotate`` applied."""
    left, bottom, right, top = page.get_bbox()
    width, height = max(right - left, 1e-6), max(top - bottom, 1e-6)
    upright = Affine(1 / width, 0, -left / width, 0, -1 / height, top / height)
    turns = {
        0: Affine(1, 0, 0, 0, 1, 0),
        90: Affine(0, -1, 1, 1, 0, 0),
        180: Affine(-1, 0, 1, 0, -1, 1),
        270: Affine(0, 1, 0, -1, 0, 1),
    }
    return turns[page.get_rotation()].after(upright)


def _words(page: pypdfium2.PdfPage) -> Iterator[tuple[int, Word]]:
    """Words in PDF space, each with the quarter turns its text is turned by."""
    import pypdfium2 as pdfium

    textpage = page.get_textpage()
    try:
        raw, handle = pdfium.raw, textpage.raw
        rect = raw.FS_RECTF()
        reference = ctypes.byref(rect)
        glyphs: list[_Glyph] = []
        quarters = 0
        for index in range(textpage.count_chars()):
            code = raw.FPDFText_GetUnicode(handle, index)
            if (code <= _LAST_CONTROL and code not in _HYPHENS) or code in _SPACES:
                if glyphs:
                    yield quarters, _word(glyphs)
                    glyphs = []
                continue
            raw.FPDFText_GetLooseCharBox(handle, index, reference)
            box = Box(rect.left, rect.bottom, rect.right, rect.top)
            if glyphs and _is_apart(glyphs[-1].box, box, quarters):
                yield quarters, _word(glyphs)
                glyphs = []
            if not glyphs:
                clockwise = raw.FPDFText_GetCharAngle(handle, index) / (math.pi / 2)
                quarters = -round(clockwise) % 4
            glyphs.append(_Glyph("-" if code in _HYPHENS else _character(code), box))
        if glyphs:
            yield quarters, _word(glyphs)
    finally:
        textpage.close()


def _is_apart(last: Box, box: Box, quarters: int) -> bool:
    """Whether a glyph starts another word though no space is between: a jump, or a wide gap."""
    if quarters % 2:
        last, box = (Box(b.top, b.left, b.bottom, b.right) for b in (last, box))
    size = max(last.height, box.height)
    gap = box.left - last.right if quarters in (0, 1) else last.left - box.right
    return abs(box.top - last.top) > size * 0.6 or not -size < gap < size * 0.35


def _word(glyphs: list[_Glyph]) -> Word:
    return Word("".join(glyph.text for glyph in glyphs), around(glyph.box for glyph in glyphs))


def _character(code: int) -> str:
    """Half of a surrogate pair is no character, and no text that holds one can be sent anywhere."""
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)  # noqa: PLR2004  # the surrogates' range
