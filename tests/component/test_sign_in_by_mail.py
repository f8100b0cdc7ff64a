"""Signing in by a mailed link: who gets in, once, and what a stranger learns by asking."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.access.limits import SIGN_IN_FROM_PLACE
from sheaf.access.roles import Role
from sheaf.access.tokens import SESSION_COOKIE
from tests.builders.browser import Browser
from tests.builders.world import SETTINGS, Reply, World

ADA = "ada@example.com"


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world)


def ask(browser: Browser, email: str = ADA) -> str:
    """The token that was mailed."""
    assert browser("POST /v1/sign-in/email", body={"email": email}).status == 202
    return browser.world.mail.latest_token(email)


def confirm(browser: Browser, token: str) -> Reply:
    return browser("POST /v1/sign-in/email/confirm", body={"token": token})


def gone(reply: Reply) -> bool:
    return (reply.status, reply.json["code"], reply.cookies) == (410, "link_gone", {})


def test_a_new_address_becomes_an_account(browser: Browser) -> None:
    reply = confirm(browser, ask(browser))
    assert reply.json == {"workspace_id": None, "awaits_second_factor": False}
    assert browser("GET /v1/me").json["email"] == ADA
    assert browser("POST /v1/workspaces", body={"name": "Acme"}).status == 201


def test_the_same_address_is_the_same_account_however_it_is_spelt(world: World, browser: Browser) -> None:
    browser.sign_in(ADA)
    first = browser("GET /v1/me").json["id"]
    again = Browser(world)
    again.sign_in("ADA@example.com")
    assert again("GET /v1/me").json["id"] == first


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ("anna@strasse.example.com", "anna@straße.example.com"),
        ("strasse@example.com", "straße@example.com"),
        ("kim@example.com", "\u212aim@example.com"),
        ("mail@example.com", "ma\u0131l@example.com"),
    ],
)
def test_an_address_that_looks_alike_is_another_one(
    world: World, browser: Browser, theirs: str, mine: str
) -> None:
    victim = world.person(theirs)
    reply = browser("POST /v1/sign-in/email", body={"email": mine})
    assert reply.status == 202
    if world.mail.sent[-1].to.lower() != theirs:  # else the mail goes to its owner
        confirm(browser, world.mail.latest_token(world.mail.sent[-1].to))
        assert browser("GET /v1/me").json["id"] != victim


def test_a_link_works_once(world: World, browser: Browser) -> None:
    token = ask(browser)
    assert confirm(browser, token).status == 200
    assert gone(confirm(Browser(world), token))


def test_looking_at_the_link_does_not_use_it_up(world: World, browser: Browser) -> None:
    """Scanners of mailboxes open every link; what is after the # they do not even send."""
    token = ask(browser)
    assert Browser(world)("GET /sign-in").status == 200
    assert confirm(browser, token).status == 200


def test_a_link_runs_out(world: World, browser: Browser) -> None:
    token = ask(browser)
    world.tick(minutes=15)
    assert gone(confirm(browser, token))


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "A" * 43 + "=", "a" * 100, "' OR 1=1"])
def test_what_is_no_link_opens_nothing(browser: Browser, token: str) -> None:
    assert gone(confirm(browser, token))


def test_known_and_unknown_addresses_look_alike(world: World, browser: Browser) -> None:
    world.person(ADA)
    seen = []
    for email in (ADA, "nobody@example.com"):
        world.tick(hours=1)
        with world.network.recording() as calls:
            reply = browser("POST /v1/sign-in/email", body={"email": email})
            seen.append((reply.status, reply.json, reply.cookies, [str(call) for call in calls]))
    assert seen[0] == seen[1]
    assert [message.to for message in world.mail.sent] == [ADA, "nobody@example.com"]


def test_neither_the_token_nor_the_sessions_is_in_the_table(world: World, browser: Browser) -> None:
    token = ask(browser)
    assert token not in str(world.items(table=SETTINGS.directory_table))
    confirm(browser, token)
    assert browser.cookies[SESSION_COOKIE] not in str(world.items(table=SETTINGS.directory_table))


def test_the_session_begins_in_the_only_workspace_and_its_log_says_so(world: World, browser: Browser) -> None:
    ws = world.workspace()
    user_id = world.person(ADA, (ws.workspace_id, Role.OWNER))
    assert browser.sign_in(ADA).json["workspace_id"] == ws.workspace_id
    [entry] = world.audit(ws, action="session.started")
    assert (entry["actor"]["id"], entry["after"]) == (user_id, {"factor": "email"})
    assert entry["origin"]["ip"] == "203.0.113.7"


