"""Textract's asynchronous expense analysis, answering as the service does: the real adapter talks to it.

https://docs.aws.amazon.com/textract/latest/dg/API_StartExpenseAnalysis.html
https://docs.aws.amazon.com/textract/latest/dg/API_GetExpenseAnalysis.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.network import Refused


@dataclass
class FakeJob:
    """``token`` is the request's; ``place`` the S3 object, its version included."""

    token: str
    place: Mapping[str, str]
    status: str = "IN_PROGRESS"
    answer: Mapping[str, Any] = field(default_factory=dict)
    message: str | None = None


class FakeTextract:
    """Jobs run until the test ends them; the same token gives the same job.

    ``refuse`` names the exception that starting a job answers with.
    """

    def __init__(self) -> None:
        self.jobs: dict[str, FakeJob] = {}
        self.refuse: str | None = None
        self.pages_of_an_answer = 1

    def finish(self, job_id: str, answer: Mapping[str, Any]) -> None:
        self.jobs[job_id].status, self.jobs[job_id].answer = "SUCCEEDED", answer

    def fail(self, job_id: str, message: str | None = None) -> None:
        self.jobs[job_id].status, self.jobs[job_id].message = "FAILED", message

    def lose(self, job_id: str) -> None:
        self.jobs[job_id].status = "LOST"

    @property
    def running(self) -> list[str]:
        return [job_id for job_id, job in self.jobs.items() if job.status == "IN_PROGRESS"]

    def serve(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._start(body) if operation == "StartExpenseAnalysis" else self._get(body)

    def _start(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.refuse:
            raise Refused(self.refuse)
        token = body["ClientRequestToken"]
        for job_id, job in self.jobs.items():
            if job.token == token:
                return {"JobId": job_id}
        job_id = f"job-{len(self.jobs) + 1}"
        self.jobs[job_id] = FakeJob(token, body["DocumentLocation"]["S3Object"])
        return {"JobId": job_id}

    def _get(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        job = self.jobs.get(body["JobId"])
        if job is None or job.status == "LOST":
            raise Refused("InvalidJobIdException")
        if job.status != "SUCCEEDED":
            said = {"StatusMessage": job.message} if job.message else {}
            return {"JobStatus": job.status, **said}
        found, at = job.answer["ExpenseDocuments"], int(body.get("NextToken", "0"))
        size = -(-len(found) // self.pages_of_an_answer) or 1
        page = {
            "JobStatus": "SUCCEEDED",
            "DocumentMetadata": job.answer["DocumentMetadata"],
            "ExpenseDocuments": found[at : at + size],
        }
        return page if at + size >= len(found) else {**page, "NextToken": str(at + size)}
