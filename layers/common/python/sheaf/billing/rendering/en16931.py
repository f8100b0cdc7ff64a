"""What an e-invoice says, in the terms of EN 16931, before it is written in one of its two syntaxes.

Numbers such as BT-9 are the standard's business terms, those such as BR-CO-25 its rules. What the standard
cannot say is refused with the reason.
https://docs.peppol.eu/poacc/billing/3.0/rules/ubl-tc434/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sheaf.billing.codes import is_currency
from sheaf.billing.document import Content, IssuedDocument, Kind, Tax, TaxCategory
from sheaf.billing.rendering.terms import credited, payment_terms, reasons
from sheaf.billing.rendering.vat_numbers import vat_id
from sheaf.billing.rendering.wording import wording
from sheaf.billing.sums import Totals
from sheaf.kernel.errors import Conflict
from sheaf.kernel.money import exponent

_ZERO = Decimal(0)
_MOST_DECIMALS = 2
_TOLERANCE = Decimal(1)
"""BR-CO-17 and those like it let the tax of a rate differ by less than one unit of the currency."""

_REASON_CODES = {
    TaxCategory.REVERSE_CHARGE: "VATEX-EU-AE",
    TaxCategory.INTRA_COMMUNITY: "VATEX-EU-IC",
    TaxCategory.EXPORT: "VATEX-EU-G",
    TaxCategory.OUTSIDE_SCOPE: "VATEX-EU-O",
}
_BUYER_REGISTERED = (TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY)
_SELLER_REGISTERED = (TaxCategory.INTRA_COMMUNITY, TaxCategory.EXPORT)


class NotRepresentable(Conflict):
    """An e-invoice of EN 16931 cannot be made of this document; the message says why."""

    code = "not_representable"


@dataclass(frozen=True)
class VatGroup:
    """One of the VAT breakdown (BG-23). ``discount`` is its share of the document's discount (BG-20)."""

    category: TaxCategory
    rate: Decimal
    discount: Decimal
    base: Decimal
    amount: Decimal
    reason: str | None

    @classmethod
    def of(cls, tax: Tax) -> VatGroup:
        """A line's: its category and rate (BG-30), without sums."""
        return cls(tax.category, tax.rate, _ZERO, _ZERO, _ZERO, None)

    @property
    def percent(self) -> Decimal | None:
        """BT-119; what is outside the scope of VAT has no rate."""
        return None if self.category is TaxCategory.OUTSIDE_SCOPE else self.rate

    @property
    def reason_code(self) -> str | None:
        return _REASON_CODES.get(self.category)


@dataclass(frozen=True)
class Registration:
    """BT-31 or BT-48 (``vat``), BT-32 (``tax``), BT-30 or BT-47 (``legal``), BT-29 or BT-46 (``other``)."""

    vat: str | None
    tax: str | None
    legal: str | None
    other: str | None


@dataclass(frozen=True)
class EInvoice:
    """``terms`` is BT-20, ``discount_reason`` BT-97."""

    content: Content
    totals: Totals
    number: str
    is_credit: bool
    seller: Registration
    buyer: Registration
    groups: tuple[VatGroup, ...]
    terms: str | None
    discount_reason: str

    @property
    def delivers_to(self) -> bool:
        """BR-IC-12: an intra-Community supply says to which country it went."""
        return any(group.category is TaxCategory.INTRA_COMMUNITY for group in self.groups)


def einvoice(document: IssuedDocument, totals: Totals) -> EInvoice:
    """Raises NotRepresentable."""
    content = document.content
    groups = _groups(content, totals)
    refusal = next(_obstacles(document, groups), None)
    if refusal is not None or document.number is None:
        raise NotRepresentable(refusal or "A draft has no number yet.")
    words = wording(content.locale)
    outside = any(group.category is TaxCategory.OUTSIDE_SCOPE for group in groups)
    is_credit = document.kind is Kind.CREDIT_NOTE
    reason = content.discount.reason if content.discount else None
    return EInvoice(
        content=content,
        totals=totals,
        number=document.number,
        is_credit=is_credit,
        seller=_seller(content, outside=outside),
        buyer=_buyer(content, outside=outside),
        groups=groups,
        terms=payment_terms(document, totals)
        or (f"{words.credits} {credited(document)}" if is_credit else None),
        discount_reason=reason or words.discount,
    )


