"""Invoices paid by card: an account at the fake of Stripe, links, checkouts, and what Stripe tells."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sheaf.access.roles import Role
from sheaf.billing.payments.minor_units import to_minor
from sheaf.edge.provisioning import Provisioned
from tests.builders import events, webhooks
from tests.builders.billing import billing, issued
from tests.builders.sign_in import SEALING_KEYS, configured
from tests.builders.world import Reply, World

KEY = "sk_test_local_of_the_tests"
LINK = "/v1/issued-documents/{issued_id}/payment-links"


@dataclass
class Shop:
    """A workspace whose customers pay by card. ``owner`` is the token of their session."""

    world: World
    ws: Provisioned
    owner: str
    endpoint_id: str
    secret: str

    def link(self, issued_id: str, **said: Any) -> str:
        """The token of a new link."""
        reply = self.world.call(self.ws.api_key, f"POST {LINK}", path={"issued_id": issued_id}, body=said)
        assert reply.status == 201, reply.text
        return str(reply.json["url"]).rpartition("/")[2]

    def begin(self, token: str) -> str:
        """The id of the checkout that the button leads to."""
        reply = visit(self.world, "POST /pay/{token}/checkout", token)
        assert reply.status == 303, reply.text
        return next(
            each
            for each in self.world.cards.checkouts
            if f"https://pay.invalid/{each.removeprefix('cs_')}" == reply.headers["location"]
        )

    def tell(self, event: dict[str, Any], *, endpoint_id: str = "", secret: str = "") -> Reply:
        body = json.dumps(event).encode()
        headers = webhooks.stripe(body, self.world.clock.now(), secret or self.secret)
        request = events.http(
            "POST",
            "/webhooks/stripe/{endpoint_id}",
            path={"endpoint_id": endpoint_id or self.endpoint_id},
            headers=headers,
        )
        return self.world.serve(request | {"body": b64encode(body).decode(), "isBase64Encoded": True})

    def hear(self, *told: dict[str, Any]) -> None:
        """Told, taken, and done."""
        for event in told:
            assert self.tell(event).status == 200
        while self.world.reminders.webhooks:
            assert self.world.react(self.world.reminders.webhooks.pop(0)) == []

    def paid(self, checkout_id: str, payment_id: str | None = None, **said: Any) -> list[dict[str, Any]]:
        """What Stripe tells when a card was charged."""
        request = self.world.cards.checkouts[checkout_id]
        intent = payment_id or self.world.cards.pay(checkout_id)
        amount = to_minor(request.amount, request.currency)
        common = {"currency": request.currency.lower(), "metadata": dict(request.metadata)}
        return [
            event(
                "payment_intent.succeeded",
                common | {"id": intent, "amount_received": amount} | said,
                self.world.clock.now(),
            ),
            event(
                "checkout.session.completed",
                common
                | {"id": checkout_id, "payment_intent": intent, "payment_status": "paid"}
                | {"amount_total": amount}
                | said,
                self.world.clock.now(),
            ),
        ]


def event(kind: str, about: dict[str, Any], at: datetime, event_id: str = "") -> dict[str, Any]:
    said = json.dumps([kind, about, at.isoformat()], sort_keys=True)
    name = event_id or f"evt_{sha256(said.encode()).hexdigest()[:24]}"
    return {
        "id": name,
        "object": "event",
        "type": kind,
        "created": int(at.timestamp()),
        "data": {"object": about},
    }


def refunded(
    refund_id: str, payment_id: str, amount: str, status: str, at: datetime, **more: Any
) -> dict[str, Any]:
    about = {
        "id": refund_id,
        "payment_intent": payment_id,
        "amount": to_minor(Decimal(amount), "EUR"),
        "currency": "eur",
        "status": status,
        "metadata": {},
    }
    kind = {"succeeded": "refund.created", "failed": "refund.failed"}.get(status, "refund.updated")
    return event(kind, about | more, at)


def disputed(dispute_id: str, payment_id: str, amount: str, status: str, at: datetime) -> dict[str, Any]:
    about = {
        "id": dispute_id,
        "payment_intent": payment_id,
        "amount": to_minor(Decimal(amount), "EUR"),
        "currency": "eur",
        "status": status,
    }
    closed = status in ("won", "lost", "warning_closed")
    return event(f"charge.dispute.{'closed' if closed else 'created'}", about, at)


def visit(world: World, route: str, token: str, **headers: str) -> Reply:
    """As somebody's browser, on their own phone."""
    method, _, path = route.partition(" ")
    accepted = {"accept": "text/html,*/*;q=0.8"} | headers
    return world.serve(events.http(method, path, path={"token": token}, headers=accepted))


def connect(world: World, owner: str, key: str = KEY) -> Reply:
    return world.browse(owner, "PUT /v1/settings/payments/stripe", body={"secret_key": key})


def shop(world: World, name: str = "Acme", **said: Any) -> Shop:
    if not world.app.settings.sealing_keys:
        configured(world, sealing_keys=SEALING_KEYS)
    ws = billing(world, name, **said)
    person = world.person(f"{name.lower()}@example.test", (ws.workspace_id, Role.OWNER))
    owner = world.sign_in(person, ws.workspace_id)
    reply = connect(world, owner)
    assert reply.status == 200, reply.text
    provider_id, (url, _) = list(world.cards.endpoints.items())[-1]
    secret = next(
        answer.secret
        for _, answer in world.cards.answers.values()
        if getattr(answer, "id", None) == provider_id
    )
    return Shop(world, ws, owner, url.rpartition("/")[2], secret)


def invoice(shop: Shop, **said: Any) -> Any:
    """Issued, of 238.00."""
    return issued(shop.world, shop.ws, **said)
