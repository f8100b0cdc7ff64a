"""The pages of an account, as somebody without script uses them."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pyotp
import pytest

from functions.accounts.handler import api as accounts
from functions.signin.handler import api as signin
from infra.local.openid_tokens import Account
from sheaf.access.roles import GRANTS, Permission, Role
from sheaf.access.tokens import SESSION_COOKIE
from tests.builders.browser import Browser
from tests.builders.sign_in import SEALING_KEYS, configured, serving_provider
from tests.builders.world import SETTINGS, Reply, World
from tests.fakes.authenticator import Authenticator

ADA, BOB = "ada@example.com", "bob@example.com"
A_BROWSER = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
PAGES = ("GET /account", "GET /account/security", "GET /account/workspace", "GET /account/confirm")


@pytest.fixture
def ada(world: World) -> Browser:
    configured(world, sealing_keys=SEALING_KEYS)
    browser = signed_in(world, ADA)
    assert browser.form("POST /v1/workspaces", name="Böhm & Söhne").headers["location"] == "/account"
    return browser


def signed_in(world: World, email: str) -> Browser:
    browser = Browser(world)
    browser.form("POST /v1/sign-in/email", email=email)
    token = world.mail.latest_token(email)
    entered = browser.form("POST /v1/sign-in/email/confirm", token=token)
    assert entered.headers["location"] in {"/account", "/sign-in/second-factor"}
    return browser


def invited(world: World, by: Browser, email: str, role: str) -> Browser:
    browser = signed_in(world, email)
    assert leads(by.form("POST /v1/invitations", email=email, role=role)) == "/account/workspace"
    accepted = browser.form("POST /v1/invitations/accept", token=world.mail.latest_token(email))
    assert leads(accepted) == "/account"
    return browser


def leads(reply: Reply) -> str:
    assert reply.status == 303, reply.text
    return reply.headers["location"]


def see(browser: Browser, page: str = "GET /account", **query: str) -> str:
    reply = browser(page, query=query or None, headers=A_BROWSER)
    assert reply.status == 200, reply.headers
    return reply.text


class Forms(HTMLParser):
    """Where the forms of a page post to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.actions: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "input", "br", "path"}:
            self.open.append(tag)
        if tag == "form" and (action := dict(attrs).get("action")):
            assert dict(attrs)["method"] == "post"
            self.actions.append(action)

    def handle_endtag(self, tag: str) -> None:
        if tag != "path":
            assert self.open.pop() == tag


def test_every_form_is_well_formed_and_leads_to_a_route_that_is_there(world: World, ada: Browser) -> None:
    invited(world, ada, BOB, "member")
    ada.form("POST /v1/invitations", email="carol@example.com", role="admin")
    ada.form("POST /v1/api-keys", name="ci", role="member")
    add_passkey(ada)
    signed_in(world, ADA)
    shown = [see(ada, page) for page in PAGES]
    shown += [ada.form("POST /v1/me/totp").text, see(ada, "GET /account/security")]
    routes = [
        re.compile(re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(key.partition(" ")[2])) + r"(\?.*)?")
        for key in (*accounts.routes, *signin.routes)
        if key.startswith("POST")
    ]
    actions = [action for page in shown for action in Forms(page).actions]
    assert len(set(actions)) >= 14
    for action in actions:
        assert any(route.fullmatch(action) for route in routes), action


def test_a_form_does_and_asks_for_what_its_route_does() -> None:
    for api in (accounts, signin):
        for key in api.forms:
            form = api.routes[key]
            [route] = [
                each
                for each in api.routes.values()
                if f"{each.handler.__name__}_by_form" == form.handler.__name__
                and each.handler.__module__ == form.handler.__module__
            ]
            for said in ("permission", "audit", "step_up", "half_way", "limits", "body", "cross_site"):
                assert getattr(form, said) == getattr(route, said), (key, said)


def test_whoever_manages_members_may_see_all_that_their_page_shows() -> None:
    shown = {Permission.MEMBER_READ, Permission.KEY_READ, Permission.KEY_WRITE, Permission.WORKSPACE_READ}
    for role, granted in GRANTS.items():
        assert Permission.MEMBER_WRITE not in granted or shown <= granted, role


