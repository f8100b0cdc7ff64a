"""Signing in by a link in a mail."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from functions.signin.routes import api, slow_down, with_session
from sheaf.access.limits import MAIL_FROM_PLACE, MAIL_TO_ADDRESS
from sheaf.access.roles import Permission
from sheaf.access.tokens import digest_of
from sheaf.access.users import folded_address
from sheaf.accounts.email_links import LIFETIME, LinkAsked, LinkRequest, LinkToken, follow_link, make_link
from sheaf.accounts.mail import sign_in_mail
from sheaf.accounts.sign_in import SignInView
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.request import Request
from sheaf.kernel.errors import TooManyRequests
from sheaf.storage.visit import Visit


@api.post(
    "/v1/sign-in/email",
    permission=Permission.PUBLIC,
    audit=Action.SIGN_IN_REQUESTED,
    status=HTTPStatus.ACCEPTED,
)
def ask(visit: Visit, body: LinkRequest, app: Application, request: Request) -> Answer[LinkAsked]:
    """Have a link mailed that signs in, once, within 15 minutes. The answer is the same for every address."""
    try:
        app.throttles.take(MAIL_FROM_PLACE, request.place)
        app.throttles.take(MAIL_TO_ADDRESS, folded_address(body.email))
    except TooManyRequests:
        return Answer(LinkAsked())
    token = make_link(visit, body.email)
    message = sign_in_mail(
        body.email,
        link=f"{app.settings.origin}/sign-in#{token}",
        minutes=int(LIFETIME.total_seconds() // 60),
        key=f"sign-in-{digest_of(token)}",
    )
    return Answer(LinkAsked(), then=partial(app.mail.send, message))


@api.post(
    "/v1/sign-in/email/confirm",
    permission=Permission.PUBLIC,
    audit=Action.SESSION_STARTED,
    status=HTTPStatus.OK,
)
def confirm(visit: Visit, body: LinkToken, app: Application, request: Request) -> Answer[SignInView]:
    """Sign in with the token of the mailed link. Looking at the link does not use it up; this does."""
    slow_down(app, request)
    return with_session(follow_link(visit, body.token), app)
