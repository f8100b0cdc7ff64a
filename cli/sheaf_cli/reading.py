"""One file to what ``sheaf read`` prints of it, by the same steps as the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sheaf.capture.reading import Reading

type Record = dict[str, Any]

_RECORDED = ".json"


def read_file(path: str, *, use_xml: bool = True) -> Record:
    """``path``, ``status``, the fields' values, ``line_items``, ``confidence``, ``checks``; or ``error``."""
    from sheaf.capture.checks import needs_review
    from sheaf.kernel.errors import UnreadableFile

    try:
        reading = _read(Path(path), use_xml=use_xml)
    except UnreadableFile as error:
        return failure(path, error.code, error.message)
    except OSError as error:
        return failure(path, "file_not_opened", error.strerror or str(error))
    return {
        "path": path,
        "status": "needs_review" if needs_review(reading) else "ready",
        "document_type": reading.document_type.value,
        "engine": reading.engine.value,
        **{name: field.value for name, field in reading.fields.items()},
        "line_items": [
            item.model_dump(exclude_none=True, exclude={"confidence", "page", "box"})
            for item in reading.line_items
        ],
        "confidence": {name: round(field.confidence, 4) for name, field in reading.fields.items()},
        "checks": [check.model_dump(exclude_none=True) for check in reading.checks],
    }


def failure(path: str, code: str, message: str) -> Record:
    return {"path": path, "status": "failed", "error": {"code": code, "message": message}}


def _read(path: Path, *, use_xml: bool) -> Reading:
    from sheaf.capture.content_types import XML
    from sheaf.capture.examination import look_into
    from sheaf.capture.inspection import Limits
    from sheaf.capture.normalise import normalise
    from sheaf.capture.reading import Source

    with path.open("rb") as file:
        data = file.read(Limits().max_bytes + 1)  # one more than allowed: inspection says so
    if path.suffix.lower() == _RECORDED:
        return normalise(_recorded(data), source=Source.TEXTRACT)[0].reading
    inspection, reading = look_into(data, content_type=None)
    if reading is not None and (use_xml or inspection.content_type == XML):
        return reading
    return normalise(_expense(inspection.readable or data), source=Source.EMBEDDED)[0].reading


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
