from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sheaf.kernel.clock import FixedClock, SystemClock


def test_the_systems_time_is_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_stands_still_until_told_otherwise() -> None:
    clock = FixedClock(datetime(2026, 11, 20, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.at += timedelta(days=1)
    assert clock.now() == datetime(2026, 11, 21, tzinfo=UTC)
