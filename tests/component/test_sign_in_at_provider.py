"""Signing in at a provider, over real HTTP: who gets in, and every token that must not be believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from infra.local.openid import OpenIdProvider
from infra.local.openid_tokens import Account, Fault
from sheaf.access.challenges import CROSS_SITE_COOKIE, OPENID_COOKIE
from sheaf.access.roles import Role
from sheaf.access.tokens import SESSION_COOKIE
from tests.builders.browser import Browser
from tests.builders.sign_in import SEALING_KEYS, configured, serving_provider
from tests.builders.world import SETTINGS, Reply, World

ADA = Account("ada@example.com", "Ada")
PROVIDERS = ["google", "microsoft", "apple"]


@pytest.fixture
def provider(world: World) -> Iterator[OpenIdProvider]:
    with serving_provider(world) as served:
        configured(world, openid_clients=served.clients(), sealing_keys=SEALING_KEYS)
        yield served


@pytest.fixture
def browser(world: World, provider: OpenIdProvider) -> Browser:
    return Browser(world)


def set_out(browser: Browser, name: str, **query: str) -> str:
    """Where the browser is sent."""
    reply = browser("GET /v1/sign-in/{provider}", path={"provider": name}, query=query or None)
    assert reply.status == 302, reply.headers
    return reply.headers["location"]


def come_back(browser: Browser, name: str, answer: dict[str, str], under: str = "/v1/sign-in") -> Reply:
    if name == "apple":
        headers = {"origin": "https://appleid.apple.com"}
        # No Lax cookie goes with a form of another site.
        lax = {
            key: browser.cookies.pop(key) for key in (SESSION_COOKIE, OPENID_COOKIE) if key in browser.cookies
        }
        reply = browser.form(f"POST {under}/apple/callback", headers=headers, **answer)
        browser.cookies = lax | browser.cookies
        return reply
    route = f"GET {under}/{{provider}}/callback"
    return browser(route, path={"provider": name}, query=answer, headers={"origin": ""})


def sign_in(browser: Browser, provider: OpenIdProvider, name: str, account: Account = ADA) -> Reply:
    return come_back(browser, name, provider.authorize(set_out(browser, name), account))


def refused(browser: Browser, reply: Reply) -> str:
    """Why."""
    assert reply.status == 303
    assert browser.session is None
    place = urlsplit(reply.headers["location"])
    assert place.path == "/sign-in"
    return parse_qs(place.query)["problem"][0]


@pytest.mark.parametrize("name", PROVIDERS)
class TestAtEveryProvider:
    def test_somebody_new_gets_an_account_and_finds_it_again(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        reply = sign_in(browser, provider, name)
        assert (reply.status, reply.headers["location"]) == (303, "/account")
        me = browser("GET /v1/me").json
        assert me["email"] == "ada@example.com"
        again = Browser(browser.world)
        sign_in(again, provider, name)
        assert again("GET /v1/me").json["id"] == me["id"]

    def test_the_transaction_is_over_in_the_browser_too(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        sign_in(browser, provider, name)
        assert set(browser.cookies) == {SESSION_COOKIE}

    def test_an_answer_is_good_once(self, browser: Browser, provider: OpenIdProvider, name: str) -> None:
        answer = provider.authorize(set_out(browser, name), ADA)
        cookies = dict(browser.cookies)
        assert come_back(browser, name, answer).headers["location"] == "/account"
        thief = Browser(browser.world, cookies)
        assert refused(thief, come_back(thief, name, answer)) == "sign_in_unknown"

    def test_a_code_is_good_once(self, browser: Browser, provider: OpenIdProvider, name: str) -> None:
        used = provider.authorize(set_out(browser, name), ADA)
        come_back(browser, name, used)
        other = Browser(browser.world)
        fresh = provider.authorize(set_out(other, name), ADA)
        reply = come_back(other, name, fresh | {"code": used["code"]})
        assert refused(other, reply) == "provider_refused_provider"

    def test_somebody_elses_code_is_not_worth_anything_here(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        """Injected into the victim's own transaction: it was made for another verifier."""
        eve = Browser(browser.world)
        stolen = provider.authorize(set_out(eve, name), Account("eve@example.com"))
        own = provider.authorize(set_out(browser, name), ADA)
        reply = come_back(browser, name, own | {"code": stolen["code"]})
        assert refused(browser, reply) == "provider_refused_provider"

    def test_an_answer_brought_to_another_browser_is_refused(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        """Else a victim works in the attacker's account."""
        eve = Browser(browser.world)
        answer = provider.authorize(set_out(eve, name), Account("eve@example.com"))
        assert refused(browser, come_back(browser, name, answer)) == "sign_in_unknown"
        set_out(browser, name)
        assert refused(browser, come_back(browser, name, answer)) == "sign_in_unknown"

    @pytest.mark.parametrize("state", ["", "x", "A" * 43, "é"])
    def test_another_state_is_refused(
        self, browser: Browser, provider: OpenIdProvider, name: str, state: str
    ) -> None:
        answer = provider.authorize(set_out(browser, name), ADA)
        assert refused(browser, come_back(browser, name, answer | {"state": state})) == "sign_in_unknown"
        right = come_back(browser, name, answer)
        assert refused(browser, right) == "sign_in_unknown", "a wrong answer ends it, too"

    def test_it_takes_ten_minutes_at_most(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        answer = provider.authorize(set_out(browser, name), ADA)
        browser.world.tick(minutes=10)
        assert refused(browser, come_back(browser, name, answer)) == "sign_in_unknown"

    def test_whoever_cancels_is_back_on_the_page(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        answer = provider.authorize(set_out(browser, name), ADA)
        reply = come_back(browser, name, {"error": "access_denied", "state": answer["state"]})
        assert refused(browser, reply) == "provider_declined"

    def test_nothing_secret_is_in_the_table(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        url = set_out(browser, name)
        query = parse_qs(urlsplit(url).query)
        kept = str(browser.world.items(table=SETTINGS.directory_table))
        for secret in (*browser.cookies.values(), query["state"][0], query["nonce"][0]):
            assert secret not in kept

    def test_an_address_finds_nobodys_account(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        browser.world.person("ada@example.com")
        assert refused(browser, sign_in(browser, provider, name)) == "sign_in_as_before"

    def test_an_address_nobody_vouches_for_makes_no_account(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        """Anybody can write any address into a tenant of their own (nOAuth)."""
        reply = sign_in(browser, provider, name, replace(ADA, vouched=False))
        assert refused(browser, reply) == "address_unverified"

    def test_another_issuer_is_not_believed(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        provider.fault = Fault.ISSUER
        assert refused(browser, sign_in(browser, provider, name)) == "provider_refused_iss"


REASONS = {
    Fault.ISSUER: "iss",
    Fault.AUDIENCE: "aud",
    Fault.AUDIENCES: "aud",
    Fault.PARTY: "azp",
    Fault.NONCE: "nonce",
    Fault.NO_NONCE: "nonce",
    Fault.NO_SUBJECT: "sub",
    Fault.TENANT: "tid",
    Fault.EXPIRED: "exp",
    Fault.NO_EXPIRY: "exp",
    Fault.FUTURE: "iat",
    Fault.NO_ALGORITHM: "signature",
    Fault.HMAC: "signature",
    Fault.FOREIGN_KEY: "signature",
    Fault.TAMPERED: "signature",
    Fault.UNKNOWN_KEY: "kid",
    Fault.NO_KEY: "kid",
    Fault.NO_TOKEN: "no_token",
}


@pytest.mark.parametrize("fault", Fault)
def test_a_token_with_a_fault_signs_nobody_in(
    browser: Browser, provider: OpenIdProvider, fault: Fault
) -> None:
    provider.fault = fault
    name = "microsoft" if fault is Fault.TENANT else "google"
    reason = refused(browser, sign_in(browser, provider, name)).removeprefix("provider_refused_")
    assert reason == REASONS[fault]
    assert browser.world.items("USER", SETTINGS.directory_table) == []


def test_keys_are_fetched_once_and_again_when_they_change(browser: Browser, provider: OpenIdProvider) -> None:
    for _ in range(3):
        assert sign_in(browser, provider, "google").headers["location"] == "/account"
    assert provider.fetched.count("/google/jwks") == 1
    provider.keys.rotate()
    assert sign_in(browser, provider, "google").headers["location"] == "/account"
    assert provider.fetched.count("/google/jwks") == 2


def test_an_unknown_key_makes_us_look_once_more_and_no_oftener(
    browser: Browser, provider: OpenIdProvider
) -> None:
    provider.fault = Fault.UNKNOWN_KEY
    sign_in(browser, provider, "google")
    assert provider.fetched.count("/google/jwks") == 2


def test_the_same_subject_of_another_tenant_is_somebody_else(
    browser: Browser, provider: OpenIdProvider
) -> None:
    sign_in(browser, provider, "microsoft", replace(ADA, subject="s"))
    other = replace(ADA, email="eve@example.com", subject="s", tenant="00000000-0000-0000-0000-000000000001")
    eve = Browser(browser.world)
    sign_in(eve, provider, "microsoft", other)
    assert eve("GET /v1/me").json["id"] != browser("GET /v1/me").json["id"]


def test_the_same_address_at_two_providers_does_not_take_over(
    browser: Browser, provider: OpenIdProvider
) -> None:
    sign_in(browser, provider, "google")
    other = Browser(browser.world)
    assert refused(other, sign_in(other, provider, "microsoft")) == "sign_in_as_before"


def test_an_answer_for_one_provider_is_none_for_another(browser: Browser, provider: OpenIdProvider) -> None:
    answer = provider.authorize(set_out(browser, "google"), ADA)
    assert refused(browser, come_back(browser, "microsoft", answer)) == "sign_in_unknown"


def test_apple_s_cookie_goes_with_apple_s_form_only(browser: Browser, provider: OpenIdProvider) -> None:
    reply = browser("GET /v1/sign-in/{provider}", path={"provider": "apple"})
    assert set(reply.cookies) == {CROSS_SITE_COOKIE}
    assert set(browser("GET /v1/sign-in/{provider}", path={"provider": "google"}).cookies) == {OPENID_COOKIE}


def test_a_provider_that_is_not_set_up_is_not_there(browser: Browser, world: World) -> None:
    configured(world)
    reply = browser("GET /v1/sign-in/{provider}", path={"provider": "google"})
    assert refused(browser, reply) == "not_found"
    assert "Google" not in browser("GET /sign-in").text


def test_a_provider_that_does_not_answer_is_said_so(
    browser: Browser, world: World, provider: OpenIdProvider
) -> None:
    clients = provider.clients()
    clients["google"]["base"] = "http://127.0.0.1:9/google"
    configured(world, openid_clients=clients)
    reply = browser("GET /v1/sign-in/{provider}", path={"provider": "google"})
    assert refused(browser, reply) == "provider_unreachable"


class TestReturning:
    def test_one_comes_back_to_where_one_was(self, browser: Browser, provider: OpenIdProvider) -> None:
        url = set_out(browser, "google", return_to="/documents/doc_1?tab=lines")
        reply = come_back(browser, "google", provider.authorize(url, ADA))
        assert reply.headers["location"] == "/documents/doc_1?tab=lines"

    @pytest.mark.parametrize(
        "return_to",
        ["//evil.test", "https://evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)", "",
         "/\tevil", "/a\r\nset-cookie: x=1", "/é", "/" + "a" * 600, "evil"],
    )  # fmt: skip
    def test_nowhere_else(self, browser: Browser, return_to: str) -> None:
        reply = browser(
            "GET /v1/sign-in/{provider}", path={"provider": "google"}, query={"return_to": return_to}
        )
        assert refused(browser, reply) == "invalid_request"


@pytest.mark.parametrize("name", PROVIDERS)
class TestLinking:
    def begin(self, browser: Browser, name: str) -> Reply:
        return browser("POST /v1/me/identities/{provider}", path={"provider": name})

    def finish(self, browser: Browser, name: str, answer: dict[str, str]) -> Reply:
        return come_back(browser, name, answer, under="/v1/me/identities")

    def test_whoever_is_signed_in_links_a_provider_and_signs_in_with_it(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        ws = browser.world.workspace()
        user_id = browser.world.person("ada@example.com", (ws.workspace_id, Role.OWNER))
        browser.sign_in("ada@example.com")
        # Another address at the provider, and nobody's word for it: it is linked by who they are here.
        account = Account("ada@elsewhere.example", vouched=False)
        answer = provider.authorize(self.begin(browser, name).json["url"], account)
        assert self.finish(browser, name, answer).headers["location"] == "/account/security"
        [linked] = browser("GET /v1/me/identities").json["items"]
        assert linked["provider"] == name
        [entry] = browser.world.audit(ws, action="identity.linked")
        assert (entry["actor"]["id"], entry["after"]) == (user_id, {"provider": name})

        other = Browser(browser.world)
        sign_in(other, provider, name, account)
        assert other("GET /v1/me").json["id"] == user_id

        path: dict[str, Any] = {"path": {"provider": name}}
        assert browser("DELETE /v1/me/identities/{provider}", **path).status == 204
        assert browser("DELETE /v1/me/identities/{provider}", **path).status == 404
        third = Browser(browser.world)
        assert refused(third, sign_in(third, provider, name, account)) == "address_unverified"

    def test_what_is_somebody_elses_is_not_linked(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        sign_in(Browser(browser.world), provider, name)
        browser.sign_in("bob@example.com")
        answer = provider.authorize(self.begin(browser, name).json["url"], ADA)
        reply = self.finish(browser, name, answer)
        assert reply.headers["location"] == "/sign-in?problem=identity_taken"

    def test_a_sign_in_is_no_link_and_a_link_no_sign_in(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        browser.sign_in("bob@example.com")
        answer = provider.authorize(self.begin(browser, name).json["url"], ADA)
        stranger = Browser(browser.world, {k: v for k, v in browser.cookies.items() if k != SESSION_COOKIE})
        assert refused(stranger, come_back(stranger, name, answer)) == "sign_in_unknown"
        begun = Browser(browser.world)
        answer = provider.authorize(set_out(begun, name), ADA)
        assert refused(begun, self.finish(begun, name, answer)) == "sign_in_unknown"

    def test_it_is_for_whoever_has_shown_lately_who_they_are(
        self, browser: Browser, provider: OpenIdProvider, name: str
    ) -> None:
        browser.sign_in("bob@example.com")
        browser.world.tick(minutes=11)
        reply = self.begin(browser, name)
        assert (reply.status, reply.json["code"]) == (403, "step_up_required")
