"""What is issued is mailed once, with its PDF, and what becomes of the mail stands on it."""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException

from sheaf.access.limits import Limit
from sheaf.accounts.mail import Message
from sheaf.edge.provisioning import Provisioned
from sheaf.edge.queues import LAST_DELIVERY
from tests.builders import events, webhooks
from tests.builders.billing import BUYER, act, attempt, billing, customer, draft, issued, settings, show
from tests.builders.world import SETTINGS, Reply, World, fresh_world
from tests.component.test_issued_files import fetched, link
from tests.fakes.mail import FakeMail
from tests.fakes.network import Call, Fault, Killed

ADA = "ada@bakery.example"
LINKS = "/v1/issued-documents/{issued_id}/payment-links"
FAULTS = [Fault.UNREACHABLE, Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.ANSWERS_LOST]
_NUMBERS = count(1)


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world, reply_to="billing@acme.example")


def sendable(world: World, ws: Provisioned, kind: str = "invoice", **said: Any) -> Any:
    """Issued, and its files are made."""
    document = issued(world, ws, kind, **{"buyer": BUYER | {"email": ADA}} | said)
    world.dispatch_all()
    return document


def send(world: World, ws: Provisioned, document: Any, **body: Any) -> Any:
    """Asked for; nothing has left yet."""
    reply = attempt(world, ws, "send", document, body)
    assert reply.status == 202, reply.text
    return reply.json


def sent(world: World, ws: Provisioned, document: Any, **body: Any) -> Any:
    send(world, ws, document, **body)
    world.dispatch_all()
    return show(world, ws, document["id"])


def payment_link(world: World, ws: Provisioned, invoice: Any, **said: Any) -> Any:
    reply = world.call(ws.api_key, f"POST {LINKS}", path={"issued_id": invoice["id"]}, body=said)
    assert reply.status == 201, reply.text
    return reply.json


def tell(
    world: World, kind: str, document: Any, *, mail: int = 0, event_id: str | None = None, **more: Any
) -> None:
    """As Resend does, of one of the mails of a document."""
    about = document["mails"][mail]
    told = {
        "email_id": f"mail-{about['id']}",
        "to": [about["to"]],
        "tags": {"sheaf": about["id"], "document": document["id"]},
    }
    at = more.pop("at", world.clock.now())
    body = json.dumps({"type": kind, "created_at": at.isoformat(), "data": told | more}).encode()
    headers = webhooks.svix(body, world.clock.now(), event_id=event_id or f"msg_{next(_NUMBERS)}")
    event = events.http("POST", "/webhooks/resend", headers=headers)
    assert world.serve(event | {"body": b64encode(body).decode(), "isBase64Encoded": True}).status == 200


def react_to_all(world: World) -> None:
    while world.reminders.webhooks:
        assert world.react(world.reminders.webhooks.pop(0)) == []


def states(document: Any) -> list[str]:
    return [mail["state"] for mail in document["mails"]]


# --- a mail -----------------------------------------------------------------------------------------------


def test_an_invoice_is_mailed_to_its_customer_with_the_file_that_was_issued(
    world: World, ws: Provisioned
) -> None:
    invoice = sendable(world, ws)
    asked = send(world, ws, invoice, message="As agreed.\n\nSee you soon!", cc=["books@bakery.example"])
    assert (asked["status"], states(asked)) == ("issued", ["queued"])
    assert world.mail.sent == []
    world.dispatch_all()
    [mail] = world.mail.sent
    assert (mail.to, mail.cc) == (ADA, ("books@bakery.example",))
    assert mail.sender == "Acme GmbH via Sheaf <sheaf@sheaf.invalid>"
    assert mail.reply_to == ("billing@acme.example",)
    assert mail.subject == "Invoice INV-2026-00001 from Acme GmbH"
    assert "As agreed.\n\nSee you soon!\n\nAttached is Invoice INV-2026-00001" in mail.text
    assert "It is due on 4 December 2026." in mail.text
    [attachment] = mail.attachments
    assert attachment.filename == "INV-2026-00001.pdf"
    assert attachment.content == fetched(world, ws, link(world, ws, invoice))
    after = show(world, ws, invoice["id"])
    assert (after["status"], states(after)) == ("sent", ["sent"])
    assert after["sent_at"] is not None
    told = world.actions(ws, invoice["id"])
    assert sorted(each for each in told if each.startswith("mail.")) == ["mail.dispatched", "mail.requested"]


