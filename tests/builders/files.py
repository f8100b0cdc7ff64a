"""Files for tests: small, valid ones by their content, and the odd and hostile ones a stranger may send.

Every builder returns bytes. ``text_pdf``, ``invoice_pdf`` and ``picture`` give other bytes for other
content, so each call with a new invoice number has a SHA-256 of its own.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PASSWORD = "open sesame"
MAX_PIXEL_SIDE = 65_000

_A4 = (595, 842)
_MARGIN = 50
_COLUMN = 100
_LEADING = 15
_FONT_SIZE = 10
_COURIER_ADVANCE = 0.6  # every Courier glyph, in ems: right alignment needs no font metrics
_LINES_A_PAGE = (_A4[1] - 2 * _MARGIN) // _LEADING
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"


def text_pdf(lines: Sequence[str]) -> bytes:
    """A digital PDF of those lines, top to bottom, on as many A4 pages as they need.

    A tab begins a new cell. The first cell stands at the left margin; the others are right-aligned in
    columns counted from the right margin, so ``"Oak table\\t2\\t450.00\\t900.00"`` is a line of an
    invoice and ``"\\t\\tTotal\\t900.00"`` its total.
    """
    sheets = [lines[at : at + _LINES_A_PAGE] for at in range(0, len(lines), _LINES_A_PAGE)] or [[]]
    return _pages([_stream(_shown(sheet)) for sheet in sheets])


def invoice_pdf(
    number: str = "INV-1001",
    *,
    vendor: str = "Fernhollow Paper Ltd",
    invoice_date: str = "2026-03-14",
    due_date: str = "2026-04-13",
    iban: str | None = None,
) -> bytes:
    """A one-page English invoice in EUR: subtotal 250.00, VAT 20% 50.00, total 300.00, two lines."""
    payment = [f"IBAN: {iban}"] if iban else []
    return text_pdf([
        vendor, "7 Mill Lane, Otterbourne", "VAT ID: GB999999973", "", "INVOICE", "",
        f"Invoice number: {number}", f"Invoice date: {invoice_date}", f"Due date: {due_date}", "",
        "Bill to:", "Saltmarsh Books Ltd", "19 Harbour Row, Wickhaven", "",
        "Description\tQuantity\tUnit price\tAmount",
        "Laid paper, A4, ream\t10\t15.00\t150.00",
        "Envelopes, C5, box\t4\t25.00\t100.00", "",
        "\t\tSubtotal\t250.00", "\t\tVAT 20%\t50.00", "\t\tTotal EUR\t300.00", "", *payment,
    ])  # fmt: skip


def many_pages_pdf(pages: int) -> bytes:
    """``pages`` numbered pages, each real; about 300 bytes a page."""
    return _pages([_stream(_shown([f"Page {number} of {pages}"])) for number in range(1, pages + 1)])


def encrypted_pdf(password: str = PASSWORD) -> bytes:
    """AES-256; does not open without the user password."""
    return _encrypted(user_password=password, owner_password=None)


def owner_locked_pdf() -> bytes:
    """Encrypted with an owner password only: every viewer opens it, editing is forbidden."""
    return _encrypted(user_password="", owner_password=PASSWORD)


def attachment_pdf(
    filename: str, content: bytes, lines: Sequence[str] = ("See the attached file.",)
) -> bytes:
    """A page of those lines that carries a file, the way Factur-X carries ``factur-x.xml``."""
    name = filename.encode("ascii")
    return pdf([
        b"<< /Type /Catalog /Pages 2 0 R /AF [5 0 R] /Names << /EmbeddedFiles << /Names [(%b) 5 0 R] >> >> >>"
        % name,
        _page_tree([3]),
        _page(contents=4),
        _stream(_shown(lines)),
        b"<< /Type /Filespec /F (%b) /UF (%b) /AFRelationship /Data /EF << /F 6 0 R >> >>" % (name, name),
        _stream(content, b"/Type /EmbeddedFile /Subtype /text#2Fxml"),
    ])  # fmt: skip


def picture(lines: Sequence[str], image_format: str = "PNG", *, frames: int = 1) -> bytes:
    """The lines as black on white; ``image_format`` as Pillow names it, ``HEIF`` too; frames for TIFF."""
    import pillow_heif
    from PIL import Image, ImageDraw, ImageFont

    pillow_heif.register_heif_opener()
    sheets = []
    for number in range(1, frames + 1):
        sheet = Image.new("RGB", (900, 120 + 40 * len(lines)), "white")
        text = "\n".join([*lines, f"Page {number} of {frames}"] if frames > 1 else lines)
        ImageDraw.Draw(sheet).multiline_text((60, 50), text, "black", ImageFont.load_default(26), spacing=12)
        sheets.append(sheet)
    several = {"save_all": True, "append_images": sheets[1:]} if frames > 1 else {}
    target = io.BytesIO()
    sheets[0].save(target, image_format, **several)
    return target.getvalue()


def empty() -> bytes:
    return b""


def corrupt_pdf() -> bytes:
    """Begins and ends as a PDF; nothing in between is one."""
    return b"%PDF-1.7\n" + bytes(range(256)) * 8 + b"\nstartxref\n99999999\n%%EOF\n"


def truncated_pdf() -> bytes:
    """An upload that broke off: no cross-reference table, no trailer."""
    whole = invoice_pdf("INV-CUT")
    return whole[: len(whole) // 2]


def truncated_jpeg() -> bytes:
    whole = picture(["Half of this picture is missing."], "JPEG")
    return whole[: len(whole) // 2]


def png_renamed_pdf() -> bytes:
    """A good PNG, 2 by 2 white pixels, for a name or a content type that says PDF."""
    return _png(2, 2, zlib.compress(b"\x00\xff\xff" * 2))


def docx_renamed_pdf() -> bytes:
    """The beginnings of a Word document (a zip archive) for a name that says PDF."""
    return _zip({
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "word/document.xml": "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'/>",
    })  # fmt: skip


def html_renamed_pdf() -> bytes:
    return b"<!doctype html><title>Sign in</title><script>location='https://phish.example'</script>"


def bomb_png(side: int = MAX_PIXEL_SIDE) -> bytes:
    """Claims ``side`` by ``side`` grey pixels (4 GB by default) in under 100 bytes."""
    return _png(side, side, zlib.compress(b"\x00"))


def bomb_stream_pdf(megabytes: int = 200) -> bytes:
    """A page whose content inflates to ``megabytes`` of spaces; about a thousandth of that as a file."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_048_576) for _ in range(megabytes)) + packer.flush()
    return _pages([_stream(packed, b"/Filter /FlateDecode")])


