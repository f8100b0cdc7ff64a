"""The outbox answers as Resend does; what the application sends through it can be looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from urllib3 import PoolManager

from infra.local.http import HttpServer
from infra.local.mail import API_KEY, BODY_LIMIT, Outbox
from sheaf.accounts.mail import Mail, Message, NotSent, sign_in_mail
from sheaf.settings import Settings
from sheaf.vendors.mail import Resend
from tests.builders.world import SETTINGS
from tests.fakes.mail import FakeMail

ADA = "ada@example.com"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    server = HttpServer(Outbox(tmp_path / "mail").answer, port=0, body_limit=BODY_LIMIT)
    server.start()
    yield server.url
    server.stop()


def resend(url: str, api_key: str = API_KEY) -> Resend:
    return Resend(Settings.model_validate(SETTINGS.model_dump() | {"resend_url": url}), lambda: api_key)


def kept(url: str) -> list[dict[str, Any]]:
    return list(json.loads(PoolManager().request("GET", f"{url}/emails").data)["data"])


def message(key: str = "k1", text: str = "t") -> Message:
    return Message(to=ADA, subject="s", text=text, key=key)


@pytest.mark.parametrize("kind", ["fake", "resend"])
def test_the_same_message_twice_is_one_mail(url: str, kind: str) -> None:
    """The tests' mailbox and the real adapter keep the same promise."""
    mail: Mail = FakeMail() if kind == "fake" else resend(url)
    for key in ("k1", "k1", "k2"):
        mail.send(message(key))
    sent = len(mail.sent) if isinstance(mail, FakeMail) else len(kept(url))
    assert sent == 2


def test_a_mail_is_there_to_be_looked_at(url: str) -> None:
    resend(url).send(sign_in_mail(ADA, link="http://127.0.0.1:1/sign-in#<b>", minutes=15, key="k"))
    [mail] = kept(url)
    assert (mail["to"], mail["from"]) == ([ADA], SETTINGS.mail_from)
    page = PoolManager().request("GET", f"{url}/").data.decode()
    assert '<a href="http://127.0.0.1:1/sign-in#' in page
    assert "<b>" not in page


def test_another_mail_with_the_same_key_is_refused(url: str) -> None:
    resend(url).send(message())
    with pytest.raises(NotSent):
        resend(url).send(message(text="another"))
    assert len(kept(url)) == 1


def test_a_wrong_key_is_refused(url: str) -> None:
    with pytest.raises(NotSent):
        resend(url, "re_wrong").send(message())
    assert kept(url) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'"x"', b'{"from": "a"}'])
def test_what_is_no_mail_is_refused(url: str, body: bytes) -> None:
    headers = {"authorization": f"Bearer {API_KEY}"}
    assert PoolManager().request("POST", f"{url}/emails", body=body, headers=headers).status == 422
    assert kept(url) == []


def test_mails_are_there_after_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        server = HttpServer(Outbox(tmp_path).answer, port=0, body_limit=BODY_LIMIT)
        server.start()
        resend(server.url).send(message())
        assert len(kept(server.url)) == 1
        server.stop()
