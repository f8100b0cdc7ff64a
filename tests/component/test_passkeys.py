"""Passkeys: added by whoever is signed in, and then enough to sign in; and all that may be wrong with one."""

from __future__ import annotations

import copy
from typing import Any

import pyotp
import pytest
from webauthn.helpers import bytes_to_base64url

from sheaf.access.actor import Origin
from sheaf.access.challenges import COOKIE as CHALLENGE
from sheaf.access.challenges import LIFETIME, Challenge, derived
from sheaf.access.tokens import SESSION_COOKIE, digest_of, new_token
from sheaf.storage.transactions import transact
from tests.builders.browser import Browser
from tests.builders.sign_in import SEALING_KEYS, configured
from tests.builders.world import SETTINGS, Reply, World
from tests.fakes.authenticator import PRESENT, VERIFIED, Authenticator

HOST = "sheaf.invalid"


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(origin=SETTINGS.origin, host=HOST)


@pytest.fixture
def ada(world: World) -> Browser:
    configured(world, sealing_keys=SEALING_KEYS)
    browser = Browser(world)
    browser.sign_in("ada@example.com")
    return browser


def options(browser: Browser, route: str = "POST /v1/sign-in/passkey/options") -> dict[str, Any]:
    reply = browser(route)
    assert reply.status == 200, reply.text
    return dict(reply.json["options"])


def add(browser: Browser, device: Authenticator, name: str = "Laptop") -> Reply:
    asked = options(browser, "POST /v1/me/passkeys/options")
    return browser("POST /v1/me/passkeys", body={"name": name, "credential": device.create(asked)})


def enter(browser: Browser, device: Authenticator) -> Reply:
    return browser("POST /v1/sign-in/passkey", body={"credential": device.get(options(browser))})


def refused(reply: Reply, code: str = "passkey_refused") -> bool:
    return (reply.status, reply.json["code"], SESSION_COOKIE in reply.cookies) == (401, code, False)


@pytest.mark.parametrize("counts", [True, False], ids=["counting", "synced"])
def test_a_passkey_signs_in_and_asks_for_nothing_else(
    world: World, ada: Browser, device: Authenticator, counts: bool
) -> None:
    device.counts = counts
    assert add(ada, device).status == 201
    for _ in range(2):
        browser = Browser(world)
        assert enter(browser, device).json["awaits_second_factor"] is False
        assert browser("GET /v1/me").json["email"] == "ada@example.com"
        [session] = [each for each in browser("GET /v1/sessions").json["items"] if each["current"]]
        assert session["factors"] == ["passkey"]


def test_what_is_asked_of_a_device(ada: Browser, device: Authenticator) -> None:
    add(ada, device)
    asked = options(ada, "POST /v1/me/passkeys/options")
    assert asked["rp"]["id"] == HOST
    wanted = asked["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")
    assert [known["id"] for known in asked["excludeCredentials"]] == [
        bytes_to_base64url(device.credentials[0].id)
    ]
    asked = options(ada)
    assert (asked["userVerification"], asked["allowCredentials"]) == ("required", [])


def test_a_copied_key_is_found_out_by_its_count(world: World, ada: Browser, device: Authenticator) -> None:
    add(ada, device)
    assert enter(Browser(world), device).status == 200
    device.credentials[0].count -= 1
    assert refused(enter(Browser(world), device))