def giant_page_pdf(side: int = 2_000_000) -> bytes:
    """One page of ``side`` by ``side`` points: rendering it at any usual resolution takes terabytes."""
    return _pages([_stream(_shown(["Large"]))], size=(side, side))


def lying_page_count_pdf(count: int = 1_000_000_000) -> bytes:
    """One page; the page tree says ``count``."""
    return pdf([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % count,
        _page(contents=4),
        _stream(_shown(["The only page"])),
    ])  # fmt: skip


def cyclic_page_tree_pdf() -> bytes:
    """A page tree that is its own child."""
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


def script_pdf() -> bytes:
    """Runs JavaScript when a viewer opens it; the page itself is harmless."""
    return pdf([
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\('hello'\\)) >> >>",
        _page_tree([3]),
        _page(contents=4),
        _stream(_shown(["Harmless"])),
    ])  # fmt: skip


def pdf_zip_polyglot() -> bytes:
    """Opens as a PDF and as a zip archive."""
    return invoice_pdf("INV-POLYGLOT") + _zip({"payload.sh": "#!/bin/sh\necho hello\n"})


def html_pdf_polyglot() -> bytes:
    """HTML to a browser that sniffs; viewers that look for ``%PDF-`` in the first 1024 bytes show a PDF."""
    return b"<html><script>alert(1)</script><!--\n" + invoice_pdf("INV-POLYGLOT")


