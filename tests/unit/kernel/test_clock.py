from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from sheaf.kernel.clock import FixedClock, SystemClock, iso


def test_times_are_utc_with_milliseconds() -> None:
    at = datetime(2026, 11, 20, 10, 30, 0, 123999, tzinfo=timezone(timedelta(hours=1)))
    assert iso(at) == "2026-11-20T09:30:00.123Z"


def test_the_systems_time_is_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_stands_still_until_told_otherwise() -> None:
    clock = FixedClock(datetime(2026, 11, 20, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.at += timedelta(days=1)
    assert clock.now() == datetime(2026, 11, 21, tzinfo=UTC)
