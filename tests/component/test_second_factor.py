"""The second factor: asked for, good once, guessed by nobody; recovery codes; stepping up."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.access import totp
from sheaf.access.roles import Role
from sheaf.access.tokens import SESSION_COOKIE
from sheaf.storage.transactions import transact
from tests.builders.browser import Browser
from tests.builders.sign_in import SEALING_KEYS, configured
from tests.builders.world import SETTINGS, Reply, World

ADA = "ada@example.com"
FACTOR = "POST /v1/session/second-factor"


class App:
    """The app on somebody's phone."""

    def __init__(self, world: World, secret: str) -> None:
        self._world = world
        self._totp = pyotp.TOTP(secret)
        self.secret = secret

    def code(self, *, steps: int = 0) -> str:
        return self._totp.at(self._world.clock.at, counter_offset=steps)

    def wrong(self) -> str:
        good = {self.code(steps=steps) for steps in range(-2, 3)}
        return next(f"{number:06}" for number in range(10) if f"{number:06}" not in good)


@pytest.fixture
def ada(world: World) -> Browser:
    configured(world, sealing_keys=SEALING_KEYS)
    browser = Browser(world)
    browser.sign_in(ADA)
    return browser


@pytest.fixture
def app(ada: Browser) -> App:
    """Set up; the next code is a fresh one."""
    made, _ = set_up(ada)
    return made


def set_up(browser: Browser) -> tuple[App, list[str]]:
    """The app, and the recovery codes."""
    reply = browser("POST /v1/me/totp")
    assert reply.status == 201, reply.text
    app = App(browser.world, reply.json["secret"])
    confirmed = browser("POST /v1/me/totp/confirm", body={"code": app.code()})
    assert confirmed.status == 200, confirmed.text
    browser.world.tick(seconds=60)
    return app, confirmed.json["codes"]


def half_way(world: World) -> Browser:
    world.tick(minutes=4)  # mails to one address are limited
    browser = Browser(world)
    assert browser.sign_in(ADA).json["awaits_second_factor"] is True
    return browser


def give(browser: Browser, code: str) -> Reply:
    return browser(FACTOR, body={"code": code})


def wrong(reply: Reply) -> bool:
    return (reply.status, reply.json["code"], reply.cookies) == (403, "wrong_code", {})


def test_a_half_way_session_is_good_for_the_second_factor_only(world: World, app: App) -> None:
    browser = half_way(world)
    for route in ("GET /v1/sessions", "POST /v1/workspaces", "GET /v1/me/passkeys", "DELETE /v1/me/totp"):
        reply = browser(route, body={"name": "x"})
        assert (reply.status, reply.json["code"]) == (401, "second_factor_required")
    assert browser("GET /v1/me").json["second_factors"] == ["totp"]
    half = browser.cookies[SESSION_COOKIE]
    assert give(browser, app.code()).json["awaits_second_factor"] is False
    assert browser("GET /v1/sessions").status == 200
    assert Browser(world, {SESSION_COOKIE: half})("GET /v1/me").status == 401, "worth nothing now"


def test_signing_out_half_way_is_possible(world: World, app: App) -> None:
    assert half_way(world)("DELETE /v1/session").status == 200


def test_nothing_is_asked_for_before_the_first_code(world: World, ada: Browser) -> None:
    begun = ada("POST /v1/me/totp").json
    assert begun["uri"].startswith("otpauth://totp/Sheaf:ada%40example.com?")
    assert Browser(world).sign_in(ADA).json["awaits_second_factor"] is False
    assert wrong(ada("POST /v1/me/totp/confirm", body={"code": App(world, begun["secret"]).wrong()}))


def test_beginning_anew_forgets_what_was_begun(world: World, ada: Browser) -> None:
    first = App(world, ada("POST /v1/me/totp").json["secret"])
    ada("POST /v1/me/totp")
    assert wrong(ada("POST /v1/me/totp/confirm", body={"code": first.code()}))


