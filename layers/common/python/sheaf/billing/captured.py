"""A bill from a captured document: what was read and approved, as lines that are added up again.

    document_not_approved   what is owed, somebody has to have looked at
    already_billed          there is a bill of this document; voiding or deleting it makes room for another
    not_a_bill              nothing is owed, or the reading does not say what

The lines are the reading's where they come to its net amount, with what is taken off them and off the whole;
else one for each rate of its tax breakdown, where that does; else a single one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import ValidationError
from stdnum import iban as ibans

from sheaf.billing.codes import is_country, is_unit
from sheaf.billing.document import (
    FIRST_DAY,
    LAST_DAY,
    MOST_LINES,
    Content,
    Discount,
    LineItem,
    Tax,
    TaxCategory,
)
from sheaf.billing.parties import Address, BankAccount, Party
from sheaf.billing.ports import Tenant
from sheaf.billing.sums import line_sum
from sheaf.capture.documents import Status
from sheaf.capture.reading import LineItem as ReadLine
from sheaf.capture.reading import Reading, Source
from sheaf.kernel.errors import Conflict, NotFound
from sheaf.kernel.money import is_currency, quantize

_ZERO = Decimal(0)
_WHOLE = Decimal(100)
_THOUSANDTH = Decimal("0.001")
_PREFIX = 2
_LONGEST_NAME = 100
_LONGEST_LINE = 200
_MOST_ADDRESS_LINES = 6


@dataclass(frozen=True)
class CapturedBill:
    """``total`` is as the document says it, whatever the lines come to."""

    number: str | None
    total: Decimal
    content: Content


def captured_bill(tenant: Tenant, own: Party, usual_currency: str, document_id: str) -> CapturedBill:
    document = tenant.documents.get(document_id)
    kept = tenant.readings.get(document_id) if document else None
    if document is None or kept is None:
        raise NotFound("There is no such document in this workspace.")
    if document.status is not Status.APPROVED:
        raise Conflict("Approve the document first: then it can become a bill.", code="document_not_approved")
    if tenant.issued.bill_of(document_id):
        raise Conflict("There is a bill of this document.", code="already_billed")
    return bill_of_reading(kept.current, own, usual_currency)


def bill_of_reading(reading: Reading, own: Party, usual_currency: str) -> CapturedBill:
    """Raises Conflict. Where the document does not say its currency or country, they are the workspace's."""
    currency = reading.value("currency") or usual_currency
    total = _amount(reading.value("total") or reading.value("amount_due"))
    vendor = _short(reading.value("vendor"), _LONGEST_NAME)
    if total is None or total < 0 or vendor is None or not is_currency(currency):
        raise Conflict(
            "The reading does not say what is owed, and to whom: it is no bill.", code="not_a_bill"
        )
    seller = Party(
        name=vendor,
        address=Address(lines=_address(reading), country=_country(reading) or own.address.country),
        tax_id=_short(reading.value("vendor_tax_id"), _LONGEST_NAME),
    )
    lines, discount = _lines(reading, total, currency)
    content = Content(
        seller=seller,
        buyer=own,
        currency=currency,
        issue_date=_day(reading.value("invoice_date")),
        due_date=_day(reading.value("due_date")),
        lines=lines,
        discount=discount,
        purchase_order=_short(reading.value("purchase_order"), _LONGEST_NAME),
        account=_account(reading),
    )
    return CapturedBill(_short(reading.value("invoice_number"), _LONGEST_NAME), total, content)


def _lines(reading: Reading, total: Decimal, currency: str) -> tuple[tuple[LineItem, ...], Discount | None]:
    """And what is taken off the whole, if it is more than nothing."""
    net = quantize(total - (_amount(reading.value("tax")) or _ZERO), currency)
    rates = {line.rate for line in reading.tax_breakdown}
    only = next(iter(rates)) if len(rates) == 1 else None
    is_exact = reading.engine is Source.XML
    by_line = [_line(line, line.tax_rate or only, currency, is_exact=is_exact) for line in reading.line_items]
    by_rate = [_whole(_subject(reading), _amount(line.base), line.rate) for line in reading.tax_breakdown]
    off = quantize(abs(_amount(reading.value("discount")) or _ZERO), currency)
    for lines, less in ((by_line, _ZERO), (by_line, off), (by_rate, _ZERO)):
        found = [line for line in lines if line]
        if 0 < len(found) <= MOST_LINES and _sum(found, currency) - less == net:
            return tuple(found), Discount(amount=less) if less else None
    line = _whole(_subject(reading), net, only or _implied(net, total))
    return (line,) if line else (), None


