"""Requests for every route there is, made from the routes themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sheaf.access.roles import Permission
from sheaf.edge.api import Route
from sheaf.edge.provisioning import Provisioned
from tests.builders.expense import acme
from tests.builders.files import corrupt_pdf, text_pdf
from tests.builders.world import World
from tests.drift import routes

ROUTES = {route.key: route for route in routes()}
PRIVATE = [key for key, route in ROUTES.items() if route.is_tenants]
PUBLIC = [key for key, route in ROUTES.items() if route.permission is Permission.PUBLIC]
OWN = [key for key in ROUTES if key not in PRIVATE and key not in PUBLIC]
WITH_ID = [key for key in PRIVATE if ROUTES[key].path_parameters]
LISTS = [key for key in PRIVATE if ROUTES[key].query and "cursor" in ROUTES[key].query.model_fields]

BODIES: dict[str, dict[str, Any]] = {
    "POST /v1/uploads": {"filename": "a.pdf", "content_type": "application/pdf", "size": 1000},
    "PATCH /v1/settings": {"retention": "3y"},
}
PARAMETERS = {"document_id": "doc", "session_id": "ses"}
"""Every id parameter and the prefix of the ids it takes: a new one must be added here to be probed."""

NOBODY = "00000000000000000000000000"
ID = re.compile(r"\b[a-z]{2,4}_[0-9a-hjkmnp-tv-z]{26}\b")


def probe(route: Route, identifier: str | None = None) -> dict[str, Any]:
    """A good request for the route; ``identifier`` goes wherever an id goes."""
    path = {name: identifier or f"{PARAMETERS[name]}_{NOBODY}" for name in route.path_parameters}
    request: dict[str, Any] = {"path": path} if path else {}
    if route.body:
        request["body"] = BODIES[route.key]
    return request


@dataclass(frozen=True)
class Populated:
    """A workspace with something of every kind; ``document`` is a read one whose file is there."""

    ws: Provisioned
    document: str
    ids: frozenset[str]


@dataclass(frozen=True)
class Pair:
    world: World
    own: Populated
    other: Populated

    def expendable(self, route: Route) -> str:
        """A document of one's own that the route may take away."""
        if route.method != "DELETE":
            return self.own.document
        return self.world.announce(self.own.ws.api_key, b"1", "expendable.pdf", "application/pdf")


def populate(world: World, name: str) -> Populated:
    """Documents in every state, readings, files, a deletion certificate, audit entries."""
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
    return Populated(ws, document, ids_of(world, ws))


def ids_of(world: World, ws: Provisioned) -> frozenset[str]:
    """Every id in any item of the workspace, and the ids of what is listed about it."""
    items = [item for item in world.items() if item["pk"]["S"].startswith(f"{ws.workspace_id}#")]
    lists = [key for key in PRIVATE if key.startswith("GET") and not ROUTES[key].path_parameters]
    listed = [world.call(ws.api_key, key).text for key in lists]
    return frozenset(ID.findall(f"{items} {listed}")) | {ws.workspace_id, ws.key_id}