def test_it_can_be_sent_to_somebody_else_and_with_the_e_invoice(world: World, ws: Provisioned) -> None:
    invoice = sendable(world, ws)
    sent(world, ws, invoice, to="lawyer@example.com", attach_ubl=True)
    [mail] = world.mail.sent
    assert mail.to == "lawyer@example.com"
    assert [each.filename for each in mail.attachments] == ["INV-2026-00001.pdf", "INV-2026-00001.xml"]


def test_a_customer_who_moved_is_reached_where_they_are_now(world: World, ws: Provisioned) -> None:
    buyer = customer(world, ws, party=BUYER | {"email": "old@bakery.example"})
    invoice = sendable(world, ws, customer_id=buyer["id"], buyer=None)
    world.call(
        ws.api_key,
        "PATCH /v1/customers/{customer_id}",
        path={"customer_id": buyer["id"]},
        body={"party": buyer["party"] | {"email": ADA}},
        headers={"if-match": "*"},
    )
    sent(world, ws, invoice)
    assert [mail.to for mail in world.mail.sent] == [ADA]


@pytest.mark.parametrize(
    ("locale", "subject"),
    [
        ("de-AT", "Rechnung INV-2026-00001 von Acme GmbH"),
        ("fr", "Facture INV-2026-00001 de Acme GmbH"),
        ("es", "Factura INV-2026-00001 de Acme GmbH"),
        ("it", "Fattura INV-2026-00001 di Acme GmbH"),
        ("nl", "Factuur INV-2026-00001 van Acme GmbH"),
        ("pl", "Invoice INV-2026-00001 from Acme GmbH"),
    ],
)
def test_a_mail_speaks_the_language_of_its_document(
    world: World, ws: Provisioned, locale: str, subject: str
) -> None:
    sent(world, ws, sendable(world, ws, locale=locale))
    [mail] = world.mail.sent
    assert mail.subject == subject
    assert "{" not in mail.text


def test_one_that_is_paid_says_so_and_asks_for_nothing(world: World, ws: Provisioned) -> None:
    invoice = sendable(world, ws)
    made = payment_link(world, ws, invoice)
    paid = act(world, ws, "payments", invoice, amount="238.00", date="2026-11-19")
    sent(world, ws, paid, payment_link=made["url"])
    [mail] = world.mail.sent
    assert "It was paid on 19 November 2026. Thank you." in mail.text
    assert "due" not in mail.text
    assert "/pay/" not in mail.text + mail.html


def test_whoever_has_the_invoice_and_has_paid_it_gets_a_receipt(world: World, ws: Provisioned) -> None:
    invoice = sent(world, ws, sendable(world, ws))
    paid = act(world, ws, "payments", invoice, amount="238.00", date="2026-11-19")
    world.tick(seconds=1)
    after = sent(world, ws, paid)
    mail = world.mail.sent[-1]
    assert mail.subject == "Payment received: Invoice INV-2026-00001, Acme GmbH"
    assert "We have received your payment of 19 November 2026. Thank you." in mail.text
    assert [each["purpose"] for each in after["mails"]] == ["document", "receipt"]
    assert [each.filename for each in mail.attachments] == ["INV-2026-00001.pdf"]


def test_one_that_is_paid_in_part_says_what_is_left(world: World, ws: Provisioned) -> None:
    invoice = act(world, ws, "payments", sendable(world, ws), amount="38.00")
    link_to_pay = payment_link(world, ws, invoice)["url"]
    sent(world, ws, invoice, payment_link=link_to_pay)
    [mail] = world.mail.sent
    assert "Still open: €200.00." in mail.text
    assert f"Pay online: {link_to_pay}" in mail.text
    assert f'href="{link_to_pay}"' in mail.html


def test_where_nobody_reads_answers_the_mail_says_so(world: World) -> None:
    ws = billing(world)
    sent(world, ws, sendable(world, ws))
    [mail] = world.mail.sent
    assert mail.reply_to == ()
    assert "Replies to this address are not read." in mail.text


