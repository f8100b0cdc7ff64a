"""Days of a rhythm, as a calendar on the wall has them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.billing.recurring.recurring import Billed, RecurringInvoice
from sheaf.billing.recurring.rhythm import Rhythm, RhythmUnit

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
RHYTHMS = st.builds(Rhythm, count=st.integers(1, 12), unit=st.sampled_from(RhythmUnit))


def days(first: date, rhythm: Rhythm, count: int) -> list[str]:
    return [rhythm.day(first, number).isoformat() for number in range(count)]


def test_what_begins_on_a_31st_comes_back_to_it() -> None:
    assert days(date(2027, 12, 31), Rhythm(), 5) == [
        "2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30",
    ]  # fmt: skip


def test_a_29th_of_february_comes_back_every_four_years() -> None:
    assert days(date(2028, 2, 29), Rhythm(unit=RhythmUnit.YEAR), 5) == [
        "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29",
    ]  # fmt: skip


def test_weeks_keep_the_day_of_the_week() -> None:
    fortnights = Rhythm(count=2, unit=RhythmUnit.WEEK)
    assert days(date(2026, 11, 20), fortnights, 3) == ["2026-11-20", "2026-12-04", "2026-12-18"]


@given(DAYS, RHYTHMS, st.integers(0, 30))
def test_days_are_in_order_and_as_like_the_first_as_their_month_allows(
    first: date, rhythm: Rhythm, number: int
) -> None:
    day = rhythm.day(first, number)
    assert rhythm.day(first, number + 1) > day
    if rhythm.unit is RhythmUnit.WEEK:
        assert (day - first).days == 7 * rhythm.count * number
        return
    assert day.day == min(first.day, calendar.monthrange(day.year, day.month)[1])
    months = (day.year - first.year) * 12 + day.month - first.month
    assert months == number * rhythm.count * (12 if rhythm.unit is RhythmUnit.YEAR else 1)


@given(DAYS, RHYTHMS, DAYS)
def test_the_first_day_not_before_another_is_found(first: date, rhythm: Rhythm, day: date) -> None:
    number = rhythm.on_or_after(first, day)
    assert rhythm.day(first, number) >= day or number == 0
    assert not number or rhythm.day(first, number - 1) < day


def test_there_is_no_day_after_the_last() -> None:
    for unit in RhythmUnit:
        with pytest.raises(ValueError, match=r"no calendar|out of range"):
            Rhythm(count=120, unit=unit).day(date(2100, 1, 1), 100_000)


def recurring(**said: object) -> RecurringInvoice:
    plan = {
        "id": "rec_1",
        "created_by": "usr_1",
        "name": "Hosting",
        "customer_id": "cus_" + "0" * 26,
        "template": {"lines": [{"description": "Hosting"}]},
        "first_date": date(2027, 1, 31),
    }
    return RecurringInvoice.model_validate(plan | said)


@given(st.integers(0, 10), st.sampled_from(Billed), RHYTHMS, DAYS)
def test_periods_follow_each_other_without_gap(
    position: int, billed: Billed, rhythm: Rhythm, first: date
) -> None:
    one = recurring(position=position, billed=billed, every=rhythm, first_date=first)
    other = one.model_copy(update={"position": position + 1})
    assert one.period.last + timedelta(days=1) == other.period.first
    day = one.upcoming
    assert day == (one.period.first if billed is Billed.IN_ADVANCE else one.period.last + timedelta(days=1))


def test_it_ends_after_a_day_or_a_number() -> None:
    assert recurring(last_date=date(2027, 2, 28), position=1).upcoming == date(2027, 2, 28)
    assert recurring(last_date=date(2027, 2, 27), position=1).upcoming is None
    assert recurring(occurrences=3, made=2, position=7).upcoming == date(2027, 8, 31)
    assert recurring(occurrences=3, made=3, position=7).upcoming is None
    assert recurring(first_date=date(2200, 11, 30), position=1).upcoming is None
