"""Electronic invoices after EN 16931, written by the factur-x library from its business terms (BT, BG)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import facturx

if TYPE_CHECKING:
    from samples.sources.invoice import Adjustment, Invoice, Line, Party, Tax

PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"

_EN16931 = "urn:cen.eu:en16931:2017"
_PEPPOL_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_SEPA_TRANSFER = "58"
_EMAIL_SCHEME = "EM"
_STANDARD_RATE = "S"


def cii(invoice: Invoice, specification: str = _EN16931) -> bytes:
    return _xml(invoice, "factur-x", specification)


def ubl(invoice: Invoice) -> bytes:
    return _xml(invoice, "ubl-2.1", PEPPOL)


def facturx_pdf(page: bytes, invoice: Invoice) -> bytes:
    """The page with the invoice's CII inside it; PDF/A-3 if the page was."""
    combined: bytes = facturx.generate_from_binary(
        page,
        cii(invoice),
        level="en16931",
        lang="de-DE",
        pdf_metadata={
            "author": invoice.seller.name,
            "title": f"Rechnung {invoice.number}",
            "subject": f"Factur-X EN 16931, {invoice.invoice_date}",
            "keywords": "Factur-X, ZUGFeRD",
        },
        xmp_compression=False,
    )
    return _dated(combined, invoice)


def _xml(invoice: Invoice, flavor: str, specification: str) -> bytes:
    xml: bytes = facturx.generate_xml(_terms(invoice), flavor, "en16931", check_schematron=None)
    return xml.replace(f">{_EN16931}<".encode(), f">{specification}<".encode())


def _terms(invoice: Invoice) -> dict[str, Any]:
    buyer = invoice.buyer
    if buyer is None:
        raise ValueError("an electronic invoice names its buyer")
    return _known({
        "BT-1": invoice.number,
        "BT-2": invoice.invoice_date,
        "BT-3": "380",
        "BT-5": invoice.currency,
        "BT-9": invoice.due_date,
        "BT-10": invoice.buyer_reference,
        "BT-13": invoice.order_number,
        "BT-20": invoice.terms,
        "BT-23": _PEPPOL_PROCESS,
        "BT-72": invoice.delivered,
        "BT-73": invoice.period and invoice.period[0],
        "BT-74": invoice.period and invoice.period[1],
        "BT-81": _SEPA_TRANSFER,
        "BT-83": invoice.remittance or invoice.number,
        "BT-84": invoice.iban,
        "BT-85": invoice.seller.name,
        "BT-86": invoice.bic,
        "BG-4": _party(invoice.seller),
        "BG-7": _party(buyer),
        "BG-20": [_adjustment(item) for item in _discounts(invoice)],
        "BG-21": [_adjustment(item) for item in _charges(invoice)],
        "BG-23": [_tax(tax) for tax in invoice.taxes],
        "BG-25": [_line(number, line) for number, line in enumerate(invoice.lines, start=1)],
        "BT-106": f"{invoice.lines_total}",
        "BT-107": _sum(_discounts(invoice)),
        "BT-108": _sum(_charges(invoice)),
        "BT-109": f"{invoice.subtotal}",
        "BT-110": f"{invoice.tax}",
        "BT-112": f"{invoice.total}",
        "BT-113": f"{invoice.prepaid}" if invoice.prepaid else None,
        "BT-115": f"{invoice.amount_due}",
    })  # fmt: skip


def _party(party: Party) -> dict[str, Any]:
    contact = _known({"name": party.contact, "phone": party.phone, "email": party.email})
    address = party.registration or party.email
    return _known({
        "name": party.name,
        "legal_identifier": party.registration,
        "legal_identifier_schemeid": party.registration_scheme,
        "vat_identifier": party.tax_id,
        "einvoicing_addr": address,
        "einvoicing_addr_schemeid": address and (party.registration_scheme or _EMAIL_SCHEME),
        "contacts": [contact] if party.contact else None,
        "addr_l1": party.street,
        "postcode": party.postcode,
        "city": party.city,
        "country_code": party.country,
    })  # fmt: skip


def _line(number: int, line: Line) -> dict[str, Any]:
    return _known({
        "BT-126": str(number),
        "BT-129": f"{line.quantity}",
        "BT-130": line.unit_code,
        "BT-131": f"{line.amount}",
        "BT-146": f"{line.unit_price}",
        "BT-151": _STANDARD_RATE,
        "BT-152": f"{line.tax_rate}",
        "BT-153": line.description,
        "BT-154": line.detail,
        "BT-155": line.code,
    })  # fmt: skip


def _tax(tax: Tax) -> dict[str, str]:
    return {
        "BT-116": f"{tax.base}",
        "BT-117": f"{tax.amount}",
        "BT-118": _STANDARD_RATE,
        "BT-119": f"{tax.rate}",
    }


def _adjustment(item: Adjustment) -> dict[str, Any]:
    return {
        "amount": f"{abs(item.amount)}",
        "reason": item.label,
        "reason_code": item.code,
        "vat_category_code": _STANDARD_RATE,
        "vat_rate": f"{item.tax_rate}",
    }


def _discounts(invoice: Invoice) -> list[Adjustment]:
    return [item for item in invoice.adjustments if item.amount < 0]


def _charges(invoice: Invoice) -> list[Adjustment]:
    return [item for item in invoice.adjustments if item.amount > 0]


def _sum(items: list[Adjustment]) -> str | None:
    return f"{abs(sum(item.amount for item in items))}" if items else None


def _known(terms: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in terms.items() if value not in (None, [])}


def _dated(pdf: bytes, invoice: Invoice) -> bytes:
    """The library stamps the time of the run; the same invoice shall give the same bytes.

    Both forms keep their length, so the offsets in the cross-reference table stay right.
    """
    day = invoice.invoice_date
    pdf = re.sub(rb"(D(?::|\\072))\d{14}", rf"\g<1>{day:%Y%m%d}090000".encode(), pdf)
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", f"{day}T09:00:00+00:00".encode(), pdf)
