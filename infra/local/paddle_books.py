"""Paddle's objects and the notifications about them.

https://developer.paddle.com/api-reference, https://developer.paddle.com/webhooks
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.objects import Object, Objects

ACCOUNT = "paddle"
MONTH = timedelta(days=30)
_PREFIXES = {
    "customer": "ctm",
    "event": "evt",
    "notification": "ntf",
    "price": "pri",
    "product": "pro",
    "subscription": "sub",
    "transaction": "txn",
}


class PaddleError(Exception):
    """https://developer.paddle.com/errors/overview"""

    def __init__(self, code: str, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


class Books:
    """``told`` are the notifications of what was done with these books so far."""

    def __init__(self, objects: Objects, now: Callable[[], float]) -> None:
        self._objects = objects
        self._now = now
        self.told: list[Object] = []

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._now(), UTC)

    def new(self, kind: str, **values: Any) -> Object:
        name = values.pop("id", None) or new_id(kind)
        at = stamp(self.now)
        common = {"id": name, "created_at": at, "updated_at": at, "custom_data": None, "_kind": kind}
        return self._objects.put(ACCOUNT, kind, common | values)

    def change(self, thing: Object, **values: Any) -> Object:
        changed = {**thing, **values, "updated_at": stamp(self.now)}
        return self._objects.put(ACCOUNT, thing["_kind"], changed)

    def get(self, kind: str, object_id: str) -> Object:
        found = self._objects.get(ACCOUNT, kind, object_id)
        if found is None:
            raise PaddleError("not_found", f"{kind.capitalize()} {object_id} not found", 404)
        return found

    def of(self, kind: str, **wanted: Any) -> list[Object]:
        """Newest first."""
        found = self._objects.of(ACCOUNT, kind)
        return [thing for thing in found if all(thing.get(name) == value for name, value in wanted.items())]

    def tell(self, kind: str, thing: Object) -> None:
        """As the object stood when it happened."""
        self.told.append(
            {
                "event_id": new_id("event"),
                "event_type": kind,
                "occurred_at": stamp(self.now),
                "notification_id": new_id("notification"),
                "data": public(thing),
            }
        )


def new_id(kind: str) -> str:
    return f"{_PREFIXES[kind]}_01{secrets.token_hex(12)}"


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def public(thing: Object) -> Object:
    """Without what only the double needs to know."""
    return {name: value for name, value in thing.items() if not name.startswith("_")}
