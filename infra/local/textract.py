"""Textract's expense operations over HTTP, answered by ``sheaf_reader``.

AWS JSON 1.1, with Textract's names, limits and errors:
https://docs.aws.amazon.com/textract/latest/dg/API_StartExpenseAnalysis.html
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import textract_results
from infra.local.aws import session
from infra.local.directory import Directory
from infra.local.environments import Environments
from infra.local.http import Request, Response
from infra.local.template import Function
from infra.local.textract_documents import Documents, TextractError, refuse
from infra.local.textract_jobs import Job, JobRunner, JobStore

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

BODY_LIMIT = 16 * 1024 * 1024
WORKERS = 2
READER = Function(name="Textract", handler="infra.local.reading.handler", timeout=900, memory=4096)

_PAGE_SIZE = 20
_TOKEN = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_TAG = re.compile(r"[a-zA-Z0-9_.:-]{1,64}")
_RETRY_SECONDS = 1.0
_ENDED = ("Sandbox.Timedout", "Runtime.ExitError")
_log = logging.getLogger(__name__)

Body = dict[str, Any]


class Textract:
    """``starts_per_second`` is the account's quota; more is ``ProvisionedThroughputExceededException``."""

    def __init__(
        self, directory: Directory, endpoint: str, *, starts_per_second: float, reader: Function = READER
    ) -> None:
        self._documents = Documents(session().client("s3", endpoint_url=endpoint))
        self._sns: SNSClient = session().client("sns", endpoint_url=endpoint)
        self._scratch = directory.textract
        self._jobs = JobStore(directory.textract)
        self._reader = Environments(reader, dict, limit=WORKERS, log=directory.logs / "Textract.log")
        self._runner = JobRunner(self._work, workers=WORKERS)
        self._quota = _Quota(starts_per_second)
        self._stopping = threading.Event()
        self._operations: dict[str, Callable[[Body], Body]] = {
            "Textract.StartExpenseAnalysis": self._start,
            "Textract.GetExpenseAnalysis": self._get,
            "Textract.AnalyzeExpense": self._analyze,
        }

    def start(self) -> None:
        for job in self._jobs.unfinished():
            self._runner.add(job.id)
        self._runner.start()

    def stop(self) -> None:
        """Documents that are being read are given up, and read at the next start."""
        self._stopping.set()
        self._reader.kill()
        self._runner.stop()

    def answer(self, request: Request) -> Response:
        operation = self._operations.get(request.header("x-amz-target"), _unknown)
        try:
            return _json(200, operation(json.loads(request.body)))
        except TextractError as error:
            return _json(400, {"__type": error.code, "Message": str(error)})
        except json.JSONDecodeError:
            return _json(400, {"__type": "SerializationException", "Message": "The body is not JSON"})

    def _start(self, request: Body) -> Body:
        _check(request)
        known = self._jobs.by_token(request.get("ClientRequestToken"))
        if known is None:
            self._quota.take()
            self._documents.inspect(request["DocumentLocation"]["S3Object"])
        job = known or self._jobs.create(request)
        if job.request != request:
            raise TextractError(
                "IdempotentParameterMismatchException", "The token was used with other parameters"
            )
        if known is None:
            self._runner.add(job.id)
        return {"JobId": job.id}

    def _get(self, request: Body) -> Body:
        job = self._jobs.get(str(request.get("JobId")))
        if job is None:
            raise TextractError("InvalidJobIdException", "Request has invalid Job Id")
        answer: Body = {"JobStatus": job.status, "AnalyzeExpenseModelVersion": "1.0"}
        if job.status_message:
            answer["StatusMessage"] = job.status_message
        if job.status != "SUCCEEDED":
            return answer
        begin = _offset(request.get("NextToken"), job.id)
        count = min(int(request.get("MaxResults", _PAGE_SIZE)), _PAGE_SIZE)
        found, more = textract_results.read(self._jobs.result_path(job), begin, count)
        if more:
            answer["NextToken"] = base64.urlsafe_b64encode(f"{job.id}:{begin + count}".encode()).decode()
        return answer | found

    def _analyze(self, request: Body) -> Body:
        document = request.get("Document", {})
        with tempfile.TemporaryDirectory(dir=self._scratch) as name:
            source, target = Path(name) / "input", Path(name) / "result"
            if "Bytes" in document:
                source.write_bytes(_decoded(document["Bytes"]))
                refuse(source.read_bytes()[:1024], source.stat().st_size)
            else:
                self._documents.inspect(_location(document))
                self._documents.fetch(_location(document), source)
            self._read(source, target)
            return textract_results.read(target)[0]

    def _work(self, job_id: str) -> None:
        job = self._jobs.get(job_id)
        if job is None:
            return
        if job.status == "IN_PROGRESS":
            job = self._finished(job)
        if "NotificationChannel" in job.request:
            self._announce(job)
        if not self._stopping.is_set():
            self._jobs.change(job, announced=True)

    def _finished(self, job: Job) -> Job:
        source = self._jobs.input_path(job)
        try:
            self._documents.fetch(job.request["DocumentLocation"]["S3Object"], source)
            self._read(source, self._jobs.result_path(job))
        except TextractError as error:
            if self._stopping.is_set():
                return job
            return self._jobs.change(job, status="FAILED", status_message=f"{error.code}: {error}")
        finally:
            source.unlink(missing_ok=True)
        return self._jobs.change(job, status="SUCCEEDED")

    def _read(self, source: Path, target: Path) -> None:
        answer = self._reader.invoke({"input": str(source), "output": str(target)})
        if answer.error is not None:
            _log.error("a document was not read: %s", answer.error["errorMessage"])
            # What ended the reader once ends it each time: nobody should try again.
            code = "BadDocumentException" if answer.error["errorType"] in _ENDED else "InternalServerError"
            raise TextractError(code, "The document could not be read")
        if "error" in answer.payload:
            raise TextractError(answer.payload["error"], answer.payload["message"])

    def _announce(self, job: Job) -> None:
        """Until it is heard: the embedded AWS may be starting again."""
        location = job.request["DocumentLocation"]["S3Object"]
        message = {
            "JobId": job.id,
            "Status": job.status,
            "API": "StartExpenseAnalysis",
            "JobTag": job.request.get("JobTag"),
            "Timestamp": int(time.time() * 1000),
            "DocumentLocation": {"S3ObjectName": location["Name"], "S3Bucket": location["Bucket"]},
        }
        while not self._stopping.is_set():
            try:
                self._sns.publish(
                    TopicArn=job.request["NotificationChannel"]["SNSTopicArn"], Message=json.dumps(message)
                )
            except (BotoCoreError, ClientError) as error:
                _log.warning("a completion could not be published: %s", error)
                self._stopping.wait(_RETRY_SECONDS)
            else:
                return