def test_what_people_write_is_no_markup(world: World, ws: Provisioned) -> None:
    invoice = sendable(world, ws, buyer=BUYER | {"email": ADA, "contact": "<b>Ada</b>"})
    sent(world, ws, invoice, message="<script>alert(1)</script>")
    [mail] = world.mail.sent
    assert "<script>" not in mail.html
    assert "<b>" not in mail.html
    assert "<script>alert(1)</script>" in mail.text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Evil <ceo@bank.example>, you", "Evil ceo bank.example you"),
        ('"Bank" <x@y.z>', "Bank x y.z"),
        ("Müller & Söhne", "Müller & Söhne"),
        ("株式会社", "株式会社"),
    ],
)
def test_a_name_makes_no_other_sender(world: World, ws: Provisioned, name: str, shown: str) -> None:
    settings(world, ws, mail_from_name=name)
    sent(world, ws, sendable(world, ws))
    assert world.mail.sent[0].sender == f"{shown} via Sheaf <sheaf@sheaf.invalid>"


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"to": "nobody"},
        {"to": "a@example.com\r\nBcc: b@example.com"},
        {"cc": ["a@example.com"] * 6},
        {"message": ""},
        {"message": "x" * 2001},
        {"payment_link": "https://phish.example/pay/1"},
        {"payment_link": f"{SETTINGS.origin}.evil.example/pay/1"},
        {"payment_link": f"{SETTINGS.origin}/pay/{'x' * 43}"},
        {"bcc": ["a@example.com"]},
    ],
)
def test_what_makes_no_good_mail_is_refused(world: World, ws: Provisioned, body: Any) -> None:
    invoice = sendable(world, ws)
    assert attempt(world, ws, "send", invoice, body).status == 422
    assert world.items("MAIL") == []


def test_a_mail_leads_to_its_own_document_alone_and_by_a_link_that_holds(
    world: World, ws: Provisioned
) -> None:
    invoice, other = sendable(world, ws), sendable(world, ws)
    mallory = billing(world, "Mallory")
    revoked, short = payment_link(world, ws, invoice), payment_link(world, ws, invoice, expires_in_days=1)
    path = {"issued_id": invoice["id"], "link_id": revoked["id"]}
    assert world.call(ws.api_key, f"DELETE {LINKS}/{{link_id}}", path=path).status == 204
    world.tick(days=1)
    lasting = payment_link(world, ws, invoice)
    for made in (
        revoked,
        short,
        payment_link(world, ws, other),
        payment_link(world, mallory, sendable(world, mallory)),
        {"url": lasting["url"] + "?utm=1"},
        {"url": lasting["url"].replace("/pay/", "/pay/../pay/")},
    ):
        reply = attempt(world, ws, "send", invoice, {"payment_link": made["url"]})
        assert (reply.status, reply.json["errors"][0]["field"]) == (422, "payment_link")
    assert world.items("MAIL") == []
    assert attempt(world, ws, "send", invoice, {"payment_link": lasting["url"]}).status == 202


def test_what_is_not_sent(world: World, ws: Provisioned) -> None:
    def refused(document: Any) -> str:
        reply = attempt(world, ws, "send", document, {})
        assert reply.status == 409
        return str(reply.json["code"])

    assert refused(draft(world, ws)) == "not_issued"
    assert refused(issued(world, ws, "bill")) == "not_sendable"
    assert refused(issued(world, ws)) == "recipient_missing"
    invoice = sendable(world, ws)
    assert refused(act(world, ws, "void", invoice)) == "void"
    assert world.items("MAIL") == []


