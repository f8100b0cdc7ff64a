"""A file's pages, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Iterator

from sheaf_reader import ocr, pdf, picture
from sheaf_reader.errors import UnsupportedDocument
from sheaf_reader.page import Page

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_PDF_HEADER_WITHIN = 1024  # bytes: what viewers tolerate before it


def pages(data: bytes) -> Iterator[Page]:
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        with pdf.opened(data) as document:
            for index in range(len(document)):
                read = pdf.page_of(document, index)
                yield read if isinstance(read, Page) else ocr.read(read, index + 1)
    elif data.startswith(_PICTURES):
        for number, frame in enumerate(picture.pages(data), 1):
            yield ocr.read(frame, number)
    else:
        raise UnsupportedDocument("The file is neither a PDF nor a PNG, JPEG or TIFF picture.")
