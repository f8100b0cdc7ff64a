"""Tax registrations: which is the supplier's and which the buyer's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheaf.capture.identifiers import Verdict, tax_id
from sheaf.capture.normalise import labels
from sheaf.capture.normalise.answer import field_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheaf.capture.normalise.answer import Answer, Entry
    from sheaf.capture.reading import Field

_VENDOR = (
    "VENDOR_VAT_NUMBER",
    "VENDOR_GST_NUMBER",
    "VENDOR_ABN_NUMBER",
    "TAX_PAYER_ID",
    "VENDOR_PAN_NUMBER",
)
_BUYER = ("RECEIVER_VAT_NUMBER", "RECEIVER_GST_NUMBER", "RECEIVER_ABN_NUMBER", "RECEIVER_PAN_NUMBER")
_VAT_ID = re.compile(r"(?<![A-Z0-9])([A-Z]{2}[ .-]?(?:[0-9A-Z][ .-]?){7,13})(?![A-Z0-9])")
_BUYERS = re.compile(
    r"\b(?:your|customer|client|buyer|bill(?:ed)? to|recipient|ihre?|kunden\w*|kaufer\w*|votre|acheteur"
    r"|cliente|su|suo|vostr[ao]|uw|klant\w*|din|kund\w*)\b"
)
_UNDER = 0.06
"""Of the page's height: how far under the buyer's address its tax number may stand."""
_FEWEST_DIGITS = 7  # of a VAT identifier
_FOUND_IN_TEXT, _CHECK_FAILED = 0.8, 0.6


def find_tax_ids(answer: Answer) -> dict[str, Field | None]:
    """Typed ones first, valid before others; else the first valid VAT identifier in the text."""
    found = [*_typed(answer)]
    vendors = [field for field, is_buyers in found if not is_buyers]
    buyers = [field for field, is_buyers in found if is_buyers]
    buyer = _likeliest(buyers)
    known = {buyer.value} if buyer else set()
    vendor = _likeliest([field for field in vendors if field.value not in known])
    if vendor is None or buyer is None:
        for field, is_buyers in _in_text(answer):
            if is_buyers:
                buyer = buyer or field
            elif field.value not in known:
                vendor = vendor or field
    if vendor and buyer and vendor.value == buyer.value:
        buyer = None
    return {"vendor_tax_id": vendor, "buyer_tax_id": buyer}


def _likeliest(fields: list[Field]) -> Field | None:
    """The first one, unless its check digits do not agree and another's do."""
    if not fields or tax_id(fields[0].value) is not Verdict.INVALID:
        return next(iter(fields), None)
    return next((field for field in fields if tax_id(field.value) is Verdict.VALID), fields[0])


def _typed(answer: Answer) -> Iterator[tuple[Field, bool]]:
    for types, for_buyer in ((_VENDOR, False), (_BUYER, True)):
        for entry in answer.of_type(*types):
            if any(c.isdigit() for c in entry.text):
                yield _field(entry), for_buyer or _is_buyers(entry, answer)


def _field(entry: Entry) -> Field:
    valid = _vat_id(entry.text)
    if valid:
        return field_of(entry, valid)
    value = " ".join(entry.text.rpartition(":")[2].split())
    return field_of(entry, value, _CHECK_FAILED if tax_id(value) is Verdict.INVALID else 1.0)


def _in_text(answer: Answer) -> Iterator[tuple[Field, bool]]:
    for line in answer.lines:
        for found in _VAT_ID.findall(line.text.upper()):
            if sum(map(str.isdigit, found)) >= _FEWEST_DIGITS and (valid := _vat_id(found)):
                yield field_of(line, valid, _FOUND_IN_TEXT), _is_buyers(line, answer)


def _is_buyers(entry: Entry, answer: Answer) -> bool:
    """Called yours, or printed in the buyer's block or right under it."""
    label = labels.folded(entry.label or entry.text.partition(":")[0])
    if _BUYERS.search(label):
        return True
    if entry.box is None:
        return False
    middle, left = entry.box.top + entry.box.height / 2, entry.box.left
    for block in answer.of_type("RECEIVER_ADDRESS", "RECEIVER_NAME"):
        box = block.box
        if box is None or block.page != entry.page:
            continue
        beside = box.left - _UNDER <= left <= box.left + max(box.width, 2 * _UNDER)
        if beside and box.top <= middle <= box.top + box.height + _UNDER:
            return True
    return False


def _vat_id(text: str) -> str | None:
    """Its compact form when the check digits of its country agree, else None."""
    from stdnum.eu import vat
    from stdnum.exceptions import ValidationError

    try:
        return str(vat.validate(text))
    except ValidationError:
        return None
