"""UN/CEFACT Cross Industry Invoice (D16B) and its forerunner ZUGFeRD 1.

The two differ in the names of the groups, hardly in their content: ``_ZUGFERD_1`` maps the old ones to
the new ones, so that one set of paths reads both. Paths are local names, namespaces are gone already.
"""

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
from sheaf.capture.reading import LineItem, Reading, Source, TaxLine

if TYPE_CHECKING:
    from lxml.etree import _Element

_ZUGFERD_1 = {
    "HeaderExchangedDocument": "ExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
    "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
    "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
    "SpecifiedSupplyChainTradeAgreement": "SpecifiedLineTradeAgreement",
    "SpecifiedSupplyChainTradeDelivery": "SpecifiedLineTradeDelivery",
    "SpecifiedSupplyChainTradeSettlement": "SpecifiedLineTradeSettlement",
    "ApplicablePercent": "RateApplicablePercent",
}
_TRANSACTION = "SupplyChainTradeTransaction/"
_AGREEMENT = _TRANSACTION + "ApplicableHeaderTradeAgreement/"
_SETTLEMENT = _TRANSACTION + "ApplicableHeaderTradeSettlement/"
_MEANS = _SETTLEMENT + "SpecifiedTradeSettlementPaymentMeans/"
_SUM = "SpecifiedTradeSettlementHeaderMonetarySummation"
_OLD_SUM = "SpecifiedTradeSettlementMonetarySummation"
_NOT_BILLED = ("GROUP", "INFORMATION")
_LINE_SUM = (
    "SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
    "SpecifiedLineTradeSettlement/SpecifiedTradeSettlementMonetarySummation/LineTotalAmount",
)


def read(root: _Element) -> Reading:
    if root.tag == "CrossIndustryDocument":
        for element in root.iter():
            element.tag = _ZUGFERD_1.get(element.tag, element.tag)
    currency = _text(root, _SETTLEMENT + "InvoiceCurrencyCode")
    seller = root.find(_AGREEMENT + "SellerTradeParty")
    buyer = root.find(_AGREEMENT + "BuyerTradeParty")
    terms = _SETTLEMENT + "SpecifiedTradePaymentTerms/"
    values = {
        "vendor": as_text(_name(seller)),
        "vendor_address": as_text(_address(seller)),
        "vendor_tax_id": as_text(_tax_id(seller)),
        "buyer": as_text(_name(buyer)),
        "buyer_address": as_text(_address(buyer)),
        "buyer_tax_id": as_text(_tax_id(buyer)),
        "invoice_number": as_text(_text(root, "ExchangedDocument/ID")),
        "purchase_order": as_text(
            _text(root, _AGREEMENT + "BuyerOrderReferencedDocument/IssuerAssignedID")
            or _text(root, _AGREEMENT + "BuyerOrderReferencedDocument/ID")
        ),
        "invoice_date": as_date(_date(root, "ExchangedDocument/IssueDateTime")),
        "due_date": as_date(_date(root, terms + "DueDateDateTime")),
        "payment_terms": as_text(_text(root, terms + "Description")),
        "currency": as_text(currency),
        **_amounts(root, currency),
        "iban": as_text(_text(root, _MEANS + "PayeePartyCreditorFinancialAccount/IBANID")),
        "account_number": as_text(_text(root, _MEANS + "PayeePartyCreditorFinancialAccount/ProprietaryID")),
        "bic": as_text(_text(root, _MEANS + "PayeeSpecifiedCreditorFinancialInstitution/BICID")),
    }
    return Reading(
        document_type=document_type(_text(root, "ExchangedDocument/TypeCode")),
        engine=Source.XML,
        fields=fields(values),
        line_items=tuple(_lines(root)),
        tax_breakdown=_breakdown(root),
    )


def _text(element: _Element | None, path: str) -> str | None:
    """The first that is not blank, as the schema lets most things come more than once."""
    if element is None:
        return None
    return next((text for found in element.iterfind(path) if (text := (found.text or "").strip())), None)


def _date(root: _Element, path: str) -> str | None:
    return _text(root, path + "/DateTimeString") or _text(root, path + "/DateTime")