def test_the_session_begins_where_one_worked_last(world: World, browser: Browser) -> None:
    places = [world.workspace(name).workspace_id for name in ("One", "Two", "Three")]
    world.person(ADA, *((place, Role.MEMBER) for place in places))
    assert browser.sign_in(ADA).json["workspace_id"] is None, "nobody chose yet"
    browser("PUT /v1/session/workspace", body={"workspace_id": places[1]})
    assert Browser(world).sign_in(ADA).json["workspace_id"] == places[1]


def test_the_session_does_not_begin_where_one_is_no_member_any_more(world: World, browser: Browser) -> None:
    """Nor does that workspace's log hear of it."""
    left = world.workspace("Left")
    user_id = world.person(ADA, (left.workspace_id, Role.MEMBER))
    browser.sign_in(ADA)
    browser("PUT /v1/session/workspace", body={"workspace_id": left.workspace_id})
    assert browser("DELETE /v1/membership").status == 204
    before = len(world.audit(left))
    assert Browser(world).sign_in(ADA).json["workspace_id"] is None
    assert len(world.audit(left)) == before
    user = world.app.people.user(user_id)
    assert user is not None
    other = world.workspace("Other")
    world.join(user, other.workspace_id, Role.OWNER)
    assert Browser(world).sign_in(ADA).json["workspace_id"] == other.workspace_id


def test_one_place_does_not_try_for_ever(world: World, browser: Browser) -> None:
    for _ in range(SIGN_IN_FROM_PLACE.tries):
        world.app.throttles.take(SIGN_IN_FROM_PLACE, "203.0.113.7")
    google: dict[str, Any] = {"path": {"provider": "google"}}
    for route, request in (
        ("POST /v1/sign-in/email/confirm", {"body": {"token": "x"}}),
        ("POST /v1/sign-in/passkey/options", {}),
        ("POST /v1/sign-in/passkey", {"body": {"credential": {}}}),
    ):
        reply = browser(route, **request)
        assert (reply.status, reply.json["code"]) == (429, "too_many_requests")
        assert int(reply.headers["retry-after"]) <= 3
    for route in (
        "GET /v1/sign-in/{provider}",
        "GET /v1/sign-in/{provider}/callback",
        "GET /v1/me/identities/{provider}/callback",
    ):
        place = browser(route, **google).headers["location"]
        assert place == "/sign-in?problem=too_many_requests&wait=3"
        said = browser("GET /sign-in", query={"problem": "too_many_requests", "wait": "3"}).text
        assert "Try again in 3 seconds." in said


def test_an_address_gets_five_mails_in_a_quarter_of_an_hour(world: World, browser: Browser) -> None:
    for _ in range(8):
        assert browser("POST /v1/sign-in/email", body={"email": ADA}).status == 202
    assert len(world.mail.sent) == 5
    assert browser("POST /v1/sign-in/email", body={"email": "bob@example.com"}).status == 202
    assert len(world.mail.sent) == 6, "another address is not touched"
    world.tick(minutes=3)
    ask(browser)
    assert len(world.mail.sent) == 7, "one try has come back"


def test_one_place_does_not_mail_everybody(world: World, browser: Browser) -> None:
    for number in range(64):
        body = {"email": f"user{number}@example.com"}
        assert browser("POST /v1/sign-in/email", body=body).status == 202
    assert len(world.mail.sent) == 60


def test_another_sites_page_signs_nobody_in(browser: Browser) -> None:
    token = ask(browser)
    evil = {"headers": {"origin": "https://evil.test"}}
    for route, body in (
        ("POST /v1/sign-in/email", {"email": ADA}),
        ("POST /v1/sign-in/email/confirm", {"token": token}),
    ):
        reply = browser(route, body=body, **evil)
        assert (reply.status, reply.json["code"]) == (403, "cross_site_request")
    assert confirm(browser, token).status == 200


class TestWithoutScript:
    def test_forms_lead_from_page_to_page(self, world: World, browser: Browser) -> None:
        sent = browser.form("POST /v1/sign-in/email", email=ADA)
        assert (sent.status, sent.headers["location"]) == (303, "/sign-in?sent=yes")
        assert "on its way" in browser("GET /sign-in", query={"sent": "yes"}).text
        token = world.mail.latest_token(ADA)
        entered = browser.form("POST /v1/sign-in/email/confirm", token=f" {token} ")
        assert (entered.status, entered.headers["location"]) == (303, "/account")
        assert browser("GET /v1/me").status == 200

    def test_what_went_wrong_is_said_on_the_page(self, browser: Browser) -> None:
        reply = browser.form("POST /v1/sign-in/email/confirm", token="x")
        assert (reply.status, reply.headers["location"]) == (303, "/sign-in?problem=link_gone")
        assert "Ask for another" in browser("GET /sign-in", query={"problem": "link_gone"}).text

    def test_the_page_repeats_nobody(self, browser: Browser) -> None:
        page = browser("GET /sign-in", query={"problem": "<script>alert(1)</script>"}).text
        assert "alert(1)" not in page
