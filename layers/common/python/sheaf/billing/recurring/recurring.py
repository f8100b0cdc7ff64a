"""A recurring invoice: what is billed, to whom, in which rhythm, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sheaf.billing.document import LAST_DAY, Currency, Day, Discount, Period, Rounding, Text, Withholding
from sheaf.billing.drafts import CustomerId
from sheaf.billing.lines import DraftLine
from sheaf.billing.recurring.rhythm import Rhythm
from sheaf.billing.settings import Locale
from sheaf.kernel.names import Name

MOST_LINES = 100
_DAY = timedelta(days=1)


class Then(StrEnum):
    """How far an invoice is brought without anybody."""

    DRAFT = "draft"
    ISSUE = "issue"
    SEND = "send"


class Billed(StrEnum):
    """Which period an invoice is for: the one that begins on its day, or the one that ends before it."""

    IN_ADVANCE = "in_advance"
    IN_ARREARS = "in_arrears"


class InvoiceTemplate(BaseModel):
    """What each invoice begins with, as in a draft. ``{month}``, ``{year}`` and ``{period}`` in the texts
    are those of the period it is for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lines: Annotated[list[DraftLine], Field(min_length=1, max_length=MOST_LINES)]
    currency: Currency | None = None
    discount: Discount | None = None
    withholding: Withholding | None = None
    rounding: Rounding | None = None
    buyer_reference: Name | None = None
    purchase_order: Name | None = None
    notes: Text | None = None
    terms: Text | None = None
    locale: Locale | None = None


class Plan(BaseModel):
    """What people say of it. It ends after ``last_date``, or after so many ``occurrences``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    customer_id: CustomerId
    template: InvoiceTemplate
    every: Rhythm = Rhythm()
    first_date: Day
    last_date: Day | None = None
    occurrences: Annotated[int, Field(ge=1, le=10_000)] | None = None
    then: Then = Then.DRAFT
    billed: Billed = Billed.IN_ADVANCE

    @model_validator(mode="after")
    def _ends_once(self) -> Self:
        if self.last_date is not None and self.occurrences is not None:
            raise PydanticCustomError("end", "Either a last date or a number of occurrences ends it")
        if self.last_date is not None and self.last_date < self.first_date:
            raise PydanticCustomError("end", "It does not end before it begins")
        return self


class RecurringStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True)
class Recurrence:
    """The day of the next invoice of a recurring one."""

    day: date
    recurring_id: str


class RecurringInvoice(Plan):
    """``position`` is the number of steps from the first date to the next invoice's, ``made`` counts the
    invoices. ``trouble`` is the code of what went wrong with the last one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    version: int = 0
    created_by: str
    position: int = 0
    made: int = 0
    last_invoice_id: str | None = None
    paused_at: datetime | None = None
    trouble: str | None = None

    @property
    def upcoming(self) -> date | None:
        """The day of the next invoice, paused or not; None: there is none any more."""
        if self.occurrences is not None and self.made >= self.occurrences:
            return None
        try:
            day, following = (self.every.day(self.first_date, self.position + step) for step in (0, 1))
        except ValueError:
            return None
        if following > LAST_DAY:
            return None
        return None if self.last_date is not None and day > self.last_date else day

    @property
    def due(self) -> date | None:
        """When something is to be done."""
        return None if self.paused_at else self.upcoming

    @property
    def status(self) -> RecurringStatus:
        if self.upcoming is None:
            return RecurringStatus.ENDED
        return RecurringStatus.PAUSED if self.paused_at else RecurringStatus.ACTIVE

    @property
    def period(self) -> Period:
        """That the next invoice is for."""
        first = self.position - (self.billed is Billed.IN_ARREARS)
        begin, end = (self.every.day(self.first_date, number) for number in (first, first + 1))
        return Period(first=begin, last=end - _DAY)

    def skipped_to(self, day: date) -> Self:
        """Without what lies before that day."""
        position = max(self.position, self.every.on_or_after(self.first_date, day))
        return self.model_copy(update={"position": position})
