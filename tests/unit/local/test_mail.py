"""The outbox answers as Resend does; what the application sends through it can be looked at."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import resend as sdk
from urllib3 import PoolManager

from infra.local.http import Request
from infra.local.mail import API_KEY, BODY_LIMIT, Outbox
from infra.local.signatures import new_secret
from infra.local.webhooks import Fault, Spoiled
from sheaf.accounts.mail import Attachment, Mail, Message, NotSent, Unmailable, sign_in_mail
from sheaf.settings import Settings
from sheaf.vendors.mail import Resend
from tests.builders.doubles import SCALE, Listener, listening, served, submit
from tests.builders.world import SETTINGS
from tests.fakes.mail import FakeMail

ADA = "ada@example.com"
SECRET = new_secret()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "mail", scale=SCALE)
    outbox.start()
    yield outbox
    outbox.stop()


@pytest.fixture
def url(outbox: Outbox) -> Iterator[str]:
    with served(outbox.answer, BODY_LIMIT) as address:
        yield address


@pytest.fixture
def listener(outbox: Outbox) -> Iterator[Listener]:
    with listening() as taking:
        outbox.listen(taking.url, SECRET)
        yield taking


def resend(url: str, api_key: str = API_KEY) -> Resend:
    return Resend(Settings.model_validate(SETTINGS.model_dump() | {"resend_url": url}), lambda: api_key)


def kept(url: str) -> list[dict[str, Any]]:
    return list(json.loads(PoolManager().request("GET", f"{url}/emails").data)["data"])


def message(key: str = "k1", text: str = "t", to: str = ADA, **more: Any) -> Message:
    return Message(to=to, subject="s", text=text, key=key, **more)


def events(outbox: Outbox, listener: Listener) -> list[Any]:
    """What was heard, each verified by the SDK as it came over the wire."""
    assert outbox.webhooks.settle()
    for request in listener.heard:
        verify(request)
    return [json.loads(request.body) for request in listener.heard]


def verify(request: Request) -> None:
    headers = {name: request.header(f"svix-{name}") for name in ("id", "timestamp", "signature")}
    sdk.Webhooks.verify(
        {"payload": request.body.decode(), "headers": headers, "webhook_secret": SECRET}  # type: ignore[typeddict-item]
    )


@pytest.mark.parametrize("kind", ["fake", "resend"])
class TestWhoeverMails:
    """The tests' mailbox and the real adapter keep the same promises."""

    @pytest.fixture
    def mail(self, url: str, kind: str) -> Mail:
        return FakeMail() if kind == "fake" else resend(url)

    def test_the_same_message_twice_is_one_mail(self, mail: Mail, url: str) -> None:
        first, again, other = (mail.send(message(key)) for key in ("k1", "k1", "k2"))
        assert first == again != other
        assert len(mail.sent if isinstance(mail, FakeMail) else kept(url)) == 2

    def test_another_mail_with_the_same_key_is_refused(self, mail: Mail) -> None:
        mail.send(message())
        with pytest.raises(Unmailable):
            mail.send(message(text="another"))

    def test_who_is_no_sender_is_refused_for_good(self, mail: Mail) -> None:
        sender = "no address"
        if isinstance(mail, FakeMail):
            mail.refused.add(sender)
        with pytest.raises(Unmailable):
            mail.send(message(sender=sender))

    def test_a_bad_day_is_not_for_good(self, mail: Mail) -> None:
        if isinstance(mail, FakeMail):
            mail.is_down = True
        else:
            mail = resend("http://127.0.0.1:9")
        with pytest.raises(NotSent) as refused:
            mail.send(message())
        assert not isinstance(refused.value, Unmailable)