class TestCodes:
    def test_a_code_is_good_once(self, world: World, app: App) -> None:
        first, second = half_way(world), half_way(world)
        code = app.code()
        assert give(first, code).status == 200
        assert wrong(give(second, code))

    def test_the_code_that_set_it_up_is_used(self, world: World, ada: Browser) -> None:
        secret = ada("POST /v1/me/totp").json["secret"]
        code = App(world, secret).code()
        assert ada("POST /v1/me/totp/confirm", body={"code": code}).status == 200
        browser = Browser(world)
        browser.sign_in(ADA)
        assert wrong(give(browser, code))

    @pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    def test_clocks_may_differ_by_a_step(self, world: World, app: App, steps: int, good: bool) -> None:
        assert (give(half_way(world), app.code(steps=steps)).status == 200) is good

    def test_an_earlier_code_is_not_taken_after_a_later_one(self, world: World, app: App) -> None:
        first, second = half_way(world), half_way(world)
        assert give(first, app.code(steps=1)).status == 200
        assert wrong(give(second, app.code()))

    @pytest.mark.parametrize("code", ["000000 ", "\uff10" * 6, "0x0000", "-00000", "1e5000", "0" * 40])
    def test_what_is_no_code(self, world: World, app: App, code: str) -> None:
        assert wrong(give(half_way(world), code))

    def test_five_wrong_ones_and_the_next_must_wait(self, world: World, app: App) -> None:
        browser = half_way(world)
        for _ in range(5):
            assert wrong(give(browser, app.wrong()))
        reply = give(browser, app.code())
        assert (reply.status, reply.json["code"]) == (429, "too_many_requests")
        assert reply.headers["retry-after"] == "180"
        world.tick(seconds=180)
        assert give(browser, app.code()).status == 200

    @pytest.mark.parametrize("route", ["POST /v1/me/totp/confirm", "POST /v1/session/step-up"])
    def test_so_it_is_wherever_a_code_is_given(
        self, world: World, ada: Browser, app: App, route: str
    ) -> None:
        secret = ada("POST /v1/me/totp").json["secret"]
        wrong_one = App(world, secret).wrong() if "confirm" in route else app.wrong()
        for _ in range(5):
            assert wrong(ada(route, body={"code": wrong_one}))
        assert ada(route, body={"code": wrong_one}).status == 429

    def test_another_session_has_no_tries_of_its_own(self, world: World, app: App) -> None:
        first, second = half_way(world), half_way(world)
        for _ in range(5):
            give(first, app.wrong())
        assert give(second, app.code()).status == 429

    def test_it_says_how_many_tries_are_left_and_when_there_is_another(self, world: World, app: App) -> None:
        browser = half_way(world)
        replies = [give(browser, app.wrong()).json for _ in range(5)]
        assert [reply["tries_left"] for reply in replies] == [4, 3, 2, 1, 0]
        told = [reply["detail"].removeprefix("This code is wrong, or was used before. ") for reply in replies]
        assert told[0] == "4 tries are left."
        assert told[3:] == ["One try is left.", "Try again in 3 minutes."]
        world.tick(seconds=140)
        refused = give(browser, app.code())
        assert refused.json["detail"] == "That was tried too often. Try again in 40 seconds."
        assert refused.headers["retry-after"] == "40"

    def test_what_asks_for_no_code_uses_up_no_try(self, world: World, ada: Browser, app: App) -> None:
        for _ in range(8):
            assert give(ada, app.wrong()).json["code"] == "second_factor_given"
            ada("POST /v1/session/step-up", body={"token": "x"})
        assert give(half_way(world), app.wrong()).json["tries_left"] == 4

    def test_where_nothing_is_set_up_no_code_is_right(self, world: World, ada: Browser) -> None:
        for code in ("000000", "0" * 24):
            reply = ada("POST /v1/session/step-up", body={"code": code})
            assert (reply.status, reply.json["code"]) == (409, "no_second_factor")
        for _ in range(8):
            assert ada("POST /v1/me/totp/confirm", body={"code": "000000"}).status == 404
        app, _ = set_up(ada)
        assert give(half_way(world), app.wrong()).json["tries_left"] == 4

    def test_a_link_gives_no_try_back_that_was_not_taken(self, world: World, ada: Browser, app: App) -> None:
        browser = half_way(world)
        for _ in range(4):
            give(browser, app.wrong())
        ada("POST /v1/sign-in/email", body={"email": ADA})
        token = world.mail.latest_token(ADA)
        assert ada("POST /v1/session/step-up", body={"token": token}).status == 200
        assert give(browser, app.wrong()).json["tries_left"] == 0

    def test_right_ones_do_not_count(self, world: World, app: App) -> None:
        browser = half_way(world)
        give(browser, app.code())
        for _ in range(8):
            world.tick(seconds=30)
            assert browser("POST /v1/session/step-up", body={"code": app.code()}).status == 200

    @pytest.mark.parametrize("kind", ["app", "recovery"])
    def test_two_at_once_with_one_code(
        self, world: World, ada: Browser, monkeypatch: pytest.MonkeyPatch, kind: str
    ) -> None:
        """The second transaction meets what the first has written."""
        app, codes = set_up(ada)
        first, second = half_way(world), half_way(world)
        code = app.code() if kind == "app" else codes[0]

        def after_the_first(connection: Any, writes: Any) -> None:
            monkeypatch.undo()
            assert give(first, code).status == 200
            transact(connection, writes)

        monkeypatch.setattr("sheaf.storage.visit.transact", after_the_first)
        reply = give(second, code)
        assert (reply.status, reply.json["code"]) == (409, "conflict")
        assert second("GET /v1/sessions").status == 401


