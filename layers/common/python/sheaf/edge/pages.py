"""Pages for people: they work without script, and their forms go to the same routes that programs call."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from sheaf.access.limits import in_words
from sheaf.access.roles import Permission, Role
from sheaf.edge.api import Answer
from sheaf.edge.request import Request
from sheaf.edge.responses import Response, respond
from sheaf.kernel.errors import InvalidRequest

HTML = "text/html; charset=utf-8"
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    # With no-referrer, a browser's form says `Origin: null`.
    "referrer-policy": "same-origin",
}
SIGN_IN, SECOND_FACTOR = "/sign-in", "/sign-in/second-factor"
ACCOUNT, SECURITY, WORKSPACE, SUBSCRIPTION, CONFIRM = (
    "/account",
    "/account/security",
    "/account/workspace",
    "/account/subscription",
    "/account/confirm",
)
_TABS = {ACCOUNT: "Account", SECURITY: "Signing in", WORKSPACE: "Workspace"}
_ELSEWHERE = {"session_ended": SIGN_IN, "second_factor_required": SECOND_FACTOR}
_PROBLEMS = {
    "address_unverified": "That account does not vouch for its address. Sign in by mail, then link it.",
    "already_subscribed": "There is a plan already: change it where cards and bills are.",
    "already_member": "That person is a member already.",
    "challenge_gone": "That took too long. Try again.",
    "cross_site_request": "That did not come from a page of ours. Try again here.",
    "conflict": "Somebody else changed that at the same moment. Look again.",
    "forbidden": "Your role does not allow that.",
    "identity_taken": "That account is linked to another account here.",
    "invalid_request": "That does not look right. Try again.",
    "invitation_gone": "That invitation was used, taken back, or has run out: ask for another.",
    "invitation_not_yours": "That invitation is for another address: sign in with that one.",
    "last_owner": "A workspace needs an owner: make somebody else one first.",
    "link_gone": "That link was used, or has run out. Ask for another.",
    "link_not_yours": "That link is for another address.",
    "no_second_factor": "There is no second factor to give a code of.",
    "not_subscribed": "No plan was bought yet.",
    "not_the_buyer": "Only whoever bought the plan can open its portal.",
    "plans_not_sold": "Plans are not sold here: there are no limits.",
    "purchase_under_way": "A plan was bought a moment ago. Look again shortly.",
    "vendor_unavailable": "The payment provider cannot be reached at the moment. Try again.",
    "no_workspace": "Choose a workspace first.",
    "not_found": "That is not there any more.",
    "passkey_not_yours": "That passkey is somebody else's.",
    "passkey_refused": "That passkey is not known here.",
    "provider_declined": "You were not signed in there. Try again, or take another way.",
    "provider_unreachable": "It cannot be reached at the moment. Try again, or take another way.",
    "second_factor_given": "You are signed in already.",
    "second_factor_required": "Give your second factor first.",
    "second_factor_unavailable": "Second factors are not set up here.",
    "session_ended": "Your session has ended. Sign in again.",
    "sign_in_as_before": (
        "There is an account with that address. Sign in the way you did before, then link the other one."
    ),
    "sign_in_unknown": "That sign-in was not begun in this browser, or took too long. Try again.",
    "too_many_requests": "That was tried too often.",
    "wrong_code": "That code is wrong, or was used before.",
}
_OTHERWISE = "That did not work. Try again, or take another way."


class Said(BaseModel):
    """What happened before: a problem's code, or ``sent``. ``left``: tries; ``wait``: seconds."""

    problem: str | None = None
    sent: str | None = None
    left: Annotated[int, Field(ge=0, le=1000)] | None = None
    wait: Annotated[int, Field(ge=0, le=86_400)] | None = None


@dataclass(frozen=True)
class Way:
    """Where a person goes on from a route: ``back`` when refused; ``onward`` makes the answer to what went
    well (None: the route's own answer leads on). ``is_navigation``: only browsers are ever sent there.
    """

    back: str
    onward: Callable[[Mapping[str, Any], Any], Response] | None = None
    is_navigation: bool = False


