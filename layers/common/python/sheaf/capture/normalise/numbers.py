"""The numbers that identify: the invoice's own and the order's, with tax registrations and accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheaf.capture.dates import read_date
from sheaf.capture.normalise import labels
from sheaf.capture.normalise.accounts import find_accounts
from sheaf.capture.normalise.answer import field_of
from sheaf.capture.normalise.tax_ids import find_tax_ids
from sheaf.capture.reading import Field, Source

if TYPE_CHECKING:
    from sheaf.capture.normalise.answer import Answer

_LABEL_IN_VALUE = re.compile(
    r"^(?:(?:tax )?(?:invoice|receipt|bill|order|rechnung|facture|factura|fattura|factuur|faktura"
    r"|inv|po)?[\s.-]*"
    r"(?:(?:number|num|nummer|numero|no|nr|n[°o]|id)(?=[\s.:°#])|#)\s*[.:°#]*|(?:invoice|receipt|inv)\s*[:#])\s*",
    re.IGNORECASE,
)
_OF_ORIGINAL = 0.8


def find_numbers(answer: Answer, *, credits_invoice: bool, source: Source) -> dict[str, Field]:
    found = {
        "invoice_number": _invoice_number(answer, credits_invoice=credits_invoice),
        "purchase_order": _purchase_order(answer),
        **find_tax_ids(answer),
        **find_accounts(answer),
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
