"""API Gateway's HTTP API: requests to events in payload format 2.0, and answers to responses.

The shapes: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

from infra.local.environments import Answer
from infra.local.http import Request, Response
from infra.local.template import DEFAULT_ROUTE, Route

BODY_LIMIT = 10 * 1024 * 1024
_PAYLOAD_LIMIT = 6 * 1024 * 1024
"""Lambda's, for what a function returns."""

_TEXT_TYPES = ("application/json", "application/xml", "application/javascript")
_BAD_STATUS = Response(500, b'{"message":"Internal Server Error"}')
_NOT_FOUND = Response(404, b'{"message":"Not Found"}')
_log = logging.getLogger(__name__)


class Gateway:
    """``invoke`` runs a function by its logical id; ``default`` answers what no route takes."""

    def __init__(
        self, routes: tuple[Route, ...], invoke: Callable[[str, Any], Answer], *, default: str | None = None
    ) -> None:
        self._default = default
        self._routes = [(route, _pattern(route.path)) for route in sorted(routes, key=_by_precision)]
        self._invoke = invoke

    def answer(self, request: Request) -> Response:
        path = decoded_path(request.path)
        for route, pattern in self._routes:
            found = pattern.fullmatch(path)
            if route.method == request.method and found:
                made = event(request, route.key, found.groupdict())
                return _response(self._invoke(route.function, made))
        if self._default is not None:
            return _response(self._invoke(self._default, event(request, DEFAULT_ROUTE, {})))
        return _NOT_FOUND


def decoded_path(path: str) -> str:
    """An HTTP API undoes every escape of the path but ``%25``."""
    return unquote(path.replace("%25", "%2525"), errors="replace")


def event(request: Request, route_key: str, path_parameters: dict[str, str]) -> dict[str, Any]:
    path = decoded_path(request.path)
    now = time.time()
    headers, cookies = _headers(request)
    is_text = _is_text(headers.get("content-type", ""))
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": headers.get("host", ""),
            "domainPrefix": headers.get("host", "").partition(".")[0],
            "http": {
                "method": request.method,
                "path": path,
                "protocol": request.protocol,
                "sourceIp": request.client,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": route_key,
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": bool(request.body) and not is_text,
    }
    # What is empty is absent.
    if cookies:
        made["cookies"] = cookies
    if query := _joined(parse_qsl(request.query, keep_blank_values=True)):
        made["queryStringParameters"] = query
    if path_parameters:
        made["pathParameters"] = path_parameters
    if request.body:
        made["body"] = _text(request.body) if is_text else base64.b64encode(request.body).decode()
    return made


def _headers(request: Request) -> tuple[dict[str, str], list[str]]:
    cookies = [
        cookie.strip() for name, value in request.headers if name == "cookie" for cookie in value.split(";")
    ]
    headers = _joined([(name, value) for name, value in request.headers if name != "cookie"])
    forwarded = [headers["x-forwarded-for"]] if "x-forwarded-for" in headers else []
    headers["x-forwarded-for"] = ", ".join([*forwarded, request.client])
    headers["x-forwarded-proto"] = "http"
    return headers, cookies


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind in _TEXT_TYPES


def _text(body: bytes) -> str:
    return body.decode("utf-8", errors="replace")


def _response(answer: Answer) -> Response:
    """A function that fails, or answers what is no response, is a 500.

    Anything but a dict with a ``statusCode`` is the JSON body of a 200.
    """
    if answer.error is not None:
        return _BAD_STATUS
    payload = answer.payload
    if len(json.dumps(payload)) > _PAYLOAD_LIMIT:
        _log.error("a response is larger than the 6 MB Lambda lets through")
        return _BAD_STATUS
    if not isinstance(payload, dict) or "statusCode" not in payload:
        return Response(200, (payload if isinstance(payload, str) else json.dumps(payload)).encode())
    headers = {name.lower(): str(value) for name, value in (payload.get("headers") or {}).items()}
    headers.setdefault("content-type", "text/plain; charset=utf-8")
    headers.pop("content-length", None)
    cookies = [("set-cookie", cookie) for cookie in payload.get("cookies") or ()]
    body = payload.get("body") or ""
    try:
        content = base64.b64decode(body, validate=True) if payload.get("isBase64Encoded") else body.encode()
        return Response(int(payload["statusCode"]), content, (*headers.items(), *cookies))
    except (AttributeError, TypeError, ValueError, binascii.Error):
        _log.exception("a function's answer is no response")
        return _BAD_STATUS


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+\+?)\}", path)
    literal_and_name = [
        re.escape(part) if index % 2 == 0 else _parameter(part) for index, part in enumerate(parts)
    ]
    return re.compile("".join(literal_and_name), re.DOTALL)


def _parameter(name: str) -> str:
    return f"(?P<{name[:-1]}>.+)" if name.endswith("+") else f"(?P<{name}>[^/]+)"


def _by_precision(route: Route) -> tuple[int, int]:
    """The most specific route wins: literal before parameter, greedy last."""
    return route.path.count("+}"), route.path.count("{")
