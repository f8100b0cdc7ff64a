"""The routes of this function, declared by the modules beside this one, and what they share."""

from __future__ import annotations

from collections.abc import Callable

from sheaf.access.challenges import COOKIE as CHALLENGE
from sheaf.access.challenges import LIFETIME
from sheaf.access.limits import SIGN_IN_FROM_PLACE
from sheaf.accounts.notices import News, notice
from sheaf.accounts.sign_in import SignedIn, SignInView, known_user
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer, Api
from sheaf.edge.cookies import host_cookie, session_cookie
from sheaf.edge.notices import occasion, telling
from sheaf.edge.request import Request
from sheaf.storage.visit import Visit

api = Api()


def slow_down(app: Application, request: Request) -> None:
    """Raises TooManyRequests. What begins or ends a sign-in, from one place."""
    app.throttles.take(SIGN_IN_FROM_PLACE, request.place)


def into_session(signed_in: SignedIn, app: Application) -> tuple[str, ...]:
    return (session_cookie(signed_in.token, signed_in.session, app.clock.now()),)


def with_session(signed_in: SignedIn, app: Application) -> Answer[SignInView]:
    return Answer(signed_in.view, cookies=into_session(signed_in, app))


def telling_them(
    app: Application, visit: Visit, request: Request, news: News, **facts: str
) -> Callable[[], None]:
    """Whoever is signed in, of what was done to their account. For an answer's ``then``."""
    email = known_user(visit, visit.user_id).email
    return telling(app, request, [notice(news, email, occasion(app, request), **facts)])


def challenge_cookie(token: str) -> str:
    return host_cookie(CHALLENGE, token, lifetime=LIFETIME, same_site="Strict")