def test_a_whole_session_awaits_nothing(ada: Browser, app: App) -> None:
    reply = give(ada, app.code())
    assert (reply.status, reply.json["code"]) == (409, "second_factor_given")


class TestRecovery:
    def test_a_code_opens_once_and_the_others_still_do(self, world: World, ada: Browser) -> None:
        _, codes = set_up(ada)
        assert len(set(codes)) == 10
        assert give(half_way(world), codes[0]).status == 200
        assert wrong(give(half_way(world), codes[0]))
        assert give(half_way(world), f" {codes[1].upper().replace('-', ' ')} ").status == 200

    def test_new_ones_take_the_place_of_the_old(self, world: World, ada: Browser) -> None:
        _, codes = set_up(ada)
        fresh = ada("POST /v1/me/recovery-codes").json["codes"]
        assert wrong(give(half_way(world), codes[0]))
        assert give(half_way(world), fresh[0]).status == 200

    def test_all_can_be_used(self, world: World, ada: Browser) -> None:
        _, codes = set_up(ada)
        for code in codes:
            world.tick(minutes=15)
            assert give(half_way(world), code).status == 200
        assert wrong(give(half_way(world), codes[-1]))


class TestEnding:
    def test_it_can_be_switched_off(self, world: World, ada: Browser) -> None:
        _, codes = set_up(ada)
        assert ada("DELETE /v1/me/totp").status == 204
        assert ada("DELETE /v1/me/totp").status == 404
        assert ada("POST /v1/me/recovery-codes").status == 404
        assert Browser(world).sign_in(ADA).json["awaits_second_factor"] is False
        assert codes[0] not in str(world.items(table=SETTINGS.directory_table))

    @pytest.mark.parametrize(
        "route", ["POST /v1/me/totp", "DELETE /v1/me/totp", "POST /v1/me/recovery-codes"]
    )
    def test_not_by_somebody_who_found_the_browser_open(
        self, world: World, ada: Browser, app: App, route: str
    ) -> None:
        world.tick(minutes=10)
        reply = ada(route)
        assert (reply.status, reply.json["code"]) == (403, "step_up_required")