def test_everything_arrives_that_was_sent(url: str) -> None:
    content = bytes(range(256)) * 40
    sent = resend(url).send(
        message(
            html="<h1>Invoice</h1><script>alert(1)</script>",
            sender="Ashdown Ltd <billing@ashdown.example>",
            reply_to=("ada@ashdown.example",),
            cc=("books@example.com",),
            attachments=(
                Attachment(filename="INV-1 é.pdf", content_type="application/pdf", content=content),
            ),
            tags={"workspace": "ws_1", "document": "inv_1"},
        )
    )
    [mail] = kept(url)
    assert mail["id"] == sent
    assert mail["from"] == "Ashdown Ltd <billing@ashdown.example>"
    assert mail["reply_to"] == ["ada@ashdown.example"]
    assert mail["cc"] == ["books@example.com"]
    assert {"name": "document", "value": "inv_1"} in mail["tags"]
    shown = PoolManager().request("GET", f"{url}/emails/{sent}/html")
    assert b"<h1>Invoice</h1>" in shown.data
    assert shown.headers["content-security-policy"].startswith("sandbox allow-popups")
    saved = PoolManager().request("GET", f"{url}/emails/{sent}/attachments/0")
    assert saved.data == content
    assert saved.headers["content-disposition"] == "attachment; filename*=UTF-8''INV-1%20%C3%A9.pdf"
    page = PoolManager().request("GET", f"{url}/").data.decode()
    assert "INV-1 é.pdf" in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (ADA, ["email.sent", "email.delivered"]),
        ("bounced@example.com", ["email.sent", "email.bounced"]),
        ("complained@example.com", ["email.sent", "email.complained"]),
        ("delayed@example.com", ["email.sent"]),
    ],
)
def test_what_becomes_of_a_mail_is_told(
    outbox: Outbox, url: str, listener: Listener, to: str, expected: list[str]
) -> None:
    sent = resend(url).send(message(to=to, tags={"document": "inv_1"}))
    resend(url).send(message(to=to, tags={"document": "inv_1"}))
    heard = events(outbox, listener)
    assert [event["type"] for event in heard] == expected
    assert {event["data"]["email_id"] for event in heard} == {sent}
    assert heard[0]["data"]["tags"] == {"document": "inv_1"}


@pytest.mark.parametrize("result", ["delivered", "bounced", "complained"])
def test_and_may_be_decided_by_hand(outbox: Outbox, url: str, listener: Listener, result: str) -> None:
    sent = resend(url).send(message(to="delayed@example.com"))
    assert submit(f"{url}/emails/{sent}/{result}").status == 303
    last = events(outbox, listener)[-1]
    assert last["type"] == f"email.{result}"
    assert ("bounce" in last["data"]) == (result == "bounced")


def test_webhooks_go_wrong_on_demand(outbox: Outbox, url: str, listener: Listener) -> None:
    outbox.webhooks.spoil(Spoiled(Fault.REORDER, types="email.sent"))
    outbox.webhooks.spoil(Spoiled(Fault.DUPLICATE, types="email.delivered"))
    resend(url).send(message())
    heard = events(outbox, listener)
    assert [event["type"] for event in heard] == ["email.delivered", "email.delivered", "email.sent"]
    assert int(listener.heard[0].header("svix-timestamp")) == pytest.approx(time.time(), abs=60)


def test_a_mail_is_there_to_be_looked_at(url: str) -> None:
    resend(url).send(sign_in_mail(ADA, link="http://127.0.0.1:1/sign-in#<b>", minutes=15, key="k"))
    [mail] = kept(url)
    assert (mail["to"], mail["from"]) == ([ADA], SETTINGS.mail_from)
    page = PoolManager().request("GET", f"{url}/").data.decode()
    assert '<a href="http://127.0.0.1:1/sign-in#' in page
    assert "<b>" not in page


def test_a_wrong_key_is_refused(url: str) -> None:
    with pytest.raises(NotSent):
        resend(url, "re_wrong").send(message())
    assert kept(url) == []


GOOD: dict[str, Any] = {"from": "a@b.example", "to": "a@b.example", "subject": "s", "text": "t"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'"x"',
        b'{"from": "a"}',
        json.dumps(GOOD | {"from": "a"}).encode(),
        json.dumps(GOOD | {"text": ""}).encode(),
        json.dumps(GOOD | {"body": "t"}).encode(),
        json.dumps(GOOD | {"tags": [{"name": "a b", "value": "c"}]}).encode(),
        json.dumps(GOOD | {"attachments": [{"filename": "f", "content": "#"}]}).encode(),
    ],
)
def test_what_is_no_mail_is_refused(url: str, body: bytes) -> None:
    headers = {"authorization": f"Bearer {API_KEY}"}
    assert PoolManager().request("POST", f"{url}/emails", body=body, headers=headers).status == 422
    assert kept(url) == []


def test_mails_are_there_after_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        outbox = Outbox(tmp_path)
        with served(outbox.answer) as url:
            resend(url).send(message())
            mails = kept(url)
        outbox.objects.close()
    assert len(mails) == 1
