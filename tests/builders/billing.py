"""Billing as its users do it: settings, customers, drafts, steps."""

from __future__ import annotations

from base64 import b64encode
from itertools import count
from typing import Any

from sheaf.edge.provisioning import Provisioned
from tests.builders.world import Reply, World

SELLER = {
    "name": "Acme GmbH",
    "address": {"lines": ["Ringstr. 1"], "postcode": "10115", "city": "Berlin", "country": "DE"},
    "tax_id": "DE136695976",
}
BUYER = {"name": "Bakery Ltd", "address": {"lines": ["High Street 2"], "city": "London", "country": "GB"}}
SETTINGS = {
    "seller": SELLER,
    "account": {"iban": "DE89370400440532013000"},
    "tax_rates": [
        {"code": "standard", "name": "Standard", "tax": {"rate": "19"}},
        {"code": "reduced", "name": "Reduced", "tax": {"rate": "7"}},
    ],
    "default_tax": "standard",
}
LINE = {"description": "Consulting", "quantity": "2", "unit_price": "100.00"}
"""238.00 with tax."""

LOGO = b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><rect width="60" height="20"/></svg>'
).decode()

_NUMBERS = count(77)
"""Of suppliers' bills: no two are alike."""

DOCUMENT = "/v1/issued-documents/{issued_id}"


def settings(world: World, ws: Provisioned, **said: Any) -> Reply:
    reply = world.call(
        ws.api_key, "PUT /v1/settings/billing", body=SETTINGS | said, headers={"if-match": "*"}
    )
    assert reply.status == 200, reply.text
    return reply


def billing(world: World, name: str = "Acme", **said: Any) -> Provisioned:
    """A workspace that has said who it is."""
    ws = world.workspace(name)
    settings(world, ws, **said)
    return ws


def customer(world: World, ws: Provisioned, name: str = "Bakery Ltd", **said: Any) -> Any:
    body = {"party": BUYER | {"name": name}} | said
    reply = world.call(ws.api_key, "POST /v1/customers", body=body)
    assert reply.status == 201, reply.text
    return reply.json


def item(world: World, ws: Provisioned, name: str = "Consulting", **said: Any) -> Any:
    reply = world.call(ws.api_key, "POST /v1/items", body={"name": name, "prices": {"EUR": "100.00"}} | said)
    assert reply.status == 201, reply.text
    return reply.json


def draft(world: World, ws: Provisioned, kind: str = "invoice", **said: Any) -> Any:
    """With one line of 238.00, if nothing else is said."""
    whom = {"supplier": BUYER, "number": f"R-{next(_NUMBERS)}"} if kind == "bill" else {"buyer": BUYER}
    if "customer_id" in said or "document_id" in said:
        whom = {}
    body = {"kind": kind, "lines": [LINE]} | whom | said
    reply = world.call(ws.api_key, "POST /v1/issued-documents", body=body)
    assert reply.status == 201, reply.text
    return reply.json


def show(world: World, ws: Provisioned, issued_id: str) -> Any:
    reply = world.call(ws.api_key, f"GET {DOCUMENT}", path={"issued_id": issued_id})
    assert reply.status == 200, reply.text
    assert reply.headers["etag"] == f'"{reply.json["version"]}"'
    return reply.json


def attempt(
    world: World,
    ws: Provisioned,
    step: str,
    document: Any,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> Reply:
    """A step on the document as it was seen; ``{}`` sends its id alone, whatever its version."""
    seen = f'"{document["version"]}"' if "version" in document else "*"
    request: dict[str, Any] = {} if body is None else {"body": body}
    return world.call(
        ws.api_key,
        f"POST {DOCUMENT}/{step}",
        path={"issued_id": document["id"]},
        headers={"if-match": seen, **(headers or {})},
        **request,
    )


def act(world: World, ws: Provisioned, step: str, document: Any, **body: Any) -> Any:
    """The same, which succeeds: the document that comes of it."""
    reply = attempt(world, ws, step, document, body or None)
    assert reply.status in (200, 201), reply.text
    return reply.json


def issued(world: World, ws: Provisioned, kind: str = "invoice", **said: Any) -> Any:
    return act(world, ws, "issue", draft(world, ws, kind, **said))


def change(world: World, ws: Provisioned, document: Any, **said: Any) -> Reply:
    return world.call(
        ws.api_key,
        f"PATCH {DOCUMENT}",
        path={"issued_id": document["id"]},
        body=said,
        headers={"if-match": f'"{document["version"]}"'},
    )


def listed(world: World, ws: Provisioned, **query: str) -> list[str]:
    """The ids of a whole list, page by page."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        asked = query | ({"cursor": cursor} if cursor else {})
        reply = world.call(ws.api_key, "GET /v1/issued-documents", query=asked or None)
        assert reply.status == 200, reply.text
        found += [each["id"] for each in reply.json["items"]]
        cursor = reply.json["next_cursor"]
        if cursor is None:
            return found
