"""Reads one document in a process of its own: what Textract's server runs, with a memory and a time limit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from infra.local import textract_results
from infra.local.runtime import Context


def handler(event: dict[str, str], _context: Context) -> dict[str, Any]:
    """``{"input", "output"}`` are paths; the answer is ``{}``, or Textract's name for what is wrong."""
    from sheaf_reader import analyze_expense
    from sheaf_reader.errors import BadDocument, DocumentTooLarge, UnsupportedDocument

    names = {
        UnsupportedDocument: "UnsupportedDocumentException",
        BadDocument: "BadDocumentException",
        DocumentTooLarge: "DocumentTooLargeException",
    }
    try:
        analysis = analyze_expense(Path(event["input"]).read_bytes())
    except (UnsupportedDocument, BadDocument, DocumentTooLarge) as error:
        return {"error": names[type(error)], "message": str(error)}
    except MemoryError:
        return {
            "error": "DocumentTooLargeException",
            "message": "Reading it takes too much memory",
        }
    textract_results.write(Path(event["output"]), analysis)
    return {}
