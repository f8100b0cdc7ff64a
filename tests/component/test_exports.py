"""Exports: asked for, made in the background, fetched, repeated, withdrawn."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.exports import handler, worker
from sheaf.access.limits import Limit
from sheaf.access.roles import Role
from sheaf.access.sessions import Factor
from sheaf.audit.entries import Action
from sheaf.capture.documents import Document, Status, Summary
from sheaf.capture.kept import KeptReading
from sheaf.capture.reading import Reading, Source
from sheaf.edge.provisioning import Provisioned
from sheaf.exports import selecting, work
from sheaf.kernel.ids import new_id
from tests.builders.bills import credit_note, invoice, without_lines
from tests.builders.world import SETTINGS, Reply, World
from tests.component.scenarios import UBL


def store(
    world: World,
    ws: Provisioned,
    *readings: Reading,
    status: Status = Status.APPROVED,
    **changes: Any,
) -> list[str]:
    """Documents that have been read and decided on."""
    tenant, ids = world.tenant(ws.workspace_id), []
    for reading in readings:
        world.tick(seconds=1)
        now = world.clock.now()
        document = Document(
            id=new_id("doc", now),
            filename="a.pdf",
            content_type="application/pdf",
            status=status,
            created_at=now,
            created_by=ws.key_id,
            engine=Source.TEXTRACT,
            summary=Summary(**{name: reading.value(name) for name in Summary.model_fields}),
        ).model_copy(update=changes)
        tenant.documents.add(document)
        tenant.readings.put(document.id, KeptReading(machine=reading))
        tenant.commit(Action.DOCUMENT_READ)
        ids.append(document.id)
    return ids


def several(count: int) -> list[Reading]:
    return [invoice(invoice_number=f"F-{number:04}") for number in range(count)]


def ask(world: World, ws: Provisioned, chosen: str = "csv", **body: Any) -> Reply:
    return world.call(ws.api_key, "POST /v1/exports", body={"format": chosen, **body})


def made(world: World, ws: Provisioned, chosen: str = "csv", **body: Any) -> Any:
    """An export that is done."""
    reply = ask(world, ws, chosen, **body)
    assert reply.status == 202, reply.text
    world.export_all()
    return show(world, ws, reply.json["id"])


def show(world: World, ws: Provisioned, export_id: str) -> Any:
    reply = world.call(ws.api_key, "GET /v1/exports/{export_id}", path={"export_id": export_id})
    assert reply.status == 200, reply.text
    return reply.json


def act(world: World, ws: Provisioned, verb: str, export_id: str, **request: Any) -> Reply:
    route = "DELETE /v1/exports/{export_id}" if verb == "delete" else f"POST /v1/exports/{{export_id}}/{verb}"
    return world.call(ws.api_key, route, path={"export_id": export_id}, **request)


def fetched(world: World, ws: Provisioned, export_id: str) -> bytes:
    reply = act(world, ws, "link", export_id)
    assert reply.status == 201, reply.text
    return at(world, reply.json["url"])


def at(world: World, url: str) -> bytes:
    parts = urlsplit(url)
    version = parse_qs(parts.query)["versionId"][0]
    answer = world.s3.get_object(Bucket=SETTINGS.bucket, Key=parts.path.lstrip("/"), VersionId=version)
    return bytes(answer["Body"].read())


def numbers(data: bytes) -> list[str]:
    return [
        row["invoice_number"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    ]


def objects(world: World, ws: Provisioned) -> list[str]:
    return [each["Key"] for each in world.versions(f"workspaces/{ws.workspace_id}/exports/")]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selecting, "AT_ONCE", 3)


def test_an_export_goes_from_queued_to_a_file_that_is_what_it_says(world: World, small_parts: None) -> None:
    ws = world.workspace()
    store(world, ws, *several(7))
    export = ask(world, ws).json
    assert (export["state"], export["documents"], export["filename"]) == ("queued", 0, None)
    world.export_all()
    export = show(world, ws, export["id"])
    assert (export["state"], export["documents"], export["looked_at"]) == ("done", 7, 7)
    assert export["currencies"] == {"EUR": 7}
    data = fetched(world, ws, export["id"])
    assert numbers(data) == [f"F-{number:04}" for number in range(7)], "in the order they came"
    assert (export["size"], export["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert export["filename"] == "sheaf-csv-2026-11-20.csv"
    assert export["expires_at"] == "2026-11-27T09:30:07Z"


@pytest.mark.parametrize(
    "chosen", ["csv_lines", "xlsx", "json", "quickbooks_csv", "quickbooks_iif", "xero_csv", "ubl"]
)
def test_every_format_can_be_had(world: World, chosen: str) -> None:
    ws = world.workspace()
    store(world, ws, invoice(), credit_note())
    export = made(world, ws, chosen)
    assert export["state"] == "done"
    data = fetched(world, ws, export["id"])
    assert hashlib.sha256(data).hexdigest() == export["sha256"]
    if export["filename"].endswith((".zip", ".xlsx")):
        assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_approved_documents_are_taken_unless_others_are_asked_for(world: World) -> None:
    ws = world.workspace()
    store(world, ws, invoice(invoice_number="A"))
    store(world, ws, invoice(invoice_number="B"), status=Status.READY)
    assert numbers(fetched(world, ws, made(world, ws)["id"])) == ["A"]
    assert numbers(fetched(world, ws, made(world, ws, filter={"status": "ready"})["id"])) == ["B"]
    assert made(world, ws, filter={"status": "rejected"})["documents"] == 0


def test_a_filter_narrows_by_day_supplier_currency_and_client(world: World) -> None:
    ws = world.workspace()
    client = new_id("cli", world.clock.now())
    store(world, ws, invoice(invoice_number="A", invoice_date="2026-01-31"))
    store(world, ws, invoice(invoice_number="B", invoice_date="2026-02-01", vendor="Zola GmbH"))
    store(world, ws, invoice(invoice_number="C", invoice_date="2026-02-28", currency="USD"))
    store(world, ws, invoice(invoice_number="D", invoice_date=None), client_id=client)
    for asked, found in (
        ({"from": "2026-02-01", "to": "2026-02-28"}, ["B", "C"]),
        ({"to": "2026-01-31"}, ["A"]),
        ({"supplier": "ZOLA"}, ["B"]),
        ({"currency": "USD"}, ["C"]),
        ({"client_id": client}, ["D"]),
        ({}, ["A", "B", "C", "D"]),
    ):
        assert numbers(fetched(world, ws, made(world, ws, filter=asked)["id"])) == found, asked


def test_named_documents_are_taken_whatever_their_state_and_the_others_are_told(world: World) -> None:
    ws, other = world.workspace(), world.workspace("Other")
    approved, ready = store(world, ws, invoice(invoice_number="A")) + store(
        world, ws, invoice(invoice_number="B"), status=Status.READY
    )
    [foreign] = store(world, other, invoice())
    unread = world.announce(ws.api_key, b"1", "a.pdf", "application/pdf")
    export = made(world, ws, document_ids=[ready, foreign, approved, unread, ready])
    assert numbers(fetched(world, ws, export["id"])) == ["A", "B"]
    assert {each["document_id"]: each["reason"] for each in export["left_out_first"]} == {
        foreign: "not_found",
        unread: "not_read",
    }
    assert export["left_out"] == 2


def test_what_a_target_does_not_take_is_left_out_with_its_reason(world: World) -> None:
    ws = world.workspace()
    _, credit = store(world, ws, invoice(), credit_note())
    export = made(world, ws, "quickbooks_csv")
    assert export["documents"] == 1
    assert export["left_out_first"] == [{"document_id": credit, "reason": "credit_note_not_taken"}]
    assert world.document(ws, credit)["exports"] == [], "it is in no file, so it is not exported"


def test_several_currencies_in_a_file_that_cannot_say_so_are_told(world: World) -> None:
    ws = world.workspace()
    store(world, ws, invoice(), without_lines())
    export = made(world, ws, "quickbooks_iif")
    assert export["currencies"] == {"EUR": 1, "JPY": 1}
    assert "EUR, JPY" in export["notes"][0]
    assert made(world, ws, "xero_csv")["notes"] == []


def test_only_new_takes_what_no_export_holds(world: World, small_parts: None) -> None:
    ws = world.workspace()
    first = store(world, ws, *several(4))
    export = made(world, ws)
    assert {tuple(each["id"] for each in world.document(ws, one)["exports"]) for one in first} == {
        (export["id"],)
    }
    store(world, ws, invoice(invoice_number="new"))
    again = made(world, ws, filter={"only_new": True})
    assert numbers(fetched(world, ws, again["id"])) == ["new"]
    assert made(world, ws, filter={"only_new": True})["documents"] == 0


def test_what_was_never_fetched_and_taken_back_is_new_again(world: World) -> None:
    ws = world.workspace()
    store(world, ws, *several(2))
    fetched_one, unfetched = made(world, ws, "json"), made(world, ws)
    assert act(world, ws, "delete", unfetched["id"]).status == 204
    assert act(world, ws, "delete", fetched_one["id"]).status == 204
    assert made(world, ws, filter={"only_new": True})["documents"] == 2
    export = made(world, ws)
    fetched(world, ws, export["id"])
    assert act(world, ws, "delete", export["id"]).status == 204
    assert made(world, ws, filter={"only_new": True})["documents"] == 0


@pytest.mark.parametrize("chosen", ["csv", "xlsx", "ubl"])
def test_a_repeat_is_the_same_bit_by_bit_whatever_became_of_the_documents(
    world: World, small_parts: None, chosen: str
) -> None:
    ws = world.workspace()
    ids = store(world, ws, *several(7))
    export = made(world, ws, chosen)
    data = fetched(world, ws, export["id"])
    tenant = world.tenant(ws.workspace_id)
    tenant.readings.put(ids[0], KeptReading(machine=invoice(invoice_number="changed")))
    tenant.commit(None)
    world.tick(days=30)
    reply = act(world, ws, "repeat", export["id"])
    assert (reply.status, reply.json["repeats"]) == (202, export["id"])
    world.export_all()
    again = show(world, ws, reply.json["id"])
    assert (again["sha256"], again["documents"]) == (export["sha256"], 7)
    assert fetched(world, ws, again["id"]) == data
    assert [each["id"] for each in world.document(ws, ids[0])["exports"]] == [export["id"], again["id"]]


def test_a_link_works_until_the_file_expires(world: World) -> None:
    ws = world.workspace()
    store(world, ws, invoice())
    export = made(world, ws)
    reply = act(world, ws, "link", export["id"])
    assert reply.json["filename"] == export["filename"]
    assert "X-Amz-Expires=300" in reply.json["url"]
    world.tick(days=6, hours=23)
    assert act(world, ws, "link", export["id"]).status == 201
    world.tick(hours=1)
    late = act(world, ws, "link", export["id"])
    assert (late.status, late.json["code"]) == (410, "export_expired")
    assert show(world, ws, export["id"])["downloads"] == 2


def test_a_file_is_tagged_for_the_broom_and_a_part_is_not(world: World) -> None:
    ws = world.workspace()
    store(world, ws, invoice())
    made(world, ws)
    tags = {
        key.rpartition("/")[2]: world.s3.get_object_tagging(Bucket=SETTINGS.bucket, Key=key)["TagSet"]
        for key in objects(world, ws)
    }
    assert tags == {"000001.jsonl.gz": [], "file": [{"Key": "expires", "Value": "export"}]}


def test_what_is_not_done_has_no_file(world: World) -> None:
    ws = world.workspace()
    store(world, ws, invoice())
    queued = ask(world, ws).json["id"]
    for verb in ("link", "repeat"):
        assert act(world, ws, verb, queued).json["code"] == "export_not_done"
    world.export_all()
    assert act(world, ws, "delete", queued).status == 204
    assert objects(world, ws) == []
    for verb in ("link", "repeat"):
        gone = act(world, ws, verb, queued)
        assert (gone.status, gone.json["code"]) == (410, "export_withdrawn")
    assert act(world, ws, "delete", queued).status == 204, "once more changes nothing"


def test_deleting_a_document_withdraws_what_holds_it_and_nothing_else(
    world: World, small_parts: None
) -> None:
    ws = world.workspace()
    ids = store(world, ws, *several(5))
    holding, other = made(world, ws), made(world, ws, document_ids=ids[1:3])
    assert world.delete(ws, ids[0]).status == 204
    gone = show(world, ws, holding["id"])
    assert (gone["state"], gone["reason"], gone["sha256"]) == ("withdrawn", "document_deleted", None)
    assert show(world, ws, other["id"])["state"] == "done"
    assert {key.split("/")[3] for key in objects(world, ws)} == {other["id"]}
    assert fetched(world, ws, other["id"])
    [entry] = world.audit(ws, action="export.withdrawn")
    assert entry["subject"] == holding["id"]
    assert not [item for item in world.items("EXPORTED") if item["sk"]["S"].startswith(ids[0])]


def test_deleting_a_document_while_it_is_exported_withdraws_the_export(
    world: World, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = world.workspace()
    ids = store(world, ws, *several(5))
    monkeypatch.setattr(worker, "STEPS_FOR", -1.0)
    export = ask(world, ws).json["id"]
    assert world.export(world.reminders.exports.pop(0)) == []
    assert show(world, ws, export)["state"] == "running"
    assert world.delete(ws, ids[0]).status == 204
    world.export_all()
    assert show(world, ws, export)["state"] == "withdrawn"
    assert objects(world, ws) == []


def test_a_deletion_that_overtook_the_mark_is_noticed_afterwards(world: World) -> None:
    ws = world.workspace()
    ids = store(world, ws, *several(2))
    export = ask(world, ws).json["id"]
    message = world.reminders.exports.pop(0)
    assert world.export(message) == []
    assert show(world, ws, export)["state"] == "done"
    tenant = world.tenant(ws.workspace_id)
    document = tenant.documents.get(ids[0])
    assert document is not None
    tenant.documents.remove(document)  # by somebody who had looked before there was a mark
    tenant.readings.remove(ids[0])
    tenant.commit(None)
    world.export_all()
    assert show(world, ws, export)["state"] == "withdrawn"
    assert objects(world, ws) == []
    assert not [item for item in world.items("EXPORTED") if item["sk"]["S"].startswith(ids[0])]


def test_a_long_export_goes_on_in_the_next_message(
    world: World, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = world.workspace()
    store(world, ws, *several(8))
    monkeypatch.setattr(worker, "STEPS_FOR", -1.0)
    monkeypatch.setattr(worker, "ASSEMBLY_UNTIL", -1.0)
    export = ask(world, ws).json["id"]
    looked_at = []
    for _ in range(3):
        assert world.export(world.reminders.exports.pop(0)) == []
        looked_at.append(show(world, ws, export)["looked_at"])
    assert looked_at == [3, 6, 8]
    monkeypatch.setattr(worker, "ASSEMBLY_UNTIL", 20.0)
    world.export_all()
    assert numbers(fetched(world, ws, export)) == [f"F-{number:04}" for number in range(8)]


def test_a_message_that_comes_twice_changes_nothing_twice(world: World, small_parts: None) -> None:
    ws = world.workspace()
    store(world, ws, *several(4))
    export = ask(world, ws).json["id"]
    message = world.reminders.exports.pop(0)
    for _ in range(3):
        assert world.export(message) == []
    world.export_all()
    assert len(objects(world, ws)) == 3, "two parts and a file"
    assert len(world.items("EXPORTED")) == 4
    assert world.actions(ws, export).count("export.finished") == 1


def test_a_message_about_nothing_is_sent_again_some_times_and_then_forgotten(world: World) -> None:
    ws = world.workspace()
    message = {"workspace_id": ws.workspace_id, "export_id": new_id("exp", world.clock.now()), "task": "work"}
    world.reminders.exports.append(message | {"tries": 0})
    world.export_all()
    assert world.items("EXPORT") == []


def test_an_export_that_fails_each_time_says_so_and_leaves_nothing(world: World) -> None:
    ws = world.workspace()
    [document] = store(world, ws, invoice())
    export = ask(world, ws).json["id"]
    message = world.reminders.exports.pop(0)
    world.delivery = 5
    assert world.export(message) == [0]
    world.delivery = 1
    assert (show(world, ws, export)["state"], show(world, ws, export)["reason"]) == ("failed", "gave_up")
    assert act(world, ws, "link", export).json["code"] == "export_failed"
    assert world.export(message) == []
    assert objects(world, ws) == []
    assert world.document(ws, document)["exports"] == []


def test_readings_too_large_for_one_part_are_spread_over_several(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_MOST_BYTES", 3000)
    ws = world.workspace()
    ids = store(world, ws, *several(5))
    nobody = "doc_00000000000000000000000000"
    export = made(world, ws, document_ids=[*ids, nobody])
    assert (export["documents"], export["left_out"], export["looked_at"]) == (5, 1, 6)
    assert len(objects(world, ws)) > 3
    assert numbers(fetched(world, ws, export["id"])) == [f"F-{number:04}" for number in range(5)]


def test_corrections_are_exported_and_when_it_was_decided(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, UBL, "a.xml", "application/xml")
    etag = world.call(
        ws.api_key, "GET /v1/documents/{document_id}", path={"document_id": document_id}
    ).headers["etag"]
    corrected = world.call(
        ws.api_key,
        "PATCH /v1/documents/{document_id}/reading",
        path={"document_id": document_id},
        body={"fields": {"vendor": "Corrected"}},
        headers={"if-match": etag},
    )
    assert corrected.status == 200, corrected.text
    approved = world.call(
        ws.api_key,
        "POST /v1/documents/{document_id}/approve",
        path={"document_id": document_id},
        body={},
        headers={"if-match": corrected.headers["etag"]},
    )
    assert approved.status == 200, approved.text
    [exported] = json.loads(fetched(world, ws, made(world, ws, "json")["id"]))["documents"]
    assert exported["reading"]["fields"]["vendor"]["value"] == "Corrected"
    assert datetime.fromisoformat(exported["decided_at"]) == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"format": "pdf"},
        {"format": "csv", "document_ids": []},
        {"format": "csv", "document_ids": ["inv_1"]},
        {"format": "csv", "document_ids": ["doc_00000000000000000000000000"] * 1001},
        {"format": "csv", "document_ids": ["doc_00000000000000000000000000"], "filter": {}},
        {"format": "csv", "filter": {"status": "failed"}},
        {"format": "csv", "filter": {"from": "yesterday"}},
        {"format": "csv", "filter": {"currency": "euro"}},
        {"format": "csv", "layout": {"tax_codes": {"a lot": "x"}}},
        {"format": "csv", "layout": {"account": "a\nb"}},
        {"format": "csv", "colour": "red"},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(world: World, body: dict[str, Any]) -> None:
    reply = world.call(world.workspace().api_key, "POST /v1/exports", body=body)
    assert (reply.status, reply.json["code"]) == (422, "invalid_request")
    assert world.reminders.exports == []


def test_the_same_request_with_its_key_makes_one_export(world: World) -> None:
    ws = world.workspace()
    store(world, ws, invoice())
    headers = {"idempotency-key": "one"}
    ids = {
        world.call(ws.api_key, "POST /v1/exports", body={"format": "csv"}, headers=headers).json["id"]
        for _ in range(2)
    }
    assert len(ids) == 1
    world.export_all()
    [export_id] = ids
    links = [act(world, ws, "link", export_id, headers=headers) for _ in range(2)]
    assert [link.status for link in links] == [201, 201]
    assert show(world, ws, export_id)["downloads"] == 1
    repeats = {act(world, ws, "repeat", export_id, headers=headers).json["id"] for _ in range(2)}
    assert len(repeats) == 1
    world.export_all()
    [other] = repeats
    for verb in ("link", "repeat"):
        mixed_up = act(world, ws, verb, other, headers=headers)
        assert (mixed_up.status, mixed_up.json["code"]) == (422, "idempotency_key_reused")


def test_there_are_only_so_many_exports_an_hour(world: World) -> None:
    ws = world.workspace()
    assert {ask(world, ws).status for _ in range(60)} == {202}
    refused = ask(world, ws)
    assert (refused.status, refused.json["code"]) == (429, "too_many_requests")
    assert len(world.items("EXPORT")) == 60


def test_repeats_count_as_well(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = world.workspace()
    store(world, ws, invoice())
    export = made(world, ws)
    monkeypatch.setattr(handler, "OF_WORKSPACE", Limit("one of workspace", 1, timedelta(hours=1)))
    assert [act(world, ws, "repeat", export["id"]).status for _ in range(2)] == [202, 429]
    assert len(world.items("EXPORT")) == 2


def test_exports_are_listed_newest_first(world: World) -> None:
    ws = world.workspace()
    ids = []
    for _ in range(3):
        world.tick(seconds=1)
        ids.append(ask(world, ws).json["id"])
    first = world.call(ws.api_key, "GET /v1/exports", query={"limit": "2"}).json
    assert [each["id"] for each in first["items"]] == ids[:0:-1]
    rest = world.call(ws.api_key, "GET /v1/exports", query={"cursor": first["next_cursor"]}).json
    assert ([each["id"] for each in rest["items"]], rest["next_cursor"]) == (ids[:1], None)


def test_what_is_done_with_exports_is_in_the_log(world: World) -> None:
    ws = world.workspace()
    store(world, ws, invoice())
    export = made(world, ws)
    fetched(world, ws, export["id"])
    act(world, ws, "delete", export["id"])
    assert sorted(world.actions(ws, export["id"])) == [
        "export.downloaded", "export.finished", "export.requested", "export.withdrawn",
    ]  # fmt: skip
    [finished] = world.audit(ws, action="export.finished")
    assert finished["after"]["sha256"] == export["sha256"]
    repeated = made(world, ws)
    again = act(world, ws, "repeat", repeated["id"]).json["id"]
    assert world.actions(ws, again) == ["export.repeated"]


def test_read_only_members_export_nothing(world: World) -> None:
    ws = world.workspace()
    for role, status in ((Role.READ_ONLY, 403), (Role.MEMBER, 202)):
        key = world.key(ws.workspace_id, role)
        assert world.call(key, "POST /v1/exports", body={"format": "csv"}).status == status
        assert world.call(key, "GET /v1/exports").status == (403 if status == 403 else 200)


def test_a_person_shows_who_they_are_before_they_take_it_all_with_them(world: World) -> None:
    ws = world.workspace()
    ada = world.person("ada@example.test", (ws.workspace_id, Role.MEMBER))
    token = world.sign_in(ada, ws.workspace_id, Factor.EMAIL)
    body = {"format": "csv"}
    assert world.browse(token, "POST /v1/exports", body=body).status == 202
    world.tick(minutes=30)
    late = world.browse(token, "POST /v1/exports", body=body)
    assert late.status in (401, 403)
    assert "step_up" in late.json["code"]
