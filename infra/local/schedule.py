"""EventBridge Scheduler: runs functions when their ``rate(…)`` or ``cron(…)`` says so.

A laptop sleeps and is switched off, Amazon is not: what fell due while nobody was there runs once at the
next start.
"""

from __future__ import annotations

import calendar
import json
import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.directory import Directory
from infra.local.environments import Answer

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((.+)\)")
_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_LAST_RUNS = "schedules.json"
_TRIES = 3
_FINISH_SECONDS = 10
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Planned:
    """``expression`` and ``input`` as the template gives them, its parameters filled in."""

    name: str
    expression: str
    timezone: str
    input: str
    invoke: Callable[[Any], Answer]


class Scheduler:
    """``now`` is the clock; times are UTC."""

    def __init__(
        self,
        plans: list[Planned],
        directory: Directory,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._plans = plans
        self._directory = directory
        self._now = now
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedules", daemon=True)

    def start(self) -> None:
        """Raises LocalError when what is known of earlier runs is damaged."""
        self._directory.read(_LAST_RUNS)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(_FINISH_SECONDS)

    def _run(self) -> None:
        while True:
            next_times = [self.run_due(plan) for plan in self._plans]
            wait = min((at - self._now()).total_seconds() for at in next_times) if next_times else 3600.0
            if self._stopping.wait(min(max(wait, 1.0), 3600.0)):
                return

    def run_due(self, plan: Planned) -> datetime:
        """Runs it if its time has come since it last ran; the answer is when it is due next."""
        last_runs = self._directory.read(_LAST_RUNS)
        now = self._now()
        last = datetime.fromisoformat(last_runs.get(plan.name, now.isoformat()))
        due = next_time(plan.expression, last, plan.timezone)
        if due <= now:
            self._invoke(plan)
        if due <= now or plan.name not in last_runs:
            self._directory.write(_LAST_RUNS, last_runs | {plan.name: now.isoformat()})
        return next_time(plan.expression, now if due <= now else last, plan.timezone)

    def _invoke(self, plan: Planned) -> None:
        for _ in range(_TRIES):
            try:
                answer = plan.invoke(json.loads(plan.input))
            except (BotoCoreError, ClientError) as error:
                _log.warning("%s: %s", plan.name, error)
                continue
            if answer.error is None:
                return
            _log.error("%s: %s", plan.name, answer.error["errorMessage"])


def next_time(expression: str, after: datetime, timezone: str = "UTC") -> datetime:
    """The first time later than ``after``; the syntax is EventBridge Scheduler's.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    """
    if rate := _RATE.fullmatch(expression):
        return after + int(rate[1]) * timedelta(**{f"{rate[2]}s": 1})
    cron = _CRON.fullmatch(expression)
    if cron is None or len(cron[1].split()) != len(_FIELDS):
        raise ValueError(f"not a schedule this host can run: {expression}")
    minutes, hours, days, months, weekdays, years = (
        _values(text, *field) for text, field in zip(cron[1].split(), _FIELDS, strict=True)
    )
    zone = ZoneInfo(timezone)
    start = after.astimezone(zone)
    for offset in range(366 * 8):
        day = (start + timedelta(days=offset)).date()
        weekday = day.isoweekday() % 7 + 1
        if day.year not in years or day.month not in months or day.day not in days or weekday not in weekdays:
            continue
        for hour in sorted(hours):
            for minute in sorted(minutes):
                at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
                if at > start:
                    return at.astimezone(UTC)
    raise ValueError(f"never due: {expression}")


_FIELDS: tuple[tuple[int, int, dict[str, int]], ...] = (
    (0, 59, {}), (0, 23, {}), (1, 31, {}), (1, 12, _MONTHS), (1, 7, _WEEKDAYS), (1970, 2199, {}),
)  # fmt: skip


def _values(text: str, low: int, high: int, names: dict[str, int]) -> frozenset[int]:
    """``*``, ``?``, ``5``, ``MON-FRI``, ``0,30``, ``*/15``."""

    def number(word: str) -> int:
        return names.get(word.upper()) or int(word)

    found: set[int] = set()
    for part in text.split(","):
        bounds, _, step = part.partition("/")
        if bounds in {"*", "?"}:
            first, last = low, high
        else:
            begin, _, end = bounds.partition("-")
            first = number(begin)
            last = number(end) if end else (high if step else first)
        found |= set(range(first, last + 1, int(step or 1)))
    return frozenset(found)
