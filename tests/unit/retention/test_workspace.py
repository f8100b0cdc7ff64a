"""A workspace's due day is never later than the day its oldest file falls due, whatever happens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sheaf.retention.windows import Window
from sheaf.retention.workspace import Workspace

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ages = st.timedeltas(timedelta(0), timedelta(days=3650))
delays = st.timedeltas(timedelta(0), timedelta(days=14))


def workspace() -> Workspace:
    return Workspace(id="wrk_1", name="Acme", created_at=NOW)


@given(st.sampled_from(Window), st.lists(ages, max_size=5), st.lists(delays, max_size=3))
def test_no_file_is_due_before_its_workspace(
    window: Window, there: list[timedelta], still_coming: list[timedelta]
) -> None:
    """Files whose events are still under way, for as long as SQS keeps them, included."""
    uploads = [NOW - age for age in there]
    kept = workspace().keeping(window, oldest_upload=min(uploads, default=None), now=NOW)
    if uploads:
        oldest = min(uploads)
        still_coming = [delay for delay in still_coming if NOW - delay >= oldest]
    for uploaded in [*uploads, *(NOW - delay for delay in still_coming)]:
        expires = window.expires_on(uploaded)
        assert (kept.due_on is None) == (expires is None)
        assert expires is None or kept.due_on is None or kept.due_on <= expires


def test_another_window_is_one_change_of_one_record() -> None:
    kept = workspace().keeping(Window.ONE_YEAR, oldest_upload=NOW, now=NOW)
    assert kept.model_dump(exclude={"retention", "due_on"}) == workspace().model_dump(
        exclude={"retention", "due_on"}
    )
    assert kept.retention is Window.ONE_YEAR
    long_ago = NOW - timedelta(days=300)
    kept = workspace().keeping(Window.ONE_YEAR, oldest_upload=long_ago, now=NOW)
    assert kept.due_on == Window.ONE_YEAR.expires_on(long_ago)


def test_a_permanent_workspace_is_never_due() -> None:
    kept = workspace().keeping(Window.PERMANENT, oldest_upload=NOW - timedelta(days=9999), now=NOW)
    assert kept.due_on is None
    assert kept.swept(oldest_upload=None, now=NOW) == kept
