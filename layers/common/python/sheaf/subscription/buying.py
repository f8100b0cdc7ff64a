"""What a workspace has, and choosing a plan: bought at the provider, changed by its webhooks alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from sheaf.access.users import digest_of_address
from sheaf.access.webhooks import Source
from sheaf.audit.entries import Change
from sheaf.kernel.errors import Conflict, Forbidden, NotFound
from sheaf.subscription.plans import PLANS, Plan, PlanCode
from sheaf.subscription.ports import CheckoutOutcome, Subscriber
from sheaf.subscription.quota import WHERE_TO_UPGRADE
from sheaf.subscription.subscription import (
    Opened,
    Seller,
    Subscription,
    SubscriptionStatus,
    allowance,
    month_of,
)

if TYPE_CHECKING:
    from sheaf.subscription.ports import SubscriptionProvider
    from sheaf.subscription.subscription import Contract, Terms
    from sheaf.subscription.workspace import Tenant


class PlanPrice(BaseModel):
    amount: str
    currency: str


class PlanView(BaseModel):
    """``documents`` a calendar month, by UTC. ``price`` is a month's, before tax. ``price_of_more``: of each
    document above; None: such wait until the next month.
    """

    code: PlanCode
    name: str
    documents: int
    price: PlanPrice
    price_of_more: PlanPrice | None


class PlanList(BaseModel):
    items: list[PlanView]


class SubscriptionWarning(StrEnum):
    SEVERAL_CONTRACTS = "several_contracts"


class ContractView(BaseModel):
    plan: PlanCode
    status: SubscriptionStatus
    provider: Seller
    period_ends_at: AwareDatetime | None


class SubscriptionView(BaseModel):
    """``plan`` None: the workspace has no subscription, and no limit. ``used`` is a moment behind.

    ``contracts``: all that are charged for. More than one is a mistake that people end in the portal, and
    ``warning`` says so; ``plan`` is the one that buys most.

    ``left`` None: as many as there are. ``renews_at``: when the quota is whole again; ``period_ends_at``:
    until when the provider has charged.
    """

    plan: PlanView | None = None
    status: SubscriptionStatus | None = None
    provider: Seller | None = None
    used: int
    left: int | None = None
    renews_at: AwareDatetime | None = None
    trial_ends_at: AwareDatetime | None = None
    period_ends_at: AwareDatetime | None = None
    contracts: list[ContractView]
    warning: SubscriptionWarning | None = None


class Purchase(BaseModel):
    model_config = ConfigDict(extra="forbid")

    plan: Literal[PlanCode.STARTER, PlanCode.BUSINESS, PlanCode.SCALE]


class Elsewhere(BaseModel):
    """A page of the provider's; coming back from it changes nothing, only what the provider tells us does."""

    url: str


def list_plans() -> PlanList:
    return PlanList(items=[view(plan) for plan in PLANS.values()])


def view(plan: Plan) -> PlanView:
    more = plan.price_of_more
    return PlanView(
        code=plan.code,
        name=plan.name,
        documents=plan.documents,
        price=PlanPrice(amount=str(plan.price), currency=plan.currency),
        price_of_more=None if more is None else PlanPrice(amount=str(more), currency=plan.currency),
    )


def show_subscription(tenant: Tenant) -> SubscriptionView:
    """Raises Forbidden."""
    if tenant.visibility.is_limited:
        raise Forbidden("What a workspace pays for is not told by client, and you see some clients only.")
    now = tenant.clock.now()
    used = tenant.usage.of(month_of(now))
    count = used.documents if used else 0
    subscription = tenant.subscriptions.get()
    if subscription is None or not subscription.has_limits:
        return SubscriptionView(used=count, contracts=[])
    standing, found = subscription.standing(now), allowance(subscription, count, now)
    return SubscriptionView(
        plan=view(standing.plan),
        status=standing.status,
        provider=standing.contract.provider if standing.contract else None,
        used=count,
        left=found.left,
        renews_at=found.renews_at,
        trial_ends_at=subscription.trial_ends,
        period_ends_at=standing.terms.period_ends if standing.terms else None,
        contracts=_charged(subscription),
        warning=SubscriptionWarning.SEVERAL_CONTRACTS if len(subscription.live) > 1 else None,
    )


def _charged(subscription: Subscription) -> list[ContractView]:
    return [
        ContractView(
            plan=contract.plan.code,
            status=contract.status,
            provider=contract.provider,
            period_ends_at=contract.terms.period_ends,
        )
        for contract in subscription.live
        if contract.plan and contract.terms
    ]


@dataclass(frozen=True)
class Shop:
    """Whose pages plans are bought at; ``origin`` is where people come back to."""

    provider: Seller
    seller: SubscriptionProvider
    origin: str

    @property
    def sells_to_people(self) -> bool:
        """At Paddle an address is one customer, whatever workspaces it pays for."""
        return self.provider is Seller.PADDLE

    @property
    def way_back(self) -> str:
        return f"{self.origin}{WHERE_TO_UPGRADE}"


