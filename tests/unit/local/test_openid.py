"""The local identity provider keeps the promises of the standard, or a careless client would pass."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from urllib3 import BaseHTTPResponse, PoolManager

from infra.local.http import HttpServer
from infra.local.openid import BODY_LIMIT, NAMES, OpenIdProvider
from sheaf.access.openid import PROVIDERS
from tests.builders.sign_in import KEYS

VERIFIER = "v" * 43
BACK = "https://sheaf.invalid/callback"
HTTP = PoolManager(retries=False)
ASKED = {
    "response_type": "code",
    "client_id": "sheaf",
    "redirect_uri": BACK,
    "scope": "openid email",
    "state": "s",
    "nonce": "n",
    "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    .rstrip(b"=")
    .decode(),
    "code_challenge_method": "S256",
}


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider(keys=KEYS)
    server = HttpServer(provider.answer, port=0, body_limit=BODY_LIMIT)
    provider.url = server.url
    server.start()
    yield provider
    server.stop()


def form(url: str, fields: dict[str, str]) -> BaseHTTPResponse:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return HTTP.request("POST", url, body=urlencode(fields), headers=headers, redirect=False)


def choose(provider: OpenIdProvider, name: str = "google", **fields: str) -> BaseHTTPResponse:
    """As somebody on the page does."""
    page = HTTP.request("GET", f"{provider.url}/{name}/authorize?{urlencode(ASKED)}").data.decode()
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
    kept = {key: unescape(value) for key, value in hidden}
    assert kept == ASKED
    account = {"email": "ada@example.com", "name": "Ada", "vouched": "on", "fault": "", "answer": "yes"}
    return form(f"{provider.url}/{name}/authorize", kept | account | fields)


def code_of(answer: BaseHTTPResponse) -> str:
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))["code"]


def redeem(provider: OpenIdProvider, code: str, /, **change: str) -> tuple[int, Any]:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": "sheaf",
        "client_secret": provider.clients()["google"]["secret"],
        "code_verifier": VERIFIER,
    }
    answer = form(f"{provider.url}/google/token", fields | change)
    return answer.status, json.loads(answer.data)


@pytest.mark.parametrize("name", NAMES)
def test_its_metadata_are_where_the_client_looks_and_say_what_it_expects(
    provider: OpenIdProvider, name: str
) -> None:
    expected = PROVIDERS[name].at(f"{provider.url}/{name}")
    metadata = json.loads(HTTP.request("GET", expected.discovery).data)
    assert metadata["issuer"] == expected.issuer
    assert json.loads(HTTP.request("GET", metadata["jwks_uri"]).data)["keys"][0]["kty"] == "RSA"


def test_a_code_is_worth_a_token_that_the_key_set_verifies(provider: OpenIdProvider) -> None:
    answer = choose(provider)
    assert dict(parse_qsl(urlsplit(answer.headers["location"]).query))["state"] == "s"
    status, body = redeem(provider, code_of(answer))
    assert status == 200
    keys = KeySet.import_key_set(json.loads(HTTP.request("GET", f"{provider.url}/google/jwks").data))
    claims = jwt.decode(body["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["email"], claims["nonce"], claims["aud"]) == ("ada@example.com", "n", "sheaf")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "https://evil.test/"}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "invalid_grant"),
        ({"code": "x"}, "invalid_grant"),
        ({"client_id": "another"}, "invalid_client"),
        ({"client_secret": "x"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client"),
    ],
    ids=str,
)
def test_a_code_is_worth_nothing_to_others(
    provider: OpenIdProvider, change: dict[str, str], error: str
) -> None:
    status, body = redeem(provider, code_of(choose(provider)), **change)
    assert (status in {400, 401}, body) == (True, {"error": error})


def test_a_code_is_good_once(provider: OpenIdProvider) -> None:
    code = code_of(choose(provider))
    assert redeem(provider, code)[0] == 200
    assert redeem(provider, code) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "name", ["client_id", "response_type", "code_challenge", "state", "nonce", "redirect_uri"]
)
def test_a_request_that_leaves_something_out_is_refused(provider: OpenIdProvider, name: str) -> None:
    asked = {key: value for key, value in ASKED.items() if key != name}
    for answer in (
        HTTP.request("GET", f"{provider.url}/google/authorize?{urlencode(asked)}"),
        form(f"{provider.url}/google/authorize", asked | {"answer": "yes"}),
    ):
        assert answer.status == 400


def test_whoever_cancels_goes_back_with_an_error(provider: OpenIdProvider) -> None:
    place = choose(provider, answer="no").headers["location"]
    assert dict(parse_qsl(urlsplit(place).query)) == {"error": "access_denied", "state": "s"}


def test_an_answer_by_form_is_a_page_that_posts_it(provider: OpenIdProvider) -> None:
    answer = choose(provider, "apple", response_mode="form_post")
    page = answer.data.decode()
    assert f'action="{BACK}"' in page
    assert 'name="code"' in page
