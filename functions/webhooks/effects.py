"""What follows from which event."""

from __future__ import annotations

from sheaf.access.webhooks import Event, Source
from sheaf.audit.entries import Action
from sheaf.billing.payments import settling, stripe_events
from sheaf.billing.sending import delivering
from sheaf.bootstrap import application
from sheaf.edge.webhooks import Reaction
from sheaf.storage.tenant import Tenant
from sheaf.subscription import effects as of_subscription
from sheaf.subscription.plans import PlanCode


def subscription_told(tenant: Tenant, event: Event) -> None:
    """A plan is known by its monthly price: whoever changes plans may keep the other's meter for a while."""
    sold = application().settings.plan_prices
    plans = {monthly: PlanCode(plan) for plan, (monthly, *_) in sold.items()}
    of_subscription.take_note(tenant, event, plans)


def payment_told(tenant: Tenant, event: Event) -> None:
    settling.take_note(tenant, event)


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
