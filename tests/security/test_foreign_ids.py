"""Ids of others, and ids that are none, are not there: one answer for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sheaf.kernel.pages import encoded
from tests.builders.world import Reply
from tests.security.probes import LISTS, NOBODY, PARAMETERS, PLACES, ROUTES, WITH_ID, Pair, probe


def percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def spellings(document_id: str, workspace_id: str) -> Iterator[str]:
    """Ways to write an id that are not its way."""
    prefix, _, value = document_id.partition("_")
    yield from (document_id.upper(), document_id.title(), f"{prefix.upper()}_{value}")
    yield f"{prefix}_{value.upper()}"
    yield from (percent(document_id), percent(f"{document_id}/"), f"{document_id}%00", f"{document_id}%2F")
    yield from (f"./{document_id}", f"../{document_id}", f"{document_id}/..", f"{document_id}.", ".", "..")
    yield from (f"wrk_{value}", f"fil_{value}", f"{prefix}__{value}", f"{prefix}-{value}", value)
    yield from (f"{document_id}\x00", f"\x00{document_id}", f"{document_id}\n", f" {document_id}")
    yield from (
        "",
        " ",
        "*",
        "/",
        "null",
        "undefined",
        "0",
        "-1",
        f"{prefix}_",
        document_id[:-1],
        f"{document_id}0",
    )
    yield from (f"{workspace_id}#DOCUMENT", f"{workspace_id}#{document_id}", f"{document_id}#", "#")
    yield from ("d" * 100_000, f"{prefix}_{'0' * 100_000}", document_id * 100)
    yield from (f"{prefix}_{value[:-1]}\u0660", f"\u043e{document_id[1:]}", "\U0001f9fe")
    yield from ("' OR '1'='1", '{"S": "x"}', "${jndi:ldap://x}", "<script>alert(1)</script>", "%s%s%n")


def shape(reply: Reply) -> tuple[int, dict[str, str], dict[str, Any]]:
    """All that tells one answer from another, the request's own id apart."""
    return reply.status, reply.headers, {**reply.json, "instance": None}


@pytest.mark.parametrize("key", WITH_ID)
def test_what_is_not_there_and_what_is_not_yours_look_alike(pair: Pair, key: str) -> None:
    world, own, other, route = pair.world, pair.own, pair.other, ROUTES[key]
    before, objects = without_denials(world.items()), world.versions()

    def ask(name: str, identifier: str) -> tuple[Reply, list[str]]:
        with world.network.recording() as calls:
            reply = own.send(key, **probe(route, own.things | {name: identifier}))
            return reply, [str(call) for call in calls]

    for name in (each for each in route.path_parameters if each not in PLACES):
        prefix = PARAMETERS[name]
        nothing, looked_up = ask(name, f"{prefix}_{NOBODY}")
        assert (nothing.status, nothing.json["code"]) == (404, "not_found")
        foreign, looked_up_foreign = ask(name, other.things[name])
        assert shape(foreign) == shape(nothing)
        assert looked_up_foreign == looked_up, "as much work for the one as for the other"
        assert not any(call.startswith("s3.") for call in looked_up)
        for identifier in (
            *spellings(other.things[name], other.ws.workspace_id),
            *spellings(own.things[name], own.ws.workspace_id),
            *other.ids,
            *(each for each in own.ids if not each.startswith(prefix)),
        ):
            reply, _ = ask(name, identifier)
            assert shape(reply) == shape(nothing), repr(identifier[:80])
    assert without_denials(world.items()) == before
    assert world.versions() == objects


def without_denials(items: list[Any]) -> list[Any]:
    return [item for item in items if "#AUDIT" not in item["pk"]["S"]]


CURSORS = {
    "/v1/documents": "doc",
    "/v1/batches/{batch_id}": "doc",
    "/v1/exports": "exp",
    "/v1/clients": "cli",
    "/v1/issued-documents": "inv",
    "/v1/recurring-invoices": "rec",
    "/v1/deletion-certificates": "fil",
    "/v1/members": "usr",
    "/v1/invitations": "ivt",
    "/v1/api-keys": "key",
}
KEYED = {
    "/v1/review": ("doc", f"q#94{'9' * 18}#"),
    "/v1/suppliers": ("sup", "acmetoolsltd#"),
    "/v1/customers": ("cus", "bakeryltd#"),
    "/v1/items": ("itm", "consulting#"),
}
"""Lists that are ordered by something else than ids: the prefix of their ids, and what stands before one."""

FILTERS: dict[str, list[dict[str, str]]] = {
    "/v1/documents": [{"status": "ready"}, {"status": "reading"}, {"status": "failed"}],
    "/v1/audit-events": [{"since": "2026-11-20T09:31:00Z"}, {"until": "2027-11-25T00:00:00Z"}],
}


@pytest.mark.parametrize("key", LISTS)
def test_cursors_of_others_open_no_door(pair: Pair, key: str) -> None:
    own, other = pair.own, pair.other
    path = ROUTES[key].path
    prefix, place = KEYED.get(path, (CURSORS.get(path, "aud"), ""))
    ids = {each for each in other.ids if each.startswith(prefix)}
    assert ids
    for identifier in (*ids, f"{prefix}_{'0' * 26}", f"{prefix}_7{'z' * 25}"):
        cursor = encoded(place + identifier) if place else identifier
        for chosen in ({}, *FILTERS.get(ROUTES[key].path, ())):
            query = {"cursor": cursor, "limit": "2", **chosen}
            reply = own.send(key, **probe(ROUTES[key], own.things), query=query)
            assert reply.status == 200, reply.text
            assert not any(each in reply.text for each in other.ids)


@pytest.mark.parametrize("key", LISTS)
def test_cursors_that_are_none_are_refused(pair: Pair, key: str) -> None:
    own, other = pair.own, pair.other
    prefix = CURSORS.get(ROUTES[key].path, "aud")
    for cursor in spellings(other.document, other.ws.workspace_id):
        if cursor.startswith(f"{prefix}_") and len(cursor) == len(other.document):
            continue  # as good a position as any in that list
        reply = own.send(key, **probe(ROUTES[key], own.things), query={"cursor": cursor})
        assert reply.status == 422, repr(cursor[:80])
        assert not any(each in reply.text for each in other.ids)
