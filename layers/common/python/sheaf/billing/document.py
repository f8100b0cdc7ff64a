"""An issued document: what is said in it, and what became of it since.

Its state follows from facts (``sheaf.billing.states``); it is not stored beside them.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sheaf.billing.codes import is_unit
from sheaf.billing.parties import BankAccount, Party
from sheaf.kernel.money import is_currency
from sheaf.kernel.names import Name

MOST_LINES = 500
_ZERO = Decimal(0)


class Kind(StrEnum):
    INVOICE = "invoice"
    ESTIMATE = "estimate"
    CREDIT_NOTE = "credit_note"
    BILL = "bill"
    """What a supplier asks of the workspace; it keeps the supplier's number."""

    @property
    def prefix(self) -> str:
        """Of its ids: it keeps the kinds apart in the table, each in the order of time."""
        return {"invoice": "inv", "estimate": "est", "credit_note": "crn", "bill": "bil"}[self.value]


class TaxCategory(StrEnum):
    """UNTDID 5305, those that EN 16931 knows everywhere."""

    STANDARD = "S"
    ZERO_RATED = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE_SCOPE = "O"


def _plain(number: Decimal) -> Decimal:
    """Without an exponent, which JSON would show, and never a negative zero."""
    return Decimal(format(number, "f")) + _ZERO


_Plain = AfterValidator(_plain)
_Shown = WithJsonSchema({"type": "string", "format": "decimal"})
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=6, decimal_places=3), _Plain, _Shown]
Share = Annotated[Decimal, Field(gt=0, le=100, max_digits=6, decimal_places=3), _Plain, _Shown]
"""A percentage that is not nothing."""

Quantity = Annotated[Decimal, Field(max_digits=12, decimal_places=4), _Plain, _Shown]
Price = Annotated[Decimal, Field(ge=0, max_digits=16, decimal_places=6), _Plain, _Shown]
Amount = Annotated[Decimal, Field(gt=0, max_digits=16, decimal_places=4), _Plain, _Shown]


def _counted(unit: str) -> str:
    if not is_unit(unit):
        raise PydanticCustomError(
            "unit", "A unit's code is wanted (UN/ECE Recommendation 20), such as HUR for an hour"
        )
    return unit


Unit = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$"), AfterValidator(_counted)]
"""A code of UN/ECE Recommendation 20, or of 21 with an X before it."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Tax(BaseModel):
    """``rate`` is in percent. ``reason`` says why none is due: categories other than S and Z need one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: TaxCategory = TaxCategory.STANDARD
    rate: Percent
    reason: Name | None = None

    @model_validator(mode="after")
    def _zero_unless_standard(self) -> Self:
        if (self.category is TaxCategory.STANDARD) != (self.rate > 0):
            raise PydanticCustomError(
                "rate", "Category S has a rate above 0, every other has 0 (Z is the zero rate)"
            )
        return self


class Discount(BaseModel):
    """Either a share or an amount."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    percent: Share | None = None
    amount: Amount | None = None
    reason: Name | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.percent is None) == (self.amount is None):
            raise PydanticCustomError("discount", "A discount has either a percent or an amount")
        return self


class Withholding(BaseModel):
    """What the buyer keeps back of the net and pays to the tax office in the seller's name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    percent: Share
    label: Name


class LineItem(BaseModel):
    """``quantity`` is negative in what is taken back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: Text
    details: Text | None = None
    item_id: str | None = None
    code: Name | None = None
    quantity: Quantity = Decimal(1)
    unit: Unit = "C62"
    unit_price: Price
    discount: Discount | None = None
    tax: Tax


class Rounding(StrEnum):
    """Where tax is rounded: on each line, or once on what is taxed at one rate (EN 16931, BR-CO-17). The net
    amount of a line is always rounded.
    """

    PER_LINE = "per_line"
    PER_TOTAL = "per_total"


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
"""Of what is billed: days can be added to it, and its year has four digits."""


class Period(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Day
    last: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise PydanticCustomError("period", "A period does not end before it begins")
        return self


def _known(currency: str) -> str:
    if not is_currency(currency):
        raise PydanticCustomError("currency", "A currency's code is wanted (ISO 4217), such as EUR")
    return currency


Currency = Annotated[str, AfterValidator(_known)]


class Reference(BaseModel):
    """The invoice that a credit note takes back, in whole or in part, as it is printed."""

    model_config = ConfigDict(frozen=True)

    id: str
    number: str
    date: date


class Content(BaseModel):
    """Everything that is printed, but for the number: frozen when it is issued.

    ``seller`` and ``buyer`` are copies: a customer who moves does not move in old invoices. In a bill the
    workspace is the buyer. ``issue_date`` and ``due_date`` may be left open in a draft; ``valid_until`` is
    for estimates. ``locale`` is a BCP 47 tag: it decides the language and the formats of the page.
    """

    model_config = ConfigDict(frozen=True)

    seller: Party
    buyer: Party
    currency: Currency
    issue_date: date | None = None
    due_date: date | None = None
    valid_until: date | None = None
    delivery_date: date | None = None
    period: Period | None = None
    lines: Annotated[tuple[LineItem, ...], Field(max_length=MOST_LINES)] = ()
    discount: Discount | None = None
    withholding: Withholding | None = None
    rounding: Rounding = Rounding.PER_TOTAL
    buyer_reference: Name | None = None
    purchase_order: Name | None = None
    account: BankAccount | None = None
    notes: Text | None = None
    terms: Text | None = None
    locale: str = "en"
    credits: Reference | None = None


class Facts(BaseModel):
    """What became of an issued document: its states follow from these. Amounts are in its currency.

    ``paid`` is what came in, ``refunded`` what went back, ``credited`` what credit notes took off;
    ``disputed`` is what payers' banks hold back of what came in, until they have decided.
    ``source_document_id``: the captured document that a bill is made of, ``source_total`` what that says it
    comes to. ``converted_to`` and ``converted_from``: an estimate and its invoice. ``total`` and ``payable``
    are as ``sums.totals`` gives them, kept for lists.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    kind: Kind
    version: int = 0
    number: str | None = None
    customer_id: str | None = None
    total: Decimal = _ZERO
    payable: Decimal = _ZERO
    paid: Decimal = _ZERO
    refunded: Decimal = _ZERO
    credited: Decimal = _ZERO
    disputed: Decimal = _ZERO
    created_by: str
    issued_at: datetime | None = None
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    voided_at: datetime | None = None
    converted_to: str | None = None
    converted_from: str | None = None
    source_document_id: str | None = None
    source_total: Decimal | None = None

    @property
    def is_draft(self) -> bool:
        return self.issued_at is None

    @property
    def balance(self) -> Decimal:
        """What is still to be paid; below zero, what is to be paid back."""
        return self.payable - self.credited - self.paid + self.refunded


class IssuedDocument(Facts):
    """``content`` changes in a draft alone."""

    content: Content

    @property
    def summary(self) -> IssuedSummary:
        said = self.content
        other = said.seller if self.kind is Kind.BILL else said.buyer
        return IssuedSummary(
            **{name: getattr(self, name) for name in Facts.model_fields},
            party=other.name,
            currency=said.currency,
            issue_date=said.issue_date,
            due_date=said.due_date,
            valid_until=said.valid_until,
        )


class IssuedSummary(Facts):
    """A document in lists. ``party``: whom it is for, or of a bill, from."""

    party: str
    currency: str
    issue_date: date | None = None
    due_date: date | None = None
    valid_until: date | None = None
