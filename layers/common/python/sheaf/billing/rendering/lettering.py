"""Which characters the fonts of the page have.

PDF/A takes no glyph that is missing, so what no font has is drawn as an empty box: a page with a box in it is
better than none. ``fonts/coverage.json`` holds the ranges of code points that the fonts cover together.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from functools import cache
from importlib.resources import files

_UNBROKEN = re.compile(r"\S{30}(?=\S{10})")
_BREAK = "\N{ZERO WIDTH SPACE}"
_BOX = "\N{WHITE SQUARE}"
_INVISIBLE = ("Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp")


def drawable(text: str) -> str:
    """What nobody would see is dropped, line breaks stay."""
    return text if text.isascii() and text.isprintable() else "".join(map(_drawn, text))


def breakable(text: str) -> str:
    """With places to break a line in what is too long for one and has none: numbers of parts, addresses."""
    return _UNBROKEN.sub(lambda found: found[0] + _BREAK, text)


def _drawn(character: str) -> str:
    if character == "\n" or _has_glyph(ord(character)):
        return character
    if character == "\t":
        return " "
    return "" if unicodedata.category(character) in _INVISIBLE else _BOX


def _has_glyph(code: int) -> bool:
    at = bisect_right(_bounds(), code)
    return at % 2 == 1


@cache
def _bounds() -> list[int]:
    """First, one past last, first, one past last …"""
    bounds: list[int] = json.loads((files(__package__) / "fonts" / "coverage.json").read_text("utf-8"))
    return bounds
