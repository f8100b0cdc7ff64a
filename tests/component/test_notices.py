"""What people are told by mail: who hears of what, what is in it, and what holds when no mail goes out."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest

from infra.local.openid_tokens import Account
from sheaf.access.roles import Role
from sheaf.accounts.mail import Message
from sheaf.accounts.notices import ABOUT_ACCOUNT, News, Occasion, notice
from tests.builders.browser import Browser
from tests.builders.sign_in import SEALING_KEYS, configured, serving_provider
from tests.builders.world import NOW, SETTINGS, World
from tests.fakes.authenticator import Authenticator

ADA, BOB = "ada@example.com", "bob@example.com"
PLACE = "203.0.113.7"


class People:
    """Ada owns Acme, Bob is a member of it; both have just signed in."""

    def __init__(self, world: World) -> None:
        self.world = world
        configured(world, sealing_keys=SEALING_KEYS)
        self.ada, self.bob = Browser(world), Browser(world)
        self.ada.sign_in(ADA)
        self.ada("POST /v1/workspaces", body={"name": "Acme"})
        self.bob.sign_in(BOB)
        self.ada("POST /v1/invitations", body={"email": BOB, "role": "member"})
        self.bob("POST /v1/invitations/accept", body={"token": world.mail.latest_token(BOB)})
        self.bob_id = {"user_id": str(self.bob("GET /v1/me").json["id"])}

    def news(self, act: Any) -> list[tuple[str, str]]:
        """To whom, and under which subject, mails went out for it."""
        before = len(self.world.mail.sent)
        act()
        return [(mail.to, mail.subject) for mail in self.world.mail.sent[before:]]

    @property
    def latest(self) -> Message:
        return self.world.mail.sent[-1]


@pytest.fixture
def people(world: World) -> People:
    return People(world)


def good(reply: Any) -> Any:
    assert reply.status < 300, reply.text
    return reply


class TestOnesAccount:
    def test_a_second_factor(self, people: People) -> None:
        ada = people.ada

        def add() -> None:
            secret = good(ada("POST /v1/me/totp")).json["secret"]
            code = pyotp.TOTP(secret).at(people.world.clock.at)
            good(ada("POST /v1/me/totp/confirm", body={"code": code}))

        assert people.news(add) == [(ADA, "A second factor was added to your account")]
        assert people.news(lambda: good(ada("POST /v1/me/recovery-codes"))) == [
            (ADA, "You have new recovery codes")
        ]
        assert people.news(lambda: good(ada("DELETE /v1/me/totp"))) == [
            (ADA, "The second factor was taken off your account")
        ]

    def test_a_passkey(self, people: People) -> None:
        ada, device = people.ada, Authenticator(origin=SETTINGS.origin, host="sheaf.invalid")
        asked = good(ada("POST /v1/me/passkeys/options")).json["options"]
        body = {"name": "Laptop", "credential": device.create(asked)}
        assert people.news(lambda: good(ada("POST /v1/me/passkeys", body=body))) == [
            (ADA, "A passkey was added to your account")
        ]
        assert "“Laptop”" in people.latest.text
        [passkey] = ada("GET /v1/me/passkeys").json["items"]
        path = {"passkey_id": passkey["id"]}
        assert people.news(lambda: good(ada("DELETE /v1/me/passkeys/{passkey_id}", path=path))) == [
            (ADA, "A passkey was taken off your account")
        ]

    def test_it_says_when_from_where_and_where_to_look(self, people: People) -> None:
        people.ada("POST /v1/api-keys", body={"name": "ci", "role": "read-only"})
        assert people.latest.text == (
            f"The API key “ci”, which begins with {display(people)}, works in Acme with the role read-only."
            "\n\n"
            f"This was on 20 November 2026, 09:30 UTC, from {PLACE}.\n\n"
            "If it was not you, sign in and end your other sessions:\nhttps://sheaf.invalid/account\n"
        )


def display(people: People) -> str:
    return str(people.ada("GET /v1/api-keys").json["items"][0]["display"])


class TestOnesPlace:
    def test_coming_and_going(self, people: People) -> None:
        assert (people.latest.to, people.latest.subject) == (BOB, "You are a member of Acme")
        assert people.news(lambda: good(people.bob("DELETE /v1/membership"))) == [(BOB, "You have left Acme")]

    def test_being_taken_out_does_not_tell_where_the_other_sits(self, people: People) -> None:
        assert people.news(lambda: good(people.ada("DELETE /v1/members/{user_id}", path=people.bob_id))) == [
            (BOB, "You were taken out of Acme")
        ]
        assert PLACE not in people.latest.text

    def test_another_role(self, people: People) -> None:
        request: dict[str, Any] = {"path": people.bob_id, "body": {"role": "admin"}}
        assert people.news(lambda: good(people.ada("PATCH /v1/members/{user_id}", **request))) == [
            (BOB, "Your role in Acme is another one")
        ]
        assert "is admin now" in people.latest.text
        assert people.news(lambda: good(people.ada("PATCH /v1/members/{user_id}", **request))) == []

    def test_another_owner(self, people: People) -> None:
        assert people.news(lambda: good(people.ada("PUT /v1/workspace/owner", body=people.bob_id))) == [
            (BOB, "You own Acme now"),
            (ADA, "You handed Acme over"),
        ]

    def test_all_owners_hear_that_it_will_be_deleted_or_not(self, people: People) -> None:
        request: dict[str, Any] = {"path": people.bob_id, "body": {"role": "owner"}}
        good(people.ada("PATCH /v1/members/{user_id}", **request))
        carol = people.world.person("carol@example.com", (workspace_id(people), Role.ADMIN))
        closing = people.news(lambda: good(people.ada("PUT /v1/workspace/closing", body={"now": False})))
        assert sorted(closing) == [(ADA, "Acme will be deleted"), (BOB, "Acme will be deleted")], carol
        assert "Until 27 November 2026, 09:30 UTC, an owner may keep it" in people.latest.text
        kept = people.news(lambda: good(people.bob("DELETE /v1/workspace/closing")))
        assert sorted(kept) == [(ADA, "Acme is kept"), (BOB, "Acme is kept")]
        gone = people.news(lambda: good(people.ada("PUT /v1/workspace/closing", body={"now": True})))
        assert sorted(gone) == [(ADA, "Acme is being deleted"), (BOB, "Acme is being deleted")]


def workspace_id(people: People) -> str:
    return str(people.ada("GET /v1/workspace").json["id"])


def test_what_was_refused_is_not_told(people: People) -> None:
    path = {"path": people.bob_id, "body": {"role": "owner"}}
    assert people.news(lambda: people.bob("PATCH /v1/members/{user_id}", **path)) == []
    assert people.news(lambda: people.ada("DELETE /v1/me/totp")) == []


def test_what_was_done_stays_done_when_no_mail_goes_out(people: People) -> None:
    people.world.mail.is_down = True
    assert people.ada("DELETE /v1/members/{user_id}", path=people.bob_id).status == 204
    assert len(people.ada("GET /v1/members").json["items"]) == 1
    assert people.ada("POST /v1/api-keys", body={"name": "ci"}).json["secret"]


def test_the_same_request_again_mails_nothing_again(people: People) -> None:
    request: dict[str, Any] = {"body": {"name": "ci"}, "headers": {"idempotency-key": "once"}}
    for _ in range(2):
        good(people.ada("POST /v1/api-keys", **request))
    assert len([mail for mail in people.world.mail.sent if "API key" in mail.subject]) == 1


FACTS = {name: f"<{name}>" for name in ("name", "provider", "workspace", "role", "display", "other", "when")}


@pytest.mark.parametrize("news", News, ids=lambda news: news.name)
def test_a_notice_is_plain_short_and_acts_on_nothing(news: News) -> None:
    made = notice(news, ADA, Occasion("req", NOW, PLACE, "https://sheaf.invalid"), **FACTS)
    assert re.findall(r"https?://\S+", made.text) == ["https://sheaf.invalid/account"]
    assert "{" not in made.subject + made.text
    assert len(made.subject) < 60
    assert len(made.text) < 500
    assert (PLACE in made.text) == (news in ABOUT_ACCOUNT)
    assert len(made.key) <= 256


def test_each_request_each_person_and_each_news_is_a_mail_of_its_own() -> None:
    keys = {
        notice(news, to, Occasion(request, NOW, None, ""), **FACTS).key
        for news in (News.LEFT, News.REMOVED)
        for to in (ADA, "x" * 320)
        for request in ("one", "two")
    }
    assert len(keys) == 8
    assert max(map(len, keys)) <= 256


def test_linking_a_provider_is_told(people: People) -> None:
    world, ada = people.world, people.ada
    with serving_provider(world) as provider:
        configured(world, sealing_keys=SEALING_KEYS, openid_clients=provider.clients())
        path = {"provider": "google"}
        way = good(ada("POST /v1/me/identities/{provider}", path=path)).json["url"]
        query = provider.authorize(way, Account("ada@gmail.example"))
        route = "GET /v1/me/identities/{provider}/callback"
        assert people.news(lambda: ada(route, path=path, query=query)) == [
            (ADA, "Google signs in to your account")
        ]
        assert people.news(lambda: good(ada("DELETE /v1/me/identities/{provider}", path=path))) == [
            (ADA, "Google does not sign in to your account any more")
        ]
