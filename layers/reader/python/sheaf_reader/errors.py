"""What the reader refuses, and why.

ReaderError
├── UnsupportedDocument    not a PDF, PNG, JPEG or TIFF     Textract: UnsupportedDocumentException
├── BadDocument            corrupt, encrypted or empty      Textract: BadDocumentException
└── DocumentTooLarge       over a cap on pages or pixels    Textract: DocumentTooLargeException
"""

from __future__ import annotations


class ReaderError(Exception):
    """The message is a sentence for a person."""


class UnsupportedDocument(ReaderError):
    pass


class BadDocument(ReaderError):
    pass


class DocumentTooLarge(ReaderError):
    pass
