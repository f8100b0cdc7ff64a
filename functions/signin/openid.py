"""Signing in at Google, Microsoft or Apple, and linking them to an account."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel

from functions.signin.routes import api, into_session, slow_down, telling_them
from sheaf.access.challenges import CROSS_SITE_COOKIE, LIFETIME, OPENID_COOKIE
from sheaf.access.openid import PROVIDERS, Provider
from sheaf.access.roles import Permission
from sheaf.accounts.notices import News, notice
from sheaf.accounts.openid import (
    Callback,
    Departure,
    IdentityList,
    Return,
    Trip,
    arrive,
    link,
    list_identities,
    set_out,
    unlink,
)
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.cookies import expired_cookie, host_cookie
from sheaf.edge.notices import occasion, telling
from sheaf.edge.request import Request
from sheaf.storage.visit import Visit

_SIGN_IN, _LINK = "/v1/sign-in", "/v1/me/identities"


class Way(BaseModel):
    """``url`` is where the browser goes next."""

    url: str


@api.get(
    "/v1/sign-in/<provider>",
    permission=Permission.PUBLIC,
    audit=Action.SIGN_IN_REQUESTED,
    status=HTTPStatus.FOUND,
    produces="text/plain",
)
def leave(visit: Visit, query: Return, app: Application, request: Request, provider: str) -> Answer[str]:
    """To the provider's own page: `google`, `microsoft` or `apple`."""
    slow_down(app, request)
    trip = _trip(app, provider, _SIGN_IN)
    departure = set_out(visit, trip, return_to=query.return_to)
    return Answer(
        "", "text/plain", {"location": departure.url}, cookies=_transaction(trip.provider, departure)
    )


@api.get(
    "/v1/sign-in/<provider>/callback",
    permission=Permission.PUBLIC,
    audit=Action.SESSION_STARTED,
    status=HTTPStatus.SEE_OTHER,
    produces="text/plain",
)
def come_back(
    visit: Visit, query: Callback, app: Application, request: Request, provider: str
) -> Answer[str]:
    """Where the provider sends the browser back to."""
    return _arrived(visit, app, request, provider, query)


@api.post(
    "/v1/sign-in/apple/callback",
    permission=Permission.PUBLIC,
    audit=Action.SESSION_STARTED,
    status=HTTPStatus.SEE_OTHER,
    produces="text/plain",
    cross_site=True,
)
def come_back_from_apple(visit: Visit, body: Callback, app: Application, request: Request) -> Answer[str]:
    """The same for Apple, whose page posts a form to us."""
    return _arrived(visit, app, request, "apple", body)


@api.get("/v1/me/identities", permission=Permission.OWN_ACCOUNT)
def identities(visit: Visit) -> IdentityList:
    """The providers that are linked to the caller's account."""
    return list_identities(visit)


@api.post(
    "/v1/me/identities/<provider>",
    permission=Permission.OWN_ACCOUNT,
    audit=Action.SIGN_IN_REQUESTED,
    status=HTTPStatus.OK,
    step_up=True,
)
def begin_link(visit: Visit, app: Application, provider: str) -> Answer[Way]:
    """Begin to link a provider: the browser goes to `url` next."""
    trip = _trip(app, provider, _LINK)
    departure = set_out(visit, trip, session=visit.session)
    return Answer(Way(url=departure.url), cookies=_transaction(trip.provider, departure))


@api.delete(
    "/v1/me/identities/<provider>",
    permission=Permission.OWN_ACCOUNT,
    audit=Action.IDENTITY_UNLINKED,
    step_up=True,
)
def forget(visit: Visit, app: Application, request: Request, provider: str) -> Answer[str]:
    """Take a provider off the caller's account."""
    unlink(visit, provider)
    label = PROVIDERS[provider].label
    return Answer("", then=telling_them(app, visit, request, News.SIGN_IN_UNLINKED, provider=label))


@api.get(
    "/v1/me/identities/<provider>/callback",
    permission=Permission.PUBLIC,
    audit=Action.IDENTITY_LINKED,
    status=HTTPStatus.SEE_OTHER,
    produces="text/plain",
)
def come_back_to_link(
    visit: Visit, query: Callback, app: Application, request: Request, provider: str
) -> Answer[str]:
    """Where the provider sends the browser back to, when it was about linking."""
    return _linked(visit, app, request, provider, query)


@api.post(
    "/v1/me/identities/apple/callback",
    permission=Permission.PUBLIC,
    audit=Action.IDENTITY_LINKED,
    status=HTTPStatus.SEE_OTHER,
    produces="text/plain",
    cross_site=True,
)
def come_back_to_link_from_apple(
    visit: Visit, body: Callback, app: Application, request: Request
) -> Answer[str]:
    """The same for Apple, whose page posts a form to us."""
    return _linked(visit, app, request, "apple", body)


def _arrived(
    visit: Visit, app: Application, request: Request, provider: str, callback: Callback
) -> Answer[str]:
    slow_down(app, request)
    trip = _trip(app, provider, _SIGN_IN)
    signed_in, path = arrive(visit, trip, _token(trip.provider, request), callback)
    if signed_in.session.awaits_second_factor:
        path = "/sign-in/second-factor"
    return _on_to(path, trip.provider, *into_session(signed_in, app))


def _linked(
    visit: Visit, app: Application, request: Request, provider: str, callback: Callback
) -> Answer[str]:
    slow_down(app, request)
    trip = _trip(app, provider, _LINK)
    user, path = link(visit, trip, _token(trip.provider, request), callback)
    mail = notice(News.SIGN_IN_LINKED, user.email, occasion(app, request), provider=trip.provider.label)
    return replace(_on_to(path, trip.provider), then=telling(app, request, [mail]))


def _trip(app: Application, provider: str, under: str) -> Trip:
    redirect_uri = f"{app.settings.origin}{under}/{provider}/callback"
    return Trip(app.openid, provider, purpose=under, redirect_uri=redirect_uri)


def _cookie(provider: Provider) -> str:
    return CROSS_SITE_COOKIE if provider.answers_cross_site else OPENID_COOKIE


def _same_site(provider: Provider) -> Literal["Lax", "None"]:
    return "None" if provider.answers_cross_site else "Lax"


def _transaction(provider: Provider, departure: Departure) -> tuple[str, ...]:
    cookie, same_site = _cookie(provider), _same_site(provider)
    return (host_cookie(cookie, departure.token, lifetime=LIFETIME, same_site=same_site),)


def _token(provider: Provider, request: Request) -> str:
    return request.cookies.get(_cookie(provider), "")


def _on_to(path: str, provider: Provider, *cookies: str) -> Answer[str]:
    over = expired_cookie(_cookie(provider), same_site=_same_site(provider))
    return Answer("", "text/plain", {"location": path}, cookies=(*cookies, over))
