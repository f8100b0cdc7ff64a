"""A request as API Gateway hands it over (HTTP API, payload format 2.0).

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from sheaf.access.actor import Origin
from sheaf.edge.viewer import address_of, place_of
from sheaf.kernel.errors import InvalidRequest

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """``edge_digests`` say when a header is believed that names the viewer: see ``sheaf.edge.viewer``."""

    event: Mapping[str, Any]
    edge_digests: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return str(self.event["requestContext"]["requestId"])

    @property
    def route_key(self) -> str:
        return str(self.event["routeKey"])

    @property
    def method(self) -> str:
        return str(self.event["requestContext"]["http"]["method"])

    @property
    def path(self) -> str:
        return str(self.event["rawPath"])

    @cached_property
    def headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in (self.event.get("headers") or {}).items()}

    @cached_property
    def cookies(self) -> dict[str, str]:
        pairs = (cookie.partition("=") for cookie in self.event.get("cookies") or ())
        return {name.strip(): value for name, _, value in pairs}

    @property
    def path_parameters(self) -> dict[str, str]:
        return dict(self.event.get("pathParameters") or {})

    @property
    def query(self) -> dict[str, str]:
        return dict(self.event.get("queryStringParameters") or {})

    @property
    def body(self) -> bytes:
        """The raw bytes. Raises InvalidRequest."""
        raw = self.event.get("body") or ""
        if not self.event.get("isBase64Encoded"):
            return str(raw).encode()
        try:
            return base64.b64decode(raw, validate=True)
        except ValueError as error:
            raise InvalidRequest("The body is not what it says.", code="invalid_body") from error

    @property
    def is_form(self) -> bool:
        """Whether a page's plain form sent it. What begins like JSON is JSON: curl calls a form whatever it
        is given.
        """
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return kind == _FORM and not self.body.lstrip().startswith((b"{", b"["))

    @property
    def document(self) -> Any:
        """The body as a form's fields, or else as JSON. Raises InvalidRequest."""
        try:
            if self.is_form:
                return dict(parse_qsl(self.body.decode(), keep_blank_values=True))
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:  # no UTF-8 or JSON; endless digits or depth
            raise InvalidRequest("The body is not JSON.", code="invalid_json") from error

    @cached_property
    def origin(self) -> Origin:
        http = self.event["requestContext"]["http"]
        agent = http.get("userAgent") or None
        address = address_of(self.headers, http["sourceIp"], self.edge_digests)
        return Origin(ip=address, user_agent=agent[:256] if agent else None, request_id=self.id)

    @property
    def place(self) -> str:
        """What limits count as one place."""
        return place_of(self.origin.ip or "")
