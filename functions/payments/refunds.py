"""Money that goes back."""

from __future__ import annotations

from functions.payments.routes import api
from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.access.roles import Permission
from sheaf.access.sealing import Unsealable
from sheaf.audit.entries import Action
from sheaf.billing.library import show_issued, shown
from sheaf.billing.payments.account import connected
from sheaf.billing.payments.card_refunds import NewRefund, Wanted, ask_for_refund, carry_out
from sheaf.billing.payments.recording import pay_back
from sheaf.billing.views import IssuedView
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.cards import cards_of
from sheaf.edge.conflicts import again_on_conflict
from sheaf.edge.jobs import FAILURES
from sheaf.edge.log import logger
from sheaf.kernel.preconditions import IfMatch, etag
from sheaf.storage.tenant import Tenant

ACTOR = Actor(kind=ActorKind.SYSTEM, id="refunds")


def same_document(tenant: Tenant, subject: str) -> Answer[IssuedView]:
    view = show_issued(tenant, subject)
    return Answer(view, headers={"etag": etag(view.version)})


@api.post(
    "/v1/issued-documents/<issued_id>/refunds",
    permission=Permission.BILLING_REFUND,
    audit=Action.REFUND_RECORDED,
    replay=same_document,
)
def refund(
    tenant: Tenant, issued_id: str, body: NewRefund, if_match: IfMatch, app: Application
) -> Answer[IssuedView]:
    """Note what went back of the payments, or have a card payment go back: that is pending at first."""
    if body.payment_id is None:
        document = pay_back(tenant, issued_id, body, if_match)
        return Answer(shown(tenant, document), headers={"etag": etag(document.version)})
    wanted, document = ask_for_refund(tenant, issued_id, body, if_match)
    workspace_id = tenant.workspace_id
    app.refund_queue.send(workspace_id, wanted)
    return Answer(
        shown(tenant, document),
        headers={"etag": etag(document.version)},
        then=lambda: _try_at_once(app, workspace_id, wanted),
    )


def carry_out_once(app: Application, workspace_id: str, wanted: Wanted) -> None:
    """Raises VendorUnavailable, CredentialsRefused, and NotFound when no account is connected any more."""

    def step() -> None:
        tenant = app.open(workspace_id, ACTOR, Origin())
        carry_out(tenant, wanted, cards_of(app, tenant, connected(tenant)))
        tenant.commit(Action.REFUND_RECORDED)

    again_on_conflict(step)


def _try_at_once(app: Application, workspace_id: str, wanted: Wanted) -> None:
    """What does not work now is tried again by the queue."""
    try:
        carry_out_once(app, workspace_id, wanted)
    except (*FAILURES, Unsealable) as failure:
        logger.warning("refund waits", workspace_id=workspace_id, failure=type(failure).__name__)
