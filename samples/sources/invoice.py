"""What a sample says. The amounts follow from the lines, so no file can contradict itself."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

SOURCES = Path(__file__).parent

_DERIVED = ("lines_total", "subtotal", "tax", "total", "amount_due")


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Party(_Fact):
    """``registration_scheme`` is an ISO 6523 code; ``email`` is also the electronic address."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    tax_id: str | None = None
    registration: str | None = None
    registration_scheme: str | None = None
    email: str | None = None
    phone: str | None = None
    contact: str | None = None


class Line(_Fact):
    """``tax_rate`` is in percent, ``unit_code`` from UN/ECE recommendation 20."""

    description: str
    detail: str | None = None
    code: str | None = None
    shipped_on: date | None = None
    quantity: Decimal = Decimal(1)
    unit: str = ""
    unit_code: str = "C62"
    unit_price: Decimal
    tax_rate: Decimal

    @property
    def amount(self) -> Decimal:
        return cents(self.quantity * self.unit_price)


class Adjustment(_Fact):
    """A charge on the whole document, or a discount (negative). ``code``: UNTDID 7161 or 5189."""

    label: str
    amount: Decimal
    tax_rate: Decimal
    code: str | None = None


class Tax(_Fact):
    rate: Decimal
    base: Decimal
    amount: Decimal
    gross: Decimal


class Preceding(_Fact):
    number: str
    invoice_date: date


class Invoice(_Fact):
    """``notes`` are the words of one design; ``period`` is when the work was done."""

    number: str
    document_type: Literal["invoice", "credit_note", "receipt"] = "invoice"
    invoice_date: date
    due_date: date | None = None
    delivered: date | None = None
    period: tuple[date, date] | None = None
    preceding: Preceding | None = None
    currency: str
    seller: Party
    buyer: Party | None = None
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...] = ()
    prices_include_tax: bool = False
    prepaid: Decimal = Decimal(0)
    paid: bool = False
    terms: str | None = None
    order_number: str | None = None
    buyer_reference: str | None = None
    remittance: str | None = None
    iban: str | None = None
    bic: str | None = None
    notes: dict[str, str] = {}

    @property
    def lines_total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def taxes(self) -> list[Tax]:
        """One a rate, the lowest rate first."""
        sums: dict[Decimal, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            sums[line.tax_rate] += line.amount
        for adjustment in self.adjustments:
            sums[adjustment.tax_rate] += adjustment.amount
        return [self._tax(rate, amount) for rate, amount in sorted(sums.items())]

    @property
    def subtotal(self) -> Decimal:
        return sum((tax.base for tax in self.taxes), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.tax

    @property
    def amount_due(self) -> Decimal:
        return Decimal("0.00") if self.paid else self.total - self.prepaid

    def to_json(self) -> str:
        """For the designs: everything stated and everything that follows from it."""
        derived = {
            "lines": [line.model_dump(mode="json") | {"amount": str(line.amount)} for line in self.lines],
            "taxes": [tax.model_dump(mode="json") for tax in self.taxes],
            **{name: str(getattr(self, name)) for name in _DERIVED},
        }
        return json.dumps(self.model_dump(mode="json") | derived)

    def _tax(self, rate: Decimal, amount: Decimal) -> Tax:
        share = rate / 100
        base = cents(amount / (1 + share)) if self.prices_include_tax else amount
        tax = amount - base if self.prices_include_tax else cents(base * share)
        return Tax(rate=rate, base=base, amount=tax, gross=base + tax)


def load(stem: str) -> Invoice:
    """Reads ``<stem>.toml``; its table ``defaults`` fills what a line leaves out."""
    facts = tomllib.loads((SOURCES / f"{stem}.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    defaults = facts.pop("defaults", {})
    facts["lines"] = [defaults | line for line in facts["lines"]]
    return Invoice.model_validate(facts)