class TestStepUp:
    def test_a_code_or_a_mailed_link_will_do(self, world: World, ada: Browser, app: App) -> None:
        for proof in ("code", "token"):
            world.tick(minutes=11)
            ada("POST /v1/sign-in/email", body={"email": ADA})
            body = {"code": app.code()} if proof == "code" else {"token": world.mail.latest_token(ADA)}
            before = ada.cookies[SESSION_COOKIE]
            assert ada("POST /v1/session/step-up", body=body).status == 200
            assert ada("POST /v1/me/recovery-codes").status == 201
            assert Browser(world, {SESSION_COOKIE: before})("GET /v1/me").status == 401, "another token"

    def test_not_the_link_of_another_address(self, world: World, ada: Browser) -> None:
        ada("POST /v1/sign-in/email", body={"email": "eve@example.com"})
        body = {"token": world.mail.latest_token("eve@example.com")}
        reply = ada("POST /v1/session/step-up", body=body)
        assert (reply.status, reply.json["code"]) == (403, "link_not_yours")

    @pytest.mark.parametrize(
        "body", [{}, {"code": "000000", "token": "x"}, {"code": ""}, {"credential": "x"}]
    )
    def test_one_proof_and_a_whole_one(self, ada: Browser, body: dict[str, Any]) -> None:
        assert ada("POST /v1/session/step-up", body=body).status == 422

    def test_it_stands_in_the_log(self, world: World, ada: Browser, app: App) -> None:
        ws = world.workspace()
        world.person("bob@example.com", (ws.workspace_id, Role.OWNER))
        bob = Browser(world)
        bob.sign_in("bob@example.com")
        set_up(bob)
        actions = {entry["action"] for entry in world.audit(ws)}
        assert {"second_factor.started", "second_factor.enabled", "session.started"} <= actions


def test_the_secret_is_nowhere_in_the_clear(world: World, ada: Browser) -> None:
    app, codes = set_up(ada)
    kept = str(world.items(table=SETTINGS.directory_table))
    for secret in (app.secret, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in kept


def test_a_key_that_came_later_seals_and_the_older_still_opens(world: World, ada: Browser) -> None:
    app, _ = set_up(ada)
    configured(world, sealing_keys={**SEALING_KEYS, "k003": b64encode(b"c" * 32).decode()})
    assert give(half_way(world), app.code()).status == 200


def test_without_a_key_nobody_can_set_one_up(world: World, ada: Browser) -> None:
    configured(world)
    reply = ada("POST /v1/me/totp")
    assert (reply.status, reply.json["code"]) == (409, "second_factor_unavailable")


def test_without_script_a_form_leads_on(world: World, app: App) -> None:
    world.tick(minutes=4)
    browser = Browser(world)
    browser.form("POST /v1/sign-in/email", email=ADA)
    reply = browser.form("POST /v1/sign-in/email/confirm", token=world.mail.latest_token(ADA))
    assert reply.headers["location"] == "/sign-in/second-factor"
    back = browser.form(FACTOR, code=app.wrong())
    assert back.headers["location"] == "/sign-in/second-factor?problem=wrong_code&left=4"
    told = browser("GET /sign-in/second-factor", query={"problem": "wrong_code", "left": "4"}).text
    assert "wrong" in told
    assert "Tries left: 4." in told
    assert browser.form(FACTOR, code=app.code()).headers["location"] == "/account"


@settings(max_examples=200)
@given(st.integers(10**6, 4 * 10**9), st.integers(-5, 5), st.integers(-5, 5))
def test_a_step_is_taken_within_its_window_and_never_again(now: int, shown: int, last: int) -> None:
    secret, step = "JBSWY3DPEHPK3PXP" * 2, now // totp.STEP
    code = pyotp.TOTP(secret).generate_otp(step + shown)
    taken = totp.step_of(secret, code, datetime.fromtimestamp(now, UTC), after=step + last)
    if taken is not None:
        assert step - 1 <= taken <= step + 1
        assert taken > step + last
        assert pyotp.TOTP(secret).generate_otp(taken) == code
    elif -1 <= shown <= 1:
        assert shown <= last
