"""Numbers with check digits: tax registrations, bank accounts. A mistyped or misread one does not add up.

Schemes: EU and Northern Irish VAT, British VAT, Swiss UID, Norwegian MVA, Australian ABN, Indian GSTIN
(https://arthurdejong.org/python-stdnum/formats); IBAN is ISO 13616. US EINs have no check digit.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

from sheaf.capture.reading import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheaf.capture.reading import Reading


class Verdict(Enum):
    """``UNKNOWN``: no scheme with check digits has this form."""

    VALID = auto()
    INVALID = auto()
    UNKNOWN = auto()


_FORMS = (
    ("in", "gstin", re.compile(r"\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]")),
    ("au", "abn", re.compile(r"ABN\d{11}")),
    ("ch", "uid", re.compile(r"CHE\d{9}(?:MWST|TVA|IVA|TPV)?")),
    ("no", "mva", re.compile(r"(?:NO)?\d{9}MVA")),
    ("gb", "vat", re.compile(r"GB(?:\d{9}|\d{12})")),
    ("eu", "vat", re.compile(r"[A-Z]{2}[0-9A-Z]{8,12}")),
)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}")


def compact(number: str) -> str:
    return re.sub(r"[\s./-]+", "", number.upper())


def tax_id(number: str) -> Verdict:
    """Whether the check digits of a tax registration agree, by the scheme whose form it has."""
    from stdnum import get_cc_module
    from stdnum.exceptions import InvalidChecksum, ValidationError

    text = compact(number)
    for country, name, form in _FORMS:
        scheme = get_cc_module(country, name) if form.fullmatch(text) else None
        if scheme is None:
            continue
        try:
            scheme.validate(re.sub(r"^ABN|(?<=\d)(?:MWST|TVA|IVA|TPV)$", "", text))
        except InvalidChecksum:
            return Verdict.INVALID
        except ValidationError:
            continue
        return Verdict.VALID
    return Verdict.UNKNOWN


def has_form_of_iban(number: str) -> bool:
    return _IBAN.fullmatch(compact(number)) is not None


def iban(number: str) -> Verdict:
    from stdnum import iban as scheme
    from stdnum.exceptions import InvalidChecksum, ValidationError

    text = compact(number)
    if not has_form_of_iban(text):
        return Verdict.UNKNOWN
    try:
        scheme.validate(text)
    except InvalidChecksum:
        return Verdict.INVALID
    except ValidationError:
        return Verdict.UNKNOWN
    return Verdict.VALID


_CHECKED = (
    ("vendor_tax_id", "tax_id_invalid", tax_id),
    ("buyer_tax_id", "tax_id_invalid", tax_id),
    ("iban", "iban_invalid", iban),
)


def invalid_numbers(reading: Reading) -> Iterator[Check]:
    for name, code, verdict in _CHECKED:
        value = reading.value(name)
        if value is not None and verdict(value) is Verdict.INVALID:
            yield Check(
                code=code,
                message=f"The check digits of the {_SAID[name]} {value} do not agree: "
                "compare it with the page.",
                severity="warning",
                fields=(name,),
                found=value,
            )


_SAID = {
    "vendor_tax_id": "supplier's tax number",
    "buyer_tax_id": "buyer's tax number",
    "iban": "IBAN",
}
