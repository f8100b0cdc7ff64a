"""The metadata that make a PDF/A-3 with an attached invoice a Factur-X file: an XMP packet that says so.

It is added as an incremental update (ISO 32000-1, 7.5.6): the file as it was typeset stays as it is, a new
packet and a new cross-reference section follow it.
https://fnfe-mpe.org/factur-x/ (technical annex, "XMP extension schema")
"""

from __future__ import annotations

import re
from importlib.resources import files

_ROOT = re.compile(rb"/Root (\d+) 0 R")
_METADATA = re.compile(rb"/Metadata (\d+) 0 R")
_TRAILER = re.compile(rb"trailer\s*(<<.*?>>)\s*startxref\s*(\d+)\s*%%EOF\s*$", re.DOTALL)
_SCHEMAS_END = b"</rdf:Bag></pdfaExtension:schemas>"
_END = b"</rdf:RDF>"


def as_facturx(pdf: bytes) -> bytes:
    """``pdf``: PDF/A-3 as typst writes it, with a cross-reference table and an XMP packet in plain text."""
    trailer = _TRAILER.search(pdf)
    if trailer is None:
        raise ValueError("No trailer where typst puts it")
    entries, previous = trailer[1], int(trailer[2])
    number = _object_of_metadata(pdf, entries)
    packet = _extended(_stream(pdf, number))
    head = f"{number} 0 obj\n<</Length {len(packet)}/Type/Metadata/Subtype/XML>>\nstream\n".encode()
    start = len(pdf) + 1
    body = b"\n" + head + packet + b"\nendstream\nendobj\n"
    table = f"xref\n0 1\n{0:010} 65535 f \n{number} 1\n{start:010} 00000 n \n".encode()
    updated = entries[:-2] + f"/Prev {previous}>>".encode()
    at = len(pdf) + len(body)
    return pdf + body + table + b"trailer\n" + updated + f"\nstartxref\n{at}\n%%EOF\n".encode()


def _object_of_metadata(pdf: bytes, trailer: bytes) -> int:
    root = int(_only(_ROOT, trailer)[1])
    catalog = pdf[pdf.rindex(f"\n{root} 0 obj".encode()) :]
    return int(_only(_METADATA, catalog)[1])


def _stream(pdf: bytes, number: int) -> bytes:
    start = pdf.rindex(f"\n{number} 0 obj".encode())
    begin = pdf.index(b"<?xpacket begin", start)
    end = pdf.index(b"<?xpacket end", begin)
    return pdf[begin : pdf.index(b"?>", end) + 2]


def _extended(packet: bytes) -> bytes:
    schema, properties = (
        (files(__package__) / name).read_bytes().strip()
        for name in ("facturx-schema.xmp", "facturx-properties.xmp")
    )
    if packet.count(_SCHEMAS_END) != 1 or packet.count(_END) != 1:
        raise ValueError("Not the XMP packet that typst writes")
    with_schema = packet.replace(_SCHEMAS_END, schema + _SCHEMAS_END)
    return with_schema.replace(_END, properties + _END)


def _only(pattern: re.Pattern[bytes], text: bytes) -> re.Match[bytes]:
    found = pattern.search(text)
    if found is None:
        raise ValueError(f"Nothing like {pattern.pattern!r} where typst puts it")
    return found