class TestWorkspacesAndSessions:
    def test_one_sees_who_one_is_and_switches(self, world: World, ada: Browser) -> None:
        ada.form("POST /v1/workspaces", name="<b>Second</b>")
        page = see(ada)
        assert ADA in page
        assert "Böhm &amp; Söhne" in page
        assert "<b>Second" not in page
        [other] = re.findall(r'name="workspace_id" value="(wrk_\w+)"', page)
        assert leads(ada.form("POST /account/workspace/enter", workspace_id=other)) == "/account"
        assert ada("GET /v1/workspace").json["name"] == "Böhm & Söhne"

    def test_one_leaves_but_not_as_the_last_owner(self, world: World, ada: Browser) -> None:
        assert leads(ada.form("POST /account/workspace/leave")) == "/account?problem=last_owner"
        assert "needs an owner" in see(ada, problem="last_owner")
        bob = invited(world, ada, BOB, "member")
        assert leads(bob.form("POST /account/workspace/leave")) == "/account"
        assert "You are in none yet" in see(bob)

    def test_the_profile_names_the_workspaces(self, world: World, ada: Browser) -> None:
        [place] = ada("GET /v1/me").json["workspaces"]
        assert (place["name"], place["role"]) == ("Böhm & Söhne", "owner")

    def test_of_many_workspaces_some_are_named_and_the_one_worked_in_is(
        self, world: World, ada: Browser
    ) -> None:
        for number in range(24):
            ada("POST /v1/workspaces", body={"name": f"W{number}"})
        me = ada("GET /v1/me").json
        names = {place["workspace_id"]: place["name"] for place in me["workspaces"]}
        assert names[me["workspace_id"]] == "W23"
        assert sum(name is not None for name in names.values()) == 20
        assert all(workspace_id in see(ada) for workspace_id, name in names.items() if name is None)

    def test_one_ends_other_sessions_and_signs_out(self, world: World, ada: Browser) -> None:
        others = [signed_in(world, ADA) for _ in range(3)]
        end = re.findall(r"/account/sessions/(ses_\w+)/end", see(ada))
        assert len(end) == 3
        route = "POST /account/sessions/{session_id}/end"
        ended = ada(route, path={"session_id": end[0]}, headers=A_FORM, body="")
        assert leads(ended) == "/account"
        assert [other("GET /v1/me").status for other in others].count(401) == 1
        assert leads(ada.form("POST /account/sessions/end")) == "/account"
        assert all(other("GET /v1/me").status == 401 for other in others)
        assert leads(ada.form("POST /account/sign-out")) == "/sign-in"
        assert ada.session is None

    @pytest.mark.parametrize(
        ("agent", "words"),
        [
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/130.0 Safari/537.36", "Chrome on Mac"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36 Edg/130.0", "Edge on Windows"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18 Safari/604.1", "Safari on iPhone"),
            ("<script>curl", "&lt;script&gt;curl"),
        ],
    )
    def test_a_browser_is_told_in_words(self, world: World, agent: str, words: str) -> None:
        from html import escape

        from functions.accounts.page import _browser

        assert escape(_browser(agent)) == words


A_FORM = {"content-type": "application/x-www-form-urlencoded"}


class TestSecondFactor:
    def test_it_is_set_up_shown_once_and_switched_off(self, world: World, ada: Browser) -> None:
        assert "Set up an app" in see(ada, "GET /account/security")
        enrolment = ada.form("POST /v1/me/totp")
        assert enrolment.status == 200
        picture = re.search(r"<svg.*?</svg>", enrolment.text)
        assert picture
        assert "<path" in picture[0]
        secret = secret_of(enrolment.text)
        wrong = ada.form("POST /v1/me/totp/confirm", code="000000")
        assert leads(wrong) == "/account/security?problem=wrong_code&left=4"
        begun = see(ada, "GET /account/security", problem="wrong_code", left="4")
        assert "Tries left: 4" in begun
        assert secret not in begun
        codes = ada.form("POST /v1/me/totp/confirm", code=pyotp.TOTP(secret).at(world.clock.at))
        assert len(re.findall(r"<li><code>[0-9a-z-]{27}</code></li>", codes.text)) == 10
        assert "Switch off" in see(ada, "GET /account/security")
        assert len(re.findall("<li><code>", ada.form("POST /v1/me/recovery-codes").text)) == 10
        assert leads(ada.form("POST /account/totp/remove")) == "/account/security"
        assert ada("GET /v1/me").json["second_factors"] == []

    def test_before_the_second_factor_no_workspace_is_named_and_no_page_is_shown(
        self, world: World, ada: Browser
    ) -> None:
        secret = secret_of(ada.form("POST /v1/me/totp").text)
        ada.form("POST /v1/me/totp/confirm", code=pyotp.TOTP(secret).at(world.clock.at))
        half = signed_in(world, ADA)
        assert [place["name"] for place in half("GET /v1/me").json["workspaces"]] == [None]
        for page in PAGES:
            reply = half(page, headers=A_BROWSER)
            assert leads(reply) == "/sign-in/second-factor?problem=second_factor_required"
        told = see(half, "GET /sign-in/second-factor", problem="second_factor_required")
        assert "Give your second factor first." in told


