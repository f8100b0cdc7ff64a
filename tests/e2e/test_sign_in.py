"""Signing in on the running system: by the address in local.json, by a mail, at the provider."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode, urljoin

from urllib3 import PoolManager

from infra.local.openid_tokens import Account
from infra.local.stack import LocalStack

_HTTP = PoolManager(retries=False, timeout=60)


class Browser:
    """Keeps cookies, as one does whose address is as good as TLS: the loopback."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.cookies: dict[str, str] = {}

    def __call__(self, method: str, url: str, *, form: dict[str, str] | None = None, **headers: str) -> Any:
        sent = {"origin": self.origin, **headers}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body, sent["content-type"] = urlencode(form), "application/x-www-form-urlencoded"
        answer = _HTTP.request(method, urljoin(self.origin, url), body=body, headers=sent, redirect=False)
        for cookie in answer.headers.getlist("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def me(self) -> dict[str, Any]:
        return dict(json.loads(self("GET", "/v1/me").data))


def test_the_address_in_local_json_signs_the_owner_in(stack: LocalStack) -> None:
    workspace_id = stack.create_workspace("Signed in").workspace_id
    url = stack.sign_in_url(workspace_id)
    for _ in range(2):
        browser = Browser(stack.url)
        assert browser("GET", url).status == 303
        assert browser.me()["workspace_id"] == workspace_id
    assert json.loads(browser("GET", "/v1/workspace").data)["name"] == "Signed in"
    assert Browser(stack.url)("GET", url[:-1] + ("0" if url[-1] != "0" else "1")).status == 403


def test_a_link_from_the_outbox_signs_in(stack: LocalStack) -> None:
    browser = Browser(stack.url)
    assert browser("POST", "/v1/sign-in/email", form={"email": "bob@example.com"}).status == 303
    mails = json.loads(_HTTP.request("GET", f"{stack.mail_url}/emails").data)["data"]
    [text] = [mail["text"] for mail in mails if mail["to"] == ["bob@example.com"]]
    found = re.search(r"#([\w-]+)", text)
    assert found
    assert browser("POST", "/v1/sign-in/email/confirm", form={"token": found[1]}).status == 303
    assert browser.me()["email"] == "bob@example.com"


def test_the_provider_signs_in(stack: LocalStack) -> None:
    browser = Browser(stack.url)
    away = browser("GET", "/v1/sign-in/google").headers["location"]
    answer = stack.openid.authorize(away, Account("carol@example.com"))
    back = browser("GET", f"/v1/sign-in/google/callback?{urlencode(answer)}")
    assert (back.status, back.headers["location"]) == (303, "/account")
    assert browser.me()["email"] == "carol@example.com"
    enrolled = browser("POST", "/v1/me/totp")
    assert enrolled.status == 201, "there is a key to seal with"
