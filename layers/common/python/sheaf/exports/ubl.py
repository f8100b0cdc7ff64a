"""UBL 2.1: an Invoice or a CreditNote for each document, in an archive.

The elements are those of EN 16931 as Peppol BIS Billing 3 binds them, as far as a reading has what they ask
for: a page that does not say why no tax is due gives no exemption reason. Reading the file back gives the
values it was made of. Amounts of a credit note are positive.
https://docs.peppol.eu/poacc/billing/3.0/syntax/ubl-invoice/tree/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO

from sheaf.capture.amounts import plain
from sheaf.capture.reading import DocumentType, LineItem, Reading
from sheaf.exports.bills import Bill, Row, bill_of
from sheaf.exports.bills import refusal as no_bill
from sheaf.exports.cells import date_of, decimal_of, printable
from sheaf.exports.pieces import archive
from sheaf.exports.rows import ExportedDocument, Layout, Written

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT = "urn:oasis:names:specification:ubl:schema:xsd:"
_AGGREGATE = f"{{{_ROOT}CommonAggregateComponents-2}}"
_BASIC = f"{{{_ROOT}CommonBasicComponents-2}}"
_CUSTOMIZATION = "urn:cen.eu:en16931:2017"
_INVOICE, _CREDIT_NOTE, _CREDIT_TRANSFER = "380", "381", "30"
_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_UNIT = re.compile(r"[A-Z0-9]{2,3}")

_SUMS = (
    ("subtotal", "TaxExclusiveAmount"),
    ("total", "TaxInclusiveAmount"),
    ("discount", "AllowanceTotalAmount"),
    ("charges", "ChargeTotalAmount"),
    ("prepaid", "PrepaidAmount"),
)


def refusal(document: ExportedDocument) -> str | None:
    """Every amount says its currency, so a document must know it."""
    if not _CURRENCY.fullmatch(document.reading.value("currency") or ""):
        return "currency_missing"
    return no_bill(document)


def write(documents: Iterable[ExportedDocument], out: BinaryIO, _layout: Layout) -> Written:
    return archive(((f"{document.id}.xml", to_xml(document)) for document in documents), out)


def to_xml(document: ExportedDocument) -> bytes:
    from lxml import etree

    bill = bill_of(document)
    kind = "CreditNote" if bill.is_credit else "Invoice"
    namespaces = {None: f"{_ROOT}{kind}-2", "cac": _AGGREGATE[1:-1], "cbc": _BASIC[1:-1]}
    root = etree.Element(f"{{{_ROOT}{kind}-2}}{kind}", nsmap=namespaces)
    _Writer(document, bill).fill(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


class _Writer:
    """Elements come in the order of the schema."""

    def __init__(self, document: ExportedDocument, bill: Bill) -> None:
        self.document = document
        self.reading: Reading = document.reading
        self.bill = bill
        self.currency = self.reading.value("currency") or ""
        self.lines = [line for line in self.reading.line_items if line.description or line.amount]
        self.breakdown = [line for line in self.reading.tax_breakdown if decimal_of(line.amount) is not None]
        self.line_sign = self._sign(line.amount for line in self.lines)
        self.tax_sign = self._sign(line.amount for line in self.breakdown)

    def fill(self, root: _Element) -> None:
        self._heading(root)
        for role, name in (("AccountingSupplierParty", "vendor"), ("AccountingCustomerParty", "buyer")):
            self._party(_group(root, role), name)
        self._payment(root)
        self._taxes(root)
        self._sums(_group(root, "LegalMonetaryTotal"))
        for number, line in enumerate(self.lines, start=1):
            self._line(root, number, line)
        for number, row in enumerate(() if self.lines else self.bill.rows, start=1):
            self._row(root, number, row)

    def _heading(self, root: _Element) -> None:
        credit = self.bill.is_credit
        due = date_of(self.reading.value("due_date"))
        _leaf(root, "CustomizationID", _CUSTOMIZATION)
        _leaf(root, "ID", self.reading.value("invoice_number") or self.document.id)
        _leaf(root, "IssueDate", self.bill.issued.isoformat())
        if due and not credit:
            _leaf(root, "DueDate", due.isoformat())
        _leaf(root, f"{'CreditNote' if credit else 'Invoice'}TypeCode", _CREDIT_NOTE if credit else _INVOICE)
        if self.reading.document_type is DocumentType.RECEIPT:
            _leaf(root, "Note", "Receipt")
        _leaf(root, "DocumentCurrencyCode", self.currency)
        if order := self.reading.value("purchase_order"):
            _leaf(_group(root, "OrderReference"), "ID", order)

    def _party(self, role: _Element, name: str) -> None:
        legal_name, address = self.reading.value(name), self.reading.value(f"{name}_address")
        tax_id = self.reading.value(f"{name}_tax_id")
        if not (legal_name or address or tax_id):
            return
        party = _group(role, "Party")
        if address:
            _address(_group(party, "PostalAddress"), address)
        if tax_id:
            scheme = _group(party, "PartyTaxScheme")
            _leaf(scheme, "CompanyID", tax_id)
            _leaf(_group(scheme, "TaxScheme"), "ID", "VAT")
        if legal_name:
            _leaf(_group(party, "PartyLegalEntity"), "RegistrationName", legal_name)

    def _payment(self, root: _Element) -> None:
        account = self.reading.value("iban") or self.reading.value("account_number")
        due = date_of(self.reading.value("due_date")) if self.bill.is_credit else None
        if account or due:
            means = _group(root, "PaymentMeans")
            _leaf(means, "PaymentMeansCode", _CREDIT_TRANSFER)
            if due:  # a CreditNote has no DueDate of its own
                _leaf(means, "PaymentDueDate", due.isoformat())
            if account:
                payee = _group(means, "PayeeFinancialAccount")
                _leaf(payee, "ID", account)
                if bic := self.reading.value("bic"):
                    _leaf(_group(payee, "FinancialInstitutionBranch"), "ID", bic)
        if terms := self.reading.value("payment_terms"):
            _leaf(_group(root, "PaymentTerms"), "Note", terms)

    def _taxes(self, root: _Element) -> None:
        if self.reading.value("tax") is None and not self.breakdown:
            return
        total = _group(root, "TaxTotal")
        self._amount(total, "TaxAmount", self.bill.tax)
        for line in self.breakdown:
            subtotal = _group(total, "TaxSubtotal")
            for name, value in (("TaxableAmount", line.base), ("TaxAmount", line.amount)):
                if (amount := decimal_of(value)) is not None:
                    self._amount(subtotal, name, amount * self.tax_sign)
            _category(subtotal, "TaxCategory", decimal_of(line.rate))

    def _sums(self, sums: _Element) -> None:
        amounts = [self._line_amount(line) for line in self.lines]
        of_lines = None if None in amounts else sum(filter(None, amounts), Decimal(0))
        self._amount(sums, "LineExtensionAmount", of_lines if self.lines and of_lines else self.bill.net)
        for name, element in _SUMS:
            if (amount := self._known(name)) is not None:
                self._amount(sums, element, amount)
        due, prepaid = self._known("amount_due"), self._known("prepaid") or Decimal(0)
        self._amount(sums, "PayableAmount", self.bill.total - prepaid if due is None else due)

    def _line(self, root: _Element, number: int, line: LineItem) -> None:
        amount = self._line_amount(line)
        into = self._begin_line(root, number, decimal_of(line.quantity), line.unit, amount or Decimal(0))
        item = _group(into, "Item")
        _leaf(item, "Name", line.description or line.product_code or "Item")
        if line.product_code:
            _leaf(_group(item, "SellersItemIdentification"), "ID", line.product_code)
        self._rest(into, item, decimal_of(line.tax_rate), self._price(line, amount))

    def _row(self, root: _Element, number: int, row: Row) -> None:
        into = self._begin_line(root, number, None, None, row.amount)
        item = _group(into, "Item")
        _leaf(item, "Name", row.description)
        self._rest(into, item, row.rate, None)

    def _begin_line(
        self, root: _Element, number: int, quantity: Decimal | None, unit: str | None, amount: Decimal
    ) -> _Element:
        kind = (
            ("CreditNoteLine", "CreditedQuantity")
            if self.bill.is_credit
            else ("InvoiceLine", "InvoicedQuantity")
        )
        into = _group(root, kind[0])
        _leaf(into, "ID", str(number))
        if quantity is not None:
            coded = {"unitCode": unit} if unit and _UNIT.fullmatch(unit) else {}
            _leaf(into, kind[1], plain(quantity), **coded)
        self._amount(into, "LineExtensionAmount", amount)
        return into

    def _rest(self, into: _Element, item: _Element, rate: Decimal | None, price: Decimal | None) -> None:
        if rate is not None:
            _category(item, "ClassifiedTaxCategory", rate)
        if price is not None:
            self._amount(_group(into, "Price"), "PriceAmount", price)

    def _line_amount(self, line: LineItem) -> Decimal | None:
        amount = decimal_of(line.amount)
        if amount is not None:
            return amount * self.line_sign
        quantity, price = decimal_of(line.quantity), decimal_of(line.unit_price)
        return None if quantity is None or price is None else quantity * price

    def _price(self, line: LineItem, amount: Decimal | None) -> Decimal | None:
        """Where the line was turned, its sign was the price's or the quantity's."""
        price, quantity = decimal_of(line.unit_price), decimal_of(line.quantity)
        if price is None or amount is None or quantity is None or self.line_sign > 0:
            return price
        return -price if quantity * price * amount < 0 else price

    def _known(self, name: str) -> Decimal | None:
        """Credit notes print their sums with either sign."""
        amount = decimal_of(self.reading.value(name))
        return abs(amount) if amount is not None and self.bill.is_credit else amount

    def _sign(self, values: Iterable[str | None]) -> int:
        """What turns the parts of a credit note that are printed negative."""
        amounts = (decimal_of(value) or Decimal(0) for value in values)
        return -1 if self.bill.is_credit and sum(amounts, Decimal(0)) < 0 else 1

    def _amount(self, into: _Element, name: str, amount: Decimal) -> None:
        _leaf(into, name, plain(amount), currencyID=self.currency)


def _group(into: _Element, name: str) -> _Element:
    from lxml import etree

    return etree.SubElement(into, _AGGREGATE + name)


def _leaf(into: _Element, name: str, text: str, **attributes: str) -> None:
    from lxml import etree

    etree.SubElement(into, _BASIC + name, attributes).text = printable(text)


def _category(into: _Element, name: str, rate: Decimal | None) -> None:
    """A rate of zero has many reasons, and the page does not say which: it has no category then."""
    category = _group(into, name)
    if rate:
        _leaf(category, "ID", "S")
    if rate is not None:
        _leaf(category, "Percent", plain(rate))
    _leaf(_group(category, "TaxScheme"), "ID", "VAT")


def _address(into: _Element, address: str) -> None:
    """Which line is the street and which the city, a page does not say: they stand in their order."""
    lines = [line for each in address.split("\n") if (line := each.strip())]
    country = lines.pop() if len(lines) > 1 and _COUNTRY.fullmatch(lines[-1]) else None
    for name, line in zip(("StreetName", "AdditionalStreetName"), lines, strict=False):
        _leaf(into, name, line)
    rest = "\n".join(lines[2:])
    if rest:
        _leaf(_group(into, "AddressLine"), "Line", rest)
    if country:
        _leaf(_group(into, "Country"), "IdentificationCode", country)
