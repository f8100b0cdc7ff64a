"""One file to what ``sheaf read`` prints of it, by the same steps as the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sheaf.capture.reading import Part, Reading

type Record = dict[str, Any]

_RECORDED = ".json"


def read_file(path: str, *, use_xml: bool = True) -> Record:
    """``path``, ``status``, the fields' values, ``line_items``, ``risk``, ``confidence``, ``checks``; or
    ``error``.

    Of a file of several invoices, that is the first one; ``parts`` has all of them, each with the numbers
    of its first and last page as ``pages``.
    """
    from sheaf.kernel.errors import UnreadableFile

    try:
        parts = _read(Path(path), use_xml=use_xml)
    except UnreadableFile as error:
        return failure(path, error.code, error.message)
    except OSError as error:
        return failure(path, "file_not_opened", error.strerror or str(error))
    first = {"path": path, **_said(parts[0].reading)}
    if len(parts) == 1:
        return first
    said = [{"pages": [part.first_page, part.last_page], **_said(part.reading)} for part in parts]
    return {**first, "parts": said}


def _said(reading: Reading) -> Record:
    from sheaf.capture.checks import needs_review
    from sheaf.capture.risk import risk

    return {
        "status": "needs_review" if needs_review(reading) else "ready",
        "document_type": reading.document_type.value,
        "engine": reading.engine.value,
        **{name: field.value for name, field in reading.fields.items()},
        "line_items": [
            item.model_dump(exclude_none=True, exclude={"confidence", "page", "box"})
            for item in reading.line_items
        ],
        "risk": round(risk(reading), 4),
        "confidence": {name: round(field.confidence, 4) for name, field in reading.fields.items()},
        "checks": [check.model_dump(exclude_none=True) for check in reading.checks],
    }


def failure(path: str, code: str, message: str) -> Record:
    return {"path": path, "status": "failed", "error": {"code": code, "message": message}}


def page_answer(path: Path) -> dict[str, Any] | None:
    """What the reader answers for the file's pages; None for an e-invoice that has none.

    Raises UnreadableFile.
    """
    from sheaf.capture.inspection import inspect

    data = _bytes(path)
    if path.suffix.lower() == _RECORDED:
        return _recorded(data)
    inspection = inspect(data, content_type=None)
    return None if inspection.einvoice_xml == data else _expense(inspection.readable or data)


def _bytes(path: Path) -> bytes:
    from sheaf.capture.inspection import Limits

    with path.open("rb") as file:
        return file.read(Limits().max_bytes + 1)  # one more than allowed: inspection says so


def _read(path: Path, *, use_xml: bool) -> tuple[Part, ...]:
    from sheaf.capture.content_types import XML
    from sheaf.capture.examination import look_into
    from sheaf.capture.normalise import normalise
    from sheaf.capture.reading import Part, Source

    data = _bytes(path)
    if path.suffix.lower() == _RECORDED:
        return normalise(_recorded(data), source=Source.TEXTRACT)
    inspection, reading = look_into(data, content_type=None)
    if reading is not None and (use_xml or inspection.content_type == XML):
        return (Part(reading=reading, first_page=1, last_page=max(inspection.pages, 1)),)
    return normalise(_expense(inspection.readable or data), source=Source.EMBEDDED)


def _expense(data: bytes) -> dict[str, Any]:
    import sheaf_reader
    from sheaf.kernel.errors import UnreadableFile

    codes = {
        sheaf_reader.UnsupportedDocument: "file_type_unsupported",
        sheaf_reader.BadDocument: "file_corrupt",
        sheaf_reader.DocumentTooLarge: "file_too_large",
    }
    try:
        return sheaf_reader.analyze_expense(data)
    except sheaf_reader.ReaderError as error:
        raise UnreadableFile(str(error), code=codes[type(error)]) from error


def _recorded(data: bytes) -> dict[str, Any]:
    """A recorded answer of Textract's: one object, or the list of its pages as they were fetched."""
    from sheaf.kernel.errors import UnreadableFile

    try:
        answer = json.loads(data)
    except ValueError as error:
        raise UnreadableFile("The file is not JSON.", code="file_corrupt") from error
    pages = answer if isinstance(answer, list) else [answer]
    if not all(isinstance(page, dict) and isinstance(page.get("ExpenseDocuments"), list) for page in pages):
        raise UnreadableFile("The file is no answer of AnalyzeExpense.", code="file_type_unsupported")
    return {"ExpenseDocuments": [document for page in pages for document in page["ExpenseDocuments"]]}
