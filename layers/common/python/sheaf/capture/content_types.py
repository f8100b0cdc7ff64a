"""What a file is: by its first bytes, by its name, and what people call it."""

from __future__ import annotations

import re

from sheaf.capture.untrusted_xml import looks_like_xml

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
WEBP = "image/webp"
HEIC = "image/heic"
XML = "application/xml"

READABLE = (PDF, PNG, JPEG, TIFF, WEBP, HEIC, XML)
NAMES = {
    PDF: "a PDF",
    PNG: "a PNG picture",
    JPEG: "a JPEG picture",
    TIFF: "a TIFF picture",
    WEBP: "a WebP picture",
    HEIC: "a HEIC picture",
    XML: "an XML file",
    "image/gif": "a GIF picture",
    "image/bmp": "a BMP picture",
    "image/avif": "an AVIF picture",
    "application/zip": "a ZIP archive or an Office document",
    "application/x-ole-storage": "an old Office document or an Outlook message",
    "application/gzip": "a GZIP archive",
    "application/postscript": "a PostScript file",
    "application/rtf": "an RTF document",
    "text/html": "a web page",
    "application/vnd.microsoft.portable-executable": "a Windows program",
    "application/x-elf": "a Linux program",
}
_EXTENSIONS = {
    "pdf": PDF,
    "png": PNG,
    "jpg": JPEG,
    "jpeg": JPEG,
    "jpe": JPEG,
    "tif": TIFF,
    "tiff": TIFF,
    "webp": WEBP,
    "heic": HEIC,
    "heif": HEIC,
    "xml": XML,
}
_ALIASES = {
    "application/x-pdf": PDF,
    "image/jpg": JPEG,
    "image/pjpeg": JPEG,
    "image/x-png": PNG,
    "image/tif": TIFF,
    "image/heif": HEIC,
    "text/xml": XML,
}
_PROGRAMS = frozenset((
    "apk", "app", "bat", "cmd", "dll", "dmg", "exe", "jar", "js", "lnk", "msi", "ps1", "scr", "sh", "vbs",
))  # fmt: skip
_OTHERS = frozenset((
    "7z", "avif", "bmp", "csv", "doc", "docx", "eml", "gif", "gz", "htm", "html", "mp3", "mp4", "msg", "ods",
    "odt", "ppt", "pptx", "rar", "rtf", "svg", "tar", "txt", "xls", "xlsx", "zip",
))  # fmt: skip
WHAT_TO_SEND = "send a PDF, a PNG, JPEG, TIFF, WebP or HEIC picture, or a UBL or CII e-invoice."
# What a browser or an upload tool says when it does not know.
_UNSAID = frozenset(("", "application/octet-stream", "binary/octet-stream", "application/x-download"))
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"%!PS", "application/postscript"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
)
_WEB_PAGE = re.compile(rb"\A\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
# Readers accept junk before the header of a PDF (ISO 32000-1, annex H.3.4.1).
_PDF_HEADER_WITHIN = 1024
_WEB_PAGE_WITHIN = 256


def content_type_of_name(filename: str) -> str | None:
    """By extension, one of ``READABLE``; None for every other."""
    return _EXTENSIONS.get(_extension(filename))


def content_type_of_bytes(data: bytes) -> str | None:
    """By the signature at the start; one of ``NAMES``, or None when it is none of them."""
    for signature, content_type in _SIGNATURES:
        if data.startswith(signature):
            return content_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp":
        return _of_brand(data[8:12])
    if _WEB_PAGE.match(data[:_WEB_PAGE_WITHIN]):
        return "text/html"
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN] and not looks_like_xml(data):
        return PDF
    return XML if looks_like_xml(data) else None


def declared(content_type: str | None) -> str | None:
    """A declared type in its usual spelling; None when it says nothing."""
    bare = (content_type or "").partition(";")[0].strip().lower()
    return None if bare in _UNSAID else _ALIASES.get(bare, bare)


def cannot_be_read(filename: str, content_type: str) -> str | None:
    """The part of an announcement that nothing which can be read would have, in words; None: its bytes tell.

    A type that says something is believed; a name counts where none is said, or when it is a program's.
    """
    extension, said = _extension(filename), declared(content_type)
    if said is not None and said not in READABLE:
        return NAMES.get(said, said)
    if extension in _PROGRAMS or (said is None and extension in _OTHERS):
        return f"a .{extension} file"
    return None


def _extension(filename: str) -> str:
    _, dot, extension = filename.rpartition(".")
    return extension.lower() if dot else ""


def _of_brand(brand: bytes) -> str | None:
    if brand in _HEIC_BRANDS:
        return HEIC
    return "image/avif" if brand in (b"avif", b"avis") else None
