"""UBL 2.1 (OASIS, ISO/IEC 19845): an Invoice or a CreditNote that says what EN 16931 has to say.

https://docs.oasis-open.org/ubl/os-UBL-2.1/UBL-2.1.html
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sheaf.billing.document import IssuedDocument, LineItem
from sheaf.billing.parties import Party
from sheaf.billing.rendering.en16931 import EInvoice, Registration, VatGroup, einvoice
from sheaf.billing.rendering.xml import amount as written_amount
from sheaf.billing.rendering.xml import child, leaf, name_and_description, number, written
from sheaf.billing.sums import LineSum, Totals

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT = "urn:oasis:names:specification:ubl:schema:xsd:"
_CAC = f"{_ROOT}CommonAggregateComponents-2"
_CBC = f"{_ROOT}CommonBasicComponents-2"
_CUSTOMIZATION = "urn:cen.eu:en16931:2017"
_INVOICE, _CREDIT_NOTE = "380", "381"
_SEPA_TRANSFER, _TRANSFER = "58", "30"
_DISCOUNT = "95"


def to_xml(document: IssuedDocument, totals: Totals) -> bytes:
    """The same document gives the same bytes. Raises NotRepresentable."""
    from lxml import etree

    told = einvoice(document, totals)
    kind = "CreditNote" if told.is_credit else "Invoice"
    namespaces = {None: f"{_ROOT}{kind}-2", "cac": _CAC, "cbc": _CBC}
    root = etree.Element(f"{{{_ROOT}{kind}-2}}{kind}", nsmap=namespaces)
    _heading(root, told)
    _party(_group(root, "AccountingSupplierParty"), told.content.seller, told.seller)
    _party(_group(root, "AccountingCustomerParty"), told.content.buyer, told.buyer)
    _delivery(root, told)
    _payment(root, told)
    for group in told.groups:
        if group.discount:
            allowance = _allowance(root, group.discount, told.discount_reason, told.content.currency)
            _category(allowance, "TaxCategory", group)
    _taxes(root, told)
    _sums(_group(root, "LegalMonetaryTotal"), told)
    for at, (line, summed) in enumerate(zip(told.content.lines, totals.lines, strict=True), start=1):
        _line(_group(root, f"{kind}Line"), str(at), line, summed, told)
    return written(root)


def _heading(root: _Element, told: EInvoice) -> None:
    content = told.content
    _leaf(root, "CustomizationID", _CUSTOMIZATION)
    _leaf(root, "ID", told.number)
    _leaf(root, "IssueDate", content.issue_date.isoformat() if content.issue_date else None)
    if content.due_date and not told.is_credit:
        _leaf(root, "DueDate", content.due_date.isoformat())
    if told.is_credit:
        _leaf(root, "CreditNoteTypeCode", _CREDIT_NOTE)
    else:
        _leaf(root, "InvoiceTypeCode", _INVOICE)
    _leaf(root, "Note", content.notes)
    _leaf(root, "DocumentCurrencyCode", content.currency)
    _leaf(root, "BuyerReference", content.buyer_reference)
    if content.period:
        period = _group(root, "InvoicePeriod")
        _leaf(period, "StartDate", content.period.first.isoformat())
        _leaf(period, "EndDate", content.period.last.isoformat())
    if content.purchase_order:
        _leaf(_group(root, "OrderReference"), "ID", content.purchase_order)
    if content.credits:
        reference = _group(_group(root, "BillingReference"), "InvoiceDocumentReference")
        _leaf(reference, "ID", content.credits.number)
        _leaf(reference, "IssueDate", content.credits.date.isoformat())


def _party(role: _Element, party: Party, registration: Registration) -> None:
    into = _group(role, "Party")
    if registration.other:
        _leaf(_group(into, "PartyIdentification"), "ID", registration.other)
    _address(into, "PostalAddress", party)
    for scheme, value in (("VAT", registration.vat), ("TAX", registration.tax)):
        if value:
            taxed = _group(into, "PartyTaxScheme")
            _leaf(taxed, "CompanyID", value)
            _leaf(_group(taxed, "TaxScheme"), "ID", scheme)
    legal = _group(into, "PartyLegalEntity")
    _leaf(legal, "RegistrationName", party.name)
    _leaf(legal, "CompanyID", registration.legal)
    if party.contact or party.phone or party.email:
        contact = _group(into, "Contact")
        _leaf(contact, "Name", party.contact)
        _leaf(contact, "Telephone", party.phone)
        _leaf(contact, "ElectronicMail", party.email)


def _address(into: _Element, name: str, party: Party) -> None:
    at = _group(into, name)
    for part, line in zip(("StreetName", "AdditionalStreetName"), party.address.lines, strict=False):
        _leaf(at, part, line)
    _leaf(at, "CityName", party.address.city)
    _leaf(at, "PostalZone", party.address.postcode)
    _leaf(at, "CountrySubentity", party.address.region)
    if rest := ", ".join(party.address.lines[2:]):
        _leaf(_group(at, "AddressLine"), "Line", rest)
    _leaf(_group(at, "Country"), "IdentificationCode", party.address.country)


def _delivery(root: _Element, told: EInvoice) -> None:
    day = told.content.delivery_date
    if not (day or told.delivers_to):
        return
    delivery = _group(root, "Delivery")
    _leaf(delivery, "ActualDeliveryDate", day.isoformat() if day else None)
    if told.delivers_to:
        _address(_group(delivery, "DeliveryLocation"), "Address", told.content.buyer)


def _payment(root: _Element, told: EInvoice) -> None:
    account = told.content.account
    if account and not told.is_credit:
        means = _group(root, "PaymentMeans")
        _leaf(means, "PaymentMeansCode", _SEPA_TRANSFER if told.content.currency == "EUR" else _TRANSFER)
        _leaf(means, "PaymentID", told.number)
        payee = _group(means, "PayeeFinancialAccount")
        _leaf(payee, "ID", account.iban)
        _leaf(payee, "Name", account.holder)
        if account.bic:
            _leaf(_group(payee, "FinancialInstitutionBranch"), "ID", account.bic)
    if told.terms:
        _leaf(_group(root, "PaymentTerms"), "Note", told.terms)


def _taxes(root: _Element, told: EInvoice) -> None:
    currency = told.content.currency
    total = _group(root, "TaxTotal")
    _amount(total, "TaxAmount", told.totals.tax, currency)
    for group in told.groups:
        subtotal = _group(total, "TaxSubtotal")
        _amount(subtotal, "TaxableAmount", group.base, currency)
        _amount(subtotal, "TaxAmount", group.amount, currency)
        _category(subtotal, "TaxCategory", group, with_reason=True)


def _sums(into: _Element, told: EInvoice) -> None:
    totals, currency = told.totals, told.content.currency
    _amount(into, "LineExtensionAmount", totals.subtotal, currency)
    _amount(into, "TaxExclusiveAmount", totals.net, currency)
    _amount(into, "TaxInclusiveAmount", totals.total, currency)
    if any(group.discount for group in told.groups):
        _amount(into, "AllowanceTotalAmount", totals.discount, currency)
    _amount(into, "PayableAmount", totals.total, currency)


def _line(into: _Element, at: str, line: LineItem, summed: LineSum, told: EInvoice) -> None:
    currency = told.content.currency
    _leaf(into, "ID", at)
    quantity = "CreditedQuantity" if told.is_credit else "InvoicedQuantity"
    _leaf(into, quantity, number(line.quantity), unitCode=line.unit)
    _amount(into, "LineExtensionAmount", summed.net, currency)
    if summed.discount:
        reason = line.discount.reason if line.discount else None
        _allowance(into, summed.discount, reason, currency)
    item = _group(into, "Item")
    name, description = name_and_description(line.description, line.details)
    _leaf(item, "Description", description)
    _leaf(item, "Name", name)
    if line.code:
        _leaf(_group(item, "SellersItemIdentification"), "ID", line.code)
    _category(item, "ClassifiedTaxCategory", VatGroup.of(line.tax))
    _leaf(_group(into, "Price"), "PriceAmount", number(line.unit_price), currencyID=currency)


def _allowance(into: _Element, amount: Decimal, reason: str | None, currency: str) -> _Element:
    allowance = _group(into, "AllowanceCharge")
    _leaf(allowance, "ChargeIndicator", "false")
    _leaf(allowance, "AllowanceChargeReasonCode", _DISCOUNT)
    _leaf(allowance, "AllowanceChargeReason", reason)
    _amount(allowance, "Amount", amount, currency)
    return allowance


def _category(into: _Element, name: str, group: VatGroup, *, with_reason: bool = False) -> None:
    category = _group(into, name)
    _leaf(category, "ID", group.category.value)
    _leaf(category, "Percent", None if group.percent is None else number(group.percent))
    if with_reason:
        _leaf(category, "TaxExemptionReasonCode", group.reason_code)
        _leaf(category, "TaxExemptionReason", group.reason)
    _leaf(_group(category, "TaxScheme"), "ID", "VAT")


def _amount(into: _Element, name: str, amount: Decimal, currency: str) -> None:
    _leaf(into, name, written_amount(amount, currency), currencyID=currency)


def _group(into: _Element, name: str) -> _Element:
    return child(into, _CAC, name)


def _leaf(into: _Element, name: str, text: str | None, **attributes: str) -> None:
    leaf(into, _CBC, name, text, **attributes)
