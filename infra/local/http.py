"""A small HTTP server on the loopback: requests in, responses out, on hypercorn in a thread."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config

from infra.local.asgi import Message, Receive, Send
from infra.local.directory import LOOPBACK
from infra.local.failure import LocalError

if TYPE_CHECKING:
    from hypercorn.typing import ASGIFramework

_THREADS = 32
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """``path`` and ``query`` are as sent; header names are in lower case, and may occur twice."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    client: str
    protocol: str

    def header(self, name: str) -> str:
        return ",".join(value for header, value in self.headers if header == name)


@dataclass(frozen=True)
class Response:
    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),)


class HttpServer:
    """``answer`` runs in threads, several at once. Bodies beyond ``body_limit`` bytes are refused unread."""

    def __init__(self, answer: Callable[[Request], Response], *, port: int, body_limit: int) -> None:
        self._answer = answer
        self._body_limit = body_limit
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix=f"http-{self.port}")
        self._thread = threading.Thread(target=self._run, name=f"http-{self.port}")

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Requests under way get a few seconds to finish."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._socket.close()

    def _run(self) -> None:
        config = Config()
        config.bind = [f"fd://{self._socket.detach()}"]  # hypercorn closes it
        config.graceful_timeout = 5
        config.errorlog = _log
        serving = serve(cast("ASGIFramework", self._application), config, shutdown_trigger=self._stopped)
        self._loop.run_until_complete(serving)
        self._loop.close()

    async def _stopped(self) -> None:
        await self._stop.wait()

    async def _application(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            response = await self._respond(scope, receive)
            headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
            headers.append((b"content-length", str(len(response.body)).encode()))
            await send({"type": "http.response.start", "status": response.status, "headers": headers})
            await send({"type": "http.response.body", "body": response.body})

    async def _respond(self, scope: Message, receive: Receive) -> Response:
        body = await _body(receive, self._body_limit)
        if body is None:
            return Response(413, b'{"message":"Request Entity Too Large"}')
        headers = (
            (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]
        )
        request = Request(
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1").partition("?")[0],
            query=scope["query_string"].decode("latin-1"),
            headers=tuple(headers),
            body=body,
            client=scope["client"][0],
            protocol=f"HTTP/{scope['http_version']}",
        )
        return await self._loop.run_in_executor(self._threads, self._answer, request)


async def _body(receive: Receive, limit: int) -> bytes | None:
    """None when it is longer than the limit; what follows is dropped, so that the client hears the answer."""
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
        size += len(message.get("body", b""))
        if size <= limit:
            chunks.append(message.get("body", b""))
    return b"".join(chunks) if size <= limit else None


async def _live(receive: Receive, send: Send) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError as error:
        listener.close()
        raise LocalError(
            f"Port {port} on {LOOPBACK} cannot be used ({error.strerror}).",
            "Stop the program that has it, or take another: make run PORT=8001.",
        ) from error
    listener.listen(128)
    return listener