def secret_of(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7 ]{32,})</code>", page)
    assert found
    return found[1].replace(" ", "")


class TestProof:
    def test_what_asks_for_a_proof_leads_to_it_and_back(self, world: World, ada: Browser) -> None:
        secret = secret_of(ada.form("POST /v1/me/totp").text)
        ada.form("POST /v1/me/totp/confirm", code=pyotp.TOTP(secret).at(world.clock.at))
        world.tick(minutes=11)
        asked = leads(ada.form("POST /v1/api-keys", name="ci", role="member"))
        assert asked == "/account/confirm?next=%2Faccount%2Fworkspace"
        page = see(ada, "GET /account/confirm", next="/account/workspace")
        [action] = [each for each in Forms(page).actions if "confirm" in each]
        assert action == "/account/confirm?next=/account/workspace"
        step_up, query = "POST /account/confirm", {"next": "/account/workspace"}
        wrong = ada(step_up, query=query, headers=A_FORM, body="code=000000")
        assert leads(wrong) == "/account/confirm?problem=wrong_code&next=%2Faccount%2Fworkspace&left=4"
        code = pyotp.TOTP(secret).at(world.clock.at)
        assert leads(ada(step_up, query=query, headers=A_FORM, body=f"code={code}")) == "/account/workspace"
        assert ada.form("POST /v1/api-keys", name="ci", role="member").status == 200

    @pytest.mark.parametrize("page", ["https://evil.test", "//evil.test", "/docs", ""])
    def test_it_leads_to_no_other_page(self, world: World, ada: Browser, page: str) -> None:
        assert ada("GET /account/confirm", query={"next": page}, headers=A_BROWSER).status == 303
        ada.form("POST /v1/sign-in/email", email=ADA)
        body = f"token={world.mail.latest_token(ADA)}"
        reply = ada("POST /account/confirm", query={"next": page}, headers=A_FORM, body=body)
        assert leads(reply) == "/account"


class TestManaging:
    def test_members_are_invited_changed_and_removed(self, world: World, ada: Browser) -> None:
        bob = invited(world, ada, BOB, "member")
        path = {"user_id": str(bob("GET /v1/me").json["id"])}
        assert BOB in see(ada, "GET /account/workspace")
        role = ada("POST /account/members/{user_id}/role", path=path, headers=A_FORM, body="role=admin")
        assert leads(role) == "/account/workspace"
        assert "Members" in see(bob, "GET /account/workspace")
        gone = ada("POST /account/members/{user_id}/remove", path=path, headers=A_FORM, body="")
        assert leads(gone) == "/account/workspace"
        assert BOB not in see(ada, "GET /account/workspace")
        assert leads(bob("GET /account/workspace", headers=A_BROWSER)) == "/account?problem=no_workspace"
        assert world.mail.sent[-1].subject == "You were taken out of Böhm & Söhne"

    def test_an_admin_is_offered_nothing_above_them(self, world: World, ada: Browser) -> None:
        page = see(invited(world, ada, BOB, "admin"), "GET /account/workspace")
        assert "<option>owner" not in page
        assert not re.search(r"/account/members/usr_\w+/(role|remove)", page), "not the owner, not oneself"

    def test_whoever_manages_nothing_gets_no_such_page(self, world: World, ada: Browser) -> None:
        bob = invited(world, ada, BOB, "member")
        assert "/account/workspace" not in Forms(see(bob)).actions
        assert 'href="/account/workspace"' not in see(bob)
        assert leads(bob("GET /account/workspace", headers=A_BROWSER)) == "/account?problem=forbidden"

    def test_a_key_is_shown_once_and_revoked(self, world: World, ada: Browser) -> None:
        made = ada.form("POST /v1/api-keys", name="<ci>", role="read-only")
        [secret] = re.findall(r"shf_live_\w{36}", made.text)
        assert "&lt;ci&gt;" in made.text
        assert world.call(secret, "GET /v1/workspace").status == 200
        page = see(ada, "GET /account/workspace")
        assert secret not in page
        [key_id] = re.findall(r"/account/api-keys/(key_\w+)/revoke", page)
        path = {"key_id": key_id}
        revoked = ada("POST /account/api-keys/{key_id}/revoke", path=path, headers=A_FORM, body="")
        assert leads(revoked) == "/account/workspace"
        assert world.call(secret, "GET /v1/workspace").status == 401

    def test_an_invitation_is_taken_back(self, world: World, ada: Browser) -> None:
        ada.form("POST /v1/invitations", email=BOB, role="member")
        [invitation_id] = re.findall(r"invitations/(ivt_\w+)/withdraw", see(ada, "GET /account/workspace"))
        path = {"invitation_id": invitation_id}
        route = "POST /account/invitations/{invitation_id}/withdraw"
        assert leads(ada(route, path=path, headers=A_FORM, body="")) == "/account/workspace"
        assert BOB not in see(ada, "GET /account/workspace")


