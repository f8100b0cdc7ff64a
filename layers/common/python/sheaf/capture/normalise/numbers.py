"""The numbers that identify: the invoice's own, the order's, tax registrations, bank accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheaf.capture.dates import read_date
from sheaf.capture.normalise import labels
from sheaf.capture.normalise.answer import field_of
from sheaf.capture.reading import Field, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheaf.capture.normalise.answer import Answer

_LABEL_IN_VALUE = re.compile(
    r"^(?:(?:tax )?(?:invoice|receipt|bill|order|rechnung|facture|factura|fattura|factuur|faktura"
    r"|inv|po)?[\s.-]*"
    r"(?:number|num|nummer|numero|no|nr|n[°o]|id|#)\s*[.:°#]*|(?:invoice|receipt|inv)\s*[:#])\s*",
    re.IGNORECASE,
)
_VENDOR_TAX = (
    "VENDOR_VAT_NUMBER",
    "VENDOR_GST_NUMBER",
    "VENDOR_ABN_NUMBER",
    "TAX_PAYER_ID",
    "VENDOR_PAN_NUMBER",
)
_BUYER_TAX = ("RECEIVER_VAT_NUMBER", "RECEIVER_GST_NUMBER", "RECEIVER_ABN_NUMBER", "RECEIVER_PAN_NUMBER")
_VAT_ID = re.compile(r"(?<![A-Z0-9])([A-Z]{2}[ .-]?(?:[0-9A-Z][ .-]?){7,13})(?![A-Z0-9])")
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]){11,30}")
_IBAN_LENGTHS = range(34, 14, -1)
_BIC = re.compile(
    r"\b(?:BIC|SWIFT)\b(?:[ /-]*(?:BIC|SWIFT|[Cc]ode|CODE))*[^A-Za-z0-9]{0,5}"
    r"([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b"
)
_FOUND_IN_TEXT = 0.8
_OF_ORIGINAL = 0.8


def find_numbers(answer: Answer, *, credits_invoice: bool, source: Source) -> dict[str, Field]:
    found = {
        "invoice_number": _invoice_number(answer, credits_invoice=credits_invoice),
        "purchase_order": _purchase_order(answer),
        **_tax_ids(answer),
        "iban": _iban(answer),
        "bic": _bic(answer),
    }
    return {name: field.model_copy(update={"source": source}) for name, field in found.items() if field}


def _invoice_number(answer: Answer, *, credits_invoice: bool) -> Field | None:
    candidates = []
    for entry in answer.entries:
        said = labels.means(entry.label, "invoice_number")
        if entry.type != "INVOICE_RECEIPT_ID" and not (entry.type == "OTHER" and said):
            continue
        number = identifier(entry.text)
        if number:
            typed = entry.type == "INVOICE_RECEIPT_ID"
            elsewhere = labels.means(entry.label, "purchase_order") and not said
            score = typed + 0.5 * said - 0.5 * elsewhere + 0.3 * entry.confidence
            score += 0.2 * any(c.isdigit() for c in number) - 0.4 * (read_date(number) is not None)
            score -= _OF_ORIGINAL * (credits_invoice and labels.is_of_original(entry.label))
            candidates.append((score, field_of(entry, number)))
    return max(candidates, key=lambda candidate: candidate[0], default=(0.0, None))[1]


def _purchase_order(answer: Answer) -> Field | None:
    for entry in (*answer.of_type("PO_NUMBER"), *answer.of_type("OTHER")):
        said = labels.means(entry.label, "purchase_order")
        if (entry.type == "PO_NUMBER" or said) and any(c.isdigit() for c in entry.text):
            number = identifier(entry.text)
            if number and not read_date(number):
                return field_of(entry, number)
    return None


def identifier(text: str) -> str | None:
    number = _LABEL_IN_VALUE.sub("", " ".join(text.split())).strip(" :#.,;")
    return number or None


def _tax_ids(answer: Answer) -> dict[str, Field | None]:
    """Typed ones first; else the first valid VAT identifier in the text that is not the buyer's."""
    vendor = next(_typed_tax_ids(answer, _VENDOR_TAX), None)
    buyer = next(_typed_tax_ids(answer, _BUYER_TAX), None)
    if vendor is None:
        known = buyer.value if buyer else None
        vendor = next((field for field in _vat_ids_in_text(answer) if field.value != known), None)
    return {"vendor_tax_id": vendor, "buyer_tax_id": buyer}


def _typed_tax_ids(answer: Answer, types: tuple[str, ...]) -> Iterator[Field]:
    for entry in answer.of_type(*types):
        if not any(c.isdigit() for c in entry.text):
            continue
        valid = _valid_vat_id(entry.text)
        if valid:
            yield field_of(entry, valid)
        else:
            yield field_of(entry, " ".join(entry.text.rpartition(":")[2].split()))


def _vat_ids_in_text(answer: Answer) -> Iterator[Field]:
    for line in answer.lines:
        for found in _VAT_ID.findall(line.text.upper()):
            if valid := _valid_vat_id(found):
                yield field_of(line, valid, _FOUND_IN_TEXT)


def _valid_vat_id(text: str) -> str | None:
    """Its compact form when the check digits of its country agree, else None."""
    from stdnum.eu import vat
    from stdnum.exceptions import ValidationError

    try:
        return str(vat.validate(text))
    except ValidationError:
        return None


def _iban(answer: Answer) -> Field | None:
    from stdnum import iban

    for line in (*answer.entries, *answer.lines):
        for found in _IBAN.findall(line.text.upper()):
            compact = found.replace(" ", "")
            for length in _IBAN_LENGTHS:
                if len(compact) >= length and iban.is_valid(compact[:length]):
                    return field_of(line, compact[:length], _FOUND_IN_TEXT)
    return None


def _bic(answer: Answer) -> Field | None:
    from stdnum import bic

    for entry in (*answer.entries, *answer.lines):
        for found in _BIC.findall(f"{entry.label} {entry.text}"):
            if bic.is_valid(found):
                return field_of(entry, found, _FOUND_IN_TEXT)
    return None
