"""Approving a document teaches; opening it again takes back what it taught."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.suppliers.learning import learned, withdrawn
from sheaf.capture.suppliers.own import is_own_vendor
from sheaf.capture.suppliers.supplier import Supplier, keys
from sheaf.kernel.ids import derived_id

if TYPE_CHECKING:
    from sheaf.capture.documents import Document
    from sheaf.capture.kept import KeptReading
    from sheaf.capture.policy import Company
    from sheaf.capture.ports import Tenant


def learn(
    tenant: Tenant, company: Company, document: Document, kept: KeptReading, supplier: Supplier | None
) -> Document:
    """Stages the supplier as it is known from now on; the document says whose it is.

    ``supplier`` is the one that it was matched with; None: a new one is made of it. The own company is none,
    nor is whoever has no name, or nothing to be found by.
    """
    nobodys = document.model_copy(update={"supplier_id": None})
    if is_own_vendor(company, kept.current) or not kept.current.value("vendor"):
        return nobodys
    before = supplier or _without_facts(tenant, document)
    base = before or Supplier(id=_new_id(tenant, document), name="")
    after = learned(base, company, document.id, kept, tenant.clock.now())
    if before is None and not keys(after):
        return nobodys
    if after != before:
        tenant.suppliers.save(after, instead_of=before)
    return document.model_copy(update={"supplier_id": after.id})


def unlearn(tenant: Tenant, document: Document) -> None:
    before = tenant.suppliers.get(document.supplier_id) if document.supplier_id else None
    after = withdrawn(before, document.id) if before else None
    if before and after and after != before:
        tenant.suppliers.save(after, instead_of=before)


def _without_facts(tenant: Tenant, document: Document) -> Supplier | None:
    """The one that was made of this document when it was approved before, if nobody else knows it."""
    found = tenant.suppliers.get(_first_id(document))
    return found if found and not found.facts else None


def _first_id(document: Document) -> str:
    return derived_id("sup", document.created_at, document.id)


def _new_id(tenant: Tenant, document: Document) -> str:
    if tenant.suppliers.get(_first_id(document)) is None:
        return _first_id(document)
    return derived_id("sup", tenant.clock.now(), document.id)
