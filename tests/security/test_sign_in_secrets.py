"""Nothing that signs somebody in is kept in the clear or said in a log, whatever went right or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from infra.local.openid_tokens import Account
from sheaf.access.roles import Role
from tests.builders.browser import Browser
from tests.builders.sign_in import SEALING_KEYS, configured, serving_provider
from tests.builders.world import SETTINGS, World, fresh_world
from tests.fakes.authenticator import Authenticator
from tests.security.test_secrets import captured

ADA = "ada.quarrelsome@example.com"


class Watcher(Browser):
    """Remembers every cookie it was ever given."""

    def __call__(self, route: str, **request: Any) -> Any:
        reply = super().__call__(route, **request)
        self.given = [*getattr(self, "given", []), *filter(None, reply.cookies.values())]
        return reply


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[list[str], str, str]]:
    """Secrets, what was logged, and what the tables hold."""
    with (
        fresh_world() as world,
        serving_provider(world) as provider,
        captured() as (log, printed),
    ):
        clients = provider.clients()
        configured(world, openid_clients=clients, sealing_keys=SEALING_KEYS)
        ws = world.workspace()
        world.person(ADA, (ws.workspace_id, Role.OWNER))
        browser = Watcher(world)
        secrets = by_mail(world, browser)
        secrets += at_provider(browser, provider)
        secrets += second_factor(world, browser)
        secrets += by_passkey(browser)
        secrets += [*browser.given, *SEALING_KEYS.values(), clients["google"]["secret"]]
        said = f"{log.getvalue()}\n{printed.getvalue()}"
        kept = f"{world.items()}{world.items(table=SETTINGS.directory_table)}"
        yield [secret for secret in secrets if secret], said, kept


def by_mail(world: World, browser: Browser) -> list[str]:
    browser.sign_in(ADA)
    used = world.mail.latest_token(ADA)
    browser("POST /v1/sign-in/email", body={"email": ADA})
    for body in ({"token": used}, {"token": "x" * 43}, {"email": ADA}, "{"):
        browser("POST /v1/sign-in/email/confirm", body=body)
    return [used, world.mail.latest_token(ADA)]


def at_provider(browser: Browser, provider: Any) -> list[str]:
    route = "GET /v1/sign-in/{provider}/callback"
    found = []
    for account in (Account("new.quarrelsome@example.com"), Account(ADA)):
        stranger = Watcher(browser.world)
        away = stranger("GET /v1/sign-in/{provider}", path={"provider": "google"}).headers["location"]
        answer = provider.authorize(away, account)
        for _ in range(2):
            stranger(route, path={"provider": "google"}, query=answer)
        query = parse_qs(urlsplit(away).query)
        found += [answer["code"], query["state"][0], query["nonce"][0], *stranger.given]
    return found


def second_factor(world: World, browser: Browser) -> list[str]:
    secret = browser("POST /v1/me/totp").json["secret"]
    codes = browser("POST /v1/me/totp/confirm", body={"code": pyotp.TOTP(secret).at(world.clock.at)}).json
    for code in (codes["codes"][0], codes["codes"][0], "wrong-code"):
        browser("POST /v1/session/step-up", body={"code": code})
    return [secret, *codes["codes"]]


def by_passkey(browser: Browser) -> list[str]:
    device = Authenticator(origin=SETTINGS.origin, host="sheaf.invalid")
    asked = browser("POST /v1/me/passkeys/options").json["options"]
    browser("POST /v1/me/passkeys", body={"credential": device.create(asked)})
    asked = browser("POST /v1/sign-in/passkey/options").json["options"]
    answer = device.get(asked)
    for _ in range(2):
        browser("POST /v1/sign-in/passkey", body={"credential": answer})
    return [asked["challenge"], answer["response"]["signature"]]


def test_no_secret_is_kept(told: tuple[list[str], str, str]) -> None:
    secrets, _, kept = told
    assert len(secrets) > 30
    assert [secret for secret in secrets if secret in kept] == []


def test_no_secret_and_no_address_is_logged(told: tuple[list[str], str, str]) -> None:
    secrets, said, _ = told
    assert "refused" in said
    assert [secret for secret in secrets if secret in said] == []
    assert "quarrelsome" not in said
    assert "203.0.113" not in said
