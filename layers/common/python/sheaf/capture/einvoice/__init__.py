"""E-invoices: what their XML says, exactly.

UBL 2.1 Invoice and CreditNote (Peppol BIS, XRechnung), UN/CEFACT Cross Industry Invoice (Factur-X,
ZUGFeRD 2, XRechnung) and ZUGFeRD 1 are read; business terms (BT-…) are those of EN 16931-1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.checks import checked
from sheaf.capture.einvoice import cii, ubl
from sheaf.capture.untrusted_xml import HasDocumentType, MalformedXml, parse_xml
from sheaf.kernel.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from sheaf.capture.reading import Reading

_READERS: dict[str, Callable[[_Element], Reading]] = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": ubl.read,
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": ubl.read,
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice": cii.read,
    "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument": cii.read,
}


def read_einvoice(xml: bytes) -> Reading:
    """The reading of an e-invoice, confidence 1 throughout, with its checks.

    Raises ``UnreadableFile``: ``file_corrupt`` when it is not well-formed XML, ``file_xml_not_invoice``
    when it is something else than an invoice or a credit note.
    """
    root = _root(xml)
    read = _READERS[root.tag]
    for element in root.iter("{*}*"):
        element.tag = element.tag.rpartition("}")[2]
    return checked(read(root))


def require_einvoice(xml: bytes) -> None:
    """Raises what ``read_einvoice`` would raise for XML that is not an e-invoice."""
    _root(xml)


def _root(xml: bytes) -> _Element:
    try:
        root = parse_xml(xml)
    except MalformedXml as error:
        raise UnreadableFile(
            f"The XML file is damaged at line {error.line}: export it again from the program that made it.",
            code="file_corrupt",
        ) from error
    except HasDocumentType as error:
        raise UnreadableFile(
            "The XML file declares a document type, which e-invoices never do: "
            "send a UBL or CII invoice, or the invoice as a PDF.",
            code="file_xml_not_invoice",
        ) from error
    if root.tag not in _READERS:
        raise UnreadableFile(
            f"The XML file is a <{root.tag.rpartition('}')[2][:60]}>, not a UBL or CII invoice: "
            "send the e-invoice itself, or the invoice as a PDF.",
            code="file_xml_not_invoice",
        )
    return root
