"""Doubles of vendors, started for a test, and somebody who listens to their webhooks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from urllib3 import BaseHTTPResponse, PoolManager

from infra.local.http import HttpServer, Request, Response
from infra.local.paddle import Paddle
from infra.local.stripe import BODY_LIMIT, Stripe

HTTP = PoolManager(retries=False)
SCALE = 0.01
"""Pauses between tries, shortened."""


def submit(url: str, **fields: str) -> BaseHTTPResponse:
    """As a browser that sends a form, and stays where it is."""
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return HTTP.request("POST", url, body=urlencode(fields), headers=headers, redirect=False)


@contextmanager
def served(answer: Callable[[Request], Response], body_limit: int = 1 << 22) -> Iterator[str]:
    server = HttpServer(answer, port=0, body_limit=body_limit)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def running[Double: (Stripe, Paddle)](double: Double) -> Iterator[Double]:
    with served(double.answer, BODY_LIMIT) as url:
        double.url = url
        double.start()
        try:
            yield double
        finally:
            double.stop()


@contextmanager
def stripe_running(folder: Path, now: Callable[[], float] = time.time) -> Iterator[Stripe]:
    with running(Stripe(folder, scale=SCALE, now=now)) as double:
        yield double


@contextmanager
def paddle_running(folder: Path) -> Iterator[Paddle]:
    with running(Paddle(folder, scale=SCALE)) as double:
        yield double


@dataclass
class Listener:
    """Takes webhooks; ``statuses`` are its next answers, after them it says 200."""

    url: str = ""
    heard: list[Request] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        self.heard.append(request)
        return Response(self.statuses.pop(0) if self.statuses else 200)


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    with served(listener.answer) as url:
        listener.url = f"{url}/webhooks"
        yield listener
