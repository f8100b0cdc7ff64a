"""Where vendors tell what happened: each event is kept, queued and answered at once."""

from __future__ import annotations

from http import HTTPStatus

from sheaf.access.roles import Permission
from sheaf.access.webhooks import Source
from sheaf.audit.entries import Action
from sheaf.edge.api import Api
from sheaf.edge.request import Request
from sheaf.edge.webhooks import Received, receive

api = Api()


@api.post(
    "/webhooks/stripe",
    permission=Permission.PUBLIC,
    audit=Action.WEBHOOK_RECEIVED,
    status=HTTPStatus.OK,
    cross_site=True,
)
def stripe(request: Request) -> Received:
    """For Stripe: what became of the subscription of a workspace."""
    return receive(request, Source.STRIPE)


@api.post(
    "/webhooks/stripe/<endpoint_id>",
    permission=Permission.PUBLIC,
    audit=Action.WEBHOOK_RECEIVED,
    status=HTTPStatus.OK,
    cross_site=True,
)
def stripe_of_workspace(request: Request, endpoint_id: str) -> Received:
    """For Stripe: what happened in the account of a workspace."""
    return receive(request, Source.STRIPE_OF_WORKSPACE, endpoint_id)


@api.post(
    "/webhooks/resend",
    permission=Permission.PUBLIC,
    audit=Action.WEBHOOK_RECEIVED,
    status=HTTPStatus.OK,
    cross_site=True,
)
def resend(request: Request) -> Received:
    """For Resend: what became of a mail."""
    return receive(request, Source.RESEND)


@api.post(
    "/webhooks/paddle",
    permission=Permission.PUBLIC,
    audit=Action.WEBHOOK_RECEIVED,
    status=HTTPStatus.OK,
    cross_site=True,
)
def paddle(request: Request) -> Received:
    """For Paddle: what became of the subscription of a workspace."""
    return receive(request, Source.PADDLE)


handler = api.handler