def test_two_devices_with_one_key_do_not_both_get_in(
    world: World, ada: Browser, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both count on from the same number; the second transaction meets what the first has written."""
    add(ada, device)
    count = device.credentials[0].count

    def after_the_first(connection: Any, writes: Any) -> None:
        monkeypatch.undo()
        device.credentials[0].count = count
        assert enter(Browser(world), device).status == 200
        transact(connection, writes)

    browser = Browser(world)
    answer = device.get(options(browser))
    monkeypatch.setattr("sheaf.storage.visit.transact", after_the_first)
    reply = browser("POST /v1/sign-in/passkey", body={"credential": answer})
    assert (reply.status, reply.json["code"], reply.cookies) == (409, "conflict", {})


class TestChallenge:
    def test_it_is_good_once(self, world: World, ada: Browser, device: Authenticator) -> None:
        add(ada, device)
        browser = Browser(world)
        asked, cookies = options(browser), dict(browser.cookies)
        body = {"credential": device.get(asked)}
        assert browser("POST /v1/sign-in/passkey", body=body).status == 200
        again = Browser(world, cookies)
        assert refused(again("POST /v1/sign-in/passkey", body=body), "challenge_gone")
        assert refused(
            again("POST /v1/sign-in/passkey", body={"credential": device.get(asked)}), "challenge_gone"
        )

    def test_a_wrong_answer_uses_it_up(self, world: World, ada: Browser, device: Authenticator) -> None:
        add(ada, device)
        browser = Browser(world)
        asked = options(browser)
        assert refused(browser("POST /v1/sign-in/passkey", body={"credential": {}}))
        good = {"credential": device.get(asked)}
        assert refused(browser("POST /v1/sign-in/passkey", body=good), "challenge_gone")

    def test_it_is_for_one_browser(self, world: World, ada: Browser, device: Authenticator) -> None:
        add(ada, device)
        asked = options(Browser(world))
        other = Browser(world)
        options(other)
        assert refused(other("POST /v1/sign-in/passkey", body={"credential": device.get(asked)}))

    def test_it_runs_out(self, world: World, ada: Browser, device: Authenticator) -> None:
        add(ada, device)
        browser = Browser(world)
        body = {"credential": device.get(options(browser))}
        world.tick(minutes=10)
        assert refused(browser("POST /v1/sign-in/passkey", body=body), "challenge_gone")

    def test_it_is_for_one_purpose_and_one_person(
        self, world: World, ada: Browser, device: Authenticator
    ) -> None:
        asked = options(ada, "POST /v1/me/passkeys/options")
        eve = Browser(world)
        eve.sign_in("eve@example.com")
        eve.cookies[CHALLENGE] = ada.cookies[CHALLENGE]
        body = {"credential": device.create(asked)}
        assert refused(eve("POST /v1/me/passkeys", body=body), "challenge_gone")
        asked = options(ada)
        body = {"credential": device.create({**asked, "user": {"id": "dXNy"}})}
        assert refused(ada("POST /v1/me/passkeys", body=body), "challenge_gone")

    def test_the_table_does_not_hold_it(self, world: World, ada: Browser) -> None:
        asked = options(ada)
        kept = str(world.items(table=SETTINGS.directory_table))
        assert asked["challenge"] not in kept
        assert ada.cookies[CHALLENGE] not in kept


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.test"},
        {"origin": "http://sheaf.invalid"},
        {"origin": f"{SETTINGS.origin}.evil.test"},
        {"host": "evil.test"},
        {"host": "invalid"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"flags": 0},
    ],
    ids=str,
)
def test_another_site_and_nobody_there_are_refused(
    world: World, ada: Browser, device: Authenticator, wrong: dict[str, Any]
) -> None:
    elsewhere = Authenticator(**{"origin": SETTINGS.origin, "host": HOST} | wrong)
    assert refused(add(ada, elsewhere))
    add(ada, device)
    elsewhere.credentials = device.credentials
    assert refused(enter(Browser(world), elsewhere))


def test_whose_it_is_and_which_it_is_must_agree(world: World, ada: Browser, device: Authenticator) -> None:
    add(ada, device)
    eve, eves = Browser(world), Authenticator(origin=SETTINGS.origin, host=HOST)
    eve.sign_in("eve@example.com")
    add(eve, eves)
    ours, theirs = device.credentials[0], eves.credentials[0]
    for change in (
        {"user_handle": ours.user_handle},
        {"id": ours.id},
        {"id": ours.id, "user_handle": ours.user_handle},
        {"user_handle": b""},
        {"user_handle": b"\xff"},
        {"id": b"x"},
    ):
        forged = copy.copy(theirs)
        for name, value in change.items():
            setattr(forged, name, value)
        browser = Browser(world)
        answer = eves.get(options(browser), forged)
        assert refused(browser("POST /v1/sign-in/passkey", body={"credential": answer})), change


def test_what_cannot_be_parsed_is_refused_like_a_wrong_signature(
    world: World, ada: Browser, device: Authenticator
) -> None:
    add(ada, device)
    for name in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        for value in ("", "AA", "A", "____", "\x00", None, 1, [], {}, "oWE", "W1tb" * 50_000):
            browser = Browser(world)
            world.tick(minutes=1)
            answer = device.get(options(browser))
            answer["response"][name] = value
            assert refused(browser("POST /v1/sign-in/passkey", body={"credential": answer})), (name, value)
    for name in ("clientDataJSON", "attestationObject"):
        for value in ("", "AA", "A", None, 1, "oWE", "oWNmbXRkbm9uZQ", "W1tb" * 50_000, "gYGB" * 50_000):
            world.tick(minutes=1)
            ada.sign_in("ada@example.com")
            answer = device.create(options(ada, "POST /v1/me/passkeys/options"))
            answer["response"][name] = value
            assert refused(ada("POST /v1/me/passkeys", body={"credential": answer})), (name, value)


class TestOwn:
    def test_they_are_listed_named_and_deleted(
        self, world: World, ada: Browser, device: Authenticator
    ) -> None:
        made = add(ada, device).json
        path = {"passkey_id": made["id"]}
        enter(Browser(world), device)
        renamed = ada("PATCH /v1/me/passkeys/{passkey_id}", path=path, body={"name": " Phone "})
        assert renamed.json["name"] == "Phone"
        [listed] = ada("GET /v1/me/passkeys").json["items"]
        assert (listed["name"], listed["used_at"]) == ("Phone", "2026-11-20T09:30:00Z")
        assert ada("DELETE /v1/me/passkeys/{passkey_id}", path=path).status == 204
        assert ada("GET /v1/me/passkeys").json["items"] == []
        assert refused(enter(Browser(world), device))

    @pytest.mark.parametrize("name", ["Lap\ntop", "\u202epotpaL", "\u200b", " ", "x" * 101])
    def test_a_name_that_is_not_what_it_looks_like_is_refused(
        self, ada: Browser, device: Authenticator, name: str
    ) -> None:
        path = {"passkey_id": add(ada, device).json["id"]}
        assert add(ada, device, name).status == 422
        assert ada("PATCH /v1/me/passkeys/{passkey_id}", path=path, body={"name": name}).status == 422

    def test_nobody_touches_somebody_elses(self, world: World, ada: Browser, device: Authenticator) -> None:
        path = {"passkey_id": add(ada, device).json["id"]}
        eve = Browser(world)
        eve.sign_in("eve@example.com")
        assert eve("PATCH /v1/me/passkeys/{passkey_id}", path=path, body={"name": "x"}).status == 404
        assert eve("DELETE /v1/me/passkeys/{passkey_id}", path=path).status == 404
        assert len(ada("GET /v1/me/passkeys").json["items"]) == 1

    def test_there_are_ten_at_most(self, ada: Browser, device: Authenticator) -> None:
        for _ in range(10):
            assert add(ada, device).status == 201
        assert add(ada, device).json["code"] == "too_many_passkeys"

    def test_adding_one_asks_who_one_is(self, world: World, ada: Browser, device: Authenticator) -> None:
        world.tick(minutes=11)
        reply = ada("POST /v1/me/passkeys/options")
        assert (reply.status, reply.json["code"]) == (403, "step_up_required")

    def test_a_passkey_shows_once_more_who_one_is(
        self, world: World, ada: Browser, device: Authenticator
    ) -> None:
        add(ada, device)
        world.tick(minutes=11)
        body = {"credential": device.get(options(ada))}
        assert ada("POST /v1/session/step-up", body=body).status == 200
        assert ada("POST /v1/me/passkeys/options").status == 200

    def test_somebody_elses_passkey_shows_nothing(
        self, world: World, ada: Browser, device: Authenticator
    ) -> None:
        add(ada, device)
        eve = Browser(world)
        eve.sign_in("eve@example.com")
        body = {"credential": device.get(options(eve))}
        reply = eve("POST /v1/session/step-up", body=body)
        assert (reply.status, reply.json["code"]) == (403, "passkey_not_yours")


def test_a_second_factor_is_not_asked_for_after_a_passkey(
    world: World, ada: Browser, device: Authenticator
) -> None:
    """It is two factors: the device, and what unlocks it."""
    add(ada, device)
    secret = ada("POST /v1/me/totp").json["secret"]
    code = pyotp.TOTP(secret).at(world.clock.at)
    assert ada("POST /v1/me/totp/confirm", body={"code": code}).status == 200
    assert Browser(world).sign_in("ada@example.com").json["awaits_second_factor"] is True
    assert enter(Browser(world), device).json["awaits_second_factor"] is False


def test_what_was_begun_for_something_else_is_no_challenge(
    world: World, ada: Browser, device: Authenticator
) -> None:
    add(ada, device)
    token, visit = new_token(), world.app.visit(Origin(), None)
    trip = Challenge(digest=digest_of(token), purpose="/v1/sign-in google", ends_at=world.clock.at + LIFETIME)
    visit.credentials.add_challenge(trip)
    visit.commit()
    asked = {"challenge": derived(token, "challenge")}
    browser = Browser(world, {CHALLENGE: token})
    reply = browser("POST /v1/sign-in/passkey", body={"credential": device.get(asked)})
    assert refused(reply, "challenge_gone")
