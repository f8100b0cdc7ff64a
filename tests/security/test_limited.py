"""Whoever sees the documents of one client only: the others are not there, whichever route is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sheaf.access.roles import PEOPLE_ONLY, Role
from tests.builders.clients import assign, client, document, limited_key, limited_person
from tests.builders.reviewing import approved
from tests.builders.world import Reply, World, fresh_world
from tests.security.probes import ID, LISTS, NOBODY, PARAMETERS, PRIVATE, ROUTES, Populated, populate, probe
from tests.security.test_foreign_ids import shape, without_denials

BILLED = ("customer_id", "item_id", "issued_id")
OF_DOCUMENTS = frozenset(
    {"document_id", "export_id", "client_id", "supplier_id", "fact_id", "batch_id", *BILLED}
)
CALLERS = [(role, by) for role in (Role.MEMBER, Role.READ_ONLY) for by in ("key", "session")]
ASKED = [key for key in PRIVATE if OF_DOCUMENTS & set(ROUTES[key].path_parameters)]


@dataclass(frozen=True)
class Office:
    """Two clients, and documents of neither. ``mine`` and ``theirs``: a client, a document and more of each.

    ``hidden`` is every id of a document, an export, a client or a supplier that is not ``mine``, and of all
    that is billed.
    """

    made: Populated
    mine: dict[str, str]
    theirs: dict[str, str]
    nobodys: dict[str, str]
    senders: dict[tuple[Role, str], Any]
    hidden: frozenset[str]

    def send(self, role: Role, by: str, key: str, **request: Any) -> Reply:
        return self.senders[role, by](key, **request)  # type: ignore[no-any-return]  # a closure below


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with fresh_world() as world:
        yield furnish(world)


def furnish(world: World) -> Office:
    made = populate(world, "A")
    ws = made.ws
    mine, theirs = client(world, ws, "Mine"), client(world, ws, "Theirs")
    moved_from = document(world, ws, theirs, VENDOR_NAME="Moved Ltd")
    world.tick(seconds=1)
    moved = document(world, ws, theirs, VENDOR_NAME="Moved Ltd")
    world.settle()
    approved(world, ws, moved)
    assert moved_from in str(world.document(ws, moved)), "it names what it was a duplicate of"
    assert assign(world, ws, moved, mine).status == 200
    ours = document(world, ws, mine, VENDOR_NAME="Mine Ltd")
    other = document(world, ws, theirs, VENDOR_NAME="Theirs Ltd", INVOICE_RECEIPT_ID="T-77")
    supplier_id = approved(world, ws, other)["supplier_id"]
    world.settle()
    path = {"supplier_id": supplier_id}
    fact = world.call(ws.api_key, "GET /v1/suppliers/{supplier_id}", path=path).json["names"][0]["id"]
    key = "POST /v1/exports"
    export = made.send(key, body={"format": "csv", "document_ids": [other, ours]}).json["id"]
    world.export_all()
    file = {"filename": "t.pdf", "content_type": "application/pdf", "size": 1, "client_id": theirs}
    batch = made.send("POST /v1/uploads/batch", body={"files": [file]}).json["batch_id"]
    senders: dict[tuple[Role, str], Any] = {}
    for role, by in CALLERS:
        senders[role, by] = sender(world, made, mine, role, by)
    visible = {mine, ours, moved, world.document(ws, moved)["supplier_id"]}
    items = [item for item in world.items() if item["pk"]["S"].startswith(f"{ws.workspace_id}#")]
    kinds = ("doc", "exp", "cli", "sup", "fct", "cus", "itm", "inv")
    hidden = {each for each in ID.findall(str(items)) if each[:3] in kinds}
    return Office(
        made,
        {"client_id": mine, "document_id": ours},
        {
            "client_id": theirs,
            "document_id": other,
            "export_id": export,
            "supplier_id": supplier_id,
            "fact_id": fact,
            "batch_id": batch,
            **{name: made.things[name] for name in BILLED},
        },
        made.things,
        senders,
        frozenset(hidden - visible - {f"{prefix}_{NOBODY}" for prefix in PARAMETERS.values()}),
    )


def sender(world: World, made: Populated, client_id: str, role: Role, by: str) -> Any:
    if by == "key":
        api_key = limited_key(world, made.ws, client_id, role=role)
        return lambda key, **request: world.call(api_key, key, **request)
    user_id, _ = limited_person(world, made.ws, client_id, role=role)

    def browse(key: str, **request: Any) -> Reply:
        return world.browse(world.sign_in(user_id, made.ws.workspace_id), key, **request)

    return browse


def may(key: str, role: Role, by: str) -> bool:
    permission = ROUTES[key].permission
    return role.allows(permission) and (by == "session" or permission not in PEOPLE_ONLY)


def names_nothing_hidden(office: Office, reply: Reply, said: object = None) -> None:
    told = f"{reply.text} {reply.headers}"
    assert not [each for each in office.hidden if each in told], said


@pytest.mark.parametrize(("role", "by"), CALLERS)
@pytest.mark.parametrize("key", ASKED)
def test_what_is_of_another_client_or_of_none_is_not_there(
    office: Office, key: str, role: Role, by: str
) -> None:
    if not may(key, role, by):
        return
    world, route = office.made.world, ROUTES[key]
    before = without_denials(world.items())

    def ask(things: dict[str, str]) -> tuple[Reply, list[str]]:
        known = {name: office.mine.get(name, f"{PARAMETERS[name]}_{NOBODY}") for name in OF_DOCUMENTS}
        with world.network.recording() as calls:
            reply = office.send(role, by, key, **probe(route, known | things))
            return reply, [str(call) for call in calls]

    for name in OF_DOCUMENTS & set(route.path_parameters):
        nothing, looked_up = ask({name: f"{PARAMETERS[name]}_{NOBODY}"})
        assert (nothing.status, nothing.json["code"]) == (404, "not_found")
        for whose in (office.theirs, office.nobodys):
            found, looked_up_there = ask({name: whose[name]})
            assert shape(found) == shape(nothing)
            assert looked_up_there == looked_up, "as much work for the one as for the other"
    assert without_denials(world.items()) == before


@pytest.mark.parametrize(("role", "by"), CALLERS)
@pytest.mark.parametrize("key", [key for key in PRIVATE if key.startswith("GET")])
def test_no_answer_names_what_is_of_another_client_or_of_none(
    office: Office, key: str, role: Role, by: str
) -> None:
    if not may(key, role, by):
        return
    route = ROUTES[key]
    for query in questions(office, key):
        cursor: str | None = None
        while True:
            request = probe(route, office.mine) | {"query": query | ({"cursor": cursor} if cursor else {})}
            reply = office.send(role, by, key, **request)
            names_nothing_hidden(office, reply, (key, query))
            cursor = reply.json.get("next_cursor") if key in LISTS and reply.status == 200 else None
            if cursor is None:
                break


def questions(office: Office, key: str) -> Iterator[dict[str, str]]:
    yield {}
    if key in LISTS:
        yield {"limit": "1"}
    if key in ("GET /v1/documents", "GET /v1/review"):
        for asked in (
            {"status": "ready"},
            {"status": "failed"},
            {"status": "reading"},
            {"q": "ltd"},
            {"q": "t77"},
            {"supplier": "Theirs Ltd"},
            {"supplier": office.theirs["supplier_id"]},
            {"client": office.theirs["client_id"]},
            {"client": office.mine["client_id"]},
            {"check": "duplicate"},
            {"date_from": "2000-01-01"},
            {"amount_from": "0"},
            {"currency": "USD"},
        ):
            yield asked
            yield asked | {"limit": "1"}


@pytest.mark.parametrize("by", ["key", "session"])
@pytest.mark.parametrize("key", [key for key in PRIVATE if ROUTES[key].changes])
def test_nothing_that_is_done_names_what_is_of_another_client(office: Office, key: str, by: str) -> None:
    if not may(key, Role.MEMBER, by):
        return
    world, ws = office.made.world, office.made.ws
    document_id = document(world, ws, office.mine["client_id"])
    if key.endswith("/reopen"):
        approved(world, ws, document_id)
    known = office.mine | {"document_id": document_id}
    reply = office.send(Role.MEMBER, by, key, **probe(ROUTES[key], known))
    names_nothing_hidden(office, reply, key)


BULK = [key for key, route in ROUTES.items() if route.body and "documents" in route.body.model_fields]


@pytest.mark.parametrize("key", BULK)
def test_of_many_at_once_those_of_others_are_not_there(office: Office, key: str) -> None:
    if not may(key, Role.MEMBER, "key"):
        return
    world, route = office.made.world, ROUTES[key]
    before = without_denials(world.items())
    named = [office.theirs["document_id"], office.nobodys["document_id"], f"doc_{NOBODY}"]
    request = probe(route, office.mine)
    request["body"] |= {"documents": [{"id": each} for each in named]}
    items = office.send(Role.MEMBER, "key", key, **request).json["items"]
    assert [each["id"] for each in items] == named
    assert {(each["status"], each["problem"]["code"]) for each in items} == {("refused", "not_found")}
    assert len({str(each["problem"]) for each in items}) == 1
    assert without_denials(world.items()) == before


@pytest.mark.parametrize("by", ["key", "session"])
def test_a_document_that_came_from_another_client_tells_nothing_of_what_it_left(
    office: Office, by: str
) -> None:
    moved = next(
        item["id"]
        for item in office.send(Role.MEMBER, by, "GET /v1/documents").json["items"]
        if item["summary"]["vendor"] == "Moved Ltd"
    )
    path = {"document_id": moved}
    for key in ("GET /v1/documents/{document_id}", "GET /v1/documents/{document_id}/history"):
        reply = office.send(Role.MEMBER, by, key, path=path)
        assert reply.status == 200
        names_nothing_hidden(office, reply, key)
