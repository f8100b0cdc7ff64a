"""The client and the real handlers understand each other, route by route."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from sheaf.access.roles import Role
from sheaf.edge.provisioning import Provisioned
from sheaf_client import Client, Refused
from sheaf_client.errors import Changed, Forbidden, NotFound, Unauthenticated
from sheaf_client.files import each_read, send_file
from sheaf_client.models import (
    Action,
    Approval,
    Comment,
    CorrectionRequest,
    Format,
    NewExport,
    NewInvitation,
    NewKey,
    NewUpload,
    NewWorkspace,
    Refusal,
    ReviewSettings,
    SettingsChange,
    Source,
    Status,
    Window,
    WorkspaceChoice,
)
from sheaf_client.models import Role as ClientRole
from sheaf_client.operations import OPERATIONS
from tests.builders.client import Handlers, Session, client_of
from tests.builders.description import arguments_of
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import World

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture
def sheaf(handlers: Handlers, ws: Provisioned) -> Client:
    return client_of(handlers, ws.api_key)


def test_what_is_done_with_an_api_key(
    world: World, ws: Provisioned, handlers: Handlers, sheaf: Client
) -> None:
    upload_to_export(world, sheaf)
    everything_about_a_workspace(sheaf)


def test_what_the_client_asks_for_is_there_with_these_parameters(handlers: Handlers, sheaf: Client) -> None:
    """Made-up ids are not found, made-up values do not fit: those are answers as good as others."""
    misunderstood = []
    for route, name in OPERATIONS.items():
        group, _, operation = name.partition(".")
        method = getattr(getattr(sheaf, group), operation)
        try:
            method(**arguments_of(method))
        except Refused as refusal:
            if refusal.code == "unknown_parameter":
                misunderstood.append(route)
    assert misunderstood == []
    assert set(handlers.called) == set(OPERATIONS)


def upload_to_export(world: World, sheaf: Client) -> None:
    new = NewUpload(filename="a.pdf", content_type="application/pdf", size=5)
    announced = sheaf.uploads.create(new)
    assert sheaf.documents.get(announced.document_id).status is Status.AWAITING_UPLOAD
    sheaf.documents.delete(announced.document_id)
    with pytest.raises(NotFound):
        sheaf.documents.get(announced.document_id)

    sent = send_file(sheaf, SAMPLES / "be-printer-ubl.xml")
    other = send_file(sheaf, SAMPLES / "de-landscaping-cii.xml")
    read = {each.id: each for each in each_read(sheaf, [sent.document_id, other.document_id])}
    first, second = read[sent.document_id], read[other.document_id]
    assert (first.status, second.status) == (Status.READY, Status.READY)
    assert first.summary.total == "7801.53"
    world.settle()
    filters = {"supplier": "Drukkerij Zilverberk BV", "amount_from": Decimal("7801.53"), "currency": "EUR"}
    assert [each.id for each in sheaf.documents.each(**filters)] == [first.id]  # type: ignore[arg-type]
    assert {each.id for each in sheaf.review.each(limit=1)} == {first.id, second.id}

    sheaf.documents.claim(first.id)
    sheaf.documents.release(first.id)
    sheaf.documents.get(first.id)
    corrected = sheaf.documents.correct(first.id, CorrectionRequest(fields={"purchase_order": "PO-1"}))
    assert corrected.reading is not None
    assert corrected.reading.fields["purchase_order"].source is Source.PERSON
    assert sheaf.documents.approve(first.id, Approval(accept=[])).status is Status.APPROVED
    assert sheaf.documents.reopen(first.id).status is Status.READY
    sheaf.documents.comment(first.id, Comment(text="Fine."))
    assert sheaf.documents.approve(first.id).status is Status.APPROVED
    sheaf.documents.get(second.id)
    assert sheaf.documents.reject(second.id, Refusal(reason="Not ours")).status is Status.REJECTED
    world.settle()
    told = list(sheaf.documents.each_history(first.id, limit=2))
    assert [event.text for event in told if event.text] == ["Fine."]
    assert "AWS" in sheaf.documents.file(first.id).url or "Signature" in sheaf.documents.file(first.id).url

    made = sheaf.exports.create(NewExport(format=Format.CSV))
    world.export_all()
    done = sheaf.exports.get(made.id)
    assert (done.state, done.documents) == ("done", 1)
    assert sheaf.exports.link(made.id).filename == done.filename
    again = sheaf.exports.repeat(made.id)
    world.export_all()
    assert [each.sha256 for each in sheaf.exports.each()] == [done.sha256, done.sha256]
    sheaf.exports.delete(again.id)


def everything_about_a_workspace(sheaf: Client) -> None:
    assert sheaf.settings.update(SettingsChange(retention=Window.FOR_3Y)) == sheaf.settings.get()
    assert sheaf.settings.set_review(ReviewSettings()) == sheaf.settings.review()
    name = sheaf.workspace.get().name
    assert sheaf.workspace.update(NewWorkspace(name=f"{name} Ltd")).name == f"{name} Ltd"
    entries = list(sheaf.audit_events.each(action=Action.SETTINGS_CHANGED))
    assert [entry.action for entry in entries] == [Action.SETTINGS_CHANGED]
    assert Action.SETTINGS_CHANGED in sheaf.audit_events.csv()
    assert list(sheaf.deletion_certificates.each()) == []
    assert [key.display for key in sheaf.api_keys.each()]
    assert list(sheaf.members.each()) == []


def test_what_a_person_may_do(world: World, ws: Provisioned, handlers: Handlers) -> None:
    user = world.person("ada@example.test", (ws.workspace_id, Role.OWNER))
    sheaf = client_of(handlers, Session(world.sign_in(user, ws.workspace_id)))
    assert sheaf.me.get().email == "ada@example.test"
    assert [each.user_id for each in sheaf.members.each()] == [user]
    made = sheaf.api_keys.create(NewKey(name="ci", role=ClientRole.MEMBER))
    assert client_of(handlers, made.secret or "").workspace.get().id == ws.workspace_id
    sheaf.api_keys.delete(made.id)
    with pytest.raises(Unauthenticated):
        client_of(handlers, made.secret or "").workspace.get()
    invited = sheaf.invitations.create(NewInvitation(email="bob@example.com", role=ClientRole.MEMBER))
    sheaf.invitations.delete(invited.id)
    place = sheaf.workspaces.create(NewWorkspace(name="Mine"))
    assert sheaf.session.set_workspace(WorkspaceChoice(workspace_id=place.id)).id == place.id
    assert len(sheaf.sessions.list().items) == 1
    sheaf.session.delete()
    with pytest.raises(Unauthenticated):
        sheaf.me.get()


def test_nobodys_work_is_lost(world: World, ws: Provisioned, handlers: Handlers, sheaf: Client) -> None:
    document_id = world.read(ws, text_pdf(["a"]), acme(), "a.pdf")
    other = client_of(handlers, world.key(ws.workspace_id, Role.MEMBER))
    for client in (sheaf, other):
        client.documents.get(document_id)
    sheaf.documents.correct(document_id, CorrectionRequest(fields={"invoice_number": "1"}))
    with pytest.raises(Changed) as raised:
        other.documents.correct(document_id, CorrectionRequest(fields={"invoice_number": "2"}))
    assert raised.value.code == "changed_meanwhile"
    other.documents.get(document_id)
    other.documents.correct(document_id, CorrectionRequest(fields={"invoice_number": "2"}))


def test_refusals_come_with_their_codes(world: World, ws: Provisioned, handlers: Handlers) -> None:
    reader = client_of(handlers, world.key(ws.workspace_id, Role.READ_ONLY))
    with pytest.raises(Forbidden):
        reader.uploads.create(NewUpload(filename="a.pdf", content_type="application/pdf", size=5))
    with pytest.raises(Refused) as raised:
        client_of(handlers, ws.api_key).uploads.create(
            NewUpload(filename="a.exe", content_type="application/octet-stream", size=5)
        )
    assert raised.value.code == "file_type_unsupported"
    assert raised.value.errors[0]["field"] == "content_type"
