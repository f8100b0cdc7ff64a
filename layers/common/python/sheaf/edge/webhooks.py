"""What vendors tell us by webhook: verified, kept, queued and answered; what follows from it comes later.

An event is kept before it is answered and done in the transaction that has its effect, so it may come as
often as it likes, and in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel

from sheaf.access import signatures
from sheaf.access.webhooks import Event, Source, event_of
from sheaf.audit.entries import Action
from sheaf.edge.conflicts import again_on_conflict
from sheaf.edge.log import logger
from sheaf.edge.request import Request
from sheaf.kernel.errors import Conflict, NotFound, TooLarge

if TYPE_CHECKING:
    from sheaf.billing.sending.mail import Mail
    from sheaf.bootstrap import Application
    from sheaf.storage.tenant import Tenant

MOST_BYTES = 256 * 1024
"""Of an event: vendors' are some kilobytes. An item takes 400 KB."""

LOOKED_FOR_AGAIN = (timedelta(minutes=1), timedelta(minutes=14))
"""After which it is asked once more whose an event is: it may be told before what it is about is claimed."""


class Effect(Protocol):
    """What follows from an event in the workspace it is for: it reads and stages writes and records changes.

    They are committed with the note that the event is done, so it has its effect once. Events come in any
    order: raises NotYet for one that comes before what it is about, which is tried again. A mail that it
    stages is its answer: the queue of mails is told of it before the commit.
    """

    def __call__(self, tenant: Tenant, event: Event, /) -> Mail | None: ...


@dataclass(frozen=True)
class Reaction:
    """``audit`` is what the entries say of the changes that the effect records."""

    effect: Effect
    audit: Action


type Reactions = Mapping[tuple[Source, str], Reaction]
"""By the source and the type of an event; what is not there is kept, and nothing follows from it."""


class Received(BaseModel):
    received: bool = True


def receive(request: Request, source: Source, endpoint_id: str | None = None) -> Received:
    """Raises BadSignature, TooLarge, InvalidRequest, TooManyRequests, and NotFound for an endpoint that is
    none. What makes no sense is refused before anything is loaded or looked up.
    """
    body = request.body
    if len(body) > MOST_BYTES:
        raise TooLarge(f"An event has at most {MOST_BYTES} bytes.")
    claimed = signatures.claim(source.scheme, request.headers)

    from sheaf.bootstrap import application

    app = application()
    workspace_id, secrets = _known(app, source, endpoint_id)
    now = app.clock.now()
    claimed.verify(body, secrets, now=now, within=_tolerance(app, source))
    event = event_of(source, body, event_id=claimed.event_id, now=now)
    if endpoint_id is not None:
        # Whose account it is can sign as many as they like.
        from sheaf.access.limits import WEBHOOKS_OF_ENDPOINT

        app.throttles.take(WEBHOOKS_OF_ENDPOINT, endpoint_id)
    workspace_id = workspace_id or app.vendor_directory.workspace_of(source, event.subjects)
    take(app, event, workspace_id)
    return Received()


def take(app: Application, event: Event, workspace_id: str | None) -> None:
    """Keeps the event and has it looked at, unless it is done."""
    logger.info("event received", source=event.source.value, workspace_id=workspace_id)
    if workspace_id is None:
        app.unclaimed_events.put(event, app.clock.now())
        app.webhook_queue.send(event, None, after=LOOKED_FOR_AGAIN[0])
    elif again_on_conflict(lambda: _keep(app, event, workspace_id)):
        app.webhook_queue.send(event, workspace_id)


def opened(app: Application, source: Source, workspace_id: str) -> Tenant:
    """For what the source tells."""
    from sheaf.access.actor import Actor, ActorKind, Origin

    return app.open(workspace_id, Actor(kind=ActorKind.SYSTEM, id=source.value), Origin())


def _keep(app: Application, event: Event, workspace_id: str) -> bool:
    """Whether there is something to do still."""
    from sheaf.storage.events import State

    tenant = opened(app, event.source, workspace_id)
    tenant.events.add(event, app.clock.now())
    try:
        tenant.commit(None)
    except Conflict:
        kept = tenant.events.get(event.source, event.id)
        if kept is None:
            raise
        return kept.state is not State.DONE
    return True


def _known(app: Application, source: Source, endpoint_id: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Whose account it is, if it is a workspace's, and the secrets of the account."""
    if endpoint_id is None:
        return None, _secrets(app, source)
    endpoint = app.vendor_directory.endpoint(endpoint_id)
    if endpoint is None or endpoint.source is not source:
        raise NotFound("There is nothing at this address.")
    opened_ = (app.key_ring.open(each, endpoint.place) for each in endpoint.secrets)
    return endpoint.workspace_id, tuple(each.decode() for each in opened_)


def _secrets(app: Application, source: Source) -> tuple[str, ...]:
    match source:
        case Source.STRIPE:
            return app.settings.stripe_webhook_secrets
        case Source.RESEND:
            return app.settings.resend_webhook_secrets
        case Source.PADDLE:
            return app.settings.paddle_webhook_secrets
        case Source.STRIPE_OF_WORKSPACE:
            raise AssertionError("each account of a workspace has an endpoint of its own")


def _tolerance(app: Application, source: Source) -> timedelta:
    if source is Source.PADDLE:
        return timedelta(seconds=app.settings.paddle_tolerance_seconds)
    return signatures.TOLERANCE[source.scheme]
