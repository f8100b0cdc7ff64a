"""The lines of text that stand side by side: a label in one column, its value in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheaf.capture.normalise.answer import Answer, Entry

_SHARE_OF_HEIGHT = 0.6


def text_rows(answer: Answer) -> Iterator[tuple[Entry, ...]]:
    """The rows of each page from top to bottom, each from left to right. A line that nobody placed is a
    row of its own.
    """
    pages: dict[int | None, list[Entry]] = {}
    for line in answer.lines:
        if line.box is None:
            yield (line,)
        else:
            pages.setdefault(line.page, []).append(line)
    for lines in pages.values():
        row: list[Entry] = []
        for line in sorted(lines, key=middle):
            if row and middle(line) - middle(row[-1]) > _SHARE_OF_HEIGHT * _height(row[-1]):
                yield tuple(sorted(row, key=_left))
                row = []
            row.append(line)
        yield tuple(sorted(row, key=_left))


def middle(line: Entry) -> float:
    return line.box.top + line.box.height / 2 if line.box else 0.0


def _height(line: Entry) -> float:
    return line.box.height if line.box else 0.0


def _left(line: Entry) -> float:
    return line.box.left if line.box else 0.0
