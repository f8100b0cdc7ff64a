"""AnalyzeExpense without AWS: PDF text and OCR in the response shape of Amazon Textract."""

from __future__ import annotations

from typing import Any

from sheaf_reader.document import pages
from sheaf_reader.errors import BadDocument, DocumentTooLarge, ReaderError, UnsupportedDocument
from sheaf_reader.expense import analyse
from sheaf_reader.response import response

__all__ = ["BadDocument", "DocumentTooLarge", "ReaderError", "UnsupportedDocument", "analyze_expense"]


def analyze_expense(data: bytes) -> dict[str, Any]:
    """The JSON that Amazon Textract's AnalyzeExpense answers, one ExpenseDocument a page.

    Takes PDF (with text, scanned, mixed), PNG, JPEG and TIFF with several pages. Geometry is in shares of
    the page as a viewer shows it, confidences in percent. Raises ``ReaderError``'s children.
    """
    return response(analyse(list(pages(data))))
