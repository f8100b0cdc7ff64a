"""The workspace's own company: the buyer of what is captured, never the supplier.

Its name or tax id tells it. An IBAN of its own does not, unless there is nothing else: a supplier that debits
an account prints the account that it debits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.identifiers import compact
from sheaf.capture.kept import Correction
from sheaf.capture.reading import Check, Source
from sheaf.capture.search import name_key

if TYPE_CHECKING:
    from datetime import datetime

    from sheaf.capture.kept import KeptReading
    from sheaf.capture.policy import Company
    from sheaf.capture.reading import Reading

OWN_COMPANY = "own_company_is_vendor"
_PARTIES = {
    "vendor": "buyer",
    "vendor_address": "buyer_address",
    "vendor_tax_id": "buyer_tax_id",
}


def is_own_name(company: Company, name: str | None) -> bool:
    return name_key(name or "") in {name_key(own) for own in company.names} - {""}


def is_own_tax_id(company: Company, number: str | None) -> bool:
    return compact(number or "") in set(map(compact, company.tax_ids)) - {""}


def is_own_iban(company: Company, number: str | None) -> bool:
    return compact(number or "") in set(map(compact, company.ibans)) - {""}


def is_own_vendor(company: Company, reading: Reading) -> bool:
    name, number = reading.value("vendor"), reading.value("vendor_tax_id")
    if name or number:
        return is_own_name(company, name) or is_own_tax_id(company, number)
    return is_own_iban(company, reading.value("iban"))


def in_their_places(company: Company, kept: KeptReading, *, by: str, at: datetime) -> KeptReading:
    """Vendor and buyer change places where the vendor is the own company and the buyer is somebody else.

    What a person has said of either stays as it is.
    """
    reading, over = kept.current, kept.overlay
    if not is_own_vendor(company, reading) or not _has_another_buyer(company, reading):
        return kept
    pairs = [*_PARTIES.items(), *((buyer, vendor) for vendor, buyer in _PARTIES.items())]
    if any(name in over.fields for name, _ in pairs):
        return kept
    moved = {
        name: Correction(value=reading.value(other), by=by, at=at, source=Source.MEMORY)
        for name, other in pairs
        if reading.value(name) != reading.value(other)
    }
    return kept.over(over.model_copy(update={"fields": {**over.fields, **moved}}))


def own_company(company: Company, reading: Reading) -> Check | None:
    if not is_own_vendor(company, reading):
        return None
    return Check(
        code=OWN_COMPANY,
        message="The supplier seems to be your own company: who sent this?",
        fields=("vendor", "vendor_tax_id"),
        found=reading.value("vendor"),
    )


def _has_another_buyer(company: Company, reading: Reading) -> bool:
    name, number = reading.value("buyer"), reading.value("buyer_tax_id")
    return bool(name) and not (is_own_name(company, name) or is_own_tax_id(company, number))