def test_nobody_floods_the_world_in_our_name(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Limit("mails", 2, timedelta(hours=1))
    monkeypatch.setattr("functions.invoices.steps.MAILS_OF_CALLER", few)
    invoice = sendable(world, ws)
    replies = [attempt(world, ws, "send", invoice, {}) for _ in range(3)]
    assert [reply.status for reply in replies] == [202, 202, 429]
    assert replies[-1].headers["retry-after"] == "1800"
    assert len(world.items("MAIL")) == 2


def test_what_is_void_before_it_leaves_stays_here(world: World, ws: Provisioned) -> None:
    invoice = sendable(world, ws)
    send(world, ws, invoice)
    act(world, ws, "void", invoice)
    world.dispatch_all()
    assert world.mail.sent == []
    [mail] = show(world, ws, invoice["id"])["mails"]
    assert (mail["state"], mail["reason"]) == ("failed", "void")


def test_what_the_provider_refuses_has_failed(world: World, ws: Provisioned) -> None:
    invoice = sendable(world, ws)
    world.mail.refused.add(ADA)
    after = sent(world, ws, invoice)
    assert (after["status"], states(after)) == ("issued", ["failed"])
    world.mail.refused.clear()
    world.tick(seconds=1)
    assert states(sent(world, ws, after)) == ["failed", "sent"]


def test_asked_twice_with_one_key_it_is_one_mail(world: World, ws: Provisioned) -> None:
    invoice = sendable(world, ws)
    replies = [attempt(world, ws, "send", invoice, {}, headers={"idempotency-key": "k"}) for _ in range(2)]
    assert [reply.status for reply in replies] == [202, 202]
    world.dispatch_all()
    assert len(world.mail.sent) == 1
    assert replies[0].json["mails"][0]["id"] == replies[1].json["mails"][0]["id"]


def test_a_colleague_who_has_not_seen_that_it_was_sent_is_told(world: World, ws: Provisioned) -> None:
    invoice = sendable(world, ws)
    sent(world, ws, invoice)
    assert attempt(world, ws, "send", invoice, {}).status == 412


# --- what becomes of it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("email.delivered", "delivered"),
        ("email.delivery_delayed", "delayed"),
        ("email.bounced", "bounced"),
        ("email.suppressed", "bounced"),
        ("email.complained", "complained"),
        ("email.failed", "failed"),
    ],
)
def test_what_the_provider_tells_stands_on_the_invoice(
    world: World, ws: Provisioned, kind: str, state: str
) -> None:
    invoice = sent(world, ws, sendable(world, ws))
    world.tick(minutes=1)
    tell(world, kind, invoice)
    react_to_all(world)
    after = show(world, ws, invoice["id"])
    assert states(after) == [state]
    assert [each["state"] for each in after["mails"][0]["events"]] == ["sent", state]
    assert world.actions(ws, invoice["id"])[-1] == "mail.told"


def test_it_never_goes_back(world: World, ws: Provisioned) -> None:
    invoice = sent(world, ws, sendable(world, ws))
    for kind in ("email.bounced", "email.delivered", "email.sent", "email.delivery_delayed"):
        tell(world, kind, invoice)
    react_to_all(world)
    assert states(show(world, ws, invoice["id"])) == ["bounced"]


def test_a_bounce_says_why_and_warns_the_next_time(world: World) -> None:
    ws = billing(world)
    buyer = customer(world, ws, party=BUYER | {"email": ADA})
    invoice = sendable(world, ws, customer_id=buyer["id"], buyer=None)
    invoice = sent(world, ws, invoice)
    tell(world, "email.bounced", invoice, bounce={"message": "No such mailbox.", "type": "Permanent"})
    react_to_all(world)
    assert show(world, ws, invoice["id"])["mails"][0]["reason"] == "No such mailbox."
    shown = world.call(ws.api_key, "GET /v1/customers/{customer_id}", path={"customer_id": buyer["id"]}).json
    assert (shown["mail_trouble"]["state"], shown["mail_trouble"]["reason"]) == (
        "bounced",
        "No such mailbox.",
    )
    world.tick(hours=1)
    again = sent(
        world, ws, show(world, ws, invoice["id"]), to=ADA.upper().replace("BAKERY.EXAMPLE", "bakery.example")
    )
    assert [mail["doubtful"] for mail in again["mails"]] == [[], [again["mails"][1]["to"]]]
    tell(world, "email.delivered", again, mail=1)
    react_to_all(world)
    shown = world.call(ws.api_key, "GET /v1/customers/{customer_id}", path={"customer_id": buyer["id"]}).json
    assert shown["mail_trouble"] is None


