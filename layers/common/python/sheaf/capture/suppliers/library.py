"""Suppliers as the API shows them: looking them up, saying what they are called, undoing what was learned."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from sheaf.audit.entries import Change
from sheaf.capture.ports import Tenant
from sheaf.capture.search import name_key
from sheaf.capture.suppliers.learning import called, undone
from sheaf.capture.suppliers.supplier import Fact, FactKind, Supplier, SupplierItemView
from sheaf.kernel.errors import NotFound
from sheaf.kernel.ids import is_id
from sheaf.kernel.money import is_currency
from sheaf.kernel.names import Name
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT, decoded, encoded, unknown_cursor
from sheaf.kernel.preconditions import IfMatch


class SupplierList(BaseModel):
    items: list[SupplierItemView]
    next_cursor: str | None


class FactView(BaseModel):
    """``document_id``: the approved document that it was learned from; null: a person said it here."""

    id: str
    value: str | None
    document_id: str | None
    learned_at: AwareDatetime


class RememberedView(FactView):
    """``wrong`` is what the machine had read where ``value`` was right; null: it had read nothing."""

    field: str
    wrong: str | None


class SupplierView(BaseModel):
    """``memory`` is what its next documents get: in a field where nothing was read, or what was ``wrong``.

    ``account`` and ``tax_code`` go with its documents into exports; ``currency`` and ``payment_terms`` are
    for documents that say nothing of them. ``version`` counts its changes, and is its ETag.
    """

    id: str
    version: int
    name: str
    account: str | None
    tax_code: str | None
    currency: str | None
    payment_terms: str | None
    names: list[FactView]
    aliases: list[FactView]
    tax_ids: list[FactView]
    ibans: list[FactView]
    accounts: list[FactView]
    memory: list[RememberedView]


def _in_letters(name: str) -> str:
    if not name_key(name):
        raise ValueError("A name with letters or digits is wanted")
    return name


class SupplierQuery(BaseModel):
    """``q``: how the name begins."""

    q: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_in_letters)] | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,400}$")] | None = None


def _known(currency: str) -> str:
    if not is_currency(currency):
        raise ValueError("A currency's code is wanted (ISO 4217), such as EUR")
    return currency


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class SupplierChange(BaseModel):
    """What is left out stays; null takes it away. ``name`` is what the supplier is called in readings."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Name, AfterValidator(_in_letters)] | None = None
    account: Name | None = None
    tax_code: Name | None = None
    currency: Annotated[str, AfterValidator(_known)] | None = None
    payment_terms: _Text | None = None


def list_suppliers(tenant: Tenant, query: SupplierQuery) -> SupplierList:
    """By name. They are known from the documents of all clients: whoever sees some only is shown none."""
    prefix = name_key(query.q or "")
    cursor = decoded(query.cursor) if query.cursor else None
    if cursor is not None and not cursor.startswith(prefix):
        raise unknown_cursor()
    if tenant.visibility.is_limited:
        return SupplierList(items=[], next_cursor=None)
    page = tenant.suppliers.page(prefix=prefix, limit=query.limit, cursor=cursor)
    return SupplierList(items=page.items, next_cursor=encoded(page.next_cursor) if page.next_cursor else None)


def show_supplier(tenant: Tenant, supplier_id: str) -> SupplierView:
    return view(find_supplier(tenant, supplier_id))


def change_supplier(
    tenant: Tenant, supplier_id: str, change: SupplierChange, if_match: IfMatch
) -> SupplierView:
    before = find_supplier(tenant, supplier_id)
    if_match.check(before.version)
    wanted = change.model_dump(exclude_unset=True)
    name = wanted.pop("name", None)
    after = before.model_copy(update=wanted)
    if name is not None and name != before.name:
        after = called(after, name, tenant.clock.now())
    if after == before:
        return view(before)
    changed = [each for each in SupplierChange.model_fields if getattr(after, each) != getattr(before, each)]
    tenant.record(Change(subject=before.id, after={"changed": ", ".join(changed)}))
    return view(tenant.suppliers.save(after, instead_of=before))


def forget_fact(tenant: Tenant, supplier_id: str, fact_id: str) -> None:
    """The next document does not get it, and the documents that taught it do not teach it again."""
    before = find_supplier(tenant, supplier_id)
    fact = next((fact for fact in before.facts if fact.id == fact_id), None)
    if fact is None:
        raise NotFound("Nothing by that id is remembered of this supplier.")
    tenant.suppliers.save(undone(before, fact), instead_of=before)
    tenant.record(
        Change(subject=before.id, before={"fact": fact.id, "kind": fact.kind.value, "field": fact.field})
    )


def find_supplier(tenant: Tenant, supplier_id: str) -> Supplier:
    supplier = tenant.suppliers.get(supplier_id) if is_id(supplier_id, "sup") else None
    if supplier is None or tenant.visibility.is_limited:
        raise NotFound("There is no such supplier in this workspace.")
    return supplier


def view(supplier: Supplier) -> SupplierView:
    said = {kind: [_fact(fact) for fact in supplier.of(kind)] for kind in FactKind}
    return SupplierView(
        **{name: getattr(supplier, name) for name in ("id", "version", *SupplierChange.model_fields)},
        names=said[FactKind.NAME],
        aliases=said[FactKind.ALIAS],
        tax_ids=said[FactKind.TAX_ID],
        ibans=said[FactKind.IBAN],
        accounts=said[FactKind.ACCOUNT],
        memory=[
            RememberedView(**dict(_fact(fact)), field=fact.field, wrong=fact.wrong)
            for fact in supplier.of(FactKind.CORRECTION)
        ],
    )


def _fact(fact: Fact) -> FactView:
    return FactView(id=fact.id, value=fact.value, document_id=fact.document_id, learned_at=fact.at)
