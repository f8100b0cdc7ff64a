"""Every n weeks, months or years: the days of a rhythm, counted from its first."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_MONTHS_OF_YEAR = 12


class RhythmUnit(StrEnum):
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Rhythm(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    count: Annotated[int, Field(ge=1, le=120)] = 1
    unit: RhythmUnit = RhythmUnit.MONTH

    def day(self, first: date, number: int) -> date:
        """The day ``number`` steps after the first, or before it if negative.

        Each is counted from the first: what began on a 31st falls on the last day of a shorter month, and on
        the 31st again after it. Raises ValueError beyond the year 9999.
        """
        steps = number * self.count
        if self.unit is RhythmUnit.WEEK:
            try:
                return first + timedelta(weeks=steps)
            except OverflowError as error:
                raise ValueError("a day that no calendar has") from error
        months = steps * (_MONTHS_OF_YEAR if self.unit is RhythmUnit.YEAR else 1)
        year, month = divmod(first.year * _MONTHS_OF_YEAR + first.month - 1 + months, _MONTHS_OF_YEAR)
        if not date.min.year <= year <= date.max.year:
            raise ValueError("a day that no calendar has")
        return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))

    def on_or_after(self, first: date, day: date) -> int:
        """The number of steps to the first day of the rhythm that is not before ``day``; at least 0."""
        length = {RhythmUnit.WEEK: 7, RhythmUnit.MONTH: 31, RhythmUnit.YEAR: 366}[self.unit] * self.count
        number = max((day - first).days // length, 0)
        while self.day(first, number) < day:
            number += 1
        return number
