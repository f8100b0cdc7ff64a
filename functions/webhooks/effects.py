"""What follows from which event."""

from __future__ import annotations

from sheaf.access.limits import MAILS_OF_WORKSPACE
from sheaf.access.webhooks import Event, Source
from sheaf.audit.entries import Action
from sheaf.billing.payments import settling, stripe_events
from sheaf.billing.sending import delivering
from sheaf.billing.sending.mail import Mail
from sheaf.billing.sending.receipts import is_wanted, stage_receipt
from sheaf.billing.sending.staging import House
from sheaf.bootstrap import application
from sheaf.edge.log import logger
from sheaf.edge.webhooks import Reaction
from sheaf.kernel.errors import TooManyRequests
from sheaf.storage.tenant import Tenant
from sheaf.subscription import effects as of_subscription
from sheaf.subscription.plans import PlanCode


def subscription_told(tenant: Tenant, event: Event) -> None:
    """A plan is known by its monthly price: whoever changes plans may keep the other's meter for a while."""
    sold = application().settings.plan_prices
    plans = {monthly: PlanCode(plan) for plan, (monthly, *_) in sold.items()}
    of_subscription.take_note(tenant, event, plans)


def payment_told(tenant: Tenant, event: Event) -> Mail | None:
    """Whoever leaves nothing to pay gets a receipt. An account's owner may make payments up: how many mails
    that is worth is limited, and what is above it changes nothing about the payment.
    """
    settled = settling.take_note(tenant, event)
    if settled is None or settled.paid_off_by is None or not is_wanted(tenant, settled.document):
        return None
    app = application()
    try:
        app.throttles.take(MAILS_OF_WORKSPACE, tenant.workspace_id)
    except TooManyRequests as refusal:
        logger.warning("no receipt", workspace_id=tenant.workspace_id, failure=refusal.code)
        return None
    house = House(app.settings.mail_from, app.settings.origin)
    return stage_receipt(tenant, settled.document, settled.paid_off_by, house)


_CARDS = {
    "checkout": Action.PAYMENT_RECORDED,
    "payment_intent": Action.PAYMENT_RECORDED,
    "refund": Action.REFUND_RECORDED,
    "charge": Action.PAYMENT_DISPUTED,
}


def mail_told(tenant: Tenant, event: Event) -> None:
    delivering.take_note(tenant, event)


REACTIONS: dict[tuple[Source, str], Reaction] = (
    {
        (source, kind): Reaction(subscription_told, Action.SUBSCRIPTION_CHANGED)
        for source, kinds in of_subscription.TYPES.items()
        for kind in kinds
    }
    | {
        (Source.STRIPE_OF_WORKSPACE, kind): Reaction(payment_told, _CARDS[kind.partition(".")[0]])
        for kind in stripe_events.TYPES
    }
    | {(Source.RESEND, kind): Reaction(mail_told, Action.MAIL_TOLD) for kind in delivering.TYPES}
)
"""An event of any other type is kept, and nothing follows from it."""
