"""How long a workspace keeps original files, in calendar years."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum


class Window(StrEnum):
    SEVEN_YEARS = "7y"
    THREE_YEARS = "3y"
    ONE_YEAR = "1y"
    PERMANENT = "permanent"

    @property
    def years(self) -> int | None:
        return _YEARS[self]

    def expires_on(self, uploaded_at: datetime) -> date | None:
        """The first day (UTC) on which the file may no longer be there; None: never.

        29 February goes to 28 in a year that has none.
        """
        return None if self.years is None else _shift(uploaded_at.astimezone(UTC).date(), self.years)

    def due_before(self, today: date) -> datetime | None:
        """Exactly the files uploaded before that instant are due ``today``; None: none ever is."""
        if self.years is None:
            return None
        first_kept = _shift(today, -self.years) + timedelta(days=1)
        if _shift(first_kept, self.years) <= today:  # a 29 February that falls due on a 28th
            first_kept += timedelta(days=1)
        return datetime.combine(first_kept, time(), tzinfo=UTC)


_YEARS = {Window.SEVEN_YEARS: 7, Window.THREE_YEARS: 3, Window.ONE_YEAR: 1, Window.PERMANENT: None}


def _shift(day: date, years: int) -> date:
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))
