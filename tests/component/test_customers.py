"""Customers and items of the catalogue, and the settings of billing."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.access.roles import Role
from sheaf.edge.provisioning import Provisioned
from tests.builders.billing import (
    BUYER,
    SETTINGS,
    attempt,
    billing,
    customer,
    draft,
    item,
    settings,
    show,
)
from tests.builders.clients import client, limited_key
from tests.builders.world import World

CUSTOMER, ITEM = "/v1/customers/{customer_id}", "/v1/items/{item_id}"
PUT = "PUT /v1/settings/billing"


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world)


def names(world: World, ws: Provisioned, what: str, **query: str) -> list[str]:
    reply = world.call(ws.api_key, f"GET /v1/{what}", query=query or None)
    assert reply.status == 200, reply.text
    return [each["name"] for each in reply.json["items"]]


def test_customers_are_found_by_name(world: World, ws: Provisioned) -> None:
    for name in ("Zoo", "Bäckerei Süd", "Bakery Ltd"):
        customer(world, ws, name)
    assert names(world, ws, "customers") == ["Bäckerei Süd", "Bakery Ltd", "Zoo"]
    assert names(world, ws, "customers", q="bä") == ["Bäckerei Süd", "Bakery Ltd"]
    first = world.call(ws.api_key, "GET /v1/customers", query={"limit": "1"}).json
    rest = names(world, ws, "customers", cursor=first["next_cursor"])
    assert [first["items"][0]["name"], *rest] == names(world, ws, "customers")


def test_a_customer_moves_and_old_documents_do_not(world: World, ws: Provisioned) -> None:
    made = customer(world, ws)
    document = draft(world, ws, customer_id=made["id"])
    path, headers = {"customer_id": made["id"]}, {"if-match": '"1"'}
    body = {"party": BUYER | {"name": "Patisserie Ltd"}, "reference": "10042"}
    reply = world.call(ws.api_key, f"PATCH {CUSTOMER}", path=path, headers=headers, body=body)
    assert (reply.status, reply.json["version"], reply.headers["etag"]) == (200, 2, '"2"')
    assert names(world, ws, "customers") == ["Patisserie Ltd"]
    assert show(world, ws, document["id"])["buyer"]["name"] == "Bakery Ltd"
    again = world.call(ws.api_key, f"PATCH {CUSTOMER}", path=path, headers=headers, body=body)
    assert again.status == 412


def test_a_customer_with_documents_is_archived_instead_of_deleted(world: World, ws: Provisioned) -> None:
    used, unused = customer(world, ws, "Used"), customer(world, ws, "Unused")
    document = draft(world, ws, customer_id=used["id"])
    refused = world.call(ws.api_key, f"DELETE {CUSTOMER}", path={"customer_id": used["id"]})
    assert (refused.status, refused.json["code"]) == (409, "customer_in_use")
    assert world.call(ws.api_key, f"DELETE {CUSTOMER}", path={"customer_id": unused["id"]}).status == 204
    archived = world.call(
        ws.api_key,
        f"PATCH {CUSTOMER}",
        path={"customer_id": used["id"]},
        headers={"if-match": "*"},
        body={"archived": True},
    )
    assert archived.json["archived"] is True
    assert names(world, ws, "customers", archived="false") == []
    assert names(world, ws, "customers", archived="true") == ["Used"]
    body = {"kind": "invoice", "customer_id": used["id"]}
    reply = world.call(ws.api_key, "POST /v1/issued-documents", body=body)
    assert (reply.status, reply.json["code"]) == (409, "customer_archived")
    assert show(world, ws, document["id"])["customer_id"] == used["id"]


def test_lines_have_a_copy_of_their_item(world: World, ws: Provisioned) -> None:
    sold = item(world, ws, code="C-1")
    document = draft(world, ws, lines=[{"item_id": sold["id"]}])
    path = {"item_id": sold["id"]}
    reply = world.call(
        ws.api_key, f"PATCH {ITEM}", path=path, headers={"if-match": "*"}, body={"prices": {"EUR": "120"}}
    )
    assert reply.json["prices"] == {"EUR": "120"}
    assert show(world, ws, document["id"])["lines"][0]["unit_price"] == "100.00"
    assert draft(world, ws, lines=[{"item_id": sold["id"]}])["lines"][0]["unit_price"] == "120"
    assert world.call(ws.api_key, f"DELETE {ITEM}", path=path).status == 204
    assert names(world, ws, "items") == []
    assert show(world, ws, document["id"])["lines"][0]["code"] == "C-1"


def test_settings_are_replaced_as_a_whole_by_whoever_has_seen_them(world: World) -> None:
    ws = world.workspace()
    fresh = world.call(ws.api_key, "GET /v1/settings/billing")
    assert (fresh.headers["etag"], fresh.json["seller"]) == ('"0"', None)
    first = settings(world, ws, due_days=30, reminders=[-3, 7])
    assert (first.json["due_days"], first.json["reminders"]) == (30, [-3, 7])
    reply = world.call(ws.api_key, PUT, body=SETTINGS, headers={"if-match": '"0"'})
    assert reply.status == 412
    world.tick(seconds=1)
    reply = world.call(ws.api_key, PUT, body=SETTINGS, headers={"if-match": '"1"'})
    assert (reply.json["due_days"], reply.json["version"]) == (14, 2)
    assert world.audit(ws, subject=ws.workspace_id)[0]["after"] == {"changed": "due_days, reminders"}


@pytest.mark.parametrize(
    "said",
    [
        {"series": {"invoice": {"pattern": pattern}}}
        for pattern in (
            "INV",
            "{number",
            "{number}{number}",
            "{number:5}",
            "{number:x}",
            "{number!r}",
            "{month}-{number}",
            "{day}-{number}",
            "{year:5}-{number}",
            "{0}{number}",
            "{number.real}",
            "EST-{year}-{number:05}",
            "x" * 40 + "{number}",
        )
    ]
    + [
        {"series": {"invoice": {"pattern": "{number}", "first": 0}}},
        {"account": {"iban": "DE89370400440532013001"}},
        {"default_tax": "none"},
        {"tax_rates": [SETTINGS["tax_rates"][0]] * 2},  # type: ignore[index]  # it is a list
        {"tax_rates": [{"code": "x", "name": "X", "tax": {"category": "S", "rate": "0"}}]},
        {"currency": "EURO"},
        {"reply_to": "nobody"},
        {"reminders": [400]},
        {"colour": "red"},
    ],
)
def test_settings_that_make_no_sense(world: World, said: Any) -> None:
    ws = world.workspace()
    reply = world.call(ws.api_key, PUT, body=SETTINGS | said, headers={"if-match": "*"})
    assert (reply.status, reply.json["code"]) == (422, "invalid_request")


def test_whoever_is_limited_to_clients_sees_no_billing(world: World, ws: Provisioned) -> None:
    document, whose = draft(world, ws), customer(world, ws)
    key = limited_key(world, ws, client(world, ws, "Mine"), role=Role.MEMBER)
    for what in ("customers", "items", "issued-documents"):
        assert world.call(key, f"GET /v1/{what}").json == {"items": [], "next_cursor": None}
    for route, path in (
        (f"GET {CUSTOMER}", {"customer_id": whose["id"]}),
        ("GET /v1/issued-documents/{issued_id}", {"issued_id": document["id"]}),
    ):
        assert world.call(key, route, path=path).status == 404
    for route, body in (
        ("POST /v1/customers", {"party": BUYER}),
        ("POST /v1/items", {"name": "A"}),
        ("GET /v1/settings/billing", None),
        ("GET /v1/settings/payments/stripe", None),
    ):
        reply = world.call(key, route, body=body)
        assert (reply.status, reply.json["code"]) == (403, "limited_to_clients")


def test_members_issue_and_admins_take_back(world: World, ws: Provisioned) -> None:
    made = draft(world, ws)
    member = Provisioned(ws.workspace_id, ws.key_id, world.key(ws.workspace_id, Role.MEMBER))
    reader = Provisioned(ws.workspace_id, ws.key_id, world.key(ws.workspace_id, Role.READ_ONLY))
    assert attempt(world, reader, "issue", made).status == 403
    made = attempt(world, member, "issue", made).json
    assert attempt(world, member, "void", made).status == 403
    assert attempt(world, ws, "void", made).status == 200