def for_people(event: Mapping[str, Any], response: Response, ways: Mapping[str, Way]) -> Response:
    """Somebody who sent a form, or was sent here, gets a page and no document."""
    way = ways.get(event["routeKey"])
    if way is None or not (way.is_navigation or _is_persons(Request(event))):
        return response
    if response["statusCode"] >= HTTPStatus.BAD_REQUEST:
        return _with_cookies(sent_to(_back(way, response, asked_by(event))), response)
    if way.onward is None:
        return response
    return _with_cookies(way.onward(event, json.loads(response["body"] or "null")), response)


def sent_to(path: str) -> Response:
    return respond(HTTPStatus.SEE_OTHER, "", headers={"location": path})


def shown(answer: Answer[str]) -> Response:
    return respond(HTTPStatus.OK, answer.body, answer.content_type, answer.headers)


def page(title: str, body: str) -> Answer[str]:
    return _page(title, f"<h1>{escape(title)}</h1>{body}", "narrow")


def account_page(here: str, title: str, body: str, *, role: Role | None = None) -> Answer[str]:
    """One of the pages about somebody's account; ``role`` is theirs in the workspace they work in."""
    manages = role is not None and role.allows(Permission.MEMBER_WRITE)
    tabs = [path for path in _TABS if path != WORKSPACE or manages]
    links = "".join(
        f'<a href="{path}"{' aria-current="page"' if path == here else ""}>{_TABS[path]}</a>' for path in tabs
    )
    out = '<form method="post" action="/account/sign-out"><button class="plain">Sign out</button></form>'
    header = f'<header><nav>{links}<a href="/docs">API</a></nav>{out}</header>'
    return _page(title, f"{header}<main><h1>{escape(title)}</h1>{body}</main>", "wide")


def note(said: Said, *, sent: str = "") -> str:
    if said.sent and sent:
        return f'<p class="note" role="status">{sent}</p>'
    if not said.problem:
        return ""
    sentence = _PROBLEMS.get(said.problem, _OTHERWISE)
    if said.left is not None:
        sentence += f" Tries left: {said.left}."
    if said.wait is not None:
        sentence += f" Try again in {in_words(timedelta(seconds=max(said.wait, 1)))}."
    return f'<p class="note warn" role="alert">{escape(sentence)}</p>'


def button(action: str, label: str, *, warn: bool = False, **fields: str) -> str:
    """A form that is a button; one with a warning takes a second click."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(it)}">' for name, it in fields.items()
    )
    told, kind = escape(label), "small warn" if warn else "small"
    form = f'<form method="post" action="{action}">{hidden}<button class="{kind}">{told}</button></form>'
    return f"<details><summary>{told} …</summary>{form}</details>" if warn else form


def _page(title: str, body: str, kind: str) -> Answer[str]:
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} · Sheaf</title><link rel="stylesheet" href="/sign-in.css"></head>'
        f'<body class="{kind}">{body}<script src="/sign-in.js"></script></body></html>'
    )
    return Answer(html, HTML, HEADERS)


def _is_persons(request: Request) -> bool:
    try:
        return request.is_form or "text/html" in request.headers.get("accept", "")
    except InvalidRequest:
        return False


def asked_by(event: Mapping[str, Any]) -> str | None:
    """The page that asked for a proof, and is gone back to after it."""
    wanted = (event.get("queryStringParameters") or {}).get("next")
    return wanted if wanted in {*_TABS, SUBSCRIPTION} else None


def _back(way: Way, response: Response, asked: str | None) -> str:
    document = json.loads(response["body"])
    code = document["code"]
    if code == "unauthenticated":
        return SIGN_IN
    if code == "step_up_required":
        return f"{CONFIRM}?{urlencode({'next': way.back})}"
    query = {"problem": code}
    if asked and way.back == CONFIRM:
        query["next"] = asked
    if "tries_left" in document:
        query["left"] = document["tries_left"]
    if "retry-after" in response["headers"]:
        query["wait"] = response["headers"]["retry-after"]
    if code in _ELSEWHERE:
        return f"{_ELSEWHERE[code]}?{urlencode({'problem': code})}"
    return f"{way.back}?{urlencode(query)}"


def _with_cookies(sent: Response, response: Response) -> Response:
    return {**sent, "cookies": response["cookies"]} if "cookies" in response else sent
