"""Pages for the reader's tests, written as people see them: one string a line, tabs between columns."""

from __future__ import annotations

from sheaf_reader.layout import Layout, lay_out
from sheaf_reader.page import Affine, Box, Page, Word

_ADVANCE, _HEIGHT, _LEADING, _COLUMN = 6.0, 10.0, 14.0, 240.0


def page(*lines: str, number: int = 1) -> Page:
    """Every glyph is 6 wide and 10 high, columns are 240 apart, lines 14."""
    words = [word for row, line in enumerate(lines) for word in _words(line, row * _LEADING)]
    return Page(number, tuple(words), Affine(1 / 1000, 0, 0, 0, 1 / 1000, 0))


def layout(*lines: str) -> Layout:
    return lay_out(page(*lines))


def _words(line: str, top: float) -> list[Word]:
    words = []
    for column, cell in enumerate(line.split("\t")):
        left = column * _COLUMN
        for text in cell.split():
            right = left + _ADVANCE * len(text)
            words.append(Word(text, Box(left, top, right, top + _HEIGHT)))
            left = right + _ADVANCE
    return words
