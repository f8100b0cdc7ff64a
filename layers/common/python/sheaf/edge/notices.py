"""Telling people by mail what has been done: after the commit, and whatever becomes of the mail.

What was done stays done. Failing now would make whoever asked do it again, and a second try would find
nothing left to do; the audit log tells of it in any case. A link to sign in with is another matter: there the
mail is what was asked for, so that its failure is the request's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sheaf.accounts.mail import NotSent
from sheaf.accounts.notices import Occasion
from sheaf.edge.log import logger

if TYPE_CHECKING:
    from sheaf.accounts.mail import Message
    from sheaf.bootstrap import Application
    from sheaf.edge.request import Request


def occasion(app: Application, request: Request) -> Occasion:
    return Occasion(id=request.id, at=app.clock.now(), ip=request.origin.ip, origin=app.settings.origin)


def telling(app: Application, request: Request, messages: Iterable[Message]) -> Callable[[], None]:
    """For an answer's ``then``."""
    made = tuple(messages)

    def tell() -> None:
        for message in made:
            try:
                app.mail.send(message)
            except NotSent:
                logger.warning("notice not sent", request_id=request.id, route=request.route_key)

    return tell
