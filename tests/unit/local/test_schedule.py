from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.directory import opened
from infra.local.environments import Answer
from infra.local.schedule import Planned, Scheduler, next_time

FRIDAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ("rate(5 minutes)", FRIDAY + timedelta(minutes=5)),
        ("rate(1 day)", FRIDAY + timedelta(days=1)),
        ("cron(15 2 * * ? *)", datetime(2026, 11, 21, 2, 15, tzinfo=UTC)),
        ("cron(*/20 * * * ? *)", datetime(2026, 11, 20, 9, 40, tzinfo=UTC)),
        ("cron(0 8 ? * MON-FRI *)", datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        ("cron(0 0 1 JAN,JUL ? *)", datetime(2027, 1, 1, tzinfo=UTC)),
        ("cron(0 0 29 2 ? *)", datetime(2028, 2, 29, tzinfo=UTC)),
    ],
)
def test_when_a_schedule_is_due(expression: str, due: datetime) -> None:
    assert next_time(expression, FRIDAY) == due


def test_a_schedule_follows_its_time_zone() -> None:
    assert next_time("cron(0 2 * * ? *)", FRIDAY, "Europe/Berlin") == datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("expression", ["at(2026-01-01T00:00:00)", "cron(0 2 * *)", "cron(0 0 31 2 ? *)"])
def test_what_is_not_understood_is_said(expression: str) -> None:
    with pytest.raises(ValueError, match=r"schedule|never"):
        next_time(expression, FRIDAY)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # hypothesis wants naive bounds
def test_a_daily_schedule_is_due_once_a_day(after: datetime) -> None:
    due = next_time("cron(15 2 * * ? *)", after)

    assert timedelta(0) < due - after <= timedelta(days=1)
    assert (due.hour, due.minute) == (2, 15)


def test_what_fell_due_while_nobody_was_there_runs_once(tmp_path: Path) -> None:
    times = [FRIDAY]
    runs: list[Any] = []

    def invoke(event: Any) -> Answer:
        runs.append(event)
        return Answer(payload={})

    plan = Planned("sweep", "cron(15 2 * * ? *)", "UTC", '{"a": 1}', invoke)
    with opened(tmp_path) as directory:
        scheduler = Scheduler([plan], directory, now=lambda: times[-1])
        scheduler.run_due(plan)
        assert runs == []
        times.append(FRIDAY + timedelta(days=5))
        due = Scheduler([plan], directory, now=lambda: times[-1]).run_due(plan)
        Scheduler([plan], directory, now=lambda: times[-1]).run_due(plan)

    assert runs == [{"a": 1}]
    assert due == datetime(2026, 11, 26, 2, 15, tzinfo=UTC)


def test_a_run_that_fails_is_tried_again(tmp_path: Path) -> None:
    answers = [Answer(error={"errorMessage": "no"}), Answer(payload={})]
    plan = Planned("sweep", "rate(1 minute)", "UTC", "{}", lambda _: answers.pop(0))
    with opened(tmp_path) as directory:
        directory.write("schedules.json", {"sweep": (FRIDAY - timedelta(hours=1)).isoformat()})
        Scheduler([plan], directory, now=lambda: FRIDAY).run_due(plan)

    assert answers == []
