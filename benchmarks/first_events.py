"""The first events that are measured: each function's, and the same requests for the peer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from benchmarks.loopback import DOCUMENT, WORKSPACE
from sheaf.access.keys import new_secret
from tests.builders import events, webhooks

PEER = "benchmarks.peer.handler"
SHARE_OF_API = 1250 / 2170
"""The gate is 1,250 million instructions, set where the peer took 2,170; other Pythons count otherwise."""

SHARE_OF_SWEEP = 0.4
SHARE_OF_REFUSED_WEBHOOK = 0.4
"""What is not signed as it should be is refused with nothing loaded that asks anybody."""

_KEY = {"authorization": f"Bearer {new_secret()}"}
_NEW = {
    "filename": "2026-11-02 Larkspur & Boone LB-20417.pdf",
    "content_type": "application/pdf",
    "size": 183_201,
}
type Request = tuple[str, str, dict[str, Any], HTTPStatus]
"""Method, route, what else ``events.http`` takes, and the status of the answer."""

_ANNOUNCE: Request = ("POST", "/v1/uploads", {"body": _NEW}, HTTPStatus.CREATED)
_SHOW: Request = ("GET", "/v1/documents/{document_id}", {"path": {"document_id": DOCUMENT}}, HTTPStatus.OK)
_SETTINGS: Request = ("GET", "/v1/settings", {}, HTTPStatus.OK)
_HEALTH: Request = ("GET", "/healthz", {}, HTTPStatus.OK)


@dataclass(frozen=True)
class First:
    """``status``: what a response must have, None for what is no HTTP; ``peer``: the name to compare with.

    ``share``: the most it may cost of that.
    """

    name: str
    handler: str
    event: dict[str, Any]
    status: HTTPStatus | None
    peer: str | None = None
    share: float | None = None


def peers() -> list[First]:
    return [*_both("peer POST", PEER, _ANNOUNCE), *_both("peer GET", PEER, _SHOW)]


def functions() -> list[First]:
    """Refused: no key, or a message that is none: nothing is looked up. Answered: everything goes well."""
    return [
        *_both("upload", "functions.upload.handler.handler", _ANNOUNCE, "peer POST"),
        *_both("documents", "functions.documents.handler.handler", _SHOW, "peer GET"),
        *_both("accounts", "functions.accounts.handler.handler", _SETTINGS, "peer GET"),
        First("console, answered", "functions.console.handler.handler", _http(_HEALTH), HTTPStatus.OK,
              "peer GET, refused", SHARE_OF_API),
        *_webhooks(),
        *_messages("receive", "functions.extract.received.handler", _landed()),
        *_messages("collect", "functions.extract.completed.handler", events.textract_completion("job-1")),
        *_messages("watch", "functions.extract.watch.handler",
                   {"workspace_id": WORKSPACE, "document_id": DOCUMENT}),
        First("sweep, answered", "functions.retention.handler.handler", {}, None, "peer GET, answered",
              SHARE_OF_SWEEP),
    ]  # fmt: skip


def _both(name: str, handler: str, request: Request, peer: str | None = None) -> Iterator[First]:
    for kind, headers, status in (
        ("refused", {}, HTTPStatus.UNAUTHORIZED),
        ("answered", _KEY, request[3]),
    ):
        compared = f"{peer}, {kind}" if peer else None
        share = SHARE_OF_API if peer else None
        yield First(f"{name}, {kind}", handler, _http(request, headers), status, compared, share)


def _http(request: Request, headers: dict[str, str] | None = None) -> dict[str, Any]:
    method, route, more, _ = request
    return events.http(method, route, headers={"content-type": "application/json", **(headers or {})}, **more)


def _webhooks() -> Iterator[First]:
    handler = "functions.webhooks.handler.handler"
    soon = datetime.now(UTC) + timedelta(minutes=4)  # still believed when it is that event's turn
    told = '{"id": "evt_1", "type": "invoice.paid", "data": {"object": {"id": "in_1", "customer": "cus_1"}}}'
    for kind, headers, status, share in (
        ("refused", {}, HTTPStatus.BAD_REQUEST, SHARE_OF_REFUSED_WEBHOOK),
        ("answered", webhooks.stripe(told.encode(), soon), HTTPStatus.OK, SHARE_OF_API),
    ):
        event = events.http("POST", "/webhooks/stripe", headers=headers, body=told)
        yield First(f"webhooks, {kind}", handler, event, status, f"peer POST, {kind}", share)


def _messages(name: str, handler: str, message: dict[str, Any]) -> Iterator[First]:
    refused = events.sqs({})
    refused["Records"][0]["body"] = "no JSON"
    yield First(f"{name}, refused", handler, refused, None, "peer GET, refused")
    yield First(f"{name}, answered", handler, events.sqs(message), None, "peer GET, answered")


def _landed() -> dict[str, Any]:
    key = f"workspaces/{WORKSPACE}/files/{DOCUMENT}/original"
    return events.s3_put("files", key, version_id="1", size=183_201, at=datetime(2026, 11, 20, tzinfo=UTC))
