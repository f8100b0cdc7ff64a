"""Textract's jobs: kept in files, so that a host that was killed finishes them at its next start."""

from __future__ import annotations

import json
import queue
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

RESULTS_KEPT_SECONDS = 7 * 24 * 3600
"""As long as Textract keeps them."""


@dataclass(frozen=True)
class Job:
    """``request`` is StartExpenseAnalysis' own; ``status`` one of IN_PROGRESS, SUCCEEDED, FAILED."""

    id: str
    request: dict[str, Any]
    status: str = "IN_PROGRESS"
    status_message: str = ""
    submitted: float = field(default_factory=time.time)
    announced: bool = False

    @property
    def token(self) -> str | None:
        return self.request.get("ClientRequestToken")


class JobStore:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._jobs = {job.id: job for job in self._stored()}
        self._by_token = {job.token: job.id for job in self._jobs.values() if job.token}

    def by_token(self, token: str | None) -> Job | None:
        return self._jobs.get(self._by_token.get(token, "")) if token else None

    def create(self, request: dict[str, Any]) -> Job:
        """A job for the request; or the one that its token made a moment ago."""
        with self._lock:
            known = self.by_token(request.get("ClientRequestToken"))
            if known is not None:
                return known
            job = self._put(Job(id=uuid.uuid4().hex * 2, request=request))
            if job.token:
                self._by_token[job.token] = job.id
            return job

    def get(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def change(self, job: Job, **changes: Any) -> Job:
        with self._lock:
            return self._put(replace(job, **changes))

    def unfinished(self) -> list[Job]:
        """Not read yet, or read and nobody was told; oldest first."""
        waiting = (job for job in self._jobs.values() if job.status == "IN_PROGRESS" or not job.announced)
        return sorted(waiting, key=lambda job: job.submitted)

    def result_path(self, job: Job) -> Path:
        return self._directory / f"{job.id}.result.json"

    def input_path(self, job: Job) -> Path:
        return self._directory / f"{job.id}.input"

    def _put(self, job: Job) -> Job:
        path = self._directory / f"{job.id}.job.json"
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps(asdict(job)))
        temporary.replace(path)
        self._jobs[job.id] = job
        return job

    def _stored(self) -> Iterator[Job]:
        for path in self._directory.glob("*.job.json"):
            job = Job(**json.loads(path.read_text()))
            if job.submitted > time.time() - RESULTS_KEPT_SECONDS:
                yield job
            else:
                for old in (path, self.result_path(job), self.input_path(job)):
                    old.unlink(missing_ok=True)


class JobRunner:
    """Gives jobs to ``work`` in the order they came, ``workers`` at a time."""

    def __init__(self, work: Callable[[str], None], *, workers: int) -> None:
        self._work = work
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._threads = [
            threading.Thread(target=self._run, name=f"textract-{number}") for number in range(workers)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def add(self, job_id: str) -> None:
        self._waiting.put(job_id)

    def stop(self) -> None:
        """The documents being read are finished; the rest waits for the next start."""
        self._waiting.shutdown(immediate=True)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while True:
            try:
                job_id = self._waiting.get()
            except queue.ShutDown:
                return
            if job_id is not None:
                self._work(job_id)
