"""A workspace from its first invitation to its erasure: where addresses and secrets of its people turn up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from sheaf.access.roles import Role
from tests.builders.browser import Browser
from tests.builders.expense import answer
from tests.builders.files import text_pdf
from tests.builders.world import SETTINGS, World, fresh_world
from tests.security.test_secrets import captured

ADA, BOB, EVE = (f"{name}.quarrelsome@example.com" for name in ("ada", "bob", "eve"))
VENDOR, TOTAL, NUMBER = "Velvetworth Ltd", "8713.42", "QX-55120"
WHERE_PEOPLE_ARE = {"USER", "MEMBER", "INVITATION"}
INVITE, ACCEPT = "POST /v1/invitations", "POST /v1/invitations/accept"


@dataclass
class Life:
    """What the tables held before the workspace was closed, while it waited, and in the end."""

    secrets: list[str] = field(default_factory=list)
    open: list[Any] = field(default_factory=list)
    closing: list[Any] = field(default_factory=list)
    erased: list[Any] = field(default_factory=list)
    workspace_id: str = ""
    said: str = ""
    mailed: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def life() -> Iterator[Life]:
    with fresh_world() as world, captured() as (log, printed):
        yield lived(world, Life(), lambda: f"{log.getvalue()}\n{printed.getvalue()}")


def lived(world: World, life: Life, said: Any) -> Life:
    ws = world.workspace()
    life.workspace_id = ws.workspace_id
    world.read(
        ws, text_pdf(["a"]), answer(VENDOR_NAME=VENDOR, INVOICE_RECEIPT_ID=NUMBER, TOTAL=f"USD {TOTAL}")
    )
    world.person(ADA, (ws.workspace_id, Role.OWNER))
    ada, bob, eve = (signed_in(world, life, email) for email in (ADA, BOB, EVE))
    for email in (BOB, EVE):
        assert ada(INVITE, body={"email": email, "role": "admin"}).status == 201
        life.secrets.append(world.mail.latest_token(email))
    theirs = {"token": life.secrets[-2]}
    for browser in (eve, bob, bob):
        browser(ACCEPT, body=theirs)
    made = bob("POST /v1/api-keys", body={"name": "a key", "role": "member"}).json
    life.secrets.append(made["secret"])
    ada("DELETE /v1/api-keys/{key_id}", path={"key_id": made["id"]})
    world.call(made["secret"], "GET /v1/documents")
    life.open = everything(world)
    assert ada("PUT /v1/workspace/closing", body={"now": True}).status == 200
    life.closing = everything(world)
    world.tick(seconds=1)
    world.erase_workspaces()
    world.tick(hours=2)
    assert world.erase_workspaces() == {"erased": 1, "waiting": 0}
    life.erased, life.said = everything(world), said()
    life.mailed = [message.to for message in world.mail.sent if "erased" in message.subject]
    return life


def signed_in(world: World, life: Life, email: str) -> Browser:
    browser = Browser(world)
    assert browser.sign_in(email).status == 200
    life.secrets += [world.mail.latest_token(email), str(browser.session)]
    return browser


def everything(world: World) -> list[Any]:
    return [*world.items(), *world.items(table=SETTINGS.directory_table)]


def kinds_naming(items: list[Any], *texts: str) -> set[str]:
    return {kind_of(item) for item in items if any(text in str(item) for text in texts)}


def kind_of(item: Any) -> str:
    """The last word of its key in capitals: ``USER#usr_…`` / ``MEMBER#wrk_…`` is a MEMBER."""
    words = f"{item['pk']['S']}#{item['sk']['S']}".split("#")
    return [word for word in words if word.isalpha() and word.isupper()][-1]


def test_addresses_are_kept_where_people_are_and_nowhere_else(life: Life) -> None:
    assert kinds_naming(life.open, ADA, BOB, EVE) == WHERE_PEOPLE_ARE


def test_whom_to_tell_of_an_erasure_is_known_only_while_it_is_planned(life: Life) -> None:
    assert "ERASURE" in kinds_naming(life.closing, ADA)
    assert kinds_naming(life.closing, ADA, BOB, EVE) <= WHERE_PEOPLE_ARE | {"ERASURE"}
    assert life.mailed == [ADA]
    assert kinds_naming(life.erased, ADA, BOB, EVE) == {"USER"}


def test_what_an_invoice_says_is_kept_in_its_document_and_reading_alone(life: Life) -> None:
    assert kinds_naming(life.open, VENDOR, TOTAL, NUMBER) <= {"DOCUMENT", "READING"}
    assert kinds_naming(life.erased, VENDOR, TOTAL, NUMBER) == set()


def test_no_secret_is_kept_at_any_time(life: Life) -> None:
    assert len(life.secrets) == 9
    for items in (life.open, life.closing, life.erased):
        kept = str(items)
        assert [secret for secret in life.secrets if secret in kept] == []


def test_the_log_names_no_secret_no_person_and_no_invoice(life: Life) -> None:
    assert "refused" in life.said
    for told in (*life.secrets, "quarrelsome", VENDOR, TOTAL, NUMBER, "203.0.113"):
        assert told not in life.said
