"""Receipts on one page: each may come with the text of the whole page, and only some of it is its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from sheaf.capture.reading import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sheaf.capture.normalise.answer import Answer, Entry

_SOMEWHERE = Box(left=0, top=0, width=1, height=1)


def divided(groups: Sequence[Sequence[Answer]]) -> list[tuple[Answer, ...]]:
    """The same groups; a line that several sheets of a page have goes to the one it lies in, or nearest."""
    counted = Counter(page for group in groups for page in {p for sheet in group for p in sheet.pages})
    crowded = {page for page, count in counted.items() if count > 1}
    sheets = [sheet for group in groups for sheet in group if sheet.pages & crowded]
    areas = {id(sheet): _area(sheet) for sheet in sheets}

    def own(sheet: Answer) -> Answer:
        rivals = [other for other in sheets if other.pages & sheet.pages]
        return replace(sheet, lines=tuple(line for line in sheet.lines if _owner(line, rivals) is sheet))

    def _owner(line: Entry, rivals: Iterable[Answer]) -> Answer:
        having = (rival for rival in rivals if line in rival.lines)
        return min(having, key=lambda rival: _distance(line.box or _SOMEWHERE, areas[id(rival)]))

    return [tuple(own(sheet) if id(sheet) in areas else sheet for sheet in group) for group in groups]


def _area(sheet: Answer) -> Box:
    """Around what was recognised as fields and goods."""
    cells = chain(sheet.entries, (cell for row in sheet.rows for cell in row.cells))
    boxes = [entry.box for entry in cells if entry.box is not None]
    if not boxes:
        return _SOMEWHERE
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right = max(box.left + box.width for box in boxes)
    bottom = max(box.top + box.height for box in boxes)
    return Box(left=left, top=top, width=right - left, height=bottom - top)


def _distance(line: Box, area: Box) -> float:
    x, y = line.left + line.width / 2, line.top + line.height / 2
    beside = max(area.left - x, 0.0, x - area.left - area.width)
    above = max(area.top - y, 0.0, y - area.top - area.height)
    return beside**2 + above**2
