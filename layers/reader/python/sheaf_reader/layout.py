"""From words to lines, rows and blocks.

A *line* is a run of words with ordinary spaces between them, what Textract calls LINE. A *row* is every
line at one height, from left to right; a *block* is lines of one column stacked without a gap.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from statistics import median

from sheaf_reader.lexicon.common import DASHES
from sheaf_reader.page import Box, Page, Word, around

_WORD_SPACE = 0.85  # of the line's height: a wider gap starts another line
_MOST_WORDS = 4000
_LONGEST_WORD = 120
_GLUED_LABEL = re.compile(r"^([^\W\d][^\d:]*(?:\(\d+(?:[.,]\d+)?%?\))?:)(?!//)(?=[^\s:])(.+)$")
_LEADER = re.compile(rf"^[{DASHES}._·…=*~]{{3,}}$")


@dataclass(frozen=True)
class Line:
    words: tuple[Word, ...]
    page: int

    @cached_property
    def box(self) -> Box:
        return around(word.box for word in self.words)

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def has_digits(self) -> bool:
        return any(map(str.isdigit, self.text))

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(word.text) + 1 for word in self.words[:-1]), initial=0))

    @property
    def confidence(self) -> float:
        return sum(word.confidence for word in self.words) / len(self.words)

    def between(self, start: int, end: int) -> Span:
        """Characters of ``text``, in whole words; the span keeps just the characters asked for."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, max(start, end - 1)) - 1
        return Span(self.text[start:end], self.words[first : last + 1], self.page, start)

    def start_of(self, word: int) -> int:
        return self._starts[word]

    def end_of(self, word: int) -> int:
        return self._starts[word] + len(self.words[word].text)


@dataclass(frozen=True)
class Span:
    """A piece of the page: ``text`` as printed, and the words it lies in."""

    text: str
    words: tuple[Word, ...]
    page: int
    offset: int = 0
    """Where it begins in its line."""

    @cached_property
    def box(self) -> Box:
        return around(word.box for word in self.words)

    @property
    def confidence(self) -> float:
        return sum(word.confidence for word in self.words) / len(self.words)


def whole(lines: Sequence[Line]) -> Span:
    return Span(
        "\n".join(line.text for line in lines),
        tuple(word for line in lines for word in line.words),
        lines[0].page,
    )


@dataclass(frozen=True)
class Layout:
    page: Page
    rows: tuple[tuple[Line, ...], ...]
    row_of: dict[int, int]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for row in self.rows for line in row)

    @cached_property
    def blocks(self) -> tuple[tuple[Line, ...], ...]:
        return tuple(_blocks(self.lines))

    @cached_property
    def block_of(self) -> dict[int, tuple[Line, ...]]:
        """By ``id`` of the line."""
        return {id(line): block for block in self.blocks for line in block}

    @cached_property
    def box(self) -> Box:
        return around(line.box for line in self.lines) if self.lines else Box(0, 0, 1, 1)

    @cached_property
    def text_height(self) -> float:
        return median(line.box.height for line in self.lines) if self.lines else 1.0

    def rightwards(self, line: Line) -> tuple[Line, ...]:
        """The lines after this one in its row."""
        row = self.rows[self.row_of[id(line)]]
        return row[row.index(line) + 1 :]

    def below(self, box: Box, reach: float) -> Iterator[Line]:
        """Lines under a box that share some of its width, nearest first, down to ``reach`` heights."""
        limit = box.bottom + reach * box.height
        lines, middles, tallest = self._descending
        first, last = bisect_right(middles, box.bottom), bisect_right(middles, limit + tallest / 2)
        for line in lines[first:last]:
            if line.box.top < limit:
                shared = line.box.overlap_x(box)
                if shared > 0.3 * min(line.box.width, box.width):
                    yield line

    @cached_property
    def _descending(self) -> tuple[list[Line], list[float], float]:
        """The lines from top to bottom, their middles, and the height of the tallest."""
        lines = sorted(self.lines, key=lambda line: line.box.middle)
        tallest = max((line.box.height for line in lines), default=0.0)
        return lines, [line.box.middle for line in lines], tallest


