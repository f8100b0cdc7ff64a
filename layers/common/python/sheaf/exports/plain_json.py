"""The readings as JSON, whole: with where each value stands on its page and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from sheaf.exports.rows import ExportedDocument, Layout, Written


def write(documents: Iterable[ExportedDocument], out: BinaryIO, _layout: Layout) -> Written:
    """One object; each document stands on a line of its own."""
    out.write(b'{"version":1,"documents":[')
    for number, document in enumerate(documents):
        out.write(b",\n" if number else b"\n")
        out.write(document.model_dump_json().encode())
    out.write(b"\n]}\n")
    return Written(extension="json", content_type="application/json")
