"""Whose a document is, when what it says agrees, and when it does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sheaf.capture.kept import Correction, KeptReading, Overlay
from sheaf.capture.policy import Company
from sheaf.capture.reading import Field, Reading, Source
from sheaf.capture.suppliers.learning import learned
from sheaf.capture.suppliers.matching import matched
from sheaf.capture.suppliers.supplier import Supplier, keys
from sheaf.kernel.pages import Page

AT = datetime(2026, 11, 20, tzinfo=UTC)
US = Company(names=("Our Company",), tax_ids=("DE9",), ibans=("DE00OURS",))
IBAN, TAX_ID = "DE89370400440532013000", "DE136695976"


class KnownSuppliers:
    """What leads to a supplier is that of the first that had it. ``asked``: the keys that were looked up;
    ``exact``: how all of it was asked for.
    """

    def __init__(self, *suppliers: Supplier) -> None:
        self.suppliers = {supplier.id: supplier for supplier in suppliers}
        self.places: dict[str, str] = {}
        self.asked: list[str] = []
        self.exact: set[bool] = set()
        for supplier in suppliers:
            self.places |= {key: supplier.id for key in keys(supplier) if key not in self.places}

    def get(self, supplier_id: str, *, exact: bool = True) -> Supplier | None:
        self.exact.add(exact)
        return self.suppliers[supplier_id]

    def holder(self, key: str, *, exact: bool = True) -> str | None:
        self.asked.append(key)
        self.exact.add(exact)
        return self.places.get(key)

    def page(self, *, prefix: str, limit: int, cursor: str | None) -> Page[Supplier]:
        raise NotImplementedError

    def save(self, supplier: Supplier, *, instead_of: Supplier | None) -> Supplier:
        raise NotImplementedError


def reading(**said: str) -> Reading:
    fields = {name: Field(value=value, source=Source.TEXTRACT) for name, value in said.items()}
    return Reading(engine=Source.TEXTRACT, fields=fields)


def supplier(name: str, *, misread: str = "", **said: str) -> Supplier:
    over = {"vendor": Correction(value=name, by="usr_1", at=AT)}
    kept = KeptReading(machine=reading(vendor=misread or name, **said), overlay=Overlay(fields=over))
    return learned(Supplier(id=f"sup_{name}", name=name), Company(), "d1", kept, AT)


ACME = supplier("Acme Tools", misread="Invoice", vendor_tax_id=TAX_ID, iban=IBAN)
BOLT = supplier("Bolt")
KNOWN = (ACME, BOLT)


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ({"vendor_tax_id": "DE 136 695 976", "vendor": "Bolt"}, "Acme Tools"),
        ({"vendor_tax_id": TAX_ID, "vendor": "Bolt", "iban": "GB82WEST12345698765432"}, "Acme Tools"),
        ({"iban": IBAN, "vendor": "Bolt"}, "Acme Tools"),
        ({"vendor": "ACME-Tools"}, "Acme Tools"),
        ({"vendor": "bolt", "iban": "GB82WEST12345698765432"}, "Bolt"),
        ({"vendor": "Nobody Ltd"}, None),
        ({}, None),
    ],
)
def test_by_tax_id_else_by_iban_else_by_name(said: dict[str, str], whose: str | None) -> None:
    found = matched(KnownSuppliers(*KNOWN), Company(), reading(**said))
    assert (found.name if found else None) == whose


def test_one_answer_is_enough() -> None:
    suppliers = KnownSuppliers(*KNOWN)
    matched(suppliers, Company(), reading(vendor_tax_id=TAX_ID, iban=IBAN, vendor="Acme Tools"))
    assert len(suppliers.asked) == 1


def test_whoever_has_the_name_and_other_numbers_is_looked_at_as_the_supplier() -> None:
    said = reading(vendor="Acme Tools", vendor_tax_id="DE1", iban="GB82WEST12345698765432")
    assert matched(KnownSuppliers(*KNOWN), Company(), said) == ACME


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ({"vendor": "Factored Ltd", "iban": IBAN, "vendor_tax_id": "DE1"}, None),
        ({"vendor": "Bolt", "iban": IBAN, "vendor_tax_id": "DE1"}, "Bolt"),
        ({"vendor": "Invoice", "iban": IBAN, "vendor_tax_id": "DE1"}, "Acme Tools"),
        ({"vendor": "Factored Ltd", "iban": IBAN}, "Acme Tools"),
        ({"vendor": "Invoice"}, "Acme Tools"),
        ({"vendor": "Invoice", "vendor_tax_id": "DE1"}, None),
        ({"vendor": "Invoice", "iban": "GB82WEST12345698765432"}, None),
    ],
)
def test_an_account_or_a_misreading_alone_is_not_enough_against_all_else(
    said: dict[str, str], whose: str | None
) -> None:
    found = matched(KnownSuppliers(*KNOWN), Company(), reading(**said))
    assert (found.name if found else None) == whose


def test_numbers_speak_only_against_whom_they_are_known_of() -> None:
    plain = supplier("Plain", misread="Receipt")
    said = reading(vendor="Receipt", vendor_tax_id="DE1", iban="GB82WEST12345698765432")
    assert matched(KnownSuppliers(plain), Company(), said) == plain
    sharing = supplier("Sharing", misread="Receipt", iban=IBAN)
    shared = reading(vendor="Receipt", vendor_tax_id="DE1", iban=IBAN)
    assert matched(KnownSuppliers(ACME, sharing), Company(), shared) == sharing


@pytest.mark.parametrize("exact", [True, False])
def test_it_is_asked_as_exactly_as_is_wanted(exact: bool) -> None:
    suppliers = KnownSuppliers(ACME)
    matched(suppliers, Company(), reading(vendor="Acme Tools"), exact=exact)
    assert suppliers.exact == {exact}
    suppliers.exact.clear()
    matched(suppliers, Company(), reading(vendor="Acme Tools"))
    assert suppliers.exact == {True}


def test_the_own_company_leads_to_nobody() -> None:
    suppliers = KnownSuppliers(supplier("Our Company", vendor_tax_id="DE9", iban="DE00OURS"))
    said = reading(vendor="our company", vendor_tax_id="DE 9", iban="DE00 OURS")
    assert matched(suppliers, US, said) is None
    assert suppliers.asked == []
