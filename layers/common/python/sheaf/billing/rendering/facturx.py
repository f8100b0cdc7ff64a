"""UN/CEFACT Cross Industry Invoice (D22B) in the EN 16931 profile of Factur-X 1.0 and ZUGFeRD 2.

https://fnfe-mpe.org/factur-x/  https://www.ferd-net.de/
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sheaf.billing.document import IssuedDocument, LineItem
from sheaf.billing.parties import Party
from sheaf.billing.rendering.en16931 import EInvoice, Registration, VatGroup, einvoice
from sheaf.billing.rendering.xml import amount, child, leaf, name_and_description, number, written
from sheaf.billing.sums import LineSum, Totals

if TYPE_CHECKING:
    from lxml.etree import _Element

FILENAME = "factur-x.xml"
_ROOT = "urn:un:unece:uncefact:data:standard:"
_RSM = f"{_ROOT}CrossIndustryInvoice:100"
_RAM = f"{_ROOT}ReusableAggregateBusinessInformationEntity:100"
_QDT = f"{_ROOT}QualifiedDataType:100"
_UDT = f"{_ROOT}UnqualifiedDataType:100"
_PROFILE = "urn:cen.eu:en16931:2017"
_INVOICE, _CREDIT_NOTE = "380", "381"
_SEPA_TRANSFER, _TRANSFER = "58", "30"
_DISCOUNT = "95"
_DAY = "102"


def to_xml(document: IssuedDocument, totals: Totals) -> bytes:
    """The same document gives the same bytes. Raises NotRepresentable."""
    from lxml import etree

    told = einvoice(document, totals)
    namespaces = {"rsm": _RSM, "ram": _RAM, "qdt": _QDT, "udt": _UDT}
    root = etree.Element(f"{{{_RSM}}}CrossIndustryInvoice", nsmap=namespaces)
    context = child(root, _RSM, "ExchangedDocumentContext")
    _leaf(_group(context, "GuidelineSpecifiedDocumentContextParameter"), "ID", _PROFILE)
    _heading(child(root, _RSM, "ExchangedDocument"), told)
    currency = told.content.currency
    transaction = child(root, _RSM, "SupplyChainTradeTransaction")
    for at, (line, summed) in enumerate(zip(told.content.lines, totals.lines, strict=True), start=1):
        _line(_group(transaction, "IncludedSupplyChainTradeLineItem"), str(at), line, summed, currency)
    _agreement(_group(transaction, "ApplicableHeaderTradeAgreement"), told)
    _delivery(_group(transaction, "ApplicableHeaderTradeDelivery"), told)
    _settlement(_group(transaction, "ApplicableHeaderTradeSettlement"), told)
    return written(root)


def _heading(into: _Element, told: EInvoice) -> None:
    _leaf(into, "ID", told.number)
    _leaf(into, "TypeCode", _CREDIT_NOTE if told.is_credit else _INVOICE)
    _day(into, "IssueDateTime", told.content.issue_date)
    if told.content.notes:
        _leaf(_group(into, "IncludedNote"), "Content", told.content.notes)


def _line(into: _Element, at: str, line: LineItem, summed: LineSum, currency: str) -> None:
    _leaf(_group(into, "AssociatedDocumentLineDocument"), "LineID", at)
    product = _group(into, "SpecifiedTradeProduct")
    name, description = name_and_description(line.description, line.details)
    _leaf(product, "SellerAssignedID", line.code)
    _leaf(product, "Name", name)
    _leaf(product, "Description", description)
    price = _group(_group(into, "SpecifiedLineTradeAgreement"), "NetPriceProductTradePrice")
    _leaf(price, "ChargeAmount", number(line.unit_price))
    delivery = _group(into, "SpecifiedLineTradeDelivery")
    _leaf(delivery, "BilledQuantity", number(line.quantity), unitCode=line.unit)
    settlement = _group(into, "SpecifiedLineTradeSettlement")
    _tax(settlement, "ApplicableTradeTax", VatGroup.of(line.tax))
    if summed.discount:
        reason = line.discount.reason if line.discount else None
        _allowance(settlement, amount(summed.discount, currency), reason)
    total = _group(settlement, "SpecifiedTradeSettlementLineMonetarySummation")
    _leaf(total, "LineTotalAmount", amount(summed.net, currency))


def _agreement(into: _Element, told: EInvoice) -> None:
    _leaf(into, "BuyerReference", told.content.buyer_reference)
    _party(_group(into, "SellerTradeParty"), told.content.seller, told.seller)
    _party(_group(into, "BuyerTradeParty"), told.content.buyer, told.buyer)
    if order := told.content.purchase_order:
        _leaf(_group(into, "BuyerOrderReferencedDocument"), "IssuerAssignedID", order)


def _party(into: _Element, party: Party, registration: Registration) -> None:
    _leaf(into, "ID", registration.other)
    _leaf(into, "Name", party.name)
    if registration.legal:
        _leaf(_group(into, "SpecifiedLegalOrganization"), "ID", registration.legal)
    if party.contact or party.phone or party.email:
        contact = _group(into, "DefinedTradeContact")
        _leaf(contact, "PersonName", party.contact)
        if party.phone:
            _leaf(_group(contact, "TelephoneUniversalCommunication"), "CompleteNumber", party.phone)
        if party.email:
            _leaf(_group(contact, "EmailURIUniversalCommunication"), "URIID", party.email)
    _address(into, party)
    for scheme, value in (("VA", registration.vat), ("FC", registration.tax)):
        if value:
            _leaf(_group(into, "SpecifiedTaxRegistration"), "ID", value, schemeID=scheme)


def _address(into: _Element, party: Party) -> None:
    at = _group(into, "PostalTradeAddress")
    lines = (*party.address.lines[:2], ", ".join(party.address.lines[2:]))
    _leaf(at, "PostcodeCode", party.address.postcode)
    for name, line in zip(("LineOne", "LineTwo", "LineThree"), filter(None, lines), strict=False):
        _leaf(at, name, line)
    _leaf(at, "CityName", party.address.city)
    _leaf(at, "CountryID", party.address.country)
    _leaf(at, "CountrySubDivisionName", party.address.region)


def _delivery(into: _Element, told: EInvoice) -> None:
    if told.delivers_to:
        ship_to = _group(into, "ShipToTradeParty")
        _leaf(ship_to, "Name", told.content.buyer.name)
        _address(ship_to, told.content.buyer)
    if told.content.delivery_date:
        _day(_group(into, "ActualDeliverySupplyChainEvent"), "OccurrenceDateTime", told.content.delivery_date)


def _settlement(into: _Element, told: EInvoice) -> None:
    content = told.content
    if not told.is_credit:
        _leaf(into, "PaymentReference", told.number)
    _leaf(into, "InvoiceCurrencyCode", content.currency)
    if content.account and not told.is_credit:
        means = _group(into, "SpecifiedTradeSettlementPaymentMeans")
        _leaf(means, "TypeCode", _SEPA_TRANSFER if content.currency == "EUR" else _TRANSFER)
        account = _group(means, "PayeePartyCreditorFinancialAccount")
        _leaf(account, "IBANID", content.account.iban)
        _leaf(account, "AccountName", content.account.holder)
        if content.account.bic:
            _leaf(_group(means, "PayeeSpecifiedCreditorFinancialInstitution"), "BICID", content.account.bic)
    for group in told.groups:
        _tax(into, "ApplicableTradeTax", group, summed_in=content.currency)
    if content.period:
        period = _group(into, "BillingSpecifiedPeriod")
        _day(period, "StartDateTime", content.period.first)
        _day(period, "EndDateTime", content.period.last)
    for group in told.groups:
        if group.discount:
            allowance = _allowance(into, amount(group.discount, content.currency), told.discount_reason)
            _tax(allowance, "CategoryTradeTax", group)
    if told.terms or content.due_date:
        terms = _group(into, "SpecifiedTradePaymentTerms")
        _leaf(terms, "Description", told.terms)
        _day(terms, "DueDateDateTime", None if told.is_credit else content.due_date)
    _sums(_group(into, "SpecifiedTradeSettlementHeaderMonetarySummation"), told)
    if content.credits:
        credited = _group(into, "InvoiceReferencedDocument")
        _leaf(credited, "IssuerAssignedID", content.credits.number)
        _day(credited, "FormattedIssueDateTime", content.credits.date, namespace=_QDT)


def _sums(into: _Element, told: EInvoice) -> None:
    totals, currency = told.totals, told.content.currency
    _leaf(into, "LineTotalAmount", amount(totals.subtotal, currency))
    if any(group.discount for group in told.groups):
        _leaf(into, "AllowanceTotalAmount", amount(totals.discount, currency))
    _leaf(into, "TaxBasisTotalAmount", amount(totals.net, currency))
    _leaf(into, "TaxTotalAmount", amount(totals.tax, currency), currencyID=currency)
    _leaf(into, "GrandTotalAmount", amount(totals.total, currency))
    _leaf(into, "DuePayableAmount", amount(totals.total, currency))


def _tax(into: _Element, name: str, group: VatGroup, *, summed_in: str | None = None) -> None:
    """With its sums, if their currency is given (BG-23)."""
    tax = _group(into, name)
    if summed_in:
        _leaf(tax, "CalculatedAmount", amount(group.amount, summed_in))
    _leaf(tax, "TypeCode", "VAT")
    if summed_in:
        _leaf(tax, "ExemptionReason", group.reason)
        _leaf(tax, "BasisAmount", amount(group.base, summed_in))
    _leaf(tax, "CategoryCode", group.category.value)
    if summed_in:
        _leaf(tax, "ExemptionReasonCode", group.reason_code)
    _leaf(tax, "RateApplicablePercent", None if group.percent is None else number(group.percent))


def _allowance(into: _Element, taken_off: str, reason: str | None) -> _Element:
    allowance = _group(into, "SpecifiedTradeAllowanceCharge")
    leaf(_group(allowance, "ChargeIndicator"), _UDT, "Indicator", "false")
    _leaf(allowance, "ActualAmount", taken_off)
    _leaf(allowance, "ReasonCode", _DISCOUNT)
    _leaf(allowance, "Reason", reason)
    return allowance


def _day(into: _Element, name: str, day: date | None, *, namespace: str = _UDT) -> None:
    if day:
        leaf(_group(into, name), namespace, "DateTimeString", f"{day:%Y%m%d}", format=_DAY)


def _group(into: _Element, name: str) -> _Element:
    return child(into, _RAM, name)


def _leaf(into: _Element, name: str, text: str | None, **attributes: str) -> None:
    leaf(into, _RAM, name, text, **attributes)
