"""The second factor, and showing once more who one is."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from functions.signin.routes import api, into_session, telling_them
from sheaf.access.challenges import COOKIE as CHALLENGE
from sheaf.access.limits import CODES_OF_USER
from sheaf.access.roles import Permission
from sheaf.access.sessions import Factor, Session
from sheaf.accounts.email_links import prove_by_link
from sheaf.accounts.notices import News
from sheaf.accounts.passkeys import Site, prove_by_passkey
from sheaf.accounts.second_factor import (
    CodeGiven,
    Enrolment,
    Proof,
    RecoveryCodes,
    Try,
    complete,
    confirm,
    disable,
    enrol,
    prove_by_code,
    proven,
    renew_recovery_codes,
)
from sheaf.accounts.sign_in import SignInView
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.request import Request
from sheaf.storage.visit import Visit


@api.post(
    "/v1/me/totp",
    permission=Permission.OWN_ACCOUNT,
    audit=Action.SECOND_FACTOR_STARTED,
    step_up=True,
)
def begin_totp(visit: Visit, app: Application) -> Enrolment:
    """Begin to set up an app for one-time codes. Nothing changes before `/v1/me/totp/confirm`."""
    return enrol(visit, app.key_ring)


@api.post(
    "/v1/me/totp/confirm",
    permission=Permission.OWN_ACCOUNT,
    audit=Action.SECOND_FACTOR_ENABLED,
    status=HTTPStatus.OK,
    step_up=True,
)
def confirm_totp(visit: Visit, body: CodeGiven, app: Application, request: Request) -> Answer[RecoveryCodes]:
    """Give the app's first code. Every sign-in asks for one from now on. Recovery codes are shown once."""
    codes = confirm(visit, app.key_ring, body.code, _a_try(app, visit))
    was_good = _was_good(app, visit)
    told = telling_them(app, visit, request, News.SECOND_FACTOR_ADDED)

    def then() -> None:
        was_good()
        told()

    return Answer(codes, then=then)


@api.delete(
    "/v1/me/totp",
    permission=Permission.OWN_ACCOUNT,
    audit=Action.SECOND_FACTOR_DISABLED,
    step_up=True,
)
def disable_totp(visit: Visit, app: Application, request: Request) -> Answer[str]:
    """Ask for no second factor any more; the recovery codes are gone as well."""
    disable(visit)
    return Answer("", then=telling_them(app, visit, request, News.SECOND_FACTOR_REMOVED))


@api.post(
    "/v1/me/recovery-codes",
    permission=Permission.OWN_ACCOUNT,
    audit=Action.RECOVERY_CODES_MADE,
    step_up=True,
)
def recovery_codes(visit: Visit, app: Application, request: Request) -> Answer[RecoveryCodes]:
    """New recovery codes, instead of the old ones."""
    codes = renew_recovery_codes(visit)
    return Answer(codes, then=telling_them(app, visit, request, News.RECOVERY_CODES_MADE))


@api.post(
    "/v1/session/second-factor",
    permission=Permission.OWN_ACCOUNT,
    audit=Action.SESSION_PROVED,
    status=HTTPStatus.OK,
    half_way=True,
)
def give(visit: Visit, body: CodeGiven, app: Application) -> Answer[SignInView]:
    """Complete a sign-in with a code of the app, or a recovery code."""
    whole = complete(visit, app.key_ring, body.code, _a_try(app, visit))
    return Answer(whole.view, cookies=into_session(whole, app), then=_was_good(app, visit))


@api.post(
    "/v1/session/step-up",
    permission=Permission.OWN_ACCOUNT,
    audit=Action.SESSION_PROVED,
    status=HTTPStatus.OK,
)
def step_up(visit: Visit, body: Proof, app: Application, request: Request) -> Answer[SignInView]:
    """Show once more who one is, for what asks for that: with a code, a mailed link's token or a passkey."""
    renewed = proven(visit, _session(visit), _proof(visit, body, app, request))
    was_good = _was_good(app, visit) if body.code is not None else None
    return Answer(renewed.view, cookies=into_session(renewed, app), then=was_good)


def _proof(visit: Visit, body: Proof, app: Application, request: Request) -> Factor:
    if body.credential is not None:
        challenge = request.cookies.get(CHALLENGE, "")
        return prove_by_passkey(visit, Site(app.settings.origin), challenge, body.credential)
    if body.token is not None:
        return prove_by_link(visit, body.token)
    return prove_by_code(visit, app.key_ring, body.code or "", _a_try(app, visit))


def _a_try(app: Application, visit: Visit) -> Try:
    return partial(app.throttles.take, CODES_OF_USER, visit.user_id)


def _was_good(app: Application, visit: Visit) -> partial[None]:
    return partial(app.throttles.give_back, CODES_OF_USER, visit.user_id)


def _session(visit: Visit) -> Session:
    if visit.session is None:
        raise AssertionError("nobody is signed in: the route must not be public")
    return visit.session
