"""One Stripe account's objects, in the shape of the API version of its SDK, and the events about them.

https://docs.stripe.com/api
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from infra.local.objects import Object, Objects
from infra.local.stripe_forms import StripeError

API_VERSION = "2026-10-28.endive"
MONTH = 30 * 24 * 3600

_PREFIXES = {
    "billing_portal.session": "bps",
    "charge": "ch",
    "checkout.session": "cs_test",
    "customer": "cus",
    "dispute": "du",
    "event": "evt",
    "invoice": "in",
    "payment_intent": "pi",
    "price": "price",
    "product": "prod",
    "refund": "re",
    "subscription": "sub",
    "subscription_item": "si",
    "webhook_endpoint": "we",
    "billing.meter_event": "mtr_event",
}


class Books:
    """``told`` are the events of what was done with these books so far."""

    def __init__(self, objects: Objects, account: str, now: Callable[[], float], url: str) -> None:
        self._objects = objects
        self._now = now
        self.account = account
        self.url = url
        self.told: list[Object] = []

    @property
    def now(self) -> int:
        return int(self._now())

    def new(self, kind: str, **values: Any) -> Object:
        """Kept, with an id, unless ``values`` has one."""
        name = values.pop("id", None) or f"{_PREFIXES[kind]}_{secrets.token_hex(12)}"
        common: Object = {"id": name, "object": kind, "created": self.now, "livemode": False, "metadata": {}}
        return self._objects.put(self.account, kind, common | values)

    def change(self, thing: Object, **values: Any) -> Object:
        return self._objects.put(self.account, thing["object"], {**thing, **values})

    def get(self, kind: str, object_id: str) -> Object:
        found = self._objects.get(self.account, kind, object_id)
        if found is None:
            name = kind.replace(".", " ").replace("_", " ")
            raise StripeError(
                f"No such {name}: '{object_id}'", status=404, code="resource_missing", param="id"
            )
        return found

    def of(self, kind: str, **wanted: Any) -> list[Object]:
        """Newest first."""
        found = self._objects.of(self.account, kind)
        return [thing for thing in found if all(thing.get(name) == value for name, value in wanted.items())]

    def delete(self, thing: Object) -> Object:
        self._objects.delete(thing["id"])
        return {"id": thing["id"], "object": thing["object"], "deleted": True}

    def tell(self, kind: str, thing: Object, previous: Object | None = None) -> None:
        """As the object stood when it happened; delivered once the books are closed."""
        content = {"object": public(thing)} | ({"previous_attributes": previous} if previous else {})
        self.told.append(
            self.new(
                "event",
                type=kind,
                api_version=API_VERSION,
                data=content,
                pending_webhooks=1,
                request={"id": None, "idempotency_key": None},
            )
        )


def public(thing: Object) -> Object:
    """Without what only the double needs to know."""
    return {name: value for name, value in thing.items() if not name.startswith("_")}


def listed(things: list[Object], url: str, *, more: bool = False) -> Object:
    return {"object": "list", "url": url, "has_more": more, "data": [public(thing) for thing in things]}