class _Quota:
    """A token bucket that holds one second's worth."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._tokens = per_second
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> None:
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self._per_second, self._tokens + (now - self._at) * self._per_second)
            self._at = now
            if self._tokens < 1:
                raise TextractError("ProvisionedThroughputExceededException", "Provisioned rate exceeded")
            self._tokens -= 1


def _unknown(_: Body) -> Body:
    raise TextractError("UnknownOperationException", "Only the expense operations are here")


def _check(request: Body) -> None:
    _location(request.get("DocumentLocation", {}))
    for name, pattern in (("ClientRequestToken", _TOKEN), ("JobTag", _TAG)):
        if name in request and not pattern.fullmatch(str(request[name])):
            raise TextractError("InvalidParameterException", f"{name} is malformed")
    channel = request.get("NotificationChannel")
    if channel is not None and not (channel.get("SNSTopicArn") and channel.get("RoleArn")):
        raise TextractError("InvalidParameterException", "NotificationChannel needs SNSTopicArn and RoleArn")


def _location(document: Body) -> Body:
    location = document.get("S3Object")
    if not isinstance(location, dict) or not (location.get("Bucket") and location.get("Name")):
        raise TextractError("InvalidParameterException", "The document needs an S3Object: Bucket and Name")
    return location


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise TextractError("InvalidParameterException", "Bytes is not base 64") from error


def _offset(token: str | None, job_id: str) -> int:
    if token is None:
        return 0
    try:
        owner, _, offset = base64.urlsafe_b64decode(token).decode().partition(":")
        if owner == job_id:
            return int(offset)
    except ValueError:
        pass
    raise TextractError("InvalidParameterException", "Request has invalid NextToken")


def _json(status: int, body: Body) -> Response:
    return Response(status, json.dumps(body).encode(), (("content-type", "application/x-amz-json-1.1"),))