def _line(line: ReadLine, rate: str | None, currency: str, *, is_exact: bool) -> LineItem | None:
    """Quantity and price only where they come to the amount: by themselves, or with a discount."""
    amount, quantity, price = _amount(line.amount), _amount(line.quantity), _amount(line.unit_price)
    name = _short(line.description or line.product_code, _LONGEST_LINE) or "Item"
    if not (amount and quantity and price):
        return _whole(name, amount, rate)
    gross = quantize(abs(quantity * price), currency)
    discount = _discount(gross, abs(amount), currency, is_exact=is_exact)
    if gross != abs(amount) and discount is None:
        return _whole(name, amount, rate)
    said = {"unit": line.unit} if line.unit and is_unit(line.unit) else {}
    signed = abs(quantity).copy_sign(amount)
    return _made(
        description=name, quantity=signed, unit_price=abs(price), discount=discount, tax=_tax(rate), **said
    )


def _discount(gross: Decimal, amount: Decimal, currency: str, *, is_exact: bool) -> dict[str, Decimal] | None:
    """What was taken off, if it is a percentage as people give them; of what was not guessed from a page,
    any amount.
    """
    off = gross - amount
    if off <= 0:
        return None
    percent = (off / gross * _WHOLE * 2).to_integral_value() / 2
    if 0 < percent < _WHOLE and quantize(gross * percent / _WHOLE, currency) == off:
        return {"percent": percent}
    return {"amount": off} if is_exact else None


def _whole(description: str, amount: Decimal | None, rate: str | None) -> LineItem | None:
    if not amount:
        return None
    one = Decimal(1).copy_sign(amount)
    return _made(description=description, quantity=one, unit_price=abs(amount), tax=_tax(rate))


def _made(**said: object) -> LineItem | None:
    """None for numbers beyond those of any line."""
    try:
        return LineItem.model_validate(said)
    except ValidationError:
        return None


def _tax(rate: str | None) -> Tax:
    found = _amount(rate) or _ZERO
    if not 0 < found <= _WHOLE:
        return Tax(category=TaxCategory.ZERO_RATED, rate=_ZERO)
    return Tax(rate=found.quantize(_THOUSANDTH))


def _implied(net: Decimal, total: Decimal) -> str | None:
    """The rate that tax comes to, in percent, where no rate is printed."""
    return str(((total - net) * 100 / net).quantize(_THOUSANDTH)) if net > 0 else None


def _subject(reading: Reading) -> str:
    number = reading.value("invoice_number")
    return _short(f"Invoice {number}" if number else "Invoice", _LONGEST_LINE) or "Invoice"


def _country(reading: Reading) -> str | None:
    """As its tax id begins, else its IBAN. For VAT, Greece is EL (Directive 2006/112/EC, article 215)."""
    tax_id, iban = reading.value("vendor_tax_id") or "", reading.value("iban") or ""
    for number in (tax_id, iban):
        prefix = {"EL": "GR"}.get(number[:2].upper(), number[:2].upper())
        if len(number) > _PREFIX and is_country(prefix):
            return prefix
    return None


def _address(reading: Reading) -> tuple[str, ...]:
    lines = (_short(line, _LONGEST_LINE) for line in (reading.value("vendor_address") or "").splitlines())
    return tuple(line for line in lines if line)[:_MOST_ADDRESS_LINES]


def _account(reading: Reading) -> BankAccount | None:
    iban = reading.value("iban")
    if iban is None or not ibans.is_valid(iban):
        return None
    return BankAccount(iban=iban)


def _short(text: str | None, most: int) -> str | None:
    """One line that a name may be."""
    printable = "".join(each if each.isprintable() else " " for each in text or "")
    return " ".join(printable.split())[:most].strip() or None


def _amount(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _day(text: str | None) -> date | None:
    day = date.fromisoformat(text) if text else None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


def _sum(lines: Iterable[LineItem], currency: str) -> Decimal:
    return sum((line_sum(line, currency).net for line in lines), _ZERO)
