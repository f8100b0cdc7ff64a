"""Files that ask for more than anybody has: memory, time, depth. Each is small, or quickly made."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from tests.builders.files import invoice_pdf, pdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MEBIBYTE = 1 << 20
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_LEAF = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>"
_ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_TIFF_ENTRY = struct.Struct("<HHII")
_LONG = 4


def many_objects_pdf(count: int = 100_000) -> bytes:
    """One page, and ``count`` dictionaries that nothing refers to."""
    return pdf([_CATALOG, _ONE_PAGE, _LEAF, _stream(b""), *[b"<< /A [1 2 3] >>"] * count])


def deep_page_tree_pdf(depth: int = 20_000) -> bytes:
    """A page below ``depth`` nodes of the tree."""
    nodes = [
        b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (number + 1, number - 1)
        for number in range(2, depth + 2)
    ]
    return pdf([_CATALOG, *nodes, _LEAF.replace(b"4 0 R", b"%d 0 R" % (depth + 3)), _stream(b"")])


def deep_arrays_pdf(depth: int = 200_000) -> bytes:
    """A catalog with an array in an array, ``depth`` times."""
    nested = b"<< /Type /Catalog /Pages 2 0 R /A %b%b >>" % (b"[" * depth, b"]" * depth)
    return pdf([nested, _ONE_PAGE, _LEAF, _stream(b"")])


def cross_reference_loop_pdf() -> bytes:
    """A trailer whose previous cross-reference table is itself."""
    whole = invoice_pdf("INV-LOOP")
    at = whole.rindex(b"xref\n0 ")
    return whole.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % at)


def form_in_itself_pdf() -> bytes:
    """A page that draws a form that draws itself."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>"
    page = _LEAF.replace(b"<< >>", b"<< /XObject << /F 5 0 R >> >>")
    return pdf([_CATALOG, _ONE_PAGE, page, _stream(b"/F Do"), _stream(b"/F Do /F Do", form)])


def object_stream_bomb_pdf(megabytes: int = 2_000) -> bytes:
    """The catalog is in a stream of objects that inflates to ``megabytes``."""
    head = b"1 0 2 34 3 80 "
    objects = _CATALOG.ljust(34) + _ONE_PAGE.ljust(46) + _LEAF.replace(b"/Contents 4 0 R", b"")
    packed = _packed(head + objects, megabytes)
    stream = _stream(packed, b"/Type /ObjStm /N 3 /First %d /Filter /FlateDecode" % len(head))
    body = b"%PDF-1.7\n4 0 obj\n" + stream + b"\nendobj\n"
    entries = [(0, 0, 65535), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, 9, 0), (1, len(body), 0)]
    table = b"".join(struct.pack(">BIH", *entry) for entry in entries)
    index = _stream(table, b"/Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R")
    return body + b"5 0 obj\n" + index + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def attachment_bomb_pdf(megabytes: int = 2_000) -> bytes:
    """``factur-x.xml``, which inflates to ``megabytes``."""
    return _with_attachment(_stream(_packed(b"<a>", megabytes), b"/Type /EmbeddedFile /Filter /FlateDecode"))


def twice_packed_attachment_pdf(megabytes: int = 2_000) -> bytes:
    """``factur-x.xml``, packed twice: a few kilobytes."""
    packed = zlib.compress(_packed(b"<a>", megabytes), 9)
    return _with_attachment(_stream(packed, b"/Type /EmbeddedFile /Filter [/FlateDecode /FlateDecode]"))


def wide_png(width: int = 10_001, height: int = 9_990) -> bytes:
    """A good picture of nearly 100 megapixels with transparency: 400 MB when it is decoded."""
    row = b"\x00" + b"\x80" * (4 * width)
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def wide_webp(side: int = 9_900) -> bytes:
    """98 megapixels of nothing, in a few kilobytes."""
    from PIL import Image

    target = BytesIO()
    Image.new("RGBA", (side, side), (0, 0, 0, 0)).save(target, "WEBP", lossless=True, method=0)
    return target.getvalue()


def tiff_loop() -> bytes:
    """A directory of one page that names itself as the next page."""
    return _tiff([_directory(8, pixel_at=8 + 2 + 9 * 12 + 4)]) + b"\x00"


