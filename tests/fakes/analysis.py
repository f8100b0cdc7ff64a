"""A text analysis and a reminder service that do what the test says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sheaf.capture.ports import JobResult, JobState
from sheaf.kernel.errors import UnreadableFile


class FakeTextAnalysis:
    """Jobs run until ``finish`` or ``lose``; the same token gives the same job, as Textract does."""

    def __init__(self) -> None:
        self.jobs: dict[str, JobResult] = {}
        self.tokens: dict[str, str] = {}
        self.keys: dict[str, tuple[str, str | None]] = {}
        self.refuse: UnreadableFile | None = None

    def start(self, key: str, version_id: str | None, *, token: str) -> str:
        if self.refuse:
            raise self.refuse
        job_id = self.tokens.setdefault(token, f"job-{len(self.tokens) + 1}")
        self.keys[job_id] = (key, version_id)
        self.jobs.setdefault(job_id, JobResult(state=JobState.RUNNING))
        return job_id

    def result(self, job_id: str) -> JobResult:
        return self.jobs.get(job_id, JobResult(state=JobState.LOST))

    def finish(self, job_id: str, response: Mapping[str, Any]) -> None:
        self.jobs[job_id] = JobResult(state=JobState.SUCCEEDED, response=response)

    def fail(self, job_id: str, reason: str | None = None) -> None:
        self.jobs[job_id] = JobResult(state=JobState.FAILED, reason=reason)

    def lose(self, job_id: str) -> None:
        self.jobs[job_id] = JobResult(state=JobState.LOST)


class FakeReminders:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str, timedelta]] = []

    def remind(self, workspace_id: str, document_id: str, *, after: timedelta) -> None:
        self.sent.append((workspace_id, document_id, after))
