"""Whose a document is: by tax id, else by IBAN, else by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.suppliers.own import is_own_iban, is_own_name, is_own_tax_id
from sheaf.capture.suppliers.supplier import FactKind, key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheaf.capture.policy import Company
    from sheaf.capture.ports import Suppliers
    from sheaf.capture.reading import Reading
    from sheaf.capture.suppliers.supplier import Supplier


def matched(
    suppliers: Suppliers, company: Company, reading: Reading, *, exact: bool = True
) -> Supplier | None:
    """``exact``: as it is by now; else it may be a moment behind, for half the price."""
    for kind, place in _places(company, reading):
        supplier_id = suppliers.holder(place, exact=exact)
        supplier = suppliers.get(supplier_id, exact=exact) if supplier_id else None
        if supplier and not _speaks_against(kind, supplier, reading):
            return supplier
    return None


def _places(company: Company, reading: Reading) -> Iterator[tuple[FactKind, str]]:
    number, iban, name = (reading.value(field) for field in ("vendor_tax_id", "iban", "vendor"))
    if not is_own_tax_id(company, number) and (place := key(FactKind.TAX_ID, number)):
        yield FactKind.TAX_ID, place
    if not is_own_iban(company, iban) and (place := key(FactKind.IBAN, iban)):
        yield FactKind.IBAN, place
    if not is_own_name(company, name) and (place := key(FactKind.NAME, name)):
        yield FactKind.NAME, place


def _speaks_against(kind: FactKind, supplier: Supplier, reading: Reading) -> bool:
    """An account may be shared by many (a factor's is), and many may be misread alike: such a document is
    somebody else's when what else it says is. A name that is right is enough: whoever pretends to be a
    supplier brings other numbers along, and that must come to light.
    """
    name, number, iban = (reading.value(field) for field in ("vendor", "vendor_tax_id", "iban"))
    if kind is FactKind.TAX_ID or supplier.knows(FactKind.NAME, name):
        return False
    other_number = _is_another(supplier, FactKind.TAX_ID, number)
    if kind is FactKind.IBAN:
        return other_number and not supplier.knows(FactKind.ALIAS, name)
    return other_number or _is_another(supplier, FactKind.IBAN, iban)


def _is_another(supplier: Supplier, kind: FactKind, value: str | None) -> bool:
    return value is not None and bool(supplier.of(kind)) and not supplier.knows(kind, value)
