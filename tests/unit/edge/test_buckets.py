"""Limits that are counted in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.access.limits import Limit
from sheaf.edge import buckets
from sheaf.edge.buckets import Buckets
from sheaf.kernel.errors import TooManyRequests

NOW = datetime(2026, 11, 20, tzinfo=UTC)
LIMIT = Limit("things", 3, timedelta(minutes=3))


def taken(made: Buckets, place: str, at: datetime) -> bool:
    try:
        made.take(place, at)
    except TooManyRequests:
        return False
    return True


def test_a_place_gets_its_tries_back_one_by_one() -> None:
    made = Buckets(LIMIT)
    assert [taken(made, "a", NOW) for _ in range(4)] == [True, True, True, False]
    assert taken(made, "b", NOW)
    with pytest.raises(TooManyRequests) as refused:
        made.take("a", NOW + timedelta(seconds=59))
    assert refused.value.retry_after == timedelta(seconds=1)
    assert [taken(made, "a", NOW + timedelta(seconds=60)) for _ in range(2)] == [True, False]


@given(st.lists(st.integers(0, 120), max_size=80))
def test_no_window_holds_more_than_twice_the_tries(gaps: list[int]) -> None:
    made, now, granted = Buckets(LIMIT), NOW, list[datetime]()
    for gap in gaps:
        now += timedelta(seconds=gap)
        if taken(made, "a", now):
            granted.append(now)
    for first in granted:
        within = [at for at in granted if first <= at < first + LIMIT.per]
        assert len(within) <= 2 * LIMIT.tries


def test_of_too_many_places_the_first_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "_MOST", 2)
    made = Buckets(LIMIT)
    for place in "aaabc":
        made.take(place, NOW)
    assert taken(made, "a", NOW)
