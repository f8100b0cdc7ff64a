"""Who did what, when, from where: written with the deed itself, found again by filters, exported as CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from sheaf.access.roles import Role
from sheaf.audit.entries import Action
from sheaf.edge.provisioning import Provisioned, create_key
from sheaf.kernel.errors import Conflict
from sheaf.retention.settings import SettingsChange, change_settings
from sheaf.retention.windows import Window
from tests.builders import events
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import World

LOG, CSV = "GET /v1/audit-events", "GET /v1/audit-events.csv"


def busy(world: World) -> tuple[Provisioned, list[str]]:
    """A workspace in which a minute passes between one deed and the next; its documents."""
    ws = world.workspace()
    ids = []
    for number in range(3):
        world.tick(minutes=1)
        ids.append(world.announce(ws.api_key, text_pdf([str(number)]), f"{number}.pdf", "application/pdf"))
    world.tick(minutes=1)
    world.settings(ws, "1y")
    world.tick(minutes=1)
    world.delete(ws, ids[0])
    return ws, ids


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def pages(world: World, ws: Provisioned, **query: str) -> list[Any]:
    found, cursor = [], None
    while True:
        page = world.call(ws.api_key, LOG, query={**query, **({"cursor": cursor} if cursor else {})}).json
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def test_newest_first(world: World) -> None:
    ws, ids = busy(world)
    entries = world.audit(ws)
    assert [entry["action"] for entry in entries[:5]] == [
        "document.deleted",
        "settings.changed",
        "document.uploaded",
        "document.uploaded",
        "document.uploaded",
    ]
    assert {entry["action"] for entry in entries[5:]} == {"workspace.created", "api_key.created"}
    assert [entry["at"] for entry in entries] == sorted((entry["at"] for entry in entries), reverse=True)
    assert entries[0]["subject"] == ids[0]


def test_an_entry_says_who_from_where_and_what_changed(world: World) -> None:
    ws = world.workspace()
    event = events.http(
        "PATCH",
        "/v1/settings",
        headers={"authorization": f"Bearer {ws.api_key}"},
        body={"retention": "1y"},
    )
    event["requestContext"]["http"].update(sourceIp="2001:db8::7", userAgent="Mozilla/5.0 " + "x" * 300)
    assert world.serve(event).status == 200

    (entry,) = world.audit(ws, action="settings.changed")

    assert entry["actor"] == {"kind": "api_key", "id": ws.key_id}
    assert entry["origin"]["ip"] == "2001:db8::7"
    assert entry["origin"]["request_id"] == event["requestContext"]["requestId"]
    assert entry["origin"]["user_agent"].startswith("Mozilla/5.0 ")
    assert len(entry["origin"]["user_agent"]) == 256
    assert (entry["before"], entry["after"]) == ({"retention": "7y"}, {"retention": "1y"})
    assert entry["at"] == "2026-11-20T09:30:00Z"
    assert entry["subject"] == ws.workspace_id


def test_work_that_nobody_asked_for_names_the_function(world: World) -> None:
    ws = world.workspace()
    document_id = world.read(ws, text_pdf(["a"]), acme())
    (entry,) = world.audit(ws, action="document.read")
    assert entry["actor"] == {"kind": "system", "id": "extract"}
    assert entry["origin"] == {"ip": None, "user_agent": None, "request_id": None}
    assert entry["subject"] == document_id
    assert entry["before"] == {"status": "reading"}


def test_no_entry_says_what_an_invoice_says(world: World) -> None:
    ws = world.workspace()
    world.read(ws, text_pdf(["a"]), acme(), "secret-name.pdf")
    text = world.call(ws.api_key, LOG).text
    assert not any(word in text for word in ("Acme Tools", "119.00", "INV-1001", "secret-name"))


def test_a_deed_that_failed_has_no_entry(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = world.workspace()
    stale = world.tenant(ws.workspace_id)
    change_settings(stale, SettingsChange(retention=Window.ONE_YEAR))
    assert world.settings(ws, "3y").status == 200
    with pytest.raises(Conflict):
        stale.commit(Action.SETTINGS_CHANGED)
    (entry,) = world.audit(ws, action="settings.changed")
    assert entry["after"] == {"retention": "3y"}


def test_a_deed_and_its_entry_are_one_transaction(world: World) -> None:
    ws = world.workspace()
    with world.network.recording() as calls:
        world.settings(ws, "1y")
        (write,) = [call.text for call in calls if call.operation == "TransactWriteItems"]
    assert "#WORKSPACE" in write
    assert "#AUDIT" in write


@pytest.mark.parametrize(
    "refused",
    [
        ("DELETE /v1/documents/{document_id}", {"path": {"document_id": "doc_00000000000000000000000000"}}),
        ("PATCH /v1/settings", {"body": {"retention": "never"}}),
        ("POST /v1/uploads", {"body": {"filename": "a", "content_type": "application/pdf", "size": 10**12}}),
    ],
)
def test_what_was_refused_is_not_in_the_log(world: World, refused: tuple[str, dict[str, Any]]) -> None:
    ws = world.workspace()
    route, request = refused
    assert world.call(ws.api_key, route, **request).status >= 400
    assert world.audit(ws, actor=ws.key_id) == []


# --- filters ----------------------------------------------------------------------------------------------


def test_filters(world: World) -> None:
    ws, ids = busy(world)
    assert len(world.audit(ws, action="document.uploaded")) == 3
    assert [entry["action"] for entry in world.audit(ws, subject=ids[0])] == [
        "document.deleted",
        "document.uploaded",
    ]
    assert len(world.audit(ws, actor="provisioning")) == 2
    assert len(world.audit(ws, actor=ws.key_id)) == 5
    assert world.audit(ws, actor=ws.key_id, subject=ids[1], action="document.deleted") == []
    assert len(world.audit(ws, actor=ws.key_id, subject=ids[1])) == 1


def test_since_is_inclusive_and_until_exclusive(world: World) -> None:
    ws, _ = busy(world)
    entries = world.audit(ws)
    middle = entries[2]["at"]
    assert world.audit(ws, since=middle) == entries[:3]
    assert world.audit(ws, until=middle) == entries[3:]
    assert world.audit(ws, since=entries[4]["at"], until=middle) == entries[3:5]
    assert world.audit(ws, since=middle, action="document.uploaded") == entries[2:3]


def test_times_come_in_any_zone_and_without_one_in_utc(world: World) -> None:
    ws, _ = busy(world)
    some = world.audit(ws, since="2026-11-20T09:34:00Z")
    assert 0 < len(some) < len(world.audit(ws))
    assert world.audit(ws, since="2026-11-20T10:34:00+01:00") == some
    assert world.audit(ws, since="2026-11-20T09:34:00") == some
    assert world.audit(ws, since="2026-11-20") == world.audit(ws)


def test_a_range_that_is_empty_or_beyond_all_time(world: World) -> None:
    ws, _ = busy(world)
    everything = world.audit(ws)
    assert world.audit(ws, since="2026-11-21T00:00:00Z", until="2026-11-20T00:00:00Z") == []
    assert world.audit(ws, since="2026-11-20T00:00:00Z", until="2026-11-20T00:00:00Z") == []
    assert world.audit(ws, since="1900-01-01T00:00:00Z", until="9999-12-31T00:00:00Z") == everything
    assert world.audit(ws, until="0001-01-01T00:00:00Z") == []
    assert world.audit(ws, since="9999-12-31T23:59:59Z") == []


@pytest.mark.parametrize(
    "query",
    [
        {"action": "document.stolen"},
        {"since": "yesterday"},
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "many"},
        {"cursor": "doc_00000000000000000000000000"},
        {"cursor": "aud_1"},
        {"cursor": ""},
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(world: World, query: dict[str, str]) -> None:
    ws = world.workspace()
    for route in (LOG, CSV):
        reply = world.call(ws.api_key, route, query=query)
        assert (reply.status, reply.json["code"]) == (422, "invalid_request")
        assert [error["field"] for error in reply.json["errors"]] == list(query)


# --- pages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", ["1", "2", "200"])
def test_pages_hold_every_entry_once(world: World, limit: str) -> None:
    ws, _ = busy(world)
    assert pages(world, ws, limit=limit) == world.audit(ws)


def test_pages_of_a_filter(world: World) -> None:
    ws, _ = busy(world)
    uploaded = world.audit(ws, action="document.uploaded")
    assert pages(world, ws, limit="1", action="document.uploaded") == uploaded
    since = uploaded[-1]["at"]
    assert pages(world, ws, limit="1", since=since) == world.audit(ws, since=since)
    until = uploaded[0]["at"]
    assert pages(world, ws, limit="1", until=until) == world.audit(ws, until=until)
    assert pages(world, ws, limit="1", since=since, until=until) == world.audit(ws, since=since, until=until)


def test_a_cursor_from_outside_the_range_is_only_a_position(world: World) -> None:
    """It may come from a page of another filter."""
    ws, _ = busy(world)
    entries = world.audit(ws)
    newest, oldest, middle = entries[0], entries[-1], entries[2]
    assert world.audit(ws, until=middle["at"], cursor=newest["id"]) == entries[3:]
    assert world.audit(ws, since=middle["at"], cursor=oldest["id"]) == []
    assert world.audit(ws, since=middle["at"], cursor=middle["id"]) == []
    both = {"since": entries[4]["at"], "until": middle["at"]}
    assert world.audit(ws, **both, cursor=newest["id"]) == entries[3:5]
    assert world.audit(ws, **both, cursor=oldest["id"]) == []


# --- CSV --------------------------------------------------------------------------------------------------


def test_the_csv_has_the_rows_of_the_api(world: World) -> None:
    ws, _ = busy(world)
    reply = world.call(ws.api_key, CSV)
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="audit-events.csv"'
    assert reply.text.startswith("\ufeffid,at,action,")
    found = rows(reply.text)
    entries = world.audit(ws)
    assert [row["id"] for row in found] == [entry["id"] for entry in entries]
    for row, entry in zip(found, entries, strict=True):
        assert (row["action"], row["subject"]) == (entry["action"], entry["subject"])
        assert (row["actor_kind"], row["actor_id"]) == (entry["actor"]["kind"], entry["actor"]["id"])
        assert row["ip"] == (entry["origin"]["ip"] or "")
        assert row["request_id"] == (entry["origin"]["request_id"] or "")
        assert row["at"] == entry["at"]


def test_the_csv_takes_the_same_filters_and_goes_on_where_it_stopped(world: World) -> None:
    ws, _ = busy(world)
    query = {"action": "document.uploaded", "limit": "2"}
    first = world.call(ws.api_key, CSV, query=query)
    cursor = first.headers["x-next-cursor"]
    second = world.call(ws.api_key, CSV, query={**query, "cursor": cursor})
    ids = [row["id"] for reply in (first, second) for row in rows(reply.text)]
    assert ids == [entry["id"] for entry in world.audit(ws, action="document.uploaded")]
    assert "x-next-cursor" not in world.call(ws.api_key, CSV).headers


def test_a_user_agent_is_no_formula(world: World) -> None:
    ws = world.workspace()
    event = events.http(
        "PATCH", "/v1/settings", headers={"authorization": f"Bearer {ws.api_key}"}, body={"retention": "1y"}
    )
    formula = '=HYPERLINK("https://phish.example","click")'
    event["requestContext"]["http"]["userAgent"] = formula
    world.serve(event)
    (row,) = rows(world.call(ws.api_key, CSV, query={"action": "settings.changed"}).text)
    assert row["user_agent"] == f"'{formula}"


def test_a_key_acts_under_its_own_name(world: World) -> None:
    ws = world.workspace()
    second = create_key(ws.workspace_id, "second", role=Role.ADMIN)
    world.call(second.api_key, "PATCH /v1/settings", body={"retention": "1y"})
    (entry,) = world.audit(ws, action="settings.changed")
    assert entry["actor"]["id"] == second.key_id != ws.key_id
