"""UBL 2.1 Invoice and CreditNote; paths are local names, namespaces are gone already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.einvoice.facts import (
    address,
    as_date,
    as_decimal,
    as_text,
    decimal_text,
    document_type,
    fields,
    unit_price,
)
from sheaf.capture.identifiers import has_form_of_iban
from sheaf.capture.reading import LineItem, Reading, Source, TaxLine

if TYPE_CHECKING:
    from lxml.etree import _Element


def read(root: _Element) -> Reading:
    currency = _text(root, "DocumentCurrencyCode")
    seller = root.find("AccountingSupplierParty/Party")
    buyer = root.find("AccountingCustomerParty/Party")
    total = "LegalMonetaryTotal/"
    tax_total = _tax_total(root, currency)
    values = {
        "vendor": as_text(_name(seller)),
        "vendor_address": as_text(_address(seller)),
        "vendor_tax_id": as_text(_tax_id(seller)),
        "buyer": as_text(_name(buyer)),
        "buyer_address": as_text(_address(buyer)),
        "buyer_tax_id": as_text(_tax_id(buyer)),
        "invoice_number": as_text(_text(root, "ID")),
        "purchase_order": as_text(_text(root, "OrderReference/ID")),
        "invoice_date": as_date(_text(root, "IssueDate")),
        "due_date": as_date(
            _text(root, "DueDate")
            or _text(root, "PaymentMeans/PaymentDueDate")
            or _text(root, "PaymentTerms/PaymentDueDate")
        ),
        "payment_terms": as_text(_text(root, "PaymentTerms/Note")),
        "currency": as_text(currency),
        "subtotal": as_decimal(_text(root, total + "TaxExclusiveAmount")),
        "discount": as_decimal(_text(root, total + "AllowanceTotalAmount")),
        "charges": as_decimal(_text(root, total + "ChargeTotalAmount")),
        "tax": as_decimal(_text(tax_total, "TaxAmount")),
        "total": as_decimal(_text(root, total + "TaxInclusiveAmount")),
        "prepaid": as_decimal(_text(root, total + "PrepaidAmount")),
        "amount_due": as_decimal(_text(root, total + "PayableAmount")),
        **_account(_text(root, "PaymentMeans/PayeeFinancialAccount/ID")),
        "bic": as_text(_text(root, "PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID")),
    }
    credit_note = root.tag == "CreditNote"
    code = _text(root, "CreditNoteTypeCode" if credit_note else "InvoiceTypeCode")
    lines = root.iterfind("CreditNoteLine" if credit_note else "InvoiceLine")
    return Reading(
        document_type=document_type(code, credit_note=credit_note),
        engine=Source.XML,
        fields=fields(values),
        line_items=tuple(map(_line, lines)),
        tax_breakdown=_breakdown(tax_total),
    )


def _account(number: str | None) -> dict[str, tuple[str | None, str | None]]:
    """An IBAN or, where there are none, a number of the bank's own."""
    name = "iban" if number is None or has_form_of_iban(number) else "account_number"
    return {name: as_text(number)}


def _text(element: _Element | None, path: str) -> str | None:
    """The first that is not blank, as the schema lets most things come more than once."""
    if element is None:
        return None
    return next((text for found in element.iterfind(path) if (text := (found.text or "").strip())), None)


def _name(party: _Element | None) -> str | None:
    """BT-27 / BT-44, the registered name; else the trading name."""
    return _text(party, "PartyLegalEntity/RegistrationName") or _text(party, "PartyName/Name")


def _address(party: _Element | None) -> str | None:
    at = None if party is None else party.find("PostalAddress")
    return address(
        _text(at, "StreetName"),
        _text(at, "AdditionalStreetName"),
        _text(at, "AddressLine/Line"),
        " ".join(filter(None, (_text(at, "PostalZone"), _text(at, "CityName")))),
        _text(at, "CountrySubentity"),
        _text(at, "Country/IdentificationCode"),
    )


def _tax_id(party: _Element | None) -> str | None:
    """BT-31 / BT-48, the VAT identifier; else BT-32, the local tax registration."""
    schemes = [] if party is None else party.findall("PartyTaxScheme")
    schemes.sort(key=lambda scheme: _text(scheme, "TaxScheme/ID") != "VAT")
    return next((tax_id for scheme in schemes if (tax_id := _text(scheme, "CompanyID"))), None)


def _tax_total(root: _Element, currency: str | None) -> _Element | None:
    """BT-110; a second TaxTotal repeats the sum in the currency of the tax accounts (BT-111)."""
    totals = root.findall("TaxTotal")
    for total in totals:
        amount = total.find("TaxAmount")
        if amount is not None and amount.get("currencyID") == currency:
            return total
    return totals[0] if totals else None


def _breakdown(tax_total: _Element | None) -> tuple[TaxLine, ...]:
    subtotals = () if tax_total is None else tax_total.iterfind("TaxSubtotal")
    return tuple(
        TaxLine(
            rate=decimal_text(_text(subtotal, "TaxCategory/Percent")),
            base=decimal_text(_text(subtotal, "TaxableAmount")),
            amount=amount,
        )
        for subtotal in subtotals
        if (amount := decimal_text(_text(subtotal, "TaxAmount")))
    )


def _line(line: _Element) -> LineItem:
    billed = line.find("InvoicedQuantity")
    if billed is None:
        billed = line.find("CreditedQuantity")
    quantity = None if billed is None else decimal_text((billed.text or "").strip())
    amount = decimal_text(_text(line, "LineExtensionAmount"))
    return LineItem(
        description=_text(line, "Item/Name") or _text(line, "Item/Description"),
        product_code=_text(line, "Item/SellersItemIdentification/ID")
        or _text(line, "Item/StandardItemIdentification/ID"),
        quantity=quantity,
        unit=None if billed is None else billed.get("unitCode"),
        unit_price=unit_price(
            _text(line, "Price/PriceAmount"),
            _text(line, "Price/BaseQuantity"),
            quantity=quantity,
            line_amount=amount,
        ),
        tax_rate=decimal_text(_text(line, "Item/ClassifiedTaxCategory/Percent")),
        amount=amount,
    )
