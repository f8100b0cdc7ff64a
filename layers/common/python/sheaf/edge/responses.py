"""Responses to API Gateway (HTTP API, payload format 2.0), with the headers every answer carries."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from sheaf.kernel.errors import (
    InvalidRequest,
    MethodNotAllowed,
    Quota,
    QuotaExhausted,
    SheafError,
    TooManyRequests,
    WrongCode,
)

type Response = dict[str, Any]

SECURITY_HEADERS = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
}

PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
}
"""For pages with our own style and no script."""


def respond(
    status: int,
    body: str | bytes,
    content_type: str = "application/json",
    headers: dict[str, str] | None = None,
) -> Response:
    """Bytes travel to the gateway as base64, and from there as they are."""
    kind = {"content-type": content_type} if body else {}
    return {
        "statusCode": status,
        "headers": {**SECURITY_HEADERS, **kind, **(headers or {})},
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": isinstance(body, bytes),
    }


def problem(error: SheafError, instance: str | None = None) -> Response:
    """RFC 9457 problem details; ``code`` is the stable part, ``instance`` the request's id."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.code,
        "detail": error.message,
    }
    if isinstance(error, InvalidRequest) and error.errors:
        document["errors"] = error.errors
    if isinstance(error, WrongCode):
        document["tries_left"] = error.tries_left
    if isinstance(error, QuotaExhausted):
        document["quota"] = _quota(error.quota)
    if instance:
        document["instance"] = instance
    return respond(error.status, json.dumps(document), "application/problem+json", _headers(error))


def _quota(quota: Quota) -> dict[str, Any]:
    renews_at = quota.renews_at.isoformat() if quota.renews_at else None
    return asdict(quota) | {"renews_at": renews_at}


def _headers(error: SheafError) -> dict[str, str]:
    if isinstance(error, TooManyRequests | QuotaExhausted) and error.retry_after is not None:
        return {"retry-after": str(math.ceil(error.retry_after.total_seconds()))}
    if isinstance(error, MethodNotAllowed):
        return {"allow": ", ".join(error.allowed)}
    return {"www-authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else {}
