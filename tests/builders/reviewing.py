"""What people do with a document, as requests of theirs."""

from __future__ import annotations

from typing import Any

from sheaf.edge.provisioning import Provisioned
from tests.builders.expense import answer
from tests.builders.files import text_pdf
from tests.builders.world import Reply, World


def invoice(world: World, ws: Provisioned, name: str = "a", **said: str) -> str:
    """The id of a document that was read; ``name`` makes its bytes, ``said`` what differs from the usual."""
    fields = {
        "VENDOR_NAME": "Acme Tools Ltd",
        "INVOICE_RECEIPT_ID": "INV-1001",
        "INVOICE_RECEIPT_DATE": "2026-11-02",
        "SUBTOTAL": "USD 100.00",
        "TAX": "USD 19.00",
        "TOTAL": "USD 119.00",
    }
    return world.read(ws, text_pdf([name]), answer(**{k: v for k, v in (fields | said).items() if v}))


def act(
    world: World, ws: Provisioned, verb: str, document_id: str, body: Any = None, *, etag: str | None = None
) -> Reply:
    """``act(world, ws, "POST approve", document_id, {})``: of the version that is there now."""
    method, _, last = verb.partition(" ")
    if etag is None:
        etag = show(world, ws, document_id).headers["etag"]
    return world.call(
        ws.api_key,
        f"{method} /v1/documents/{{document_id}}/{last}",
        path={"document_id": document_id},
        body=body,
        headers={"if-match": etag},
    )


def show(world: World, ws: Provisioned, document_id: str) -> Reply:
    return world.call(ws.api_key, "GET /v1/documents/{document_id}", path={"document_id": document_id})


def approve(world: World, ws: Provisioned, document_id: str, *accept: str) -> Reply:
    return act(world, ws, "POST approve", document_id, {"accept": list(accept)})


def approved(world: World, ws: Provisioned, document_id: str, *accept: str) -> Any:
    reply = approve(world, ws, document_id, *accept)
    assert reply.status == 200, reply.text
    return reply.json


def corrected(world: World, ws: Provisioned, document_id: str, **fields: str | None) -> Any:
    reply = act(world, ws, "PATCH reading", document_id, {"fields": fields})
    assert reply.status == 200, reply.text
    return reply.json


def policy(world: World, ws: Provisioned, **settings: Any) -> None:
    """By a person who has just signed in: the settings ask for that."""
    tenant = world.tenant(ws.workspace_id)
    changed = tenant.policies.get().model_copy(update=settings)
    tenant.policies.save(changed)
    tenant.commit(None)


def findings(world: World, ws: Provisioned, document_id: str, *codes: str) -> list[tuple[str, str, str]]:
    """Code, severity and what was found, of these codes."""
    checks = world.document(ws, document_id)["reading"]["checks"]
    return [(check["code"], check["severity"], check["found"]) for check in checks if check["code"] in codes]
