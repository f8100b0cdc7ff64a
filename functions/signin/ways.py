"""Where a person goes on from this function's routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.signin import account
from functions.signin.routes import api
from sheaf.edge.pages import (
    ACCOUNT,
    CONFIRM,
    SECOND_FACTOR,
    SECURITY,
    SIGN_IN,
    Way,
    asked_by,
    sent_to,
    shown,
)
from sheaf.edge.responses import Response


def _mailed(_event: Mapping[str, Any], _document: Any) -> Response:
    return sent_to(f"{SIGN_IN}?sent=yes")


def _signed_in(_event: Mapping[str, Any], document: Any) -> Response:
    return sent_to(SECOND_FACTOR if document["awaits_second_factor"] else ACCOUNT)


def _proved(event: Mapping[str, Any], _document: Any) -> Response:
    return sent_to(asked_by(event) or ACCOUNT)


WAYS = {
    "GET /v1/sign-in/{provider}": Way(SIGN_IN, is_navigation=True),
    "GET /v1/sign-in/{provider}/callback": Way(SIGN_IN, is_navigation=True),
    "GET /v1/me/identities/{provider}/callback": Way(SIGN_IN, is_navigation=True),
    "POST /v1/sign-in/apple/callback": Way(SIGN_IN),
    "POST /v1/me/identities/apple/callback": Way(SIGN_IN),
    "POST /v1/sign-in/email": Way(SIGN_IN, _mailed),
    "POST /v1/sign-in/email/confirm": Way(SIGN_IN, _signed_in),
    "POST /v1/session/second-factor": Way(SECOND_FACTOR, _signed_in),
    "POST /v1/me/totp": Way(SECURITY, lambda _event, made: shown(account.enrolment(made))),
    "POST /v1/me/totp/confirm": Way(SECURITY, lambda _event, made: shown(account.codes(made))),
    "POST /v1/me/recovery-codes": Way(SECURITY, lambda _event, made: shown(account.codes(made))),
    "POST /v1/me/identities/{provider}": Way(SECURITY, lambda _event, made: shown(account.departure(made))),
    f"GET {SECURITY}": Way(SIGN_IN),
    f"GET {CONFIRM}": Way(SIGN_IN),
    **{key: Way(back) for key, back in api.forms.items()},
    "POST /account/confirm": Way(CONFIRM, _proved),
}