def _groups(content: Content, totals: Totals) -> tuple[VatGroup, ...]:
    return tuple(
        VatGroup(
            category=each.tax.category,
            rate=each.tax.rate,
            discount=each.discount,
            base=each.base,
            amount=each.amount,
            reason="; ".join(reasons(content, each.tax)) or None,
        )
        for each in totals.taxes
    )


def _seller(content: Content, *, outside: bool) -> Registration:
    """BR-O-02: where VAT does not apply, no VAT number is said. BR-CO-26: the seller is known by some
    number.
    """
    party = content.seller
    vat = None if outside else vat_id(party)
    tax = party.tax_id if not vat and not outside else None
    other = None if vat or party.registration_id else party.tax_id
    return Registration(vat=vat, tax=tax, legal=party.registration_id, other=other)


def _buyer(content: Content, *, outside: bool) -> Registration:
    party = content.buyer
    vat = None if outside else vat_id(party)
    return Registration(vat=vat, tax=None, legal=party.registration_id, other=None if vat else party.tax_id)


def _obstacles(document: IssuedDocument, groups: tuple[VatGroup, ...]) -> Iterator[str]:
    content = document.content
    if document.kind not in (Kind.INVOICE, Kind.CREDIT_NOTE):
        yield "Only invoices and credit notes are e-invoices."
    if document.is_draft or document.number is None or content.issue_date is None:
        yield "A draft is no e-invoice: it has no number yet."
    if document.voided_at is not None:
        yield "A void document is no e-invoice."
    if document.kind is Kind.CREDIT_NOTE and content.credits is None:
        yield "A credit note names the invoice that it credits."
    if not content.lines:
        yield "An e-invoice has at least one line."
    yield from _currency_obstacles(content)
    yield from _tax_obstacles(content, groups)


def _currency_obstacles(content: Content) -> Iterator[str]:
    if exponent(content.currency) > _MOST_DECIMALS:
        yield f"Amounts in {content.currency} have more decimals than the two that EN 16931 has."
    if not is_currency(content.currency):
        yield f"EN 16931 does not list the currency {content.currency}."


def _tax_obstacles(content: Content, groups: tuple[VatGroup, ...]) -> Iterator[str]:
    categories = {group.category for group in groups}
    seller, buyer = content.seller, content.buyer
    if TaxCategory.OUTSIDE_SCOPE in categories and len(categories) > 1:
        yield "What is outside the scope of VAT cannot stand with what is in its scope."
    if not seller.tax_id and (not seller.registration_id or categories - {TaxCategory.OUTSIDE_SCOPE}):
        yield "The seller has no tax number."
    if categories & {*_SELLER_REGISTERED} and not vat_id(seller):
        yield "The seller has no VAT number."
    if TaxCategory.INTRA_COMMUNITY in categories and not vat_id(buyer):
        yield "An intra-Community supply needs the VAT number of the buyer."
    if categories & {*_BUYER_REGISTERED} and not (vat_id(buyer) or buyer.registration_id):
        yield "A reverse charge needs a VAT number or a registration number of the buyer."
    if TaxCategory.INTRA_COMMUNITY in categories and not (content.delivery_date or content.period):
        yield "An intra-Community supply says when it was delivered."
    for group in groups:
        exact = group.base * group.rate / 100
        if abs(group.amount - exact) >= _TOLERANCE - Decimal("0.01"):
            yield "Tax that is rounded on each line is too far from the tax on the whole."