def test_a_delivery_that_is_told_before_the_sending_is_noted(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Resend tells of a mail at the moment at which it takes it."""
    invoice = sendable(world, ws)
    asked = send(world, ws, invoice)
    take = world.mail.send

    def taken_and_told(message: Message) -> str:
        provider_id = take(message)
        tell(world, "email.delivered", asked)
        react_to_all(world)
        return provider_id

    monkeypatch.setattr(world.mail, "send", taken_and_told)
    world.dispatch_all()
    after = show(world, ws, invoice["id"])
    assert (after["status"], states(after)) == ("sent", ["delivered"])
    assert len(world.mail.sent) == 1


STORY = ["email.sent", "email.delivery_delayed", "email.delivered", "email.bounced", "email.complained"]


@pytest.mark.parametrize("seed", range(8))
def test_duplicated_and_reordered_it_is_as_if_told_once(world: World, ws: Provisioned, seed: int) -> None:
    """200 deliveries in all: five events of two mails, in any order, some of them several times."""
    first = sent(world, ws, sendable(world, ws))
    world.tick(seconds=1)
    document = sent(world, ws, first)
    began = world.clock.now()
    world.tick(hours=1)
    told = [(kind, mail, f"msg_{seed}_{STORY.index(kind)}_{mail}") for kind in STORY for mail in range(2)]
    clean = [
        {"state": state, "at": at(began, kind), "reason": None}
        for kind, state in zip(STORY, ["sent", "delayed", "delivered", "bounced", "complained"], strict=True)
    ]
    dice = random.Random(seed)  # noqa: S311  # the same in every run
    deliveries = [*told, *dice.choices(told, k=15)]
    dice.shuffle(deliveries)
    for kind, mail, event_id in deliveries:
        tell(world, kind, document, mail=mail, event_id=event_id, at=moment(began, kind))
        if dice.random() < 0.4:
            some(world, dice)
    while world.reminders.webhooks:
        some(world, dice)
    after = show(world, ws, document["id"])
    assert states(after) == ["complained", "complained"]
    for mail in after["mails"]:
        assert mail["events"][1:] == clean[1:]
    assert after["sent_at"] == first["sent_at"]
    assert after["version"] == document["version"]


def moment(began: Any, kind: str) -> Any:
    return began + timedelta(minutes=STORY.index(kind))


def at(began: Any, kind: str) -> str:
    return str(moment(began, kind).isoformat().replace("+00:00", "Z"))


def some(world: World, dice: random.Random) -> None:
    waiting = world.reminders.webhooks
    chosen = [waiting.pop(dice.randrange(len(waiting))) for _ in range(dice.randint(0, min(4, len(waiting))))]
    waiting += [chosen[at] for at in world.react(*chosen)]
    if chosen and dice.random() < 0.3:
        world.react(dice.choice(chosen))


def test_of_a_mail_that_is_none_of_ours_nothing_follows(world: World, ws: Provisioned) -> None:
    invoice = sent(world, ws, sendable(world, ws))
    for tags in (None, [], {"sheaf": invoice["mails"][0]["id"]}, {"sheaf": 1, "document": {}}):
        tell(world, "email.bounced", invoice, tags=tags)
    react_to_all(world)
    assert states(show(world, ws, invoice["id"])) == ["sent"]


def test_no_workspace_is_told_of_another_s_mail(world: World, ws: Provisioned) -> None:
    """A mail is found where its own id was claimed, whatever document an event names."""
    invoice = sent(world, ws, sendable(world, ws))
    other = billing(world, "Other", reply_to="billing@other.example")
    theirs = sent(world, other, sendable(world, other))
    tags = {"sheaf": theirs["mails"][0]["id"], "document": invoice["id"]}
    tell(world, "email.bounced", invoice, tags=tags)
    react_to_all(world)
    assert states(show(world, ws, invoice["id"])) == ["sent"]
    assert states(show(world, other, theirs["id"])) == ["sent"]


# --- faults -----------------------------------------------------------------------------------------------


class Deadly(FakeMail):
    """The process dies with the mail in the provider's hands, as often as said."""

    def __init__(self, deaths: int) -> None:
        super().__init__()
        self.deaths = deaths

    def send(self, message: Message) -> str:
        provider_id = super().send(message)
        if self.deaths:
            self.deaths -= 1
            raise Killed
        return provider_id


def prepared(world: World) -> tuple[Provisioned, Any]:
    ws = billing(world, reply_to="billing@acme.example")
    return ws, sendable(world, ws)


def queued(world: World) -> tuple[Provisioned, Any]:
    ws, invoice = prepared(world)
    send(world, ws, invoice)
    return ws, invoice


def calls_of(prepare: Callable[[World], Any], run: Callable[[World, Any], object]) -> list[str]:
    with fresh_world() as world:
        made = prepare(world)
        with world.network.recording() as calls:
            run(world, made)
        found: list[Call] = list(calls)
        return [str(call) for call in found]


def tried(run: Callable[[], bool]) -> bool:
    try:
        return run()
    except (Killed, BotoCoreError, PynamoDBException):
        return False


ASKING = calls_of(prepared, lambda world, made: send(world, *made))
HANDING_OVER = calls_of(queued, lambda world, _: world.dispatch_all())


def one_mail(world: World, ws: Provisioned, invoice: Any) -> None:
    assert len(world.mail.sent) == 1
    after = show(world, ws, invoice["id"])
    assert (after["status"], states(after)) == ("sent", ["sent"])
    assert len(world.items("FROZEN")) == 1
    told = world.actions(ws, invoice["id"])
    assert (told.count("mail.requested"), told.count("mail.dispatched")) == (1, 1)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(len(ASKING)), ids=ASKING)
