"""Checkouts that are ended by us."""

from __future__ import annotations

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.billing.payments.account import connected
from sheaf.billing.payments.ending import outdated
from sheaf.bootstrap import Application
from sheaf.edge.cards import cards_of
from sheaf.edge.log import logger
from sheaf.kernel.errors import VendorRefused

ACTOR = Actor(kind=ActorKind.SYSTEM, id="checkouts")


def end_outdated(app: Application, workspace_id: str, issued_id: str) -> None:
    """What was paid there meanwhile is told by the provider. Raises VendorUnavailable and Unsealable."""
    tenant = app.open(workspace_id, ACTOR, Origin())
    found = outdated(tenant, issued_id)
    if not found:
        return
    cards = cards_of(app, tenant, connected(tenant))
    for each in found:
        try:
            cards.expire_checkout(each.session_id)
        except VendorRefused as refusal:
            logger.warning("checkout not ended", workspace_id=workspace_id, failure=refusal.code)
