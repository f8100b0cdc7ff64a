"""An Excel workbook: a sheet of documents and one of their lines, with typed cells.

A row is written as it comes and forgotten. The same documents give the same bytes: the workbook says it was
made on a fixed day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

from sheaf.capture.amounts import plain
from sheaf.exports.cells import inert
from sheaf.exports.rows import ExportedDocument, Layout, Written
from sheaf.exports.tables import DOCUMENT_COLUMNS, LINE_COLUMNS, Cell, document_row, line_rows

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_MOST_ROWS = 1_048_576
_MOST_CHARACTERS = 32_767
"""Of a cell. https://support.microsoft.com/office/excel-specifications-and-limits"""

_EXACT_DIGITS = 15
"""An Excel number is a double: a decimal with more digits is kept as text, since it would be rounded."""

_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1900, 3, 1)
"""Excel believes that 1900 was a leap year: earlier days are written as text."""

_WIDTH = 18


def write(documents: Iterable[ExportedDocument], out: BinaryIO, _layout: Layout) -> Written:
    from xlsxwriter.workbook import Workbook

    # In constant memory strings stand in the sheets, and a sheet goes to a file of its own in TMPDIR.
    workbook = Workbook(out, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    workbook.set_properties({"created": _EPOCH.replace(tzinfo=None)})
    styles = _Styles(workbook)
    documents_sheet = _Sheet(workbook, styles, "Documents", DOCUMENT_COLUMNS)
    lines_sheet = _Sheet(workbook, styles, "Lines", LINE_COLUMNS)
    for document in documents:
        documents_sheet.append(document_row(document))
        for row in line_rows(document):
            lines_sheet.append(row)
    workbook.close()
    return Written(
        extension="xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


class _Styles:
    def __init__(self, workbook: Workbook) -> None:
        self.heading: Format = workbook.add_format({"bold": True})
        self.day: Format = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self.instant: Format = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})


class _Sheet:
    """Goes on in another sheet of the name when one is full."""

    def __init__(self, workbook: Workbook, styles: _Styles, name: str, columns: tuple[str, ...]) -> None:
        self._workbook = workbook
        self._styles = styles
        self._name = name
        self._columns = columns
        self._sheets = 0
        self._begin()

    def append(self, cells: tuple[Cell, ...]) -> None:
        if self._row == _MOST_ROWS:
            self._begin()
        for column, cell in enumerate(cells):
            self._write(self._sheet, self._row, column, cell)
        self._row += 1

    def _begin(self) -> None:
        self._sheets += 1
        self._sheet: Worksheet = self._workbook.add_worksheet(
            self._name if self._sheets == 1 else f"{self._name} {self._sheets}"
        )
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(self._columns) - 1, _WIDTH)
        for column, name in enumerate(self._columns):
            self._sheet.write_string(0, column, name, self._styles.heading)
        self._row = 1

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        match cell:
            case None:
                pass
            case str():
                sheet.write_string(row, column, _fitting(inert(cell)))
            case Decimal() if len(cell.as_tuple().digits) > _EXACT_DIGITS:
                sheet.write_string(row, column, plain(cell))
            case Decimal() | int():
                sheet.write_number(row, column, float(cell))
            case datetime():
                sheet.write_datetime(
                    row, column, cell.replace(tzinfo=None, microsecond=0), self._styles.instant
                )
            case date() if cell >= _FIRST_DAY:
                sheet.write_datetime(row, column, cell, self._styles.day)
            case date():
                sheet.write_string(row, column, cell.isoformat())


def _fitting(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"