def test_killed_while_it_is_asked_for_it_is_one_mail(world: World, number: int, fault: Fault) -> None:
    ws, invoice = prepared(world)

    def ask() -> Reply:
        return attempt(world, ws, "send", invoice, {}, headers={"idempotency-key": "k"})

    with world.network.failing(number, fault):
        done = tried(lambda: ask().status == 202)
    if not done:
        assert ask().status == 202
    world.dispatch_all()
    one_mail(world, ws, invoice)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(len(HANDING_OVER)), ids=HANDING_OVER)
def test_killed_while_it_is_handed_over_it_is_one_mail(world: World, number: int, fault: Fault) -> None:
    ws, invoice = queued(world)
    [message] = world.reminders.issued
    with world.network.failing(number, fault):
        tried(lambda: world.dispatch(message) == [])
    assert world.dispatch(message) == []
    one_mail(world, ws, invoice)


def deadly(world: World, deaths: int) -> FakeMail:
    world.mail = Deadly(deaths)
    object.__setattr__(world.app, "mail", world.mail)
    return world.mail


def test_killed_after_the_provider_took_it_it_is_one_mail(world: World) -> None:
    ws, invoice = queued(world)
    deadly(world, 3)
    [message] = world.reminders.issued
    while not tried(lambda: world.dispatch(message) == []):
        world.tick(minutes=6)
    one_mail(world, ws, invoice)


def test_when_nobody_knows_any_more_it_is_not_sent_again(world: World) -> None:
    """The provider forgets what it has sent after a day."""
    ws, invoice = queued(world)
    mail = deadly(world, 1)
    [message] = world.reminders.issued
    assert not tried(lambda: world.dispatch(message) == [])
    world.tick(hours=25)
    assert world.dispatch(message) == []
    assert len(mail.sent) == 1
    after = show(world, ws, invoice["id"])
    assert (after["status"], states(after)) == ("issued", ["unknown"])
    tell(world, "email.delivered", after)
    react_to_all(world)
    after = show(world, ws, invoice["id"])
    assert (after["status"], states(after)) == ("sent", ["delivered"])


def test_when_the_provider_takes_no_more_it_waits_its_turn(world: World) -> None:
    """That is no failure: many reminders at once are nobody's alarm."""
    ws, invoice = queued(world)
    world.mail.too_many = 2 * LAST_DELIVERY
    world.dispatch_all()
    one_mail(world, ws, invoice)


def test_one_that_went_out_in_other_words_is_sent(world: World) -> None:
    """A version of ours in between may write the same mail otherwise; the provider tells the two apart."""
    ws, invoice = queued(world)
    mail = deadly(world, 1)
    [message] = world.reminders.issued
    assert not tried(lambda: world.dispatch(message) == [])
    mail.sent[0] = mail.sent[0].model_copy(update={"html": "<p>as it was written before</p>"})
    assert world.dispatch(message) == []
    one_mail(world, ws, invoice)


def test_what_was_never_tried_is_sent_however_late(world: World) -> None:
    ws, invoice = queued(world)
    world.tick(days=3)
    world.dispatch_all()
    one_mail(world, ws, invoice)


def test_while_the_provider_is_down_it_waits_and_is_sent_when_it_is_back(world: World) -> None:
    ws, invoice = queued(world)
    world.mail.is_down = True
    [message] = world.reminders.issued
    for world.delivery in range(1, LAST_DELIVERY + 1):
        assert world.dispatch(message) == [0]
    assert states(show(world, ws, invoice["id"])) == ["queued"]
    world.mail.is_down, world.delivery = False, 1
    assert world.dispatch(message) == []
    one_mail(world, ws, invoice)
