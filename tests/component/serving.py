"""Requests for an Api that a test has made itself: its routes are all at ``/v1/words``."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from sheaf.access.tokens import SESSION_COOKIE
from sheaf.edge.api import Api
from tests.builders import events
from tests.builders.world import SETTINGS


class Said(BaseModel):
    words: list[str]


def with_key(api: Api, api_key: str, method: str = "GET", **rest: Any) -> Any:
    headers = {"authorization": f"Bearer {api_key}", **rest.pop("headers", {})}
    return api.handler(events.http(method, "/v1/words", headers=headers, **rest), None)


def with_session(api: Api, token: str, method: str = "GET", **rest: Any) -> Any:
    headers = {"origin": SETTINGS.origin}
    event = events.http(method, "/v1/words", headers=headers, cookies={SESSION_COOKIE: token}, **rest)
    return api.handler(event, None)