def add_passkey(browser: Browser) -> None:
    device = Authenticator(origin=SETTINGS.origin, host="sheaf.invalid")
    asked = browser("POST /v1/me/passkeys/options").json["options"]
    body = {"name": "<i>Laptop", "credential": device.create(asked)}
    assert browser("POST /v1/me/passkeys", body=body).status == 201


def test_a_passkey_is_listed_and_removed(world: World, ada: Browser) -> None:
    add_passkey(ada)
    page = see(ada, "GET /account/security")
    assert "&lt;i&gt;Laptop" in page
    [passkey_id] = re.findall(r"/account/passkeys/(pky_\w+)/remove", page)
    route = "POST /account/passkeys/{passkey_id}/remove"
    assert leads(ada(route, path={"passkey_id": passkey_id}, headers=A_FORM, body="")) == "/account/security"
    assert ada("GET /v1/me/passkeys").json["items"] == []


def test_a_provider_is_linked_by_a_link_and_no_form_leads_to_another_site(world: World, ada: Browser) -> None:
    with serving_provider(world) as provider:
        configured(world, sealing_keys=SEALING_KEYS, openid_clients=provider.clients())
        assert "/v1/me/identities/google" in Forms(see(ada, "GET /account/security")).actions
        path = {"provider": "google"}
        left = ada("POST /v1/me/identities/{provider}", path=path, headers=A_FORM, body="")
        [url] = re.findall(r'href="(http[^"]+)"', left.text)
        answer = provider.authorize(unescape(url), Account("ada@gmail.example"))
        back = ada("GET /v1/me/identities/{provider}/callback", path=path, query=answer)
        assert leads(back) == "/account/security"
        page = see(ada, "GET /account/security")
        assert "/account/identities/google/remove" in Forms(page).actions
        assert "/v1/me/identities/google" not in Forms(page).actions
        route = "POST /account/identities/{provider}/remove"
        assert leads(ada(route, path=path, headers=A_FORM, body="")) == "/account/security"


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_is_sent_to_sign_in(world: World, page: str) -> None:
    assert leads(Browser(world)(page, headers=A_BROWSER)) == "/sign-in"
    gone = Browser(world, {SESSION_COOKIE: "A" * 43})
    assert leads(gone(page, headers=A_BROWSER)) == "/sign-in?problem=session_ended"
    assert Browser(world)(page).status == 401, "a program is told so"


def test_another_sites_form_does_nothing(world: World, ada: Browser) -> None:
    evil = {"origin": "https://evil.test"}
    reply = ada.form("POST /account/sign-out", headers=evil)
    assert leads(reply) == "/sign-in?problem=cross_site_request"
    assert ada("GET /v1/me").status == 200


@pytest.mark.parametrize("page", ["GET /account", "GET /account/security", "GET /account/confirm"])
def test_what_went_wrong_is_said_and_nobody_is_repeated(world: World, ada: Browser, page: str) -> None:
    shown = see(ada, page, problem="<script>alert(1)</script>")
    assert "alert(1)" not in unescape(shown)
    assert "That did not work" in shown


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_no_script_but_ours_and_says_where_its_forms_come_from(
    world: World, ada: Browser, page: str
) -> None:
    reply = ada(page, headers=A_BROWSER)
    assert re.findall(r"<script[^>]*>", reply.text) == ['<script src="/sign-in.js">']
    assert " style=" not in reply.text
    assert " onclick=" not in reply.text
    assert reply.headers["referrer-policy"] == "same-origin"
    assert reply.headers["cache-control"] == "no-store"
    assert "unsafe" not in reply.headers["content-security-policy"]


def test_an_address_of_a_role_is_a_role(world: World, ada: Browser) -> None:
    assert [
        role.value for role in Role if f">{role.value}</option>" in see(ada, "GET /account/workspace")
    ] == [role.value for role in Role]
