"""The workspace's plan, what is used of it, where it is bought and looked after."""

from __future__ import annotations

from http import HTTPStatus

from functions.subscription.routes import api
from sheaf.access.roles import Permission
from sheaf.accounts.members import show_member
from sheaf.audit.entries import Action
from sheaf.bootstrap import Application
from sheaf.storage.tenant import Tenant
from sheaf.subscription.buying import (
    Elsewhere,
    PlanList,
    Purchase,
    SubscriptionView,
    begin_purchase,
    list_plans,
    open_portal,
    show_subscription,
)


@api.get("/v1/plans", permission=Permission.PUBLIC)
def plans() -> PlanList:
    """The plans there are: documents a month, and what they cost."""
    return list_plans()


@api.get("/v1/subscription", permission=Permission.SETTINGS_READ)
def subscription(tenant: Tenant) -> SubscriptionView:
    """The workspace's plan, and what is left of it this month."""
    return show_subscription(tenant)


@api.post(
    "/v1/subscription/checkout",
    permission=Permission.SUBSCRIPTION_WRITE,
    audit=Action.CHECKOUT_OPENED,
    repeatable=True,
    status=HTTPStatus.OK,
    step_up=True,
)
def checkout(tenant: Tenant, body: Purchase, app: Application) -> Elsewhere:
    """A page of the payment provider where a plan is bought. Nothing changes until it is paid."""
    email = show_member(tenant, tenant.actor.id).email
    return begin_purchase(tenant, app.shop, body, email)


@api.post(
    "/v1/subscription/portal",
    permission=Permission.SUBSCRIPTION_WRITE,
    audit=Action.PORTAL_OPENED,
    repeatable=True,
    status=HTTPStatus.OK,
    step_up=True,
)
def portal(tenant: Tenant, app: Application) -> Elsewhere:
    """A page of the payment provider for cards, bills, another plan, and the end of it."""
    email = show_member(tenant, tenant.actor.id).email
    return open_portal(tenant, app.shop, email)
