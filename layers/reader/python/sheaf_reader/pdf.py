"""PDF pages: the words a page carries, or a picture of it where it carries none."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from sheaf_reader.errors import BadDocument, DocumentTooLarge
from sheaf_reader.page import Affine, Box, Page, Word

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

MAX_PAGES = 500
_DOTS_PER_INCH = 180
_MAX_PIXELS = 12_000_000
_ENOUGH = 40  # characters
_PLENTY = 200
_MEANINGFUL_SHARE = 0.4
_AN_AMOUNT = re.compile(r"\d[.,]\d\d(?!\d)")
_SCANNED_SHARE = 0.6  # of the page
_LOGO_SHARE = 0.05
_DRAWN_LETTERS = 60
_MOST_OBJECTS = 2000
_HYPHENS = frozenset((0x02, 0xAD, 0xFFFE))  # what PDFium reports for a hyphen at the end of a line
_BLANK = frozenset((*range(0x21), 0xA0, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000, 0xFEFF)) - _HYPHENS
_SURROGATES = 0xD800, 0xDFFF
_ONWARDS = (0, 1)  # quarter turns after which text runs towards larger coordinates
_JUMP, _GAP = 0.6, 0.35  # heights of a glyph


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
    """False for glyphs without meaning, for a scan with a stamp or a header of text, for drawn letters.

    Many characters over a scan are what recognition has found on it, if they hold an amount.
    """
    text = "".join(word.text for word in read.words)
    meaningful = sum(map(str.isalnum, text))
    if meaningful < len(text) * _MEANINGFUL_SHARE:
        return False
    if meaningful > _PLENTY and _AN_AMOUNT.search(text):
        return True
    pictured, drawn = _drawn(page)
    if meaningful > _ENOUGH:
        return pictured < _SCANNED_SHARE
    return pictured < _LOGO_SHARE and drawn < _DRAWN_LETTERS


def _drawn(page: pypdfium2.PdfPage) -> tuple[float, int]:
    """How much of the page its pictures cover, and how many paths are drawn on it."""
    import pypdfium2 as pdfium

    width, height = page.get_size()
    kinds = [pdfium.raw.FPDF_PAGEOBJ_IMAGE, pdfium.raw.FPDF_PAGEOBJ_PATH]
    share, paths = 0.0, 0
    for drawn in islice(page.get_objects(filter=kinds, max_depth=3), _MOST_OBJECTS):
        if drawn.type == pdfium.raw.FPDF_PAGEOBJ_PATH:
            paths += 1
        else:
            box = Box(*drawn.get_bounds())
            share += abs(box.width * box.height) / max(width * height, 1)
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
    """Words in PDF space, each with the quarter turns its text is turned by.

    A word ends at a space, and where the next glyph is no neighbour: a jump, or a wide gap. Distances are
    taken along the text, whatever way it runs.
    """
    import pypdfium2 as pdfium

    textpage = page.get_textpage()
    try:
        raw, handle = pdfium.raw, textpage.raw
        box_of, rect = raw.FPDFText_GetLooseCharBox, raw.FS_RECTF()
        reference = ctypes.byref(rect)
        text = ""
        quarters = 0
        start = end = low = high = last_start = last_end = last_low = last_high = 0.0
        for index, code in enumerate(_codes(textpage)):
            if code in _BLANK:
                if text:
                    yield quarters, Word(text, _along(quarters, start, end, low, high))
                    text = ""
                continue
            box_of(handle, index, reference)
            if quarters % 2:
                first, last, under, over = rect.bottom, rect.top, rect.left, rect.right
            else:
                first, last, under, over = rect.left, rect.right, rect.bottom, rect.top
            if text:
                size = max(last_high - last_low, over - under)
                gap = first - last_end if quarters in _ONWARDS else last_start - last
                if abs(under - last_low) > size * _JUMP or not -size < gap < size * _GAP:
                    yield quarters, Word(text, _along(quarters, start, end, low, high))
                    text = ""
            if text:
                start, end, low, high = min(start, first), max(end, last), min(low, under), max(high, over)
            else:
                turned = -round(raw.FPDFText_GetCharAngle(handle, index) / (math.pi / 2)) % 4
                if (turned - quarters) % 2:
                    first, last, under, over = under, over, first, last
                quarters = turned
                start, end, low, high = first, last, under, over
            last_start, last_end, last_low, last_high = first, last, under, over
            text += "-" if code in _HYPHENS else _character(code)
        if text:
            yield quarters, Word(text, _along(quarters, start, end, low, high))
    finally:
        textpage.close()


def _codes(textpage: pypdfium2.PdfTextPage) -> Sequence[int]:
    """The code of every glyph: in one call, unless the text has more or fewer characters than glyphs."""
    import pypdfium2 as pdfium

    count = textpage.count_chars()
    text = (ctypes.c_ushort * (count + 1))()
    written = pdfium.raw.FPDFText_GetText(textpage.raw, 0, count, text)
    codes: list[int] = text[:count]
    if written == count + 1 and not any(_SURROGATES[0] <= code <= _SURROGATES[1] for code in codes):
        return codes
    return [pdfium.raw.FPDFText_GetUnicode(textpage.raw, index) for index in range(count)]


def _along(quarters: int, start: float, end: float, low: float, high: float) -> Box:
    return Box(low, start, high, end) if quarters % 2 else Box(start, low, end, high)


def _character(code: int) -> str:
    """Half of a surrogate pair is no character, and no text that holds one can be sent anywhere."""
    return "\ufffd" if _SURROGATES[0] <= code <= _SURROGATES[1] else chr(code)
