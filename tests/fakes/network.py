"""The network between the process and AWS: every call is seen here, and one of them can go wrong.

moto answers for DynamoDB and S3, the fakes for Textract, SQS and STS. What moto does not do and the code
relies on is added: a transaction that is sent again with its token takes effect once, and a query is refused
where DynamoDB refuses it.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.session import Session
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

from tests.fakes.iam import Guard
from tests.fakes.moto_tables import transaction
from tests.fakes.sts import FakeSts


class Killed(BaseException):
    """The process is gone. Nothing in the code may catch this: a dead process catches nothing."""


class Fault(StrEnum):
    KILLED_BEFORE = "killed-before"
    KILLED_AFTER = "killed-after"
    UNREACHABLE = "unreachable"
    """No try of the SDK gets through: the code sees an ordinary exception."""
    ANSWER_LOST = "answer-lost"
    """It took effect, the answer did not arrive, the SDK sends it again."""
    ANSWERS_LOST = "answers-lost"
    """The same, until the SDK gives up: the code sees an ordinary exception, and yet it took effect."""


@dataclass(frozen=True)
class Call:
    """One API call, however often the SDK tried. ``text`` is its address and its body."""

    service: str
    operation: str
    text: str

    def __str__(self) -> str:
        return f"{self.service}.{self.operation}"


class JsonService(Protocol):
    """An AWS service that speaks JSON, faked. Raises ``Refused``."""

    def serve(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]: ...


class Refused(Exception):
    def __init__(self, code: str, message: str = "refused by the test") -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Network:
    session: Session
    fakes: Mapping[str, JsonService]
    sts: FakeSts = field(default_factory=FakeSts)
    guard: Guard = field(init=False)
    calls: list[Call] = field(default_factory=list)
    undeletable: dict[str, str | None] = field(default_factory=dict)
    """Keys that S3 keeps when asked to delete them, with the error it reports; None: it says nothing."""
    _seen: dict[str, int] = field(default_factory=dict)
    """The invocations so far, in their order, and how often each was tried."""
    _plan: tuple[int, Fault] | None = None
    _tokens: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.guard = Guard(self.sts)
        emitter = self.session.get_component("event_emitter")
        emitter.unregister("before-send", botocore_stubber)
        emitter.register("before-send", self._send)

    @contextmanager
    def recording(self) -> Iterator[list[Call]]:
        """The calls made inside."""
        self.calls, self._seen = [], {}
        yield self.calls
        self.calls, self._seen = [], {}

    @contextmanager
    def failing(self, number: int, fault: Fault) -> Iterator[None]:
        """Call ``number`` (from 0) of those made inside goes wrong."""
        with self.recording():
            self._plan = number, fault
            try:
                yield
            finally:
                self._plan = None

    def _send(self, *, event_name: str, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        _, service, operation = event_name.split(".")
        tries, fault = self._note(service, operation, request)
        match fault:
            case Fault.KILLED_BEFORE:
                raise Killed
            case Fault.UNREACHABLE:
                raise ConnectTimeoutError(endpoint_url=request.url)
        answer = self._answer(service, operation, request)
        match fault:
            case Fault.KILLED_AFTER:
                raise Killed
            case Fault.ANSWERS_LOST:
                raise ReadTimeoutError(endpoint_url=request.url)
            case Fault.ANSWER_LOST if tries == 0:
                raise ReadTimeoutError(endpoint_url=request.url)
        return answer

    def _note(self, service: str, operation: str, request: AWSPreparedRequest) -> tuple[int, Fault | None]:
        """How often this call was tried before, and what is to happen to it. botocore gives all tries of
        one call the same invocation id.
        """
        invocation = str(request.headers["amz-sdk-invocation-id"])
        with self._lock:
            tries = self._seen.get(invocation, 0)
            if not tries:
                self.calls.append(Call(service, operation, f"{request.url} {_text(request)}"))
            self._seen[invocation] = tries + 1
            planned = self._plan is not None and list(self._seen).index(invocation) == self._plan[0]
        return tries, self._plan[1] if self._plan and planned else None

    def _answer(self, service: str, operation: str, request: AWSPreparedRequest) -> AWSResponse:
        signed = str(request.headers["Authorization"])
        if self.guard.refuses(service, operation, request.url, signed, _text(request)):
            return _refusal(service, request)
        if service == "sts":
            return _response(request, 200, self.sts.answer(_text(request)))
        if service in self.fakes:
            return self._from_fake(self.fakes[service], operation, request)
        if operation == "DeleteObjects" and self.undeletable:
            return _all_but(self.undeletable, request)
        return self._from_dynamodb(operation, request) if service == "dynamodb" else _from_moto(request)

    def _from_dynamodb(self, operation: str, request: AWSPreparedRequest) -> AWSResponse:
        rules = _DYNAMODB_RULES.get(operation)
        if rules and (wrong := rules(json.loads(_text(request)))):
            return _error(request, "ValidationException", wrong)
        if operation != "TransactWriteItems":
            return _from_moto(request)
        token = json.loads(_text(request))["ClientRequestToken"]
        if token in self._tokens:
            return _response(request, 200, b"{}")
        with transaction(_text(request)):
            answer = _from_moto(request)
        if answer.status_code == 200:
            self._tokens.add(token)
        return answer

    @staticmethod
    def _from_fake(fake: JsonService, operation: str, request: AWSPreparedRequest) -> AWSResponse:
        try:
            answer = fake.serve(operation, json.loads(_text(request)))
        except Refused as refusal:
            return _error(request, refusal.code, str(refusal))
        return _response(request, 200, json.dumps(answer).encode())


def _key_refused(get: Mapping[str, Any]) -> str | None:
    key = get["Key"]["sk"]["S"]
    if not key:
        return "One or more parameter values are not valid. A key attribute holds an empty string"
    return None if len(key.encode()) <= _LONGEST_SORT_KEY else "Size of rangekey has exceeded the maximum"


def _query_refused(query: Mapping[str, Any]) -> str | None:
    if query.get("ConsistentRead") and query.get("IndexName"):
        return "Consistent reads are not supported on global secondary indexes"
    condition, start = query["KeyConditionExpression"], query.get("ExclusiveStartKey")
    values = {name: value.get("S") for name, value in query["ExpressionAttributeValues"].items()}
    if between := re.search(r"BETWEEN (:\d+) AND (:\d+)", condition):
        low, high = (values[name] for name in between.groups())
        if low > high:
            return "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
        limits = [(">=", low), ("<=", high)]
    else:
        limits = [(sign, values[name]) for sign, name in re.findall(r"([<>]=?) (:\d+)", condition)]
    at = start["sk"]["S"] if start else None
    if at is not None and not all(_HOLDS[sign](at, limit) for sign, limit in limits):
        return "The provided starting key does not match the range key predicate"
    return None


_LONGEST_SORT_KEY = 1024
_HOLDS = {"<": str.__lt__, "<=": str.__le__, ">": str.__gt__, ">=": str.__ge__}
_DYNAMODB_RULES = {"GetItem": _key_refused, "Query": _query_refused}
"""What DynamoDB refuses and moto does not."""


def _all_but(kept: Mapping[str, str | None], request: AWSPreparedRequest) -> AWSResponse:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html"""
    text, errors = _text(request), ""
    for part in re.findall(r"<Object>.*?</Object>", text):
        key = part.partition("<Key>")[2].partition("</Key>")[0]
        if key in kept:
            text = text.replace(part, "")
            errors += f"<Error><Key>{key}</Key><Code>{kept[key]}</Code></Error>" if kept[key] else ""
    if "<Object>" in text:
        request.body = text.encode()
        _from_moto(request)
    return _response(request, 200, f"<DeleteResult>{errors}</DeleteResult>".encode())


def _from_moto(request: AWSPreparedRequest) -> AWSResponse:
    answer = botocore_stubber("before-send", request)
    if answer is None:
        raise LookupError(f"nobody answers {request.url}")
    return answer


def _text(request: AWSPreparedRequest) -> str:
    body = request.body or b""
    raw = body if isinstance(body, bytes | bytearray | str) else body.read()
    if not isinstance(body, bytes | bytearray | str):
        body.seek(0)
    return raw if isinstance(raw, str) else bytes(raw).decode("utf-8", "replace")


def _error(request: AWSPreparedRequest, code: str, message: str) -> AWSResponse:
    return _response(request, 400, json.dumps({"__type": code, "message": message}).encode())


def _refusal(service: str, request: AWSPreparedRequest) -> AWSResponse:
    error = b"<Error><Code>AccessDenied</Code></Error>"
    if service in {"s3", "sts"}:
        wrapped = b"<ErrorResponse>%s</ErrorResponse>" % error
        return _response(request, 403, error if service == "s3" else wrapped)
    return _error(request, "AccessDeniedException", "not authorized")


def _response(request: AWSPreparedRequest, status: int, body: bytes) -> AWSResponse:
    return AWSResponse(request.url, status, {}, MockRawResponse(body))