def lay_out(page: Page) -> Layout:
    """Of a page with more words than an invoice has, the first are taken."""
    words = [
        part
        for word in page.words[:_MOST_WORDS]
        if len(word.text) <= _LONGEST_WORD and not _LEADER.match(word.text)
        for part in _unglued(word)
    ]
    lines = [Line(tuple(run), page.number) for run in _runs(words)]
    rows = tuple(_rows(_joined(lines)))
    return Layout(page, rows, {id(line): index for index, row in enumerate(rows) for line in row})


def _unglued(word: Word) -> Iterator[Word]:
    """``Total:12.00`` is two words."""
    glued = _GLUED_LABEL.match(word.text)
    if glued is None:
        yield word
        return
    cut = word.box.left + word.box.width * len(glued[1]) / len(word.text)
    yield Word(glued[1], word.box._replace(right=cut), word.confidence)
    yield Word(glued[2], word.box._replace(left=cut), word.confidence)


def _runs(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Words that follow each other in the page's own order and on the page."""
    run: list[Word] = []
    for word in words:
        if run and not _follows(run[-1].box, word.box):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _follows(left: Box, right: Box) -> bool:
    size = min(left.height, right.height)
    gap = right.left - left.right
    return left.overlap_y(right) > 0.5 * size and -0.5 * size < gap < _WORD_SPACE * max(left.height, size)


def _joined(lines: list[Line]) -> list[Line]:
    """Runs that touch on the page though the page's own order keeps them apart."""
    joined: list[Line] = []
    middles: list[float] = []
    tallest = max((line.box.height for line in lines), default=0.0)
    for line in sorted(lines, key=lambda line: line.box.left):
        for index in reversed(_within(middles, line.box.middle, tallest / 2)):
            before = joined[index]
            if _level(before.box, line.box) and _follows(before.words[-1].box, line.words[0].box):
                joined[index] = Line(before.words + line.words, line.page)
                middles[index] = joined[index].box.middle
                break
        else:
            joined.append(line)
            middles.append(line.box.middle)
    return joined


def _within(middles: list[float], middle: float, reach: float) -> list[int]:
    """What can be level at all: a page of thousands of words is compared in no other way."""
    low, high = middle - reach, middle + reach
    return [index for index, other in enumerate(middles) if low < other < high]


def _level(one: Box, other: Box) -> bool:
    smaller = min(one.height, other.height)
    return one.overlap_y(other) > 0.5 * smaller and abs(one.middle - other.middle) < 0.5 * max(
        one.height, other.height
    )


def _rows(lines: list[Line]) -> list[tuple[Line, ...]]:
    """Each line joins the row whose right end it is most level with: slanted rows hold together."""
    rows: list[list[Line]] = []
    ends: list[float] = []
    tallest = max((line.box.height for line in lines), default=0.0)
    for line in sorted(lines, key=lambda line: line.box.left):
        best, nearest = None, float("inf")
        for index in _within(ends, line.box.middle, tallest / 2):
            end = rows[index][-1].box
            away = abs(end.middle - line.box.middle)
            if away < nearest and _level(end, line.box) and line.box.left >= end.right - 0.3 * end.height:
                best, nearest = index, away
        if best is None:
            rows.append([line])
            ends.append(line.box.middle)
        else:
            rows[best].append(line)
            ends[best] = line.box.middle
    return [tuple(row) for row in sorted(rows, key=lambda row: median(line.box.middle for line in row))]


def _blocks(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    blocks: list[list[Line]] = []
    bottoms: list[float] = []
    tallest = max((line.box.height for line in lines), default=0.0)
    for line in sorted(lines, key=lambda line: line.box.middle):
        for index in reversed(_within(bottoms, line.box.top, tallest)):
            if _stacks(blocks[index], line):
                blocks[index].append(line)
                bottoms[index] = line.box.bottom
                break
        else:
            blocks.append([line])
            bottoms.append(line.box.bottom)
    return [tuple(block) for block in blocks]


def _stacks(block: list[Line], line: Line) -> bool:
    last, box = block[-1].box, line.box
    gap = box.top - last.bottom
    if not -0.6 * last.height < gap < 0.9 * min(last.height, box.height):
        return False
    aligned = abs(box.left - last.left) < 0.8 * last.height
    centred = abs(box.centre - last.centre) < 1.2 * last.height
    flush_right = abs(box.right - last.right) < 0.8 * last.height
    return aligned or centred or flush_right
