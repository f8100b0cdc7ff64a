"""Requests for every route there is, made from the routes themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sheaf.access.roles import PEOPLE_ONLY, Permission, Role
from sheaf.access.webhooks import Endpoint, Event, Source
from sheaf.billing.payments.cards import CardPayment
from sheaf.billing.payments.checkouts import CardCheckout
from sheaf.edge.api import Route
from sheaf.edge.provisioning import Provisioned
from sheaf.storage.tenant import Tenant
from sheaf.subscription.plans import PlanCode
from sheaf.subscription.subscription import Subscription
from tests.builders.billing import BUYER, LINE, LOGO
from tests.builders.billing import SETTINGS as BILLING
from tests.builders.expense import acme, packet
from tests.builders.files import corrupt_pdf, many_pages_pdf, text_pdf
from tests.builders.reviewing import invoice
from tests.builders.sign_in import SEALING_KEYS, configured
from tests.builders.subscribing import CUSTOMER, bought, subscribe_in_every_way
from tests.builders.world import Reply, World
from tests.drift import routes

ROUTES = {route.key: route for route in routes()}
PRIVATE = [key for key, route in ROUTES.items() if route.is_tenants]
PUBLIC = [key for key, route in ROUTES.items() if route.permission is Permission.PUBLIC]
OWN = [key for key in ROUTES if key not in PRIVATE and key not in PUBLIC]
WITH_ID = [key for key in PRIVATE if ROUTES[key].path_parameters]
LISTS = [key for key in PRIVATE if ROUTES[key].query and "cursor" in ROUTES[key].query.model_fields]

BODIES: dict[str, dict[str, Any]] = {
    "POST /v1/uploads": {"filename": "a.pdf", "content_type": "application/pdf", "size": 1000},
    "POST /v1/uploads/batch": {
        "files": [{"filename": "a.pdf", "content_type": "application/pdf", "size": 1000}]
    },
    "POST /v1/documents/approve": {"documents": [{"id": "doc_00000000000000000000000000"}]},
    "POST /v1/documents/reject": {
        "documents": [{"id": "doc_00000000000000000000000000"}],
        "reason": "Not ours.",
    },
    "POST /v1/documents/delete": {"documents": [{"id": "doc_00000000000000000000000000"}]},
    "POST /v1/documents/reprocess": {"documents": [{"id": "doc_00000000000000000000000000"}]},
    "POST /v1/exports": {"format": "csv"},
    "PATCH /v1/settings": {"retention": "3y"},
    "PUT /v1/settings/review": {"duplicates": "block"},
    "PATCH /v1/documents/{document_id}/reading": {"fields": {"invoice_number": "R-1"}},
    "POST /v1/documents/{document_id}/approve": {},
    "POST /v1/documents/{document_id}/reject": {"reason": "Not ours."},
    "POST /v1/documents/{document_id}/divide": {"parts": [[1, 1], [2, 2]]},
    "POST /v1/documents/{document_id}/join": {},
    "POST /v1/documents/{document_id}/comments": {"text": "Looked at it."},
    "POST /v1/clients": {"name": "Bakery"},
    "POST /v1/subscription/checkout": {"plan": "starter"},
    "PATCH /v1/clients/{client_id}": {"reference": "10042"},
    "POST /v1/clients/{client_id}/documents": {"documents": [{"id": "doc_00000000000000000000000000"}]},
    "PUT /v1/documents/{document_id}/client": {"client_id": None},
    "PATCH /v1/suppliers/{supplier_id}": {"account": "6000"},
    "PUT /v1/settings/billing": BILLING,
    "PUT /v1/settings/billing/logo": {"logo": LOGO},
    "POST /v1/customers": {"party": BUYER},
    "PATCH /v1/customers/{customer_id}": {"reference": "10042"},
    "POST /v1/items": {"name": "Consulting", "prices": {"EUR": "100.00"}},
    "PATCH /v1/items/{item_id}": {"code": "C-1"},
    "POST /v1/issued-documents": {"kind": "invoice", "buyer": BUYER, "lines": [LINE]},
    "PATCH /v1/issued-documents/{issued_id}": {"notes": "Thank you."},
    "POST /v1/issued-documents/{issued_id}/send": {"to": "customer@example.com"},
    "POST /v1/issued-documents/{issued_id}/payments": {"amount": "1.00"},
    "POST /v1/issued-documents/{issued_id}/refunds": {"amount": "1.00"},
    "POST /v1/issued-documents/{issued_id}/payment-links": {},
    "PUT /v1/settings/payments/stripe": {"secret_key": "sk_test_local_probe"},
    "POST /v1/recurring-invoices": {
        "name": "Hosting",
        "customer_id": "cus_00000000000000000000000000",
        "template": {"lines": [LINE]},
        "first_date": "2099-12-31",
    },
    "PATCH /v1/recurring-invoices/{recurring_id}": {"name": "Housing"},
    "POST /tools/invoice": {"more": "1"},
    "PATCH /v1/workspace": {"name": "Acme"},
    "PUT /v1/workspace/closing": {"now": False},
    "PUT /v1/workspace/owner": {"user_id": "usr_00000000000000000000000000"},
    "PATCH /v1/members/{user_id}": {"role": "read-only"},
    "POST /v1/invitations": {"email": "new@example.com", "role": "read-only"},
    "POST /v1/api-keys": {"name": "a key", "role": "read-only"},
    "POST /v1/workspaces": {"name": "Another"},
    "POST /account/confirm": {"code": "000000"},
    "POST /account/workspace/enter": {"workspace_id": "wrk_00000000000000000000000000"},
    "POST /account/members/{user_id}/role": {"role": "read-only"},
    "PUT /v1/session/workspace": {"workspace_id": "wrk_00000000000000000000000000"},
    "POST /v1/invitations/accept": {"token": "A" * 43},
    "POST /v1/sign-in/email": {"email": "new@example.com"},
    "POST /v1/sign-in/email/confirm": {"token": "A" * 43},
    "POST /v1/sign-in/passkey": {"credential": {}},
    "POST /v1/sign-in/apple/callback": {"code": "c", "state": "s"},
    "POST /v1/me/identities/apple/callback": {"code": "c", "state": "s"},
    "POST /v1/me/passkeys": {"credential": {}},
    "PATCH /v1/me/passkeys/{passkey_id}": {"name": "a passkey"},
    "POST /v1/me/totp/confirm": {"code": "000000"},
    "POST /v1/session/second-factor": {"code": "000000"},
    "POST /v1/session/step-up": {"code": "000000"},
}
PARAMETERS = {
    "document_id": "doc",
    "export_id": "exp",
    "batch_id": "bat",
    "supplier_id": "sup",
    "client_id": "cli",
    "customer_id": "cus",
    "item_id": "itm",
    "issued_id": "inv",
    "recurring_id": "rec",
    "link_id": "pln",
    "fact_id": "fct",
    "endpoint_id": "whe",
    "session_id": "ses",
    "user_id": "usr",
    "invitation_id": "ivt",
    "key_id": "key",
    "passkey_id": "pky",
    "provider": "idp",
}
"""Every id parameter and the prefix of the ids it takes: a new one must be added here to be probed."""

PLACES = {"page": "1", "token": "A" * 43}
"""Parameters that are no ids, but places in what an id names."""

NOBODY = "00000000000000000000000000"
ID = re.compile(r"\b[a-z]{2,4}_[0-9a-hjkmnp-tv-z]{26}\b")

type Ids = Mapping[str, str]
"""Parameter → id."""


def probe(route: Route, ids: Ids | None = None) -> dict[str, Any]:
    """A good request for the route, about these things."""
    known = {name: f"{prefix}_{NOBODY}" for name, prefix in PARAMETERS.items()} | PLACES | dict(ids or {})
    path = {name: known[name] for name in route.path_parameters}
    request: dict[str, Any] = {"path": path} if path else {}
    if "if_match" in route.wants:
        request["headers"] = {"if-match": "*"}
    if route.body:
        body = BODIES[route.key]
        request["body"] = body | {name: known[name] for name in body if name in PARAMETERS}
    return request


def with_headers(request: dict[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    return request | {"headers": {**request.get("headers", {}), **headers}}


@dataclass(frozen=True)
class Populated:
    """A workspace with something of every kind. ``things`` has one id for each parameter; its document is a
    read one whose file is there. ``owner`` is a person's id.
    """

    world: World
    ws: Provisioned
    owner: str
    things: dict[str, str]
    ids: frozenset[str] = field(default_factory=frozenset)

    @property
    def document(self) -> str:
        return self.things["document_id"]

    def send(self, key: str, **request: Any) -> Reply:
        """As its owner: with the API key, or where keys are nobody, with the session."""
        if ROUTES[key].permission in PEOPLE_ONLY:
            return self.browse(key, **request)
        return self.world.call(self.ws.api_key, key, **request)

    def browse(self, key: str, **request: Any) -> Reply:
        """With a session that has just begun."""
        token = self.world.sign_in(self.owner, self.ws.workspace_id)
        return self.world.browse(token, key, **request)

    def expendable(self, route: Route) -> Ids:
        """Things of this workspace that the route may change or take away."""
        if route.path.endswith("/ubl"):  # of which a draft has none
            return self.things | {"issued_id": self.issued_for("ubl")}
        self._prepare(route)
        if not route.changes:
            return self.things
        if "fact_id" in route.path_parameters:
            return self.things | self._supplier()
        if route.path.startswith("/v1/documents/{document_id}/"):
            return self.things | {"document_id": self.document_for(route.path.rpartition("/")[2])}
        if route.path.startswith("/v1/issued-documents/{issued_id}/"):
            has_link = "link_id" in route.path_parameters
            step = route.path.rpartition("/")[2]
            return self.things | (self._link() if has_link else {"issued_id": self.issued_for(step)})
        return self.things | {name: self._another(name) for name in _named(route)}

    def _prepare(self, route: Route) -> None:
        """The workspace itself, as the route begins with it."""
        if route.path == "/v1/settings/payments/stripe":
            self._taking_cards()
        if route.changes and route.path == "/v1/workspace/closing":  # what is closing can only be kept
            self.browse("PUT /v1/workspace/closing", body={"now": False})
            if route.method == "PUT":
                self.browse("DELETE /v1/workspace/closing")
        if route.changes and route.path.startswith("/v1/subscription/"):
            self._subscribed(has_bought=route.path.endswith("/portal"))

    def _subscribed(self, *, has_bought: bool) -> None:
        """What has a plan cannot buy one; what has none has nothing to look after."""
        tenant = self.world.tenant(self.ws.workspace_id)
        known = tenant.subscriptions.get() or Subscription()
        contracts = (bought(PlanCode.SCALE, at=self.world.clock.now()),) if has_bought else ()
        self.world.seller.customers[CUSTOMER] = self.ws.workspace_id
        tenant.subscriptions.save(known.model_copy(update={"contracts": contracts}))
        tenant.commit(None)

    def _taking_cards(self) -> None:
        key = "PUT /v1/settings/payments/stripe"
        assert self.browse(key, **probe(ROUTES[key])).status == 200

    def _link(self) -> dict[str, str]:
        """An invoice, and a link to pay it."""
        issued_id = self.issued_for("payment-links")
        key = "POST /v1/issued-documents/{issued_id}/payment-links"
        made = self.send(key, **probe(ROUTES[key], {"issued_id": issued_id}))
        return {"issued_id": issued_id, "link_id": str(made.json["id"])}

    def document_for(self, step: str) -> str:
        """A document in the state that a step begins with."""
        match step:
            case "divide":
                return self._read(packet(2))
            case "join":
                return self._read(packet(1, 1))
            case "undo-division":
                return self._after("join", self._read(packet(1, 1)))
            case "reopen":
                return self._after("reject", self._read(acme()))
        return self._read(acme())

    def issued_for(self, step: str) -> str:
        """An issued document in the state that a step begins with."""
        kind = "estimate" if step in ("accept", "decline", "convert") else "invoice"
        before = {"issue": (), "refunds": ("issue", "payments")}.get(step, ("issue",))
        key = "POST /v1/issued-documents"
        issued_id = str(self.send(key, body=BODIES[key] | {"kind": kind}).json["id"])
        for each in before:
            key = f"POST /v1/issued-documents/{{issued_id}}/{each}"
            self.send(key, **probe(ROUTES[key], {"issued_id": issued_id}))
        return issued_id

    def _read(self, answer: dict[str, Any]) -> str:
        return self.world.read(self.ws, many_pages_pdf(2) + f"%{uuid4().hex}\n".encode(), answer)

    def _after(self, step: str, document_id: str) -> str:
        key = f"POST /v1/documents/{{document_id}}/{step}"
        self.send(key, **probe(ROUTES[key], {"document_id": document_id}))
        return document_id

    def _supplier(self) -> dict[str, str]:
        """One that a document has taught, and something that it has taught."""
        name = uuid4().hex
        document_id = invoice(self.world, self.ws, name, VENDOR_NAME=f"Supplier {name}")
        key = "POST /v1/documents/{document_id}/approve"
        supplier_id = self.send(key, **probe(ROUTES[key], {"document_id": document_id})).json["supplier_id"]
        shown = self.send("GET /v1/suppliers/{supplier_id}", path={"supplier_id": supplier_id}).json
        return {"supplier_id": supplier_id, "fact_id": shown["names"][0]["id"]}

    def _another(self, name: str) -> str:
        world, workspace_id = self.world, self.ws.workspace_id
        match name:
            case "document_id":
                return world.announce(self.ws.api_key, b"1", "expendable.pdf", "application/pdf")
            case "export_id":
                body = {"format": "csv", "document_ids": [self.document]}
                made = self.send("POST /v1/exports", body=body)
                world.export_all()
                return str(made.json["id"])
            case "supplier_id" | "fact_id":
                return self._supplier()[name]
            case "user_id":
                return world.person(f"{uuid4().hex}@example.com", (workspace_id, Role.READ_ONLY))
            case "invitation_id":
                body = {"email": f"{uuid4().hex}@example.com", "role": "read-only"}
                return str(self.send("POST /v1/invitations", body=body).json["id"])
            case (
                "key_id" | "client_id" | "batch_id" | "customer_id" | "item_id" | "issued_id" | "recurring_id"
            ):
                key, named = {
                    "key_id": ("POST /v1/api-keys", "id"),
                    "client_id": ("POST /v1/clients", "id"),
                    "customer_id": ("POST /v1/customers", "id"),
                    "item_id": ("POST /v1/items", "id"),
                    "issued_id": ("POST /v1/issued-documents", "id"),
                    "recurring_id": ("POST /v1/recurring-invoices", "id"),
                    "batch_id": ("POST /v1/uploads/batch", "batch_id"),
                }[name]
                return str(self.send(key, **probe(ROUTES[key], self.things)).json[named])
        raise LookupError(name)


@dataclass(frozen=True)
class Pair:
    world: World
    own: Populated
    other: Populated


def populate(world: World, name: str) -> Populated:
    """Documents in every state, readings, files, a deletion certificate, audit entries, people, keys."""
    if not world.app.settings.sealing_keys:
        configured(world, sealing_keys=SEALING_KEYS)
    ws = world.workspace(name)
    world.read(ws, text_pdf([name, "old"]), acme())
    world.settings(ws, "1y")
    world.tick(days=370)
    world.sweep()
    world.settings(ws, "7y")
    document = world.read(ws, text_pdf([name]), acme(), f"{name}.pdf")
    world.tick(seconds=1)
    world.upload(ws, corrupt_pdf() + name.encode())
    world.upload(ws, text_pdf([name, "being read"]))
    world.announce(ws.api_key, b"1", "announced.pdf", "application/pdf")
    assert len(world.certificates(ws)) == 1
    owner = world.person(f"{name.lower()}@example.com", (ws.workspace_id, Role.OWNER))
    made = Populated(world, ws, owner, {"document_id": document})
    made.things["session_id"] = str(made.browse("GET /v1/sessions").json["items"][0]["id"])
    key = "PUT /v1/settings/billing"
    made.send(key, **probe(ROUTES[key]))
    for parameter in (
        "user_id", "invitation_id", "key_id", "export_id", "client_id", "batch_id", "customer_id", "item_id",
        "issued_id", "recurring_id",
    ):  # fmt: skip
        made.things[parameter] = made._another(parameter)
    made.things.update(made._supplier())
    made._taking_cards()
    made.things["link_id"] = made._link()["link_id"]
    subscribe_in_every_way(world, ws)
    made.things["endpoint_id"] = told_of(world, ws, name)
    world.draw({"workspace_id": ws.workspace_id, "document_id": document, "page": 1})
    return Populated(world, ws, owner, made.things, ids_of(made))


def told_of(world: World, ws: Provisioned, name: str) -> str:
    """A vendor told something of what the workspace has there; the id of where its own account would."""
    tenant = world.tenant(ws.workspace_id)
    endpoint_id = tenant.new_id("whe")
    source, sealed = Source.STRIPE_OF_WORKSPACE, frozenset({b"sealed"})
    tenant.endpoints.put(Endpoint(endpoint_id, ws.workspace_id, source, sealed))
    tenant.vendor_objects.claim(Source.STRIPE, f"cus_{name}")
    _being_paid(tenant, name)
    now = world.clock.now()
    tenant.events.add(Event(Source.STRIPE, f"evt_{name}", "customer.updated", now, b"{}"), now)
    tenant.commit(None)
    return endpoint_id


def _being_paid(tenant: Tenant, name: str) -> None:
    """Somebody was sent to pay, and paid something else."""
    tenant.card_payments.save(CardPayment(id=f"pi_{name}"))
    checkout = CardCheckout(
        id=tenant.new_id("chk"),
        issued_id=tenant.new_id("inv"),
        link_id=tenant.new_id("pln"),
        amount=Decimal("1.00"),
        currency="EUR",
        session_id=f"cs_{name}",
        endpoint_id=tenant.new_id("whe"),
        url="https://pay.invalid/",
        ends_at=tenant.clock.now(),
    )
    tenant.checkouts.save(checkout)


def ids_of(made: Populated) -> frozenset[str]:
    """Every id in any item of the workspace, and the ids of what is listed about it."""
    workspace_id = made.ws.workspace_id
    items = [item for item in made.world.items() if item["pk"]["S"].startswith(f"{workspace_id}#")]
    lists = [key for key in PRIVATE if key.startswith("GET") and not ROUTES[key].path_parameters]
    listed = [made.send(key).text for key in lists]
    found = ID.findall(f"{items} {listed} {made.things}")
    return frozenset(found) | {workspace_id, made.ws.key_id, made.owner}


def _named(route: Route) -> set[str]:
    return {*route.path_parameters, *(name for name in BODIES.get(route.key, ()) if name in PARAMETERS)}
