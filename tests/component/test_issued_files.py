"""What was issued has one file, whoever asks for it and whatever goes wrong; drafts have previews."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException
from pypdf import PdfReader

from sheaf.edge.provisioning import Provisioned
from sheaf.edge.queues import LAST_DELIVERY
from tests.builders.billing import act, billing, change, customer, draft, issued, show
from tests.builders.world import SETTINGS, Reply, World, fresh_world
from tests.fakes.network import Call, Fault, Killed

FILE = "GET /v1/issued-documents/{issued_id}/"
FAULTS = [Fault.UNREACHABLE, Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.ANSWERS_LOST]


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world)


def ask(world: World, ws: Provisioned, document: Any, name: str = "pdf") -> Reply:
    return world.call(ws.api_key, FILE + name, path={"issued_id": document["id"]})


def link(world: World, ws: Provisioned, document: Any, name: str = "pdf") -> Any:
    reply = ask(world, ws, document, name)
    assert reply.status == 200, reply.text
    return reply.json


def fetched(world: World, ws: Provisioned, shown: Any) -> bytes:
    """The bytes of the version that a link leads to."""
    key, _, query = shown["url"].partition(f"{SETTINGS.bucket}.s3.us-east-1.amazonaws.com/")[2].partition("?")
    assert key.startswith(f"workspaces/{ws.workspace_id}/issued/")
    [version] = [each.partition("=")[2] for each in query.split("&") if each.startswith("versionId=")]
    data: bytes = world.s3.get_object(Bucket=SETTINGS.bucket, Key=key, VersionId=version)["Body"].read()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (shown["size"], shown["sha256"])
    return data


def place(shown: Any) -> tuple[str, str]:
    """Signatures differ from moment to moment."""
    return shown["url"].partition("&X-Amz")[0], shown["sha256"]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def files(world: World, ws: Provisioned) -> list[str]:
    prefix = f"workspaces/{ws.workspace_id}/issued/"
    return sorted(version["Key"].removeprefix(prefix) for version in world.versions(prefix))


# --- what was issued --------------------------------------------------------------------------------------


def test_what_is_issued_is_made_a_file_in_the_background(world: World, ws: Provisioned) -> None:
    invoice = issued(world, ws)
    world.dispatch_all()
    assert files(world, ws) == [f"{invoice['id']}/pdf", f"{invoice['id']}/ubl"]
    shown = link(world, ws, invoice)
    assert (shown["filename"], shown["frozen"]) == ("INV-2026-00001.pdf", True)
    assert "INV-2026-00001" in text_of(fetched(world, ws, shown))
    ubl = link(world, ws, invoice, "ubl")
    assert ubl["filename"] == "INV-2026-00001.xml"
    assert b"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" in fetched(world, ws, ubl)
    assert show(world, ws, invoice["id"])["version"] == invoice["version"], "whoever saw it may go on with it"


def test_its_hashes_are_in_the_audit_log(world: World, ws: Provisioned) -> None:
    invoice = issued(world, ws)
    world.dispatch_all()
    [entry] = world.audit(ws, action="issued_document.frozen")
    assert entry["actor"] == {"kind": "system", "id": "dispatcher"}
    assert entry["after"] == {
        "pdf": link(world, ws, invoice)["sha256"],
        "ubl": link(world, ws, invoice, "ubl")["sha256"],
    }


def test_whoever_is_faster_than_the_worker_gets_the_file_that_stays(world: World, ws: Provisioned) -> None:
    invoice = issued(world, ws)
    before = place(link(world, ws, invoice))
    world.dispatch_all()
    assert place(link(world, ws, invoice)) == before
    assert len(world.items("FROZEN")) == 1
    assert world.actions(ws, invoice["id"]).count("issued_document.frozen") == 1


def test_two_at_the_same_moment_get_the_same_file(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = issued(world, ws)
    world.meanwhile(monkeypatch, world.dispatch_all)
    shown = place(link(world, ws, invoice))
    assert shown == place(link(world, ws, invoice))
    assert len(world.items("FROZEN")) == 1


def test_it_stays_when_everything_around_it_changes(world: World, ws: Provisioned) -> None:
    buyer = customer(world, ws)
    invoice = issued(world, ws, customer_id=buyer["id"])
    before = place(link(world, ws, invoice))
    world.call(
        ws.api_key,
        "PATCH /v1/customers/{customer_id}",
        path={"customer_id": buyer["id"]},
        body={"party": buyer["party"] | {"name": "Elsewhere Ltd"}},
        headers={"if-match": "*"},
    )
    act(world, ws, "payments", invoice, amount="238.00")
    assert place(link(world, ws, invoice)) == before


@pytest.mark.parametrize("kind", ["invoice", "estimate"])
def test_what_becomes_void_says_so_and_what_was_issued_is_kept(
    world: World, ws: Provisioned, kind: str
) -> None:
    """Even when the worker comes to it only afterwards."""
    document = issued(world, ws, kind)
    act(world, ws, "void", document)
    world.dispatch_all()
    shown = link(world, ws, document)
    assert shown["frozen"] is False
    assert "Void" in text_of(fetched(world, ws, shown))
    key = f"workspaces/{ws.workspace_id}/issued/{document['id']}/pdf"
    kept = world.s3.get_object(Bucket=SETTINGS.bucket, Key=key)["Body"].read()
    assert "Void" not in text_of(kept)
    assert ask(world, ws, document, "ubl").json["code"] == "not_representable"


def test_what_no_e_invoice_can_say_has_a_pdf_alone(world: World, ws: Provisioned) -> None:
    estimate = issued(world, ws, "estimate")
    world.dispatch_all()
    assert files(world, ws) == [f"{estimate['id']}/pdf"]
    reply = ask(world, ws, estimate, "ubl")
    assert (reply.status, reply.json["code"]) == (409, "not_representable")


def test_a_bill_is_the_supplier_s(world: World, ws: Provisioned) -> None:
    bill = issued(world, ws, "bill")
    assert world.reminders.issued == []
    for name in ("pdf", "ubl"):
        assert ask(world, ws, bill, name).json["code"] == "no_file"


def test_a_number_that_is_no_file_name(world: World) -> None:
    series = {"invoice": {"pattern": "R/{year}/{number}"}}
    ws = billing(world, series=series)
    assert link(world, ws, issued(world, ws))["filename"] == "R-2026-1.pdf"


# --- drafts -----------------------------------------------------------------------------------------------


def test_a_draft_is_looked_at_before_it_is_issued(world: World, ws: Provisioned) -> None:
    made = draft(world, ws)
    shown = link(world, ws, made)
    assert (shown["frozen"], shown["filename"]) == (False, "draft-invoice.pdf")
    assert "Draft" in text_of(fetched(world, ws, shown))
    assert link(world, ws, made)["sha256"] == shown["sha256"]
    assert len(files(world, ws)) == 1, "looking twice makes one file"
    changed = change(world, ws, made, notes="Thank you.").json
    assert "Thank you." in text_of(fetched(world, ws, link(world, ws, changed)))
    assert world.items("FROZEN") == []
    assert ask(world, ws, made, "ubl").json["code"] == "not_representable"


def test_previews_expire_and_what_was_issued_does_not(world: World, ws: Provisioned) -> None:
    made = draft(world, ws)
    link(world, ws, made)
    act(world, ws, "issue", made)
    world.dispatch_all()
    prefix = f"workspaces/{ws.workspace_id}/issued/"
    for version in world.versions(prefix):
        tags = world.s3.get_object_tagging(Bucket=SETTINGS.bucket, Key=version["Key"])["TagSet"]
        is_preview = "/previews/" in version["Key"]
        assert tags == ([{"Key": "expires", "Value": "preview"}] if is_preview else [])


# --- with its workspace -----------------------------------------------------------------------------------


def test_no_other_workspace_sees_it(world: World, ws: Provisioned) -> None:
    invoice, other = issued(world, ws), billing(world, "Other")
    for name in ("pdf", "ubl"):
        assert ask(world, other, invoice, name).status == 404


def test_the_bucket_s_own_report_of_a_file_starts_no_reading(world: World, ws: Provisioned) -> None:
    issued(world, ws)
    world.dispatch_all()
    [key] = [v["Key"] for v in world.versions(f"workspaces/{ws.workspace_id}/issued/") if "pdf" in v["Key"]]
    assert world.receive(world.put(key, b"%PDF-1.7")) == []
    assert world.items("DOCUMENT") == []


# --- faults -----------------------------------------------------------------------------------------------


def made(world: World) -> tuple[Provisioned, Any]:
    ws = billing(world)
    return ws, issued(world, ws)


def calls_of(run: Callable[[World], object]) -> list[Call]:
    with fresh_world() as world:
        made(world)
        with world.network.recording() as calls:
            run(world)
        return list(calls)


CALLS = [str(call) for call in calls_of(lambda world: world.dispatch_all())]


def attempt(run: Callable[[], bool]) -> bool:
    try:
        return run()
    except (Killed, BotoCoreError, PynamoDBException):
        return False


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(len(CALLS)), ids=CALLS)
def test_killed_anywhere_there_is_one_file(world: World, number: int, fault: Fault) -> None:
    ws, invoice = made(world)
    [message] = world.reminders.issued
    with world.network.failing(number, fault):
        attempt(lambda: world.dispatch(message) == [])
    assert world.dispatch(message) == []
    assert len(world.items("FROZEN")) == 1
    assert fetched(world, ws, link(world, ws, invoice))
    assert world.actions(ws, invoice["id"]).count("issued_document.frozen") == 1


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(6))
def test_killed_while_it_is_issued_there_is_one_number_and_one_file(
    world: World, number: int, fault: Fault
) -> None:
    ws = billing(world)
    begun = draft(world, ws)
    with world.network.failing(number, fault):
        attempt(lambda: act(world, ws, "issue", begun)["status"] == "issued")
    after = show(world, ws, begun["id"])
    if after["status"] == "draft":
        after = act(world, ws, "issue", after)
    world.dispatch_all()
    assert after["number"] == "INV-2026-00001"
    assert [item["n"]["N"] for item in world.items("SERIES")] == ["2"]
    assert len(world.items("FROZEN")) == 1
    assert link(world, ws, after)["frozen"] is True


def test_a_message_of_what_never_came_to_be_ends(world: World, ws: Provisioned) -> None:
    """It goes out before the commit, and that may fail."""
    begun = draft(world, ws)
    world.app.issued_queue.send(ws.workspace_id, begun["id"])
    world.dispatch_all()
    assert world.items("FROZEN") == []


def test_what_fails_each_time_joins_the_dead_letters_and_is_done_when_they_are_redriven(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = issued(world, ws)
    [message] = world.reminders.issued

    def broken(*_: object, **__: object) -> bytes:
        raise RuntimeError("the typesetter is broken")

    with monkeypatch.context() as patch:
        patch.setattr("sheaf.billing.rendering.pdf.render_pdf", broken)
        for world.delivery in range(1, LAST_DELIVERY + 1):
            assert world.dispatch(message) == [0]
    world.delivery = 1
    assert world.dispatch(message) == []
    assert link(world, ws, invoice)["frozen"] is True
