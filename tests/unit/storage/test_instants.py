from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sheaf.storage.codec import instant, milliseconds, seconds

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
moments = st.integers(0, 253_402_300_000_000).map(lambda ms: EPOCH + timedelta(milliseconds=ms))


@given(moments, st.integers(0, 999))
def test_an_instant_survives_to_the_millisecond(at: datetime, microseconds: int) -> None:
    assert instant(milliseconds(at + timedelta(microseconds=microseconds))) == at


def test_times_to_live_are_seconds() -> None:
    assert seconds(datetime(2026, 11, 20, 9, 30, 0, 999000, tzinfo=UTC)) == 1795167000