def png_xml_polyglot() -> bytes:
    """A good PNG with an XML invoice behind its last chunk."""
    return png_renamed_pdf() + b'<?xml version="1.0"?><Invoice xmlns="%b"/>' % _UBL.encode()


def billion_laughs_xml() -> bytes:
    """A UBL invoice of 900 bytes whose number expands to a gigabyte."""
    entities = "\n".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
    return _hostile_ubl(f'<!ENTITY lol0 "lol">\n{entities}', "&lol9;")


def external_entity_xml(target: str = "file:///etc/passwd") -> bytes:
    """A UBL invoice whose number is another file's content, or the answer of a URL."""
    return _hostile_ubl(f'<!ENTITY stolen SYSTEM "{target}">', "&stolen;")


def deep_xml(depth: int = 100_000) -> bytes:
    """A UBL invoice with elements nested ``depth`` deep."""
    return f'<Invoice xmlns="{_UBL}">{"<a>" * depth}{"</a>" * depth}</Invoice>'.encode()


def _hostile_ubl(entities: str, number: str) -> bytes:
    cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE Invoice [\n{entities}\n]>\n'
        f'<Invoice xmlns="{_UBL}" xmlns:cbc="{cbc}"><cbc:ID>{number}</cbc:ID></Invoice>\n'
    ).encode()


def _encrypted(*, user_password: str, owner_password: str | None) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(invoice_pdf("INV-LOCKED"))))
    writer.encrypt(user_password, owner_password, algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _shown(lines: Iterable[str]) -> bytes:
    operators = []
    for row, line in enumerate(lines):
        y = _A4[1] - _MARGIN - row * _LEADING
        cells = line.split("\t")
        for column, cell in enumerate(cells):
            if not cell:
                continue
            x: float = _MARGIN
            if column:
                right = _A4[0] - _MARGIN - (len(cells) - 1 - column) * _COLUMN
                x = right - len(cell) * _FONT_SIZE * _COURIER_ADVANCE
            operators.append(
                b"BT /F1 %d Tf %.1f %d Td (%b) Tj ET" % (_FONT_SIZE, x, y, _escaped(cell)),
            )
    return b"\n".join(operators)


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def _page(*, contents: int, size: tuple[int, int] = _A4) -> bytes:
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
        b" /Resources << /Font << /F1 %b >> >> >>"
    ) % (*size, contents, font)


def _page_tree(kids: Sequence[int]) -> bytes:
    return b"<< /Type /Pages /Kids [%b] /Count %d >>" % (
        b" ".join(b"%d 0 R" % kid for kid in kids),
        len(kids),
    )


def _pages(contents: Sequence[bytes], size: tuple[int, int] = _A4) -> bytes:
    numbers = range(3, 3 + 2 * len(contents), 2)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", _page_tree(numbers)]
    for number, content in zip(numbers, contents, strict=True):
        objects += [_page(contents=number + 1, size=size), content]
    return pdf(objects)


def pdf(objects: Sequence[bytes]) -> bytes:
    """Numbers the objects from 1 (the catalog), writes the cross-reference table and the trailer."""
    parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
    offset, offsets = len(parts[0]), []
    for number, content in enumerate(objects, start=1):
        offsets.append(offset)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
        offset += len(parts[-1])
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    parts += [b"%010d 00000 n \n" % at for at in offsets]
    parts.append(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % offset)
    return b"".join(parts)


def _png(width: int, height: int, data: bytes) -> bytes:
    """8-bit grey; ``data`` is the compressed scanlines."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def _zip(members: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0)), content)
    return target.getvalue()
