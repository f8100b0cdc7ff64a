"""From an AnalyzeExpense answer, Amazon Textract's or the local reader's, to readings.

A file may hold several invoices: its pages are divided first (``parts``), then each invoice is read on its
own (``invoice``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheaf.capture.normalise.answer import joined, read_answer
from sheaf.capture.normalise.invoice import read_invoice
from sheaf.capture.normalise.parts import divide
from sheaf.capture.reading import Check, Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheaf.capture.normalise.parts import Group
    from sheaf.capture.reading import Source


_IN_DOUBT = Check(
    code="several_documents",
    message="The file seems to hold more than one invoice: if it does, split it and upload each one.",
    fields=("invoice_number", "total"),
)


def normalise(response: Mapping[str, Any], *, source: Source) -> tuple[Part, ...]:
    """The invoices of a file in the order of its pages: one at least, whatever the answer holds."""
    return tuple(_part(group, source) for group in divide(read_answer(response)))


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
