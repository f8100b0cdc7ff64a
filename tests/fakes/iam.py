"""IAM between the functions and AWS: what the roles of infra/roles.yaml do not allow is refused.

A request is somebody's by the key it is signed with: the function's own role, or its tenant role in a session
that STS gave out, with that session's tags. Nobody is asked while no function runs: tests poke about freely.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from infra.local.iam import Decision, Request, Statement, decide
from infra.local.leading_keys import touches
from tests.builders.policies import ACCOUNT, DIRECTORY, RECORDS, REGION, roles
from tests.fakes.sts import FakeSts

_TABLES = {"records": RECORDS, "directory": DIRECTORY}
_PARTITION_KEYS = {None: "pk", "status": "status_pk", "due": "due_pk"}
_KEY = re.compile(r"Credential=(\w+)/")

Context = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Asked:
    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass
class Guard:
    """``function`` is the one that runs; ``refusals`` are kept to be looked at."""

    sts: FakeSts
    function: str | None = None
    refusals: list[Asked] = field(default_factory=list)

    @contextmanager
    def running(self, function: str) -> Iterator[None]:
        before, self.function = self.function, function
        try:
            yield
        finally:
            self.function = before

    def refuses(self, service: str, operation: str, url: str, authorization: str, body: str) -> bool:
        if self.function is None:
            return False
        role, tags = self._caller(authorization)
        for asked in _asked(service, operation, url, body):
            if not self._allowed(asked, role, tags):
                self.refusals.append(asked)
                return True
        return False

    def _caller(self, authorization: str) -> tuple[str, Mapping[str, str]]:
        found = _KEY.search(authorization)
        session = self.sts.sessions.get(found[1]) if found else None
        return (f"{self.function}TenantRole", session.tags) if session else (f"{self.function}Role", {})

    def _allowed(self, asked: Asked, role: str, tags: Mapping[str, str]) -> bool:
        context = asked.context | {f"aws:principaltag/{name}": (value,) for name, value in tags.items()}
        request = Request(asked.action, asked.resource, lambda key: context.get(key, ()))
        if asked.action == "sts:AssumeRole":
            return may_assume(f"{self.function}TenantRole", role, request)
        return decide(request, roles()[role].statements) is Decision.ALLOWED


def may_assume(assumed: str, by: str, request: Request) -> bool:
    """In one account, a trust that names the role itself is enough."""
    named = [one for one in roles()[assumed].trust if one["Principal"] == {"AWS": roles()[by].arn}]
    return decide(request, map(Statement.parse, named)) is Decision.ALLOWED


def _asked(service: str, operation: str, url: str, body: str) -> Iterator[Asked]:
    match service:
        case "dynamodb":
            yield from _of_tables(operation, json.loads(body))
        case "s3":
            yield from _of_objects(operation, url, body)
        case "sts":
            form = {name: values[0] for name, values in parse_qs(body).items()}
            tag = form.get("Tags.member.1.Key")
            tagged: Context = {} if tag is None else {
                "aws:tagkeys": (tag,), f"aws:requesttag/{tag}": (form["Tags.member.1.Value"],),
            }  # fmt: skip
            yield Asked(f"sts:{operation}", form["RoleArn"], tagged)
        case "textract":
            yield Asked(f"textract:{operation}", "*")
            yield from _of_analysis(operation, json.loads(body))
        case "sqs":
            queue = json.loads(body)["QueueUrl"].rpartition("/")[2]
            yield Asked(f"sqs:{operation}", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}")


def _of_tables(operation: str, request: dict[str, Any]) -> Iterator[Asked]:
    for touch in touches(operation, request, lambda _, index: _PARTITION_KEYS[index]):
        index = f"/index/{touch.index}" if touch.index else ""
        context = {
            "dynamodb:leadingkeys": touch.keys,
            "dynamodb:enclosingoperation": (touch.enclosing,) if touch.enclosing else (),
        }
        yield Asked(f"dynamodb:{touch.action}", f"{_TABLES[touch.table]}{index}", context)


def _of_objects(operation: str, url: str, body: str) -> Iterator[Asked]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html"""
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    bucket, key = f"arn:aws:s3:::{parts.netloc.partition('.')[0]}", unquote(parts.path).lstrip("/")
    of_version = "Version" if "versionId" in query else ""
    match operation:
        case "ListObjectVersions":
            yield Asked("s3:ListBucketVersions", bucket, {"s3:prefix": tuple(query.get("prefix", ()))})
        case "DeleteObjects":
            for each in re.findall(r"<Object>.*?</Object>", body):
                [deleted] = re.findall(r"<Key>(.*?)</Key>", each)
                versioned = "Version" if "<VersionId>" in each else ""
                yield Asked(f"s3:DeleteObject{versioned}", f"{bucket}/{deleted}")
        case "HeadObject" | "GetObject":
            yield Asked(f"s3:GetObject{of_version}", f"{bucket}/{key}")
        case "CopyObject" | "CreateMultipartUpload" | "UploadPart" | "CompleteMultipartUpload":
            yield Asked("s3:PutObject", f"{bucket}/{key}")
        case _:
            yield Asked(f"s3:{operation}{of_version}", f"{bucket}/{key}")


def _of_analysis(operation: str, request: dict[str, Any]) -> Iterator[Asked]:
    if operation == "StartExpenseAnalysis":
        place = request["DocumentLocation"]["S3Object"]
        of_version = "Version" if "Version" in place else ""
        yield Asked(f"s3:GetObject{of_version}", f"arn:aws:s3:::{place['Bucket']}/{place['Name']}")
        passed: Context = {"iam:passedtoservice": ("textract.amazonaws.com",)}
        yield Asked("iam:PassRole", request["NotificationChannel"]["RoleArn"], passed)
