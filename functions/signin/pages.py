"""The pages people sign in on. They work without script: forms go to the API's own routes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel

from functions.signin.routes import api
from sheaf.access.openid import PROVIDERS
from sheaf.access.roles import Permission
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.request import Request
from sheaf.edge.responses import Response, respond
from sheaf.kernel.errors import InvalidRequest

HTML, CSS, JS = "text/html; charset=utf-8", "text/css; charset=utf-8", "text/javascript; charset=utf-8"
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    # With no-referrer, a browser's form says `Origin: null`.
    "referrer-policy": "same-origin",
}
_SIGN_IN, _SECOND_FACTOR, _HOME = "/sign-in", "/sign-in/second-factor", "/"
_NAVIGATIONS = frozenset(
    {
        "GET /v1/sign-in/{provider}",
        "GET /v1/sign-in/{provider}/callback",
        "GET /v1/me/identities/{provider}/callback",
    }
)
_PROBLEMS = {
    "address_unverified": "That account does not vouch for its address. Sign in by mail, then link it.",
    "challenge_gone": "That took too long. Try again.",
    "identity_taken": "That account is linked to another account here.",
    "invalid_request": "That does not look right. Try again.",
    "link_gone": "That link was used, or has run out. Ask for another.",
    "passkey_refused": "That passkey is not known here.",
    "provider_declined": "You were not signed in there. Try again, or take another way.",
    "provider_unreachable": "It cannot be reached at the moment. Try again, or take another way.",
    "second_factor_given": "You are signed in already.",
    "session_ended": "Your session has ended. Sign in again.",
    "sign_in_as_before": (
        "There is an account with that address. Sign in the way you did before, then link the other one."
    ),
    "sign_in_unknown": "That sign-in was not begun in this browser, or took too long. Try again.",
    "too_many_requests": "That was tried too often. Wait a little.",
    "wrong_code": "That code is wrong, or was used before.",
}
_OTHERWISE = "That did not work. Try again, or take another way."


class Said(BaseModel):
    """What happened before: a problem's code, or ``sent``."""

    problem: str | None = None
    sent: str | None = None


@api.get("/sign-in", permission=Permission.PUBLIC, produces=HTML)
def page(query: Said, app: Application) -> Answer[str]:
    """The page to sign in on, and where a mailed link leads."""
    ways = "".join(
        f'<a class="button" href="/v1/sign-in/{name}">Continue with {escape(provider.label)}</a>'
        for name, provider in PROVIDERS.items()
        if app.openid.provider(name)
    )
    return _page("Sign in", _note(query) + _ADDRESS.replace("<!--ways-->", ways) + _CODE)


@api.get("/sign-in/second-factor", permission=Permission.PUBLIC, produces=HTML)
def second_factor_page(query: Said) -> Answer[str]:
    """Where a sign-in goes on that awaits its second factor."""
    return _page("One more step", _note(query) + _FACTOR)


@api.get("/invitations", permission=Permission.PUBLIC, produces=HTML)
def invitation_page() -> Answer[str]:
    """Where an invitation's link leads: it is accepted by whoever is signed in with its address."""
    return _page("You are invited", _INVITATION)


@api.get("/sign-in.css", permission=Permission.PUBLIC, produces=CSS)
def style() -> Answer[str]:
    """The look of these pages."""
    return Answer(_file("sign-in.css"), CSS)


@api.get("/sign-in.js", permission=Permission.PUBLIC, produces=JS)
def script() -> Answer[str]:
    """What spares pasting a code, and asks for passkeys."""
    return Answer(_file("sign-in.js"), JS)


def for_people(event: Mapping[str, Any], response: Response) -> Response:
    """Somebody who sent a form, or was sent here, gets a page and no document."""
    route = event["routeKey"]
    is_refused = response["statusCode"] >= HTTPStatus.BAD_REQUEST
    if not _is_form(event) and not (is_refused and route in _NAVIGATIONS):
        return response
    if is_refused:
        code = json.loads(response["body"])["code"]
        back = _SECOND_FACTOR if route == "POST /v1/session/second-factor" else _SIGN_IN
        return _sent_to(f"{back}?{urlencode({'problem': code})}", response)
    match route:
        case "POST /v1/sign-in/email":
            return _sent_to(f"{_SIGN_IN}?sent=yes", response)
        case "POST /v1/sign-in/email/confirm" | "POST /v1/session/second-factor":
            is_half = json.loads(response["body"])["awaits_second_factor"]
            return _sent_to(_SECOND_FACTOR if is_half else _HOME, response)
    return response


def _is_form(event: Mapping[str, Any]) -> bool:
    try:
        return Request(event).is_form
    except InvalidRequest:
        return False


def _sent_to(path: str, response: Response) -> Response:
    sent = respond(HTTPStatus.SEE_OTHER, "", headers={"location": path})
    return {**sent, "cookies": response["cookies"]} if "cookies" in response else sent


def _note(said: Said) -> str:
    if said.sent:
        return (
            '<p class="note" role="status">If that address can get mail, a link is on its way. '
            "It is good for 15 minutes, once.</p>"
        )
    if said.problem:
        sentence = escape(_PROBLEMS.get(said.problem, _OTHERWISE))
        return f'<p class="note warn" role="alert">{sentence}</p>'
    return ""


def _page(title: str, body: str) -> Answer[str]:
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title} · Sheaf</title><link rel="stylesheet" href="/sign-in.css"></head>'
        f'<body><h1>{title}</h1>{body}<script src="/sign-in.js"></script></body></html>'
    )
    return Answer(html, HTML, HEADERS)


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


_ADDRESS = """
<div id="ways">
<form method="post" action="/v1/sign-in/email">
<label for="email">Your address</label>
<input id="email" name="email" type="email" autocomplete="username webauthn" required autofocus>
<button class="first">Mail me a link</button>
</form>
<p class="or">or</p>
<button id="passkey" type="button" hidden>Use a passkey</button>
<!--ways-->
</div>
"""
_CODE = """
<details id="by-code"><summary id="by-code-summary">I have a link from a mail</summary>
<p id="arrived" hidden>One click, and you are in.</p>
<form id="confirm" method="post" action="/v1/sign-in/email/confirm">
<div id="paste"><label for="token">What follows the # in the link</label>
<input id="token" name="token" autocomplete="one-time-code" required></div>
<button class="first">Sign in</button>
</form>
</details>
"""
_FACTOR = """
<form method="post" action="/v1/session/second-factor">
<label for="code">The code your app shows, or a recovery code</label>
<input id="code" name="code" autocomplete="one-time-code" required autofocus>
<button class="first">Continue</button>
</form>
<p class="soft">Lost both? Sign in on another device that has a passkey of yours.</p>
"""

_INVITATION = """
<form id="accept" method="post" action="/v1/invitations/accept">
<p>Accept it with the address it was sent to. <a href="/sign-in" target="_blank" rel="opener">Sign in
with that address first</a>, then come back here.</p>
<label for="token">What follows the # in the link</label>
<input id="token" name="token" autocomplete="off" required>
<button class="first">Accept the invitation</button>
<p class="note" role="status" hidden></p>
</form>
"""
