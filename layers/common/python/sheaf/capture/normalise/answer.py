"""An AnalyzeExpense answer in the words of this package.

The shape is that of AnalyzeExpense and GetExpenseAnalysis
(https://docs.aws.amazon.com/textract/latest/dg/API_ExpenseDocument.html), from 2021, without currencies,
groups and blocks, to today. An invoice of three pages comes as three expense documents: three sheets. Two
receipts on one page come as two sheets too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sheaf.capture.reading import Box, Field, Source
from sheaf.kernel.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_NO_CONFIDENCE = 0.5
_MOST_PAGES = 3_000  # that Textract reads


@dataclass(frozen=True)
class Entry:
    """A value with its label.

    ``letters`` (0 to 1) is how sure the recogniser is of the text, ``confidence`` the lesser of that and
    how sure it is of the type.
    """

    type: str
    label: str
    text: str
    confidence: float
    page: int | None = None
    box: Box | None = None
    groups: frozenset[str] = frozenset()
    currency: str | None = None
    letters: float = 1.0

    @property
    def first_line(self) -> str:
        return self.text.partition("\n")[0]


def field_of(entry: Entry, value: str, share: float = 1.0) -> Field:
    """What an entry says, where it stands; ``share`` is how much of the entry's confidence it keeps."""
    return Field(
        value=value,
        raw=entry.text,
        confidence=round(entry.confidence * share, 3),
        page=entry.page,
        box=entry.box,
        source=Source.TEXTRACT,
    )


@dataclass(frozen=True)
class Row:
    """A line of the table of goods; ``whole`` is the row's text from left to right."""

    cells: tuple[Entry, ...]
    whole: Entry | None

    def cell(self, *types: str) -> Entry | None:
        return next((cell for kind in types for cell in self.cells if cell.type == kind), None)


@dataclass(frozen=True)
class Answer:
    """What one expense document says, or several that were joined. ``lines`` is all the text there is."""

    entries: tuple[Entry, ...]
    rows: tuple[Row, ...]
    lines: tuple[Entry, ...]
    pages: frozenset[int]

    def of_type(self, *types: str) -> Iterator[Entry]:
        return (entry for kind in types for entry in self.entries if entry.type == kind)


_LONGEST = 2_000
"""Characters of a text: what is longer is no field of an invoice, and slow to look through."""


def read_answer(response: Mapping[str, Any]) -> tuple[Answer, ...]:
    """One for each expense document, in the order of the pages.

    Raises ``UnreadableFile`` when a value is of another type than AnalyzeExpense gives it.
    """
    try:
        return _sheets(response)
    except (TypeError, AttributeError, KeyError, ValueError, OverflowError) as error:
        raise UnreadableFile(
            "The answer of the text recognition is damaged: upload the file again.", code="reading_failed"
        ) from error


def _sheets(response: Mapping[str, Any]) -> tuple[Answer, ...]:
    sheets: dict[object, Answer] = {}
    for number, document in enumerate(response.get("ExpenseDocuments") or (), 1):
        entries = tuple(_entries(document.get("SummaryFields") or ()))
        rows = tuple(_rows(document))
        lines = tuple(_lines(document.get("Blocks") or ()) or _spoken(entries, rows))
        named = frozenset(entry.page for entry in (*entries, *lines) if entry.page is not None)
        pages = named or frozenset((number,))
        # A page of the answer may be delivered twice.
        sheets.setdefault((entries, rows, pages), Answer(entries, rows, lines, pages))
    return tuple(sorted(sheets.values(), key=lambda sheet: min(sheet.pages)))


def joined(sheets: Sequence[Answer]) -> Answer:
    """Two sheets of the same page may each come with all of its text: it is there once."""
    lines: list[Entry] = []
    known: set[Entry] = set()
    for sheet in sheets:
        lines.extend(line for line in sheet.lines if line not in known)
        known.update(sheet.lines)
    return Answer(
        tuple(entry for sheet in sheets for entry in sheet.entries),
        tuple(row for sheet in sheets for row in sheet.rows),
        tuple(lines),
        frozenset(page for sheet in sheets for page in sheet.pages),
    )


def _entries(fields: Iterable[Mapping[str, Any]]) -> Iterator[Entry]:
    for field in fields:
        value = field.get("ValueDetection") or {}
        text = _text(value).strip()[:_LONGEST]
        if not text:
            continue
        kind = field.get("Type") or {}
        yield Entry(
            type=_text(kind) or "OTHER",
            label=_text(field.get("LabelDetection") or {}).strip(" \n:-")[:_LONGEST],
            text=text,
            confidence=min(_confidence(value), _confidence(kind)),
            page=_page(field.get("PageNumber")),
            box=_box(value),
            groups=frozenset(
                name for group in field.get("GroupProperties") or () for name in group.get("Types") or ()
            ),
            currency=_text(field.get("Currency") or {}, "Code") or None,
            letters=_confidence(value),
        )


def _rows(document: Mapping[str, Any]) -> Iterator[Row]:
    for group in document.get("LineItemGroups") or ():
        for item in group.get("LineItems") or ():
            cells = tuple(_entries(item.get("LineItemExpenseFields") or ()))
            goods = tuple(cell for cell in cells if cell.type != "EXPENSE_ROW")
            whole = next((cell for cell in cells if cell.type == "EXPENSE_ROW"), None)
            if goods:
                yield Row(goods, whole)


def _lines(blocks: Iterable[Mapping[str, Any]]) -> list[Entry]:
    return [
        Entry(
            "LINE",
            "",
            _text(block),
            _confidence(block),
            _page(block.get("Page")),
            _box(block),
            letters=_confidence(block),
        )
        for block in blocks
        if block.get("BlockType") == "LINE" and block.get("Text")
    ]


def _spoken(entries: tuple[Entry, ...], rows: tuple[Row, ...]) -> list[Entry]:
    """The text of an answer without blocks: labels with their values, then the rows."""
    told = [
        Entry(
            "LINE",
            "",
            f"{entry.label} {line}".strip(),
            entry.confidence,
            entry.page,
            entry.box,
            letters=entry.letters,
        )
        for entry in entries
        for line in entry.text.splitlines()
    ]
    return told + [row.whole for row in rows if row.whole]


def _text(detection: Mapping[str, Any], name: str = "Text") -> str:
    """Half of a surrogate pair, which JSON can hold, is no character and can be stored nowhere."""
    text = detection.get(name) or ""
    if not isinstance(text, str):
        raise TypeError(name)
    return text if text.isascii() else text.encode(errors="replace").decode()


def _page(number: Any) -> int | None:
    return number if isinstance(number, int) and 0 < number <= _MOST_PAGES else None


def _confidence(detection: Mapping[str, Any]) -> float:
    """0 to 1."""
    confidence = detection.get("Confidence")
    if confidence is None or not math.isfinite(confidence):
        return _NO_CONFIDENCE
    return min(max(float(confidence), 0.0), 100.0) / 100


def _box(detection: Mapping[str, Any]) -> Box | None:
    box = (detection.get("Geometry") or {}).get("BoundingBox")
    if not box:
        return None
    left, top, width, height = box["Left"], box["Top"], box["Width"], box["Height"]
    if not math.isfinite(left + top + width + height):
        return None
    return Box(left=left, top=top, width=width, height=height)
