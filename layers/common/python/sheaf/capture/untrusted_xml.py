"""XML from strangers: parsed without network, external entities or a document type.

The parser keeps libxml2's own limits (depth 256, 10 MB a text node, entity amplification), and a
document type is refused altogether: no e-invoice has one, and every entity bomb needs one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_FIRST_BYTES = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<[?!A-Za-z_]")
_DOCUMENT_TYPE = b"<!DOCTYPE"
_UTF_16 = (b"\xff\xfe<\x00", b"\xfe\xff\x00<")


class MalformedXml(ValueError):
    """``line`` is where it was noticed."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


class HasDocumentType(ValueError):
    pass


def looks_like_xml(data: bytes) -> bool:
    return _FIRST_BYTES.match(data[:256]) is not None or data.startswith(_UTF_16)


def parse_xml(data: bytes) -> _Element:
    """The root element, without comments and processing instructions."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if _DOCUMENT_TYPE in data:
            raise HasDocumentType from error
        raise MalformedXml(error.lineno or 1) from error
    except ValueError as error:
        raise MalformedXml(1) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise HasDocumentType
    return root
