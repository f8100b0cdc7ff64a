"""Retention windows: calendar years, the 29th of February included."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sheaf.retention.windows import Window

days = st.dates(date(1990, 1, 1), date(2200, 12, 31))
leap_days = st.sampled_from(
    [date(year, 2, 29) for year in range(1992, 2200, 4) if year % 100 or year == 2000]
)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2200, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
finite = st.sampled_from([Window.SEVEN_YEARS, Window.THREE_YEARS, Window.ONE_YEAR])


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("uploaded", "window", "expires"),
    [
        ("2026-11-20T09:30", Window.SEVEN_YEARS, "2033-11-20"),
        ("2026-11-20T00:00", Window.THREE_YEARS, "2029-11-20"),
        ("2026-11-20T23:59:59.999999", Window.ONE_YEAR, "2027-11-20"),
        ("2028-02-29T12:00", Window.ONE_YEAR, "2029-02-28"),
        ("2028-02-29T12:00", Window.THREE_YEARS, "2031-02-28"),
        ("2024-02-29T12:00", Window.SEVEN_YEARS, "2031-02-28"),
        ("2027-02-28T12:00", Window.ONE_YEAR, "2028-02-28"),
        ("2026-12-31T23:00", Window.ONE_YEAR, "2027-12-31"),
        ("2027-01-01T00:00", Window.SEVEN_YEARS, "2034-01-01"),
    ],
)
def test_a_file_expires_on_its_anniversary(uploaded: str, window: Window, expires: str) -> None:
    assert window.expires_on(on(uploaded)) == date.fromisoformat(expires)


def test_permanent_never_ends() -> None:
    assert Window.PERMANENT.expires_on(on("2026-11-20")) is None
    assert Window.PERMANENT.due_before(date(9999, 12, 31)) is None


def test_the_day_is_utcs() -> None:
    in_auckland = datetime(2026, 11, 21, 3, 0, tzinfo=timezone(timedelta(hours=13)))
    assert Window.ONE_YEAR.expires_on(in_auckland) == date(2027, 11, 20)


@given(finite, instants, days)
@example(Window.ONE_YEAR, on("2028-02-29T00:00"), date(2029, 2, 28))
@example(Window.ONE_YEAR, on("2028-02-29T23:59:59.999999"), date(2029, 2, 28))
@example(Window.ONE_YEAR, on("2028-03-01T00:00"), date(2029, 2, 28))
@example(Window.ONE_YEAR, on("2027-02-28T23:59"), date(2028, 2, 28))
@example(Window.ONE_YEAR, on("2027-03-01T00:00"), date(2028, 2, 29))
@example(Window.SEVEN_YEARS, on("2024-02-29T00:00"), date(2031, 2, 28))
def test_due_is_exactly_what_has_expired(window: Window, uploaded: datetime, today: date) -> None:
    expires, before = window.expires_on(uploaded), window.due_before(today)
    assert expires is not None
    assert before is not None
    assert (expires <= today) == (uploaded < before)


@given(finite, leap_days, st.integers(-3, 3), st.timedeltas(timedelta(0), timedelta(days=1, microseconds=-1)))
def test_due_is_exact_around_the_29th_of_february(
    window: Window, day: date, off: int, time: timedelta
) -> None:
    uploaded = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=off) + time
    expires = window.expires_on(uploaded)
    assert expires is not None
    for today in (expires - timedelta(days=1), expires, expires + timedelta(days=1)):
        before = window.due_before(today)
        assert before is not None
        assert (expires <= today) == (uploaded < before)


@given(finite, instants, instants)
def test_what_came_first_goes_first(window: Window, one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    first, second = window.expires_on(earlier), window.expires_on(later)
    assert first is not None
    assert second is not None
    assert first <= second


@given(instants)
def test_a_shorter_window_ends_earlier(uploaded: datetime) -> None:
    ends = [
        window.expires_on(uploaded) for window in (Window.ONE_YEAR, Window.THREE_YEARS, Window.SEVEN_YEARS)
    ]
    assert ends == sorted(end for end in ends if end)
