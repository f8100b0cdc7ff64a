"""Where an invoice is paid by whoever has a link to it. Nothing here says that something was paid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from functions.pay import page
from sheaf.access.actor import Actor, ActorKind
from sheaf.access.limits import CHECKOUTS_OF_LINK, PAY_PAGES_FROM_PLACE, PAY_PAGES_OF_LINK
from sheaf.access.roles import Permission
from sheaf.access.tokens import digest_of, is_token
from sheaf.audit.entries import Action
from sheaf.billing.payments.link import Found
from sheaf.billing.payments.paying import checkout_of, look
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer, Api
from sheaf.edge.cards import cards_of
from sheaf.edge.conflicts import in_turn
from sheaf.edge.log import logger
from sheaf.edge.request import Request
from sheaf.edge.responses import Response, respond
from sheaf.kernel.errors import Conflict, Gone, NotFound, VendorRefused
from sheaf.storage.tenant import Tenant

api = Api()
CSS = "text/css; charset=utf-8"


@api.get("/pay.css", permission=Permission.PUBLIC, produces=CSS)
def style() -> Answer[str]:
    """The look of the pages for paying."""
    return Answer(_style(), CSS)


@api.get("/pay/<token>", permission=Permission.PUBLIC, produces=page.HTML)
def show(app: Application, request: Request, token: str) -> Answer[str]:
    """An invoice, and how it is paid."""
    tenant, found = _opened(app, request, token)
    payable = look(tenant, found)
    stripe_url = app.settings.stripe_url
    return page.invoice_page(payable, token, app.clock.now().date(), stripe_url=stripe_url)


@api.post(
    "/pay/<token>/checkout",
    permission=Permission.PUBLIC,
    audit=Action.PAYMENT_BEGUN,
    status=HTTPStatus.SEE_OTHER,
    produces="text/plain",
    cross_site=True,
)
def checkout(app: Application, request: Request, token: str) -> Answer[str]:
    """On to the payment provider's page, where just what is left is paid."""
    _, found = _opened(app, request, token)
    app.throttles.take(CHECKOUTS_OF_LINK, found.link_id)
    url = in_turn(lambda: _begun(app, request, found, token))
    return Answer("", "text/plain", {"location": url})


@api.get("/pay/<token>/done", permission=Permission.PUBLIC, produces=page.HTML)
def done(app: Application, request: Request, token: str) -> Answer[str]:
    """Back from the payment provider, which is no proof of anything."""
    tenant, found = _opened(app, request, token)
    try:
        return page.waiting_page(look(tenant, found), token)
    except Gone as gone:
        document = tenant.issued.get(found.issued_id) if gone.code == "already_paid" else None
        if document is None:
            raise
        return page.paid_page(document)


def _opened(app: Application, request: Request, token: str) -> tuple[Tenant, Found]:
    """The workspace that our own record of the link names."""
    app.throttles.take(PAY_PAGES_FROM_PLACE, request.place)
    found = app.link_directory.find(digest_of(token)) if is_token(token) else None
    if found is None:
        raise NotFound("There is nothing at this address.")
    app.throttles.take(PAY_PAGES_OF_LINK, found.link_id)
    return _tenant(app, request, found), found


def _begun(app: Application, request: Request, found: Found, token: str) -> str:
    tenant = _tenant(app, request, found)
    payable = look(tenant, found)
    if payable.account is None:
        raise Conflict("Cards are not taken for this invoice.", code="cards_not_taken")
    cards = cards_of(app, tenant, payable.account)
    try:
        begun = checkout_of(tenant, payable, cards, token=token, origin=app.settings.origin)
    except VendorRefused as refusal:
        raise _not_chargeable(found, refusal) from refusal
    tenant.commit(Action.PAYMENT_BEGUN)
    return begun.url


def _not_chargeable(found: Found, refusal: VendorRefused) -> Conflict:
    """What Stripe says is about the workspace's account: it is for us, and not for who pays."""
    said = refusal.reason or refusal.code
    logger.warning("checkout refused", workspace_id=found.workspace_id, failure=said)
    return Conflict("This cannot be paid by card at the moment.", code=VendorRefused.code)


def _tenant(app: Application, request: Request, found: Found) -> Tenant:
    return app.open(found.workspace_id, Actor(kind=ActorKind.SYSTEM, id="payer"), request.origin)


def _language(request: Request) -> str:
    return request.headers.get("accept-language", "")


@cache
def _style() -> str:
    return files(__package__).joinpath("pay.css").read_text(encoding="utf-8")


def handler(event: Mapping[str, Any], context: object) -> Response:
    """A person who is refused gets a page, too."""
    response, request = api.handler(event, context), Request(event)
    is_persons = "text/html" in request.headers.get("accept", "")
    if response["statusCode"] < HTTPStatus.BAD_REQUEST or not is_persons:
        return response
    code = json.loads(response["body"])["code"]
    refused = page.refusal_page(code, response["statusCode"], _language(request))
    kept = {name: value for name, value in response["headers"].items() if name == "retry-after"}
    return respond(response["statusCode"], refused.body, page.HTML, refused.headers | kept)
