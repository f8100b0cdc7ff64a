"""A plan bought, paid for and ended at the doubles of Stripe and Paddle: their pages, their webhooks."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from infra.local.paddle import API_KEY as PADDLE_KEY
from infra.local.paddle import Paddle
from infra.local.plans import by_plan, prices
from infra.local.stripe import ACCOUNT, API_KEY, Stripe
from infra.local.webhooks import Fault, Spoiled
from sheaf import bootstrap
from sheaf.access.roles import Role
from sheaf.capture.cost import Used
from sheaf.edge.provisioning import Provisioned
from sheaf.subscription.buying import Purchase, begin_purchase
from sheaf.subscription.plans import PLANS, PlanCode
from sheaf.subscription.subscription import Contract
from tests.builders import events
from tests.builders.doubles import Listener, listening, paddle_running, stripe_running, submit
from tests.builders.webhooks import PADDLE_SECRET, STRIPE_SECRET
from tests.builders.world import SETTINGS, World

METERED = PLANS[PlanCode.BUSINESS].documents


@dataclass
class Market:
    world: World
    ws: Provisioned
    owner: str
    double: Stripe | Paddle
    listener: Listener
    address: str

    def open(self, page: str, **body: Any) -> str:
        reply = self.world.browse(self.owner, f"POST /v1/subscription/{page}", body=body or None)
        assert reply.status == 200, reply.text
        return str(reply.json["url"])

    def hear(self) -> None:
        """What was told goes in as it came, headers and all; forgeries are refused."""
        assert self.double.webhooks.settle()
        while self.listener.heard:
            told = self.listener.heard.pop(0)
            event = events.http("POST", self.address, headers=dict(told.headers))
            self.world.serve(event | {"body": b64encode(told.body).decode(), "isBase64Encoded": True})
        while self.world.reminders.webhooks:
            assert self.world.react(self.world.reminders.webhooks.pop(0)) == []

    @property
    def standing(self) -> tuple[str | None, str | None]:
        shown = self.world.call(self.ws.api_key, "GET /v1/subscription").json
        return (shown["plan"] or {}).get("code"), shown["status"]


def _market(world: World, double: Stripe | Paddle, listener: Listener, address: str) -> Market:
    world.clock.at = datetime.now(UTC)
    ws = world.workspace()
    owner = world.person("ada@example.test", (ws.workspace_id, Role.OWNER))
    return Market(world, ws, world.sign_in(owner, ws.workspace_id), double, listener, address)


@pytest.fixture
def at_stripe(world: World, tmp_path: Path) -> Iterator[Market]:
    seconds = count(int(time.time()))  # of two changes within one the wrong one may win
    with stripe_running(tmp_path, now=seconds.__next__) as double, listening() as listener:
        double.offer(prices("price"))
        double.listen(listener.url, STRIPE_SECRET)
        sold = {
            "plan_prices": {plan: tuple(each) for plan, each in by_plan("price", metered=True).items()},
            "seller_api_key": API_KEY,
            "stripe_url": double.url,
        }
        bootstrap.install(bootstrap.assemble(SETTINGS.model_copy(update=sold), clock=world.clock))
        yield _market(world, double, listener, "/webhooks/stripe")


@pytest.fixture
def at_paddle(world: World, tmp_path: Path) -> Iterator[Market]:
    with paddle_running(tmp_path) as double, listening() as listener:
        double.offer(prices("pri"))
        double.listen(listener.url, PADDLE_SECRET)
        sold = {
            "plans_sold_by": "paddle",
            "plan_prices": {plan: tuple(each) for plan, each in by_plan("pri", metered=False).items()},
            "seller_api_key": PADDLE_KEY,
            "paddle_url": double.url,
        }
        bootstrap.install(bootstrap.assemble(SETTINGS.model_copy(update=sold), clock=world.clock))
        yield _market(world, double, listener, "/webhooks/paddle")


@pytest.mark.parametrize("fault", [None, Fault.DUPLICATE, Fault.REORDER, Fault.FORGE])
def test_bought_and_paid_at_stripe(at_stripe: Market, fault: Fault | None) -> None:
    if fault:
        at_stripe.double.webhooks.spoil(Spoiled(fault, times=2))
    page = at_stripe.open("checkout", plan="business")
    assert at_stripe.standing == (None, None)
    submit(page, answer="pay", email="ada@example.test")
    assert at_stripe.standing == (None, None), "coming back changes nothing"
    at_stripe.hear()
    assert at_stripe.standing == ("business", "active")


@pytest.mark.parametrize("at", ["at_stripe", "at_paddle"])
def test_two_who_choose_pay_once(at: str, request: pytest.FixtureRequest) -> None:
    market: Market = request.getfixturevalue(at)
    world, ws = market.world, market.ws
    first = market.open("checkout", plan="business")
    assert market.open("checkout", plan="business") == first
    other = world.sign_in(world.person("eve@example.test", (ws.workspace_id, Role.ADMIN)), ws.workspace_id)
    second = world.browse(other, "POST /v1/subscription/checkout", body={"plan": "starter"}).json["url"]
    assert submit(second, answer="pay", email="eve@example.test").status == 303
    assert submit(first, answer="pay", email="ada@example.test").status != 303
    refused = world.browse(market.owner, "POST /v1/subscription/checkout", body={"plan": "scale"})
    assert (refused.status, refused.json["code"]) == (409, "purchase_under_way")
    market.hear()
    assert market.standing == ("starter", "active")
    [contract] = bought_by(market)
    submit(f"{market.double.url}/_local/act", act="end", id=contract.id)
    market.hear()
    again = market.open("checkout", plan="starter")
    assert submit(again, answer="pay", email="ada@example.test").status == 303
    market.hear()
    assert market.standing == ("starter", "active")


def test_at_paddle_a_page_that_somebody_else_changed_is_not_given_again(at_paddle: Market) -> None:
    """Of two who ask at once one saves nothing, but has changed it at Paddle."""
    page = at_paddle.open("checkout", plan="starter")
    tenant = at_paddle.world.tenant(at_paddle.ws.workspace_id)
    begin_purchase(tenant, bootstrap.application().shop, Purchase(plan=PlanCode.SCALE), "eve@example.test")
    assert at_paddle.open("checkout", plan="starter") == page
    submit(page, answer="pay")
    at_paddle.hear()
    assert at_paddle.standing == ("starter", "active")
    assert at_paddle.open("portal").startswith(at_paddle.double.url)


def bought_by(market: Market) -> tuple[Contract, ...]:
    found = market.world.tenant(market.ws.workspace_id).subscriptions.get()
    assert found is not None
    return found.contracts


def test_a_payment_that_fails_is_made_good_at_stripe(at_stripe: Market) -> None:
    submit(at_stripe.open("checkout", plan="starter"), answer="pay", email="ada@example.test")
    at_stripe.hear()
    [contract] = bought_by(at_stripe)
    for act, status in (("fail", "past_due"), ("renew", "active"), ("end", "cancelled")):
        submit(f"{at_stripe.double.url}/_local/act", act=act, id=contract.id)
        at_stripe.hear()
        assert at_stripe.standing == ("starter", status)


def test_what_goes_beyond_is_metered_and_an_erased_workspace_is_cancelled_at_stripe(
    at_stripe: Market,
) -> None:
    world, double = at_stripe.world, at_stripe.double
    assert isinstance(double, Stripe)
    submit(at_stripe.open("checkout", plan="business"), answer="pay", email="ada@example.test")
    at_stripe.hear()
    tenant = world.tenant(at_stripe.ws.workspace_id)
    tenant.usage.count(Used(documents=METERED + 3), change="tests#1", at=world.clock.now())
    tenant.commit(None)
    world.round()
    world.round()
    [event] = double.objects.of(ACCOUNT, "billing.meter_event")
    assert event["payload"]["value"] == "3"
    assert world.browse(at_stripe.owner, "PUT /v1/workspace/closing", body={"now": True}).status == 200
    world.erase_workspaces()
    [subscription] = double.objects.of(ACCOUNT, "subscription")
    assert subscription["status"] == "canceled"
    at_stripe.hear()
    assert world.items("SUBSCRIPTION") == []


def test_at_paddle_a_portal_is_open_to_whoever_bought_alone(at_paddle: Market) -> None:
    """Paddle has one customer an address: its portal shows what it bought for other workspaces too."""
    world, ws = at_paddle.world, at_paddle.ws
    submit(at_paddle.open("checkout", plan="business"), answer="pay")
    at_paddle.hear()
    other = world.sign_in(world.person("eve@example.test", (ws.workspace_id, Role.ADMIN)), ws.workspace_id)
    refused = world.browse(other, "POST /v1/subscription/portal")
    assert (refused.status, refused.json["code"]) == (403, "not_the_buyer")
    assert "ada" not in refused.text
    assert at_paddle.open("portal").startswith(at_paddle.double.url)


def test_at_paddle_whoever_buys_later_buys_as_themselves(at_paddle: Market) -> None:
    world, ws = at_paddle.world, at_paddle.ws
    at_paddle.open("checkout", plan="business")
    other = world.sign_in(world.person("eve@example.test", (ws.workspace_id, Role.ADMIN)), ws.workspace_id)
    page = world.browse(other, "POST /v1/subscription/checkout", body={"plan": "starter"}).json["url"]
    submit(page, answer="pay")
    at_paddle.hear()
    assert world.browse(other, "POST /v1/subscription/portal").status == 200
    assert world.browse(at_paddle.owner, "POST /v1/subscription/portal").json["code"] == "not_the_buyer"


def test_bought_at_paddle(at_paddle: Market) -> None:
    submit(at_paddle.open("checkout", plan="business"), answer="pay")
    at_paddle.hear()
    assert at_paddle.standing == ("business", "active")