def tiff_of_pages(count: int = 100_000) -> bytes:
    """One pixel a page."""
    size = 2 + 9 * 12 + 4
    directories = [_directory(8 + (number + 1) * size, pixel_at=0) for number in range(count - 1)]
    return _tiff([*directories, _directory(0, pixel_at=0)])


def many_nodes_xml(count: int = 1_000_000) -> bytes:
    return _ubl("<cbc:Note>x</cbc:Note>" * count)


def many_lines_xml(count: int = 50_000) -> bytes:
    amount = "<cbc:LineExtensionAmount>1.00</cbc:LineExtensionAmount>"
    return _ubl(f"<cac:InvoiceLine><cbc:ID>1</cbc:ID>{amount}</cac:InvoiceLine>" * count)


def many_attributes_xml(count: int = 200_000) -> bytes:
    return _ubl(f"<cbc:Note {' '.join(f'a{number}="1"' for number in range(count))}/>")


def many_namespaces_xml(count: int = 20_000) -> bytes:
    return _ubl("".join(f'<n{number}:a xmlns:n{number}="urn:{number}"/>' for number in range(count)))


def amounts_xml(amount: str) -> bytes:
    """A UBL invoice over ``amount``."""
    total = "".join(
        f'<cbc:{name} currencyID="EUR">{amount}</cbc:{name}>'
        for name in ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount")
    )
    return _ubl(f"<cbc:ID>1</cbc:ID><cac:LegalMonetaryTotal>{total}</cac:LegalMonetaryTotal>")


def wrongly_encoded_xmls() -> Iterator[bytes]:
    """Encodings that are not what is declared, that nobody knows, and that need a second look."""
    text = _ubl("<cbc:ID>Größe 1</cbc:ID>").decode()
    for named, used in (
        ("utf-16", "utf-8"), ("utf-8", "latin-1"), ("utf-8", "utf-16"), ("ebcdic-cp-us", "utf-8"),
        ("no-such-thing", "utf-8"), ("utf-7", "utf-8"), ("ucs-4", "utf-8"), ("utf-16", "utf-16"),
    ):  # fmt: skip
        yield f'<?xml version="1.0" encoding="{named}"?>{text}'.encode(used)
    yield text.encode().replace(b"Gr", b"\x00\x01\x0b")
    yield b"\xef\xbb\xbf" * 3 + text.encode()


def sixteenths(data: bytes) -> Iterator[bytes]:
    """The file as it is when its transfer breaks off."""
    yield from (data[: len(data) * sixteenth // 16] for sixteenth in range(1, 16))


def _with_attachment(stream: bytes) -> bytes:
    names = b"/Names << /EmbeddedFiles << /Names [(factur-x.xml) 5 0 R] >> >>"
    file = b"<< /Type /Filespec /F (factur-x.xml) /UF (factur-x.xml) /EF << /F 6 0 R >> >>"
    return pdf([_CATALOG.replace(b">>", names + b" >>"), _ONE_PAGE, _LEAF, _stream(b""), file, stream])


def _packed(beginning: bytes, megabytes: int) -> bytes:
    """Deflated, then blanks: the same packed megabyte again and again, which takes no time to make."""
    blank = b" " * MEBIBYTE
    packer = zlib.compressobj(9)
    head = packer.compress(beginning) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(blank) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = zlib.adler32(beginning)
    for _ in range(megabytes):
        checksum = zlib.adler32(blank, checksum)
    return head + block * megabytes + packer.flush()[:-4] + checksum.to_bytes(4)


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def _tiff(directories: Sequence[bytes]) -> bytes:
    return b"II*\x00" + struct.pack("<I", 8) + b"".join(directories)


def _directory(next_at: int, *, pixel_at: int) -> bytes:
    """A page of one grey pixel."""
    tags = ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, pixel_at), (277, 1), (278, 1), (279, 1))
    entries = b"".join(_TIFF_ENTRY.pack(tag, _LONG, 1, value) for tag, value in tags)
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", next_at)


def _ubl(content: str) -> bytes:
    return f'<Invoice xmlns="{_UBL}" xmlns:cbc="{_CBC}" xmlns:cac="{_CAC}">{content}</Invoice>'.encode()