def begin_purchase(tenant: Tenant, shop: Shop | None, purchase: Purchase, email: str) -> Elsewhere:
    """Stages who the provider knows the workspace as, so that what it tells is told to this one. Where a
    customer is a person, checkout is told which workspace it is for, and events say it.

    Raises NotFound, Conflict, VendorUnavailable, VendorRefused.
    """
    shop, workspace = _open(shop), tenant.workspace.get()
    if workspace is None:
        raise NotFound("There is no such workspace.")
    subscription = tenant.subscriptions.get() or Subscription()
    if subscription.live:
        raise Conflict(
            "The workspace has a plan already: change it on the page for cards, plans and bills.",
            code="already_subscribed",
        )
    known = subscription.customers.get(shop.provider)
    customer_id = known if known and not shop.sells_to_people else None
    if customer_id is None:
        customer_id = shop.seller.create_customer(
            workspace_id=workspace.id,
            name=workspace.name,
            email=email,
            key=f"customer:{workspace.id}:{digest_of_address(email)}",
        )
    if customer_id != known:
        known_by = workspace.id if shop.sells_to_people else customer_id
        tenant.vendor_objects.claim(Source(shop.provider.value), known_by)
    opened = _checkout(tenant, shop, subscription, customer_id, purchase.plan)
    changed = {"customers": subscription.customers | {shop.provider: customer_id}, "opened": opened}
    after = subscription.model_copy(update=changed)
    if after != subscription:
        tenant.subscriptions.save(after)
    tenant.record(Change(subject=workspace.id, after={"plan": purchase.plan.value}))
    return Elsewhere(url=opened.url)


def _checkout(
    tenant: Tenant, shop: Shop, subscription: Subscription, customer_id: str, plan: PlanCode
) -> Opened:
    """The only one that is open: the last, where it is for the same, or one in its place. Of two people who
    ask at once one gets no address, for only one can save it. Raises Conflict.
    """
    last = (
        subscription.opened if subscription.opened and subscription.opened.provider is shop.provider else None
    )
    outcome = shop.seller.outcome_of(last.id) if last else CheckoutOutcome()
    if outcome.is_bought and not subscription.knows(shop.provider, outcome.subscription_id):
        raise Conflict(
            "A plan was bought a moment ago: the payment provider is about to tell of it.",
            code="purchase_under_way",
        )
    if last and outcome.is_open and (outcome.plan, outcome.customer_id) == (plan.value, customer_id):
        return last
    made = shop.seller.checkout(
        customer_id,
        plan.value,
        workspace_id=tenant.workspace_id,
        success_url=shop.way_back,
        cancel_url=shop.way_back,
        key=tenant.new_id("buy"),
        instead_of=last.id if last and outcome.is_open else None,
    )
    return Opened(provider=shop.provider, id=made.id, plan=plan, url=made.url)


def open_portal(tenant: Tenant, shop: Shop | None, email: str) -> Elsewhere:
    """``email``: of whoever asks. Raises NotFound, Conflict, Forbidden, VendorUnavailable, VendorRefused."""
    shop, subscription = _open(shop), tenant.subscriptions.get() or Subscription()
    bought = _portals(subscription, subscription.standing(tenant.clock.now()).contract, shop.provider)
    if not bought:
        raise Conflict("The workspace has not bought a plan.", code="not_subscribed")
    theirs = (each for each in bought if shop.seller.is_looked_after_by(each.customer_id, email))
    found = next(theirs, None)
    if found is None:
        raise Forbidden("Only whoever bought the plan can open its portal.", code="not_the_buyer")
    url = shop.seller.portal(found, return_url=shop.way_back)
    tenant.record(Change(subject=tenant.workspace_id, after={"provider": shop.provider.value}))
    return Elsewhere(url=url)


def _portals(subscription: Subscription, standing: Contract | None, provider: Seller) -> list[Subscriber]:
    """What the workspace stands by comes first."""
    others = [contract for contract in subscription.live if contract != standing]
    return [
        subscriber(contract.terms, contract.id)
        for contract in (standing, *others)
        if contract and contract.terms and contract.provider is provider
    ]


def subscriber(terms: Terms, subscription_id: str) -> Subscriber:
    return Subscriber(customer_id=terms.customer_id, subscription_id=subscription_id)


def _open(shop: Shop | None) -> Shop:
    if shop is None:
        raise NotFound("Plans are not sold here: workspaces have no limits.", code="plans_not_sold")
    return shop


def end_subscription(tenant: Tenant, shop: Shop | None) -> bool:
    """Ends, at the provider, whatever may still be charged for. False: some is at one that is not known any
    more. Doing it again does nothing. Raises VendorUnavailable, VendorRefused.
    """
    subscription = tenant.subscriptions.get()
    to_end = subscription.to_cancel if subscription else ()
    known = [contract for contract in to_end if shop and contract.provider is shop.provider]
    for contract in known:
        customer_id = contract.terms.customer_id if contract.terms else ""
        if shop:
            shop.seller.cancel(Subscriber(customer_id, contract.id), key=f"cancel:{contract.id}")
    return len(known) == len(to_end)
