"""From an AnalyzeExpense answer, Amazon Textract's or the local reader's, to readings.

A file may hold several invoices: its pages are divided first (``parts``), then each invoice is read on its
own (``invoice``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheaf.capture.normalise.answer import joined, read_answer
from sheaf.capture.normalise.invoice import read_invoice
from sheaf.capture.normalise.parts import Group, divide
from sheaf.capture.reading import Check, Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheaf.capture.normalise.answer import Answer
    from sheaf.capture.reading import Source


_IN_DOUBT = Check(
    code="several_documents",
    message="The file seems to hold more than one invoice: if it does, divide it.",
    fields=("invoice_number", "total"),
)


def normalise(
    response: Mapping[str, Any], *, source: Source, pages: Sequence[tuple[int, int]] = ()
) -> tuple[Part, ...]:
    """The invoices of a file in the order of its pages: one at least, whatever the answer holds.

    ``pages``: the first and the last one of each invoice, where somebody has said so.
    """
    sheets = read_answer(response)
    if pages:
        return tuple(_cut(sheets, first, last, source) for first, last in pages)
    return tuple(_part(group, source) for group in divide(sheets))


def _cut(sheets: Sequence[Answer], first: int, last: int, source: Source) -> Part:
    own = tuple(sheet for sheet in sheets if first <= min(sheet.pages) <= last)
    part = _part(Group(own), source)
    return part.model_copy(update={"first_page": first, "last_page": last})


def _part(group: Group, source: Source) -> Part:
    answer = joined(group.sheets)
    reading = read_invoice(answer, source)
    if group.in_doubt:
        reading = reading.model_copy(update={"checks": (*reading.checks, _IN_DOUBT)})
    return Part(
        reading=reading,
        first_page=min(answer.pages, default=1),
        last_page=max(answer.pages, default=1),
    )
