"""A client whose requests are served by the real handlers of a World, and whose files land in its bucket."""

from __future__ import annotations

import re
import threading
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import httpx
from werkzeug.formparser import MultiPartParser

from sheaf.access.tokens import SESSION_COOKIE
from sheaf_client import Client
from tests.builders import events
from tests.builders.world import SETTINGS, World
from tests.drift import routes

URL = "https://api.example.test"


class Handlers(httpx.BaseTransport):
    """``called`` are the routes that were served; ``landed`` what was sent to the bucket, by key."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.called: list[str] = []
        self.landed: dict[str, bytes] = {}
        self._routes = [_pattern(route.key) for route in routes()]
        self._one_at_a_time = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        with self._one_at_a_time:
            if f"{request.url.scheme}://{request.url.host}" == URL:
                return self._serve(request)
            return self._keep(request) if request.method == "POST" else self._give(request)

    def _serve(self, request: httpx.Request) -> httpx.Response:
        asked = f"{request.method} {request.url.raw_path.partition(b'?')[0].decode()}"
        route, found = next((route, found) for route, one in self._routes if (found := one.fullmatch(asked)))
        path = {name: unquote(value) for name, value in found.groupdict().items()}
        self.called.append(route)
        headers = dict(request.headers)
        cookies = dict(each.strip().split("=", 1) for each in headers.pop("cookie", "").split(";") if each)
        reply = self.world.serve(
            events.http(
                *route.split(" "),
                path=path,
                query=dict(request.url.params),
                headers=headers,
                cookies=cookies,
                body=request.content.decode() or None,
            )
        )
        return httpx.Response(reply.status, headers=reply.headers, text=reply.text)

    def _keep(self, request: httpx.Request) -> httpx.Response:
        boundary = request.headers["content-type"].partition("boundary=")[2].encode()
        form, files = MultiPartParser().parse(BytesIO(request.content), boundary, len(request.content))
        key = form["key"]
        with files["file"].stream as file:
            data = file.read()
        self.landed[key] = data
        assert self.world.receive(self.world.put(key, data)) == []
        return httpx.Response(204)

    def _give(self, request: httpx.Request) -> httpx.Response:
        key = request.url.path.lstrip("/").removeprefix(f"{SETTINGS.bucket}/")
        stored = self.world.s3.get_object(
            Bucket=SETTINGS.bucket, Key=key, VersionId=request.url.params["versionId"]
        )
        return httpx.Response(200, content=stored["Body"].read())


class Session(httpx.Auth):
    """Somebody who is signed in, on a page of ours."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["cookie"] = f"{SESSION_COOKIE}={self._token}"
        request.headers["origin"] = SETTINGS.origin
        yield request


def client_of(handlers: httpx.BaseTransport, auth: str | httpx.Auth) -> Client:
    return Client(URL, auth, transport=handlers, sleep=lambda _seconds: None)


def _pattern(route: str) -> tuple[str, re.Pattern[str]]:
    return route, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(route)))
