"""Which sheets of a file make up one invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.reading import Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheaf.capture.normalise.answer import Answer


def divide(sheets: Sequence[Answer]) -> tuple[tuple[Answer, ...], ...]:
    return (tuple(sheets),)


def more_than_one(sheets: Sequence[Answer]) -> Iterator[Check]:
    """Two sheets with a number and a total of their own, all of them different."""
    found = {
        (number, total)
        for sheet in sheets
        if (number := _text_of(sheet, "INVOICE_RECEIPT_ID")) and (total := _text_of(sheet, "TOTAL"))
    }
    numbers = sorted({number for number, _ in found})
    if len(numbers) > 1 and len({total for _, total in found}) > 1:
        yield Check(
            code="several_documents",
            message=f"The file seems to hold {len(numbers)} invoices ({', '.join(numbers[:5])}): "
            "split it and upload each one.",
            fields=("invoice_number", "total"),
        )


def _text_of(sheet: Answer, kind: str) -> str | None:
    return next((entry.text for entry in sheet.of_type(kind)), None)