def _amounts(root: _Element, currency: str | None) -> dict[str, tuple[str | None, str | None]]:
    summation = root.find(_SETTLEMENT + _SUM)
    if summation is None:
        summation = root.find(_SETTLEMENT + _OLD_SUM)
    # The basic profile of ZUGFeRD 1 may leave the tax basis out: then it is the sum of the lines.
    net = _amount(summation, "TaxBasisTotalAmount", currency) or _amount(
        summation, "LineTotalAmount", currency
    )
    return {
        "subtotal": as_decimal(net),
        "discount": as_decimal(_amount(summation, "AllowanceTotalAmount", currency)),
        "charges": as_decimal(_amount(summation, "ChargeTotalAmount", currency)),
        "tax": as_decimal(_amount(summation, "TaxTotalAmount", currency)),
        "total": as_decimal(_amount(summation, "GrandTotalAmount", currency)),
        "prepaid": as_decimal(_amount(summation, "TotalPrepaidAmount", currency)),
        "amount_due": as_decimal(_amount(summation, "DuePayableAmount", currency)),
    }


def _amount(summation: _Element | None, name: str, currency: str | None) -> str | None:
    """Amounts may be repeated in the currency of the tax accounts (BT-111)."""
    found = [] if summation is None else summation.findall(name)
    found.sort(key=lambda amount: amount.get("currencyID") not in (currency, None))
    return next((text for amount in found if (text := (amount.text or "").strip())), None)


def _name(party: _Element | None) -> str | None:
    return _text(party, "Name") or _text(party, "SpecifiedLegalOrganization/TradingBusinessName")


def _address(party: _Element | None) -> str | None:
    at = None if party is None else party.find("PostalTradeAddress")
    return address(
        _text(at, "LineOne"),
        _text(at, "LineTwo"),
        _text(at, "LineThree"),
        " ".join(filter(None, (_text(at, "PostcodeCode"), _text(at, "CityName")))),
        _text(at, "CountrySubDivisionName"),
        _text(at, "CountryID"),
    )


def _tax_id(party: _Element | None) -> str | None:
    """BT-31 / BT-48, the VAT identifier; else BT-32, the local tax registration."""
    ids = [] if party is None else party.findall("SpecifiedTaxRegistration/ID")
    ids.sort(key=lambda found: found.get("schemeID") != "VA")
    return next((text for found in ids if (text := (found.text or "").strip())), None)


def _breakdown(root: _Element) -> tuple[TaxLine, ...]:
    return tuple(
        TaxLine(
            rate=decimal_text(_text(tax, "RateApplicablePercent")),
            base=decimal_text(_text(tax, "BasisAmount")),
            amount=amount,
        )
        for tax in root.iterfind(_SETTLEMENT + "ApplicableTradeTax")
        if (amount := decimal_text(_text(tax, "CalculatedAmount")))
    )


def _lines(root: _Element) -> list[LineItem]:
    """ZUGFeRD 1 has lines that are remarks only; Factur-X EXTENDED has lines that sum up others."""
    lines = [
        _line(line)
        for line in root.iterfind(_TRANSACTION + "IncludedSupplyChainTradeLineItem")
        if _text(line, "AssociatedDocumentLineDocument/LineStatusReasonCode") not in _NOT_BILLED
    ]
    return [line for line in lines if line.description or line.amount]


def _line(line: _Element) -> LineItem:
    price = "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/"
    billed = line.find("SpecifiedLineTradeDelivery/BilledQuantity")
    quantity = None if billed is None else decimal_text((billed.text or "").strip())
    amount = decimal_text(_text(line, _LINE_SUM[0]) or _text(line, _LINE_SUM[1]))
    return LineItem(
        description=_text(line, "SpecifiedTradeProduct/Name")
        or _text(line, "SpecifiedTradeProduct/Description"),
        product_code=_text(line, "SpecifiedTradeProduct/SellerAssignedID")
        or _text(line, "SpecifiedTradeProduct/GlobalID"),
        quantity=quantity,
        unit=None if billed is None else billed.get("unitCode"),
        unit_price=unit_price(
            _text(line, price + "ChargeAmount"),
            _text(line, price + "BasisQuantity"),
            quantity=quantity,
            line_amount=amount,
        ),
        tax_rate=decimal_text(
            _text(line, "SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent")
        ),
        amount=amount,
    )
