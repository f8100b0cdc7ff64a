"""The workspace as retention and settings see it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict

from sheaf.retention.windows import Window


class Workspace(BaseModel):
    """``due_on`` is never later than the day its oldest file falls due; None: no file ever does.

    It is a lower bound so that a file that arrives never has to touch it: a new file falls due later
    than everything that is already there. ``closes_at``: when the workspace is erased, all of it.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    created_at: datetime
    retention: Window = Window.SEVEN_YEARS
    due_on: date | None = None
    closes_at: datetime | None = None
    version: int = 0

    def keeping(self, window: Window, *, oldest_upload: datetime | None, now: datetime) -> Workspace:
        """With another window: one write, however many files there are."""
        latest_news = now - _LATEST_NEWS
        due_on = window.expires_on(min(oldest_upload or latest_news, latest_news))
        return self.model_copy(update={"retention": window, "due_on": due_on})

    def swept(self, *, oldest_upload: datetime | None, now: datetime) -> Workspace:
        return self.keeping(self.retention, oldest_upload=oldest_upload, now=now)


_LATEST_NEWS = timedelta(days=30)
"""An event about an older file may still come that late: SQS keeps messages for 14 days, dead letters too."""
