"""Clients, their documents, and people and keys who see some clients only."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sheaf.access.roles import Role
from sheaf.edge.provisioning import Provisioned
from tests.builders.expense import answer
from tests.builders.files import text_pdf
from tests.builders.world import Reply, World, original

FIELDS = {
    "VENDOR_NAME": "Acme Tools Ltd",
    "INVOICE_RECEIPT_ID": "INV-1001",
    "INVOICE_RECEIPT_DATE": "2026-11-02",
    "SUBTOTAL": "USD 100.00",
    "TAX": "USD 19.00",
    "TOTAL": "USD 119.00",
}


def client(world: World, ws: Provisioned, name: str = "Bakery", **said: Any) -> str:
    """The id of a new one."""
    reply = world.call(ws.api_key, "POST /v1/clients", body={"name": name, **said})
    assert reply.status == 201, reply.text
    return str(reply.json["id"])


def change(world: World, ws: Provisioned, client_id: str, **said: Any) -> Reply:
    return world.call(
        ws.api_key,
        "PATCH /v1/clients/{client_id}",
        path={"client_id": client_id},
        body=said,
        headers={"if-match": "*"},
    )


def document(
    world: World, ws: Provisioned, client_id: str | None, name: str | None = None, **said: str
) -> str:
    """The id of an invoice of that client's that was read; ``name`` makes its bytes."""
    return sent(world, ws, client_id, text_pdf([name or uuid4().hex]), answer(**FIELDS | said))


def sent(world: World, ws: Provisioned, client_id: str | None, data: bytes, read: Any = None) -> str:
    """The id of a document of that client's whose file has landed; ``read`` is what analysis answered."""
    document_id = announce(world, ws.api_key, client_id, len(data)).json["document_id"]
    assert world.receive(world.put(original(ws, document_id), data)) == []
    if read is not None:
        assert world.finish_job(world.job_of(document_id), read) == []
    return str(document_id)


def announce(world: World, api_key: str, client_id: str | None, size: int = 1000) -> Reply:
    body = {"filename": "a.pdf", "content_type": "application/pdf", "size": size}
    given = {} if client_id is None else {"client_id": client_id}
    return world.call(api_key, "POST /v1/uploads", body=body | given)


def assign(world: World, ws: Provisioned, document_id: str, client_id: str | None) -> Reply:
    return world.call(
        ws.api_key,
        "PUT /v1/documents/{document_id}/client",
        path={"document_id": document_id},
        body={"client_id": client_id},
        headers={"if-match": "*"},
    )


def limited_person(world: World, ws: Provisioned, *clients: str, role: Role = Role.MEMBER) -> tuple[str, str]:
    """The id of a member who sees these clients only, and the token of their session."""
    user_id = world.person(f"{uuid4().hex}@example.test", (ws.workspace_id, role))
    reply = limit(world, ws, user_id, *clients)
    assert reply.status == 200, reply.text
    return user_id, world.sign_in(user_id, ws.workspace_id)


def limit(world: World, ws: Provisioned, user_id: str, *clients: str) -> Reply:
    """To no clients: to none in particular, so that they see everything."""
    body = {"clients": list(clients) or None}
    return world.browse(boss(world, ws), "PATCH /v1/members/{user_id}", path={"user_id": user_id}, body=body)


def limited_key(world: World, ws: Provisioned, *clients: str, role: Role = Role.MEMBER) -> str:
    body = {"name": "limited", "role": role.value, "clients": list(clients)}
    reply = world.browse(boss(world, ws), "POST /v1/api-keys", body=body)
    assert reply.status == 201, reply.text
    api_key = str(reply.json["secret"])
    assert world.call(api_key, "GET /v1/workspace").status == 200
    return api_key


def boss(world: World, ws: Provisioned) -> str:
    """The token of a session of an owner's that has just begun."""
    user_id = world.person(f"{uuid4().hex}@example.test", (ws.workspace_id, Role.OWNER))
    return world.sign_in(user_id, ws.workspace_id)
