"""Whether a file can become a reading, found out before anything is spent on it.

Every refusal is an ``UnreadableFile`` with one of these codes:

    file_empty              no bytes, or a PDF without a page
    file_too_large          more bytes than the limit
    file_type_unsupported   not a PDF, PNG, JPEG, TIFF, WebP, HEIC or XML
    file_type_mismatch      the bytes are of another type than was declared
    file_corrupt            damaged: it does not open, or ends too early
    file_encrypted          opens with a password only
    file_too_many_pages     more pages than the limit
    file_image_too_large    a picture with more pixels, or a PDF page wider or higher, than the limit
    file_xml_not_invoice    XML, but no UBL or CII invoice
    file_timed_out          takes longer to look into than the limit        (see ``untrusted``)
    file_too_complex        takes more memory to open than the limit, or stops what reads it
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheaf.capture import pictures
from sheaf.capture.content_types import (
    JPEG,
    NAMES,
    PDF,
    READABLE,
    WHAT_TO_SEND,
    XML,
    content_type_of_bytes,
    content_type_of_name,
    declared,
)
from sheaf.capture.einvoice import require_einvoice
from sheaf.kernel.confined import Bounds
from sheaf.kernel.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfDocument

__all__ = ["Inspection", "Limits", "content_type_of_name", "inspect"]

# The names that Factur-X, ZUGFeRD 1 and 2 and XRechnung give the attachment.
_EINVOICE_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
_MOST_ATTACHMENTS = 100


@dataclass(frozen=True)
class Limits:
    """Pages and points are those Amazon Textract takes, or fewer; ``bounds`` are those of ``examine``."""

    max_bytes: int = 52_428_800
    max_pages: int = 500
    max_pixels: int = 100_000_000
    max_page_points: int = 9_000
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True)
class Inspection:
    """``content_type`` is what the bytes are, whatever was declared; a plain XML counts as one page.

    ``readable`` is there when the original must be converted before its text can be recognised.
    """

    content_type: str
    pages: int
    einvoice_xml: bytes | None = None
    readable: bytes | None = None
    readable_content_type: str | None = None


def inspect(data: bytes, *, content_type: str | None, limits: Limits = Limits()) -> Inspection:
    if not data.strip(b"\x00\t\r\n "):
        raise UnreadableFile("The file is empty: upload it again.", code="file_empty")
    if len(data) > limits.max_bytes:
        raise UnreadableFile(
            f"The file has {len(data):,} bytes, the limit is {limits.max_bytes:,}: "
            "split it or scan it at a lower resolution.",
            code="file_too_large",
        )
    actual = _type(data, declared(content_type))
    if actual == PDF:
        return _inspect_pdf(data, limits)
    if actual == XML:
        require_einvoice(data)
        return Inspection(XML, pages=1, einvoice_xml=data)
    return _inspect_picture(data, actual, limits)


def _type(data: bytes, said: str | None) -> str:
    actual = content_type_of_bytes(data)
    if said is not None and said != actual and (actual in READABLE or said in READABLE):
        raise UnreadableFile(
            f"The file was declared as {NAMES.get(said, said)} but is {_name(actual)}: "
            "upload it with its right type and extension, or export it again.",
            code="file_type_mismatch",
        )
    if actual is None or actual not in READABLE:
        raise UnreadableFile(
            f"The file is {_name(actual)}, which cannot be read: {WHAT_TO_SEND}",
            code="file_type_unsupported",
        )
    return actual


def _name(content_type: str | None) -> str:
    return "of an unknown type" if content_type is None else NAMES[content_type]


def _inspect_pdf(data: bytes, limits: Limits) -> Inspection:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refused_pdf(error) from error
    with pdf:
        pages = len(pdf)
        if pages > limits.max_pages:
            raise _too_many_pages(f"{pages:,}", limits)
        _refuse_giant_pages(pdf, limits)
        return Inspection(PDF, pages, einvoice_xml=_embedded_einvoice(pdf))


def _refuse_giant_pages(pdf: PdfDocument, limits: Limits) -> None:
    from pypdfium2 import PdfiumError

    for index in range(len(pdf)):
        try:
            longest = max(pdf.get_page_size(index))
        except PdfiumError:
            continue
        if longest > limits.max_page_points:
            raise UnreadableFile(
                f"Page {index + 1} is {longest:,.0f} points long, the limit is {limits.max_page_points:,}: "
                "export it at its paper size.",
                code="file_image_too_large",
            )


def _refused_pdf(error: Exception) -> UnreadableFile:
    from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY, FPDF_ERR_SUCCESS

    reason = getattr(error, "err_code", None)
    if reason in (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY):
        return UnreadableFile(
            "The PDF is protected by a password: save it without one and upload it again.",
            code="file_encrypted",
        )
    if reason == FPDF_ERR_SUCCESS:
        return UnreadableFile("The PDF has no pages: export it again.", code="file_empty")
    return UnreadableFile(
        "The PDF is damaged and does not open: export or scan it again.", code="file_corrupt"
    )


def _embedded_einvoice(pdf: PdfDocument) -> bytes | None:
    """An attachment that looks like an e-invoice but is none is passed over: the page is read then."""
    for xml in _xml_attachments(pdf):
        try:
            require_einvoice(xml)
        except UnreadableFile:
            continue
        return xml
    return None


def _xml_attachments(pdf: PdfDocument) -> Iterator[bytes]:
    """The attachments that the standards name come first."""
    from pypdfium2 import PdfiumError

    named = []
    for index in range(min(pdf.count_attachments(), _MOST_ATTACHMENTS)):
        try:
            attachment = pdf.get_attachment(index)
            name = attachment.get_name().lower()
        except (PdfiumError, UnicodeDecodeError):
            continue
        if name.endswith(".xml"):
            named.append((name not in _EINVOICE_NAMES, index, attachment))
    for _, _, attachment in sorted(named, key=lambda entry: entry[:2]):
        try:
            yield bytes(attachment.get_data())
        except PdfiumError:
            continue


def _inspect_picture(data: bytes, content_type: str, limits: Limits) -> Inspection:
    try:
        picture = pictures.measure(
            data, content_type, max_pages=limits.max_pages, max_pixels=limits.max_pixels
        )
    except pictures.TooManyPages as error:
        raise _too_many_pages(f"more than {limits.max_pages:,}", limits) from error
    except pictures.TooManyPixels as error:
        raise UnreadableFile(
            f"The picture has more than {limits.max_pixels:,} pixels: scan it at a lower resolution.",
            code="file_image_too_large",
        ) from error
    except pictures.BrokenPicture as error:
        raise UnreadableFile(
            f"The picture is damaged ({NAMES[content_type]} that does not open): scan it again.",
            code="file_corrupt",
        ) from error
    return Inspection(
        content_type,
        picture.pages,
        readable=picture.jpeg,
        readable_content_type=None if picture.jpeg is None else JPEG,
    )


def _too_many_pages(pages: str, limits: Limits) -> UnreadableFile:
    return UnreadableFile(
        f"The file has {pages} pages, the limit is {limits.max_pages:,}: split it.",
        code="file_too_many_pages",
    )
