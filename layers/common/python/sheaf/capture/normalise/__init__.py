"""From an AnalyzeExpense answer, Amazon Textract's or the local reader's, to readings.

A file may hold several invoices: its pages are divided first (``parts``), then each invoice is read on its
own (``invoice``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheaf.capture.normalise.answer import joined, read_answer
from sheaf.capture.normalise.invoice import read_invoice
from sheaf.capture.normalise.parts import divide, more_than_one
from sheaf.capture.reading import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheaf.capture.normalise.answer import Answer
    from sheaf.capture.reading import Source


def normalise(response: Mapping[str, Any], *, source: Source) -> tuple[Part, ...]:
    """The invoices of a file in the order of its pages: one at least, whatever the answer holds."""
    return tuple(_part(sheets, source) for sheets in divide(read_answer(response)))


def _part(sheets: tuple[Answer, ...], source: Source) -> Part:
    answer = joined(sheets)
    reading = read_invoice(answer, source)
    found = tuple(more_than_one(sheets))
    if found:
        reading = reading.model_copy(update={"checks": (*reading.checks, *found)})
    return Part(
        reading=reading, first_page=min(answer.pages, default=1), last_page=max(answer.pages, default=1)
    )
