"""Passkeys: adding, using, naming and deleting them."""

from __future__ import annotations

from http import HTTPStatus

from functions.signin.routes import api, challenge_cookie, into_session, slow_down, telling_them
from sheaf.access.challenges import COOKIE as CHALLENGE
from sheaf.access.roles import Permission
from sheaf.accounts.notices import News
from sheaf.accounts.passkeys import (
    NewPasskey,
    PasskeyAnswer,
    PasskeyList,
    PasskeyOptions,
    PasskeyRename,
    PasskeyView,
    Site,
    list_passkeys,
    register,
    registration_options,
    remove_passkey,
    rename_passkey,
    sign_in_by_passkey,
    sign_in_options,
)
from sheaf.accounts.sign_in import SignInView
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.cookies import expired_cookie
from sheaf.edge.request import Request
from sheaf.storage.visit import Visit


@api.post(
    "/v1/sign-in/passkey/options",
    permission=Permission.PUBLIC,
    audit=Action.SIGN_IN_REQUESTED,
    status=HTTPStatus.OK,
)
def ask_for_passkey(visit: Visit, app: Application, request: Request) -> Answer[PasskeyOptions]:
    """What to ask the browser for, to sign in or to step up."""
    slow_down(app, request)
    options, token = sign_in_options(visit, Site(app.settings.origin))
    return Answer(options, cookies=(challenge_cookie(token),))


@api.post(
    "/v1/sign-in/passkey",
    permission=Permission.PUBLIC,
    audit=Action.SESSION_STARTED,
    status=HTTPStatus.OK,
)
def enter(visit: Visit, body: PasskeyAnswer, app: Application, request: Request) -> Answer[SignInView]:
    """Sign in with a passkey; no second factor is asked for."""
    slow_down(app, request)
    token = request.cookies.get(CHALLENGE, "")
    signed_in = sign_in_by_passkey(visit, Site(app.settings.origin), token, body.credential)
    cookies = (*into_session(signed_in, app), expired_cookie(CHALLENGE, same_site="Strict"))
    return Answer(signed_in.view, cookies=cookies)


@api.get("/v1/me/passkeys", permission=Permission.OWN_ACCOUNT)
def passkeys(visit: Visit) -> PasskeyList:
    """The caller's passkeys."""
    return list_passkeys(visit)


@api.post(
    "/v1/me/passkeys/options",
    permission=Permission.OWN_ACCOUNT,
    audit=Action.SIGN_IN_REQUESTED,
    status=HTTPStatus.OK,
    step_up=True,
)
def begin_passkey(visit: Visit, app: Application) -> Answer[PasskeyOptions]:
    """What to ask the browser for, to make a passkey."""
    options, token = registration_options(visit, Site(app.settings.origin))
    return Answer(options, cookies=(challenge_cookie(token),))


@api.post("/v1/me/passkeys", permission=Permission.OWN_ACCOUNT, audit=Action.PASSKEY_ADDED, step_up=True)
def add(visit: Visit, body: NewPasskey, app: Application, request: Request) -> Answer[PasskeyView]:
    """Keep the passkey the browser made."""
    passkey = register(visit, Site(app.settings.origin), request.cookies.get(CHALLENGE, ""), body)
    told = telling_them(app, visit, request, News.PASSKEY_ADDED, name=passkey.name)
    return Answer(passkey, cookies=(expired_cookie(CHALLENGE, same_site="Strict"),), then=told)


@api.patch("/v1/me/passkeys/<passkey_id>", permission=Permission.OWN_ACCOUNT, audit=Action.PASSKEY_RENAMED)
def rename(visit: Visit, body: PasskeyRename, passkey_id: str) -> PasskeyView:
    """Give a passkey another name."""
    return rename_passkey(visit, passkey_id, body.name)


@api.delete(
    "/v1/me/passkeys/<passkey_id>",
    permission=Permission.OWN_ACCOUNT,
    audit=Action.PASSKEY_REMOVED,
    step_up=True,
)
def remove(visit: Visit, passkey_id: str, app: Application, request: Request) -> Answer[str]:
    """Delete a passkey."""
    passkey = remove_passkey(visit, passkey_id)
    return Answer("", then=telling_them(app, visit, request, News.PASSKEY_REMOVED, name=passkey.name))
