"""What a supplier's earlier documents say about the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.kept import Correction
from sheaf.capture.policy import BANK_DETAILS_CHANGED
from sheaf.capture.reading import Check, Source
from sheaf.capture.suppliers.own import is_own_iban
from sheaf.capture.suppliers.supplier import FactKind, account_of, folded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sheaf.capture.kept import KeptReading
    from sheaf.capture.policy import Company
    from sheaf.capture.reading import Reading
    from sheaf.capture.suppliers.supplier import Supplier

REMEMBERED = (
    "vendor", "vendor_address", "vendor_tax_id", "currency", "payment_terms", "iban", "bic", "account_number",
    "routing_number",
)  # fmt: skip
"""What stays the same from one document to the next; numbers, dates and amounts do not."""

_BANK_DETAILS = ("iban", "account_number", "routing_number")


def without_memory(kept: KeptReading) -> KeptReading:
    by_people = {name: each for name, each in kept.overlay.fields.items() if each.source is not Source.MEMORY}
    return kept.over(kept.overlay.model_copy(update={"fields": by_people}))


def with_memory(supplier: Supplier, kept: KeptReading, at: datetime) -> KeptReading:
    """Where nothing was read, or what was corrected before: that, put right. What a person has said stays."""
    over = kept.overlay
    recalled = {
        name: Correction(value=value, by=supplier.id, at=at, source=Source.MEMORY)
        for name, value in _recalled(supplier, kept.machine)
        if name not in over.fields and value != kept.machine.value(name)
    }
    return kept.over(over.model_copy(update={"fields": {**over.fields, **recalled}}))


def _recalled(supplier: Supplier, machine: Reading) -> Iterator[tuple[str, str | None]]:
    for name in REMEMBERED:
        read = machine.value(name)
        facts = [
            fact
            for fact in supplier.of(FactKind.CORRECTION)
            if fact.field == name and _fits(fact.value if read is None else fact.wrong, read, name)
        ]
        if facts:
            yield name, supplier.name if name == "vendor" and facts[-1].value else facts[-1].value
        elif read is None and (default := {
            "currency": supplier.currency, "payment_terms": supplier.payment_terms,
        }.get(name)):  # fmt: skip
            yield name, default


def _fits(wanted: str | None, read: str | None, name: str) -> bool:
    """Whether there is a value for what was not read, or what was read is what was wrong before."""
    if wanted is None or read is None:
        return wanted is not None
    return folded(name, wanted) == folded(name, read)


def bank_details(supplier: Supplier, company: Company, reading: Reading) -> Check | None:
    """An error, when it is to be paid elsewhere than what was approved before."""
    iban, account = reading.value("iban"), account_of(reading)
    known = supplier.of(FactKind.IBAN, FactKind.ACCOUNT)
    new = [
        value
        for kind, value in ((FactKind.IBAN, iban), (FactKind.ACCOUNT, account))
        if value and not supplier.knows(kind, value) and not is_own_iban(company, value)
    ]
    if not new or not known:
        return None
    return Check(
        code=BANK_DETAILS_CHANGED,
        message=f"{supplier.name} was paid elsewhere so far. Ask them, and not by what this document says.",
        fields=tuple(name for name in _BANK_DETAILS if reading.value(name)),
        expected=known[-1].value,
        found=new[0],
    )
