"""Drafts of what will be issued: made, changed freely, thrown away.

seller_missing      the workspace has not said who it is
customer_archived   the customer gets no new documents
not_a_draft         it was issued: what it says is fixed
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from sheaf.audit.entries import Change
from sheaf.billing.captured import CapturedBill, captured_bill
from sheaf.billing.customers.customer import Customer
from sheaf.billing.customers.library import find_customer
from sheaf.billing.document import (
    MOST_LINES,
    Content,
    Currency,
    Day,
    Discount,
    IssuedDocument,
    Kind,
    Period,
    Rounding,
    Text,
    Withholding,
)
from sheaf.billing.lines import DraftLine, completed
from sheaf.billing.parties import Party
from sheaf.billing.ports import Tenant
from sheaf.billing.settings import BillingSettings, Locale
from sheaf.billing.sight import nowhere, require_sight, require_there
from sheaf.billing.states import state
from sheaf.billing.sums import totals
from sheaf.kernel.errors import Conflict, InvalidRequest
from sheaf.kernel.names import Name
from sheaf.kernel.preconditions import IfMatch

CustomerId = Annotated[str, StringConstraints(pattern=r"^cus_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
DocumentId = Annotated[str, StringConstraints(pattern=r"^doc_[0-7][0-9a-hjkmnp-tv-z]{25}$")]


class _Said(BaseModel):
    """``customer_id`` gives the buyer of invoices and estimates; ``buyer`` is for whoever is no customer.
    Bills have a ``supplier``, and its ``number``.
    """

    model_config = ConfigDict(extra="forbid")

    customer_id: CustomerId | None = None
    buyer: Party | None = None
    supplier: Party | None = None
    number: Name | None = None
    currency: Currency | None = None
    issue_date: Day | None = None
    due_date: Day | None = None
    valid_until: Day | None = None
    delivery_date: Day | None = None
    period: Period | None = None
    lines: Annotated[list[DraftLine], Field(max_length=MOST_LINES)] | None = None
    discount: Discount | None = None
    withholding: Withholding | None = None
    rounding: Rounding | None = None
    buyer_reference: Name | None = None
    purchase_order: Name | None = None
    notes: Text | None = None
    terms: Text | None = None
    locale: Locale | None = None


def _begun_here(kind: Kind) -> Kind:
    if kind is Kind.CREDIT_NOTE:
        raise PydanticCustomError("kind", "A credit note is made of its invoice: POST …/credit there")
    return kind


class NewDraft(_Said):
    """``document_id``: the approved captured document that a bill is made of, and its lines with it."""

    kind: Annotated[Kind, AfterValidator(_begun_here)]
    document_id: DocumentId | None = None


class DraftChange(_Said):
    """What is left out stays; null takes it away, or back to where it began. ``lines`` replaces all lines."""


_PLAIN = (
    "issue_date", "due_date", "valid_until", "delivery_date", "period", "discount", "withholding",
    "buyer_reference", "purchase_order", "notes", "terms",
)  # fmt: skip
"""Fields that stand in the content as they are said."""

_OF_BILLS = frozenset({"supplier", "number", "document_id"})
_OF_SALES = frozenset({"customer_id", "buyer"})
_FIXED_BY_INVOICE = _OF_BILLS | _OF_SALES | {"currency", "withholding", "rounding"}
_NOT_OF = {
    Kind.INVOICE: _OF_BILLS,
    Kind.ESTIMATE: _OF_BILLS,
    Kind.CREDIT_NOTE: _FIXED_BY_INVOICE,
    Kind.BILL: _OF_SALES,
}


def make_draft(tenant: Tenant, new: NewDraft) -> IssuedDocument:
    require_sight(tenant)
    return save_new(tenant, drafted(tenant, new, tenant.new_id(new.kind.prefix)))


def drafted(tenant: Tenant, new: NewDraft, issued_id: str) -> IssuedDocument:
    """The draft, which is not staged yet."""
    _refuse(new, _NOT_OF[new.kind])
    customer = _customer(tenant, new.customer_id)
    settings, _ = tenant.billing_settings.get()
    own = own_company(settings)
    captured = captured_bill(tenant, own, settings.currency, new.document_id) if new.document_id else None
    draft = IssuedDocument(
        id=issued_id,
        kind=new.kind,
        customer_id=new.customer_id,
        created_by=tenant.actor.id,
        number=new.number or (captured.number if captured else None),
        source_document_id=new.document_id,
        source_total=captured.total if captured else None,
        content=_begun(new, own, settings, customer, captured),
    )
    return _with_lines(tenant, settings, customer, draft, new.lines)


def change_draft(tenant: Tenant, issued_id: str, change: DraftChange, if_match: IfMatch) -> IssuedDocument:
    before = find_draft(tenant, issued_id)
    if_match.check(before.version)
    _refuse(change, _NOT_OF[before.kind])
    settings, _ = tenant.billing_settings.get()
    said = change.model_fields_set
    customer = _customer(tenant, change.customer_id) if "customer_id" in said else None
    draft = before.model_copy(
        update={
            "content": _changed(before, change, settings, customer),
            "customer_id": change.customer_id if said & _OF_SALES else before.customer_id,
            "number": change.number if "number" in said else before.number,
        }
    )
    if customer is None and draft.customer_id and change.lines:
        customer = tenant.customers.get(draft.customer_id)
    draft = _with_lines(tenant, settings, customer, draft, change.lines)
    if draft == before:
        return before
    tenant.record(Change(subject=before.id, after={"changed": ", ".join(sorted(said))}))
    return tenant.issued.save(draft, instead_of=before)


def delete_draft(tenant: Tenant, issued_id: str) -> None:
    """The estimate that it was made of can be converted again."""
    draft = find_draft(tenant, issued_id)
    tenant.issued.remove(draft)
    tenant.record(Change(subject=draft.id))
    estimate = tenant.issued.get(draft.converted_from) if draft.converted_from else None
    if estimate:
        after = estimate.model_copy(update={"converted_to": None})
        tenant.record(Change(subject=estimate.id, after={"status": state(after).value}))
        tenant.issued.save(after, instead_of=estimate)


def save_new(tenant: Tenant, draft: IssuedDocument) -> IssuedDocument:
    tenant.record(Change(subject=draft.id, after={"kind": draft.kind.value}))
    return tenant.issued.save(draft, instead_of=None)


def find_issued(tenant: Tenant, issued_id: str) -> IssuedDocument:
    require_there(tenant, issued_id, *(kind.prefix for kind in Kind), what="issued document")
    document = tenant.issued.get(issued_id)
    if document is None:
        raise nowhere("issued document")
    return document


def find_draft(tenant: Tenant, issued_id: str) -> IssuedDocument:
    document = find_issued(tenant, issued_id)
    if not document.is_draft:
        raise Conflict(
            "This was issued: what it says is fixed. A credit note takes it back.", code="not_a_draft"
        )
    return document


def with_sums(document: IssuedDocument) -> IssuedDocument:
    """Raises InvalidRequest where its parts do not add up to a document."""
    found = totals(document.content)
    return document.model_copy(update={"total": found.total, "payable": found.payable})


def own_company(settings: BillingSettings) -> Party:
    if settings.seller is None:
        raise Conflict("Say first who you are: `seller` in PUT /v1/settings/billing.", code="seller_missing")
    return settings.seller


def _refuse(said: _Said, names: Iterable[str]) -> None:
    wrong = sorted(said.model_fields_set.intersection(names))
    if wrong:
        errors = [{"field": name, "message": "This kind of document has none"} for name in wrong]
        raise InvalidRequest(f"Not accepted: {', '.join(wrong)}.", errors=errors)


def _customer(tenant: Tenant, customer_id: str | None) -> Customer | None:
    if customer_id is None:
        return None
    customer = find_customer(tenant, customer_id)
    if customer.archived:
        raise Conflict("This customer is archived, and gets no new documents.", code="customer_archived")
    return customer


def _begun(
    new: NewDraft,
    own: Party,
    settings: BillingSettings,
    customer: Customer | None,
    captured: CapturedBill | None,
) -> Content:
    """What is said goes before what was read, that before what is usual."""
    read = captured.content if captured else None
    is_bill = new.kind is Kind.BILL
    other = (new.supplier if is_bill else new.buyer) or (customer.party if customer else None)
    usual: dict[str, Any] = {
        "currency": (customer and customer.currency) or settings.currency,
        "locale": (customer and customer.locale) or settings.locale,
        "rounding": settings.rounding,
    }
    if not is_bill:
        usual["account"], usual["notes"] = settings.account, settings.notes
        usual["terms"] = (customer and customer.terms) or settings.terms
    found = {name: getattr(read, name) for name in read.model_fields_set} if read else {}
    names = (*_PLAIN, "currency", "locale", "rounding")
    said = {name: value for name in names if (value := getattr(new, name)) is not None}
    parties = _parties(new.kind, own, _named(other or (read.seller if read else None), new.kind))
    return Content(**usual | found | said | parties)


def _changed(
    before: IssuedDocument, change: DraftChange, settings: BillingSettings, customer: Customer | None
) -> Content:
    said, content, own = change.model_fields_set, before.content, own_company(settings)
    other = content.seller if before.kind is Kind.BILL else content.buyer
    if said & (_OF_SALES | {"supplier"}):
        chosen = change.supplier if before.kind is Kind.BILL else change.buyer
        other = _named(chosen or (customer.party if customer else None), before.kind)
    update: dict[str, Any] = {name: getattr(change, name) for name in said.intersection(_PLAIN)}
    usual = {"currency": settings.currency, "locale": settings.locale, "rounding": settings.rounding}
    for name in said.intersection(usual):
        update[name] = getattr(change, name) or usual[name]
    if before.kind is not Kind.BILL:
        update["account"] = settings.account
    return content.model_copy(update=update | _parties(before.kind, own, other))


def _parties(kind: Kind, own: Party, other: Party) -> dict[str, Party]:
    return {"seller": other, "buyer": own} if kind is Kind.BILL else {"seller": own, "buyer": other}


def _named(other: Party | None, kind: Kind) -> Party:
    if other is None:
        field = "supplier" if kind is Kind.BILL else "customer_id"
        message = "Say whom the bill is from" if kind is Kind.BILL else "Say whom it is for, or send a buyer"
        raise InvalidRequest(f"Not accepted: {field}.", errors=[{"field": field, "message": message}])
    return other


def _with_lines(
    tenant: Tenant,
    settings: BillingSettings,
    customer: Customer | None,
    draft: IssuedDocument,
    lines: list[DraftLine] | None,
) -> IssuedDocument:
    """With these lines (None: with those that it has), and its sums."""
    if lines is not None:
        found = completed(tenant, settings, customer, draft.content.currency, lines)
        draft = draft.model_copy(update={"content": draft.content.model_copy(update={"lines": found})})
    return with_sums(draft)
