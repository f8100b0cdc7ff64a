"""Elements of an e-invoice, one after the other as the schema wants them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from sheaf.kernel.money import quantize

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMELESS = "-"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (production 2, Char)."""


def child(into: _Element, namespace: str, name: str) -> _Element:
    from lxml import etree

    return etree.SubElement(into, f"{{{namespace}}}{name}")


def leaf(into: _Element, namespace: str, name: str, text: str | None, **attributes: str) -> None:
    """Nothing where there is nothing to say: elements that are empty are forbidden."""
    said = _legal(text or "")
    if said:
        element = child(into, namespace, name)
        element.text = said
        element.attrib.update(attributes)


def written(root: _Element) -> bytes:
    from lxml import etree

    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return xml


def number(value: Decimal) -> str:
    """As few digits as it needs, never an exponent: ``12.5``."""
    return f"{value.normalize():f}" if value else "0"


def amount(value: Decimal, currency: str) -> str:
    """With the decimals of the currency, and no negative zero."""
    return f"{quantize(value, currency) + 0:f}"


def name_and_description(description: str, details: str | None) -> tuple[str, str | None]:
    """BT-153 and BT-154: the first line is what the item is called."""
    name, _, rest = _legal(description).partition("\n")
    return name.strip() or _NAMELESS, "\n".join(filter(None, (rest.strip(), details))) or None


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text).strip()
