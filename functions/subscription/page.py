"""The page of a workspace's plan, for those who may buy one."""

from __future__ import annotations

from html import escape

from functions.subscription.routes import api
from sheaf.access.roles import Permission, Role
from sheaf.accounts.notices import said
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.identity import Credential
from sheaf.edge.pages import HTML, SUBSCRIPTION, Said, account_page, button, note
from sheaf.storage.tenant import Tenant
from sheaf.subscription.buying import PlanView, SubscriptionView, list_plans, show_subscription
from sheaf.subscription.plans import PLANS, PlanCode
from sheaf.subscription.subscription import SubscriptionStatus


@api.get("/account/subscription", permission=Permission.SUBSCRIPTION_WRITE, produces=HTML)
def subscription_page(tenant: Tenant, credential: Credential, app: Application, query: Said) -> Answer[str]:
    """The workspace's plan, and the others there are."""
    mine, is_sold = show_subscription(tenant), bool(app.settings.plans_sold_by)
    body = note(query) + _warning(mine) + _standing(mine) + (_offers(mine) if is_sold else "")
    return account_page(SUBSCRIPTION, "Plan", body, role=credential.held_role)


def leave(url: str) -> Answer[str]:
    """A link: browsers do not follow a form to another site that the page does not name."""
    body = (
        "<p>You go on at our payment provider. What you do there is shown here as soon as they have told us, "
        "which takes a moment.</p>"
        f'<p><a class="button first small" href="{escape(url)}">Go on</a> '
        f'<a href="{SUBSCRIPTION}">Back to the plan</a></p>'
    )
    return account_page(SUBSCRIPTION, "Payment", body, role=Role.ADMIN)


def _warning(mine: SubscriptionView) -> str:
    if mine.warning is None:
        return ""
    names = ", ".join(PLANS[contract.plan].name for contract in mine.contracts)
    return (
        f'<p class="note warn" role="alert">{len(mine.contracts)} plans are charged for: {escape(names)}. '
        "End all but one, where cards and bills are.</p>"
    )


def _standing(mine: SubscriptionView) -> str:
    if mine.plan is None or mine.status is None:
        return f"<p>No plan and no limits. {mine.used} documents were read this month.</p>"
    facts = [
        ("Plan", f"{escape(mine.plan.name)} ({_WORDS[mine.status]})"),
        ("Read this month", f"{mine.used} of {mine.plan.documents}"),
    ]
    if mine.renews_at:
        facts.append(("Renews", said(mine.renews_at)))
    if mine.status is SubscriptionStatus.TRIALING and mine.trial_ends_at and mine.provider is None:
        facts.append(("Trial until", said(mine.trial_ends_at)))
    if mine.period_ends_at:
        facts.append(("Paid until", said(mine.period_ends_at)))
    rows = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in facts)
    return f'<section><div class="scroll"><table>{rows}</table></div></section>'


def _offers(mine: SubscriptionView) -> str:
    if mine.provider is not None and mine.status is not SubscriptionStatus.CANCELLED:
        return button("/v1/subscription/portal", "Cards, bills, another plan")
    offers = [plan for plan in list_plans().items if plan.code is not PlanCode.TRIAL]
    rows = "".join(_offer(plan) for plan in offers)
    return f'<section><h2>Plans</h2><div class="scroll"><table>{rows}</table></div></section>'


def _offer(plan: PlanView) -> str:
    more = plan.price_of_more
    beyond = f"{more.amount} {more.currency} for each one more" if more else "no more than that"
    return (
        f"<tr><td>{escape(plan.name)}<br><small>{plan.documents} documents a month, {beyond}</small></td>"
        f"<td>{plan.price.amount} {plan.price.currency} a month</td>"
        f'<td class="steps">{button("/v1/subscription/checkout", "Choose", plan=plan.code.value)}</td></tr>'
    )


_WORDS = {
    SubscriptionStatus.TRIALING: "on trial",
    SubscriptionStatus.ACTIVE: "active",
    SubscriptionStatus.PAST_DUE: "a payment failed: please look after it",
    SubscriptionStatus.CANCELLED: "ended: nothing new is read",
}
