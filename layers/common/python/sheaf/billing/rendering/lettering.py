"""Which characters the fonts of the page have.

PDF/A takes no glyph that is missing, so what no font has is drawn as an empty box: a page with a box in it is
better than none. ``fonts/coverage.json`` has the ranges of code points of each font.
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
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_MARKS = ("Mn", "Me", "Mc")
_PRIVATE = "Co"


def drawable(text: str) -> str:
    """What nobody would see is dropped, and so is what turns the direction of writing. Line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    drawn: list[str] = []
    cluster = ""
    for character in unicodedata.normalize("NFC", text):
        is_mark = unicodedata.category(character) in _MARKS
        if is_mark and not (cluster and _one_font_has(cluster + character)):
            continue
        shown = character if is_mark else _drawn(character)
        cluster = cluster + shown if is_mark else shown
        drawn.append(shown)
    return "".join(drawn)


def breakable(text: str) -> str:
    """With places to break a line in what is too long for one and has none: numbers of parts, addresses."""
    return _UNBROKEN.sub(lambda found: found[0] + _BREAK, text)


def _drawn(character: str) -> str:
    if character in "\n\t":
        return character.replace("\t", " ")
    category = unicodedata.category(character)
    if category in _UNSEEN and character not in _JOINERS:
        return ""
    return character if category != _PRIVATE and _one_font_has(character) else _BOX


def _one_font_has(cluster: str) -> bool:
    """A letter and its marks are of one font."""
    return any(all(_covers(bounds, each) for each in cluster) for bounds in _fonts())


def _covers(bounds: list[int], character: str) -> bool:
    return bisect_right(bounds, ord(character)) % 2 == 1


@cache
def _fonts() -> list[list[int]]:
    """For each font: first, one past last, first, one past last …"""
    told = (files(__package__) / "fonts" / "coverage.json").read_text("utf-8")
    fonts: dict[str, list[int]] = json.loads(told)
    return list(fonts.values())
