"""Buying a plan: nothing changes before the provider has told of it, and what it tells changes it once."""

from __future__ import annotations

import json
import random
from base64 import b64encode
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest

from functions.subscription.round import RoundIncomplete
from sheaf import bootstrap
from sheaf.access.roles import Role
from sheaf.access.tokens import SESSION_COOKIE
from sheaf.edge.provisioning import Provisioned
from sheaf.kernel.errors import Conflict
from sheaf.subscription.buying import Purchase, begin_purchase
from sheaf.subscription.plans import PLANS, PlanCode
from sheaf.subscription.subscription import Subscription
from tests.builders import events, webhooks
from tests.builders.clients import client, limited_key
from tests.builders.subscribing import subscribe
from tests.builders.world import SETTINGS, Reply, World
from tests.component.scenarios import UBL
from tests.unit.subscription.test_events import paddle, stripe

BUSINESS = PLANS[PlanCode.BUSINESS].documents


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


@pytest.fixture
def owner(world: World, ws: Provisioned) -> str:
    """The token of a session."""
    user_id = world.person("ada@example.test", (ws.workspace_id, Role.OWNER))
    return world.sign_in(user_id, ws.workspace_id)


def buy(world: World, owner: str, plan: str = "business") -> Reply:
    return world.browse(owner, "POST /v1/subscription/checkout", body={"plan": plan})


def shown(world: World, ws: Provisioned) -> Any:
    reply = world.call(ws.api_key, "GET /v1/subscription")
    assert reply.status == 200, reply.text
    return reply.json


def tell(world: World, event: dict[str, Any]) -> None:
    """As Stripe does, and the worker is told."""
    body = json.dumps(event).encode()
    headers = webhooks.stripe(body, world.clock.now())
    _deliver(world, "/webhooks/stripe", body, headers)


def tell_of_paddle(world: World, event: dict[str, Any]) -> None:
    body = json.dumps(event).encode()
    _deliver(world, "/webhooks/paddle", body, webhooks.paddle(body, world.clock.now()))


def _deliver(world: World, path: str, body: bytes, headers: dict[str, str]) -> None:
    event = events.http("POST", path, headers=headers)
    assert world.serve(event | {"body": b64encode(body).decode(), "isBase64Encoded": True}).status == 200
    while world.reminders.webhooks:
        assert world.react(world.reminders.webhooks.pop(0)) == []


def customer(world: World) -> str:
    """The latest."""
    return list(world.seller.customers)[-1]


def life(world: World) -> list[dict[str, Any]]:
    """Bought, paid, upgraded, unpaid for a while, ended."""
    told = [
        stripe(1, "customer.subscription.created", 0, status="incomplete", price="price_starter"),
        stripe(2, "checkout.session.completed", 1),
        stripe(3, "customer.subscription.updated", 1, price="price_starter"),
        stripe(4, "invoice.paid", 2),
        stripe(5, "customer.subscription.updated", 50, price="price_business"),
        stripe(6, "invoice.payment_failed", 90),
        stripe(7, "customer.subscription.updated", 91, status="past_due", price="price_business"),
        stripe(8, "invoice.paid", 120),
    ]
    for event in told:
        event["data"]["object"]["customer"] = customer(world)
    return told


def stored(world: World, ws: Provisioned) -> Subscription:
    found = world.tenant(ws.workspace_id).subscriptions.get()
    assert found is not None
    return found.model_copy(update={"version": 0})


def test_anybody_sees_the_plans(world: World) -> None:
    reply = world.call(None, "GET /v1/plans")
    assert reply.status == 200
    plans = {plan["code"]: plan for plan in reply.json["items"]}
    assert list(plans) == ["trial", "starter", "business", "scale"]
    assert plans["starter"]["price"] == {"amount": "19.00", "currency": "EUR"}
    assert plans["starter"]["price_of_more"] is None
    assert plans["business"]["price_of_more"] == {"amount": "0.12", "currency": "EUR"}


class TestBuying:
    def test_nothing_changes_before_the_provider_tells(
        self, world: World, ws: Provisioned, owner: str
    ) -> None:
        before = shown(world, ws)
        reply = buy(world, owner)
        assert (reply.status, list(reply.json)) == (200, ["url"])
        assert world.seller.checkouts[reply.json["url"]] == (customer(world), "business", ws.workspace_id)
        assert shown(world, ws) == before
        assert world.audit(ws, action="subscription.checkout_opened")[0]["after"] == {"plan": "business"}

    def test_again_is_the_same_customer(self, world: World, owner: str) -> None:
        assert buy(world, owner, "starter").status == buy(world, owner, "scale").status == 200
        assert len(world.seller.customers) == 1
        assert [plan for _, plan, _ in world.seller.checkouts.values()] == ["starter", "scale"]

    def test_of_two_at_once_one_gets_a_page(self, world: World, ws: Provisioned) -> None:
        shop = bootstrap.application().shop
        one, other = world.tenant(ws.workspace_id), world.tenant(ws.workspace_id)
        for tenant, plan in ((one, PlanCode.STARTER), (other, PlanCode.SCALE)):
            begin_purchase(tenant, shop, Purchase(plan=plan), "ada@example.test")
        one.commit(None)
        with pytest.raises(Conflict):
            other.commit(None)

    def test_what_is_told_changes_it(self, world: World, ws: Provisioned, owner: str) -> None:
        buy(world, owner)
        for event in life(world):
            tell(world, event)
        found = shown(world, ws)
        assert (found["plan"]["code"], found["status"], found["provider"]) == ("business", "active", "stripe")
        assert found["period_ends_at"] is not None
        changes = world.audit(ws, action="subscription.changed")
        assert {change["actor"]["id"] for change in changes} == {"stripe"}
        assert {change["after"]["status"] for change in changes} == {"active", "past_due", "cancelled"}

    @pytest.mark.parametrize("seed", range(6))
    def test_in_any_order_and_twice(self, world: World, ws: Provisioned, owner: str, seed: int) -> None:
        buy(world, owner)
        told = life(world)
        other = world.workspace("Other")
        other_owner = world.person("eve@example.test", (other.workspace_id, Role.OWNER))
        buy(world, world.sign_in(other_owner, other.workspace_id))
        [_, theirs] = world.seller.customers
        for event in told:
            copy = json.loads(json.dumps(event))
            copy["id"] += "_other"
            copy["data"]["object"]["customer"] = theirs
            tell(world, copy)
        shuffled = told + random.Random(seed).sample(told, 4)  # noqa: S311  # an order, no secret
        random.Random(seed).shuffle(shuffled)  # noqa: S311  # as above
        for event in shuffled:
            tell(world, event)
        here, there = (stored(world, each).standing(world.clock.now()) for each in (ws, other))
        assert (here.plan, here.status) == (there.plan, there.status)
        assert shown(world, ws)["status"] == "active"

    def test_what_is_live_is_changed_in_the_portal(self, world: World, ws: Provisioned, owner: str) -> None:
        refused = world.browse(owner, "POST /v1/subscription/portal")
        assert (refused.status, refused.json["code"]) == (409, "not_subscribed")
        subscribe(world, ws, PlanCode.STARTER)
        refused = buy(world, owner)
        assert (refused.status, refused.json["code"]) == (409, "already_subscribed")
        assert world.browse(owner, "POST /v1/subscription/portal").json["url"].startswith("https://portal")

    def test_another_admin_may_try_what_failed(self, world: World, ws: Provisioned, owner: str) -> None:
        """A provider takes the same key with another address for a mistake."""
        sold, world.seller.plans = world.seller.plans, ()
        assert buy(world, owner).status == 409
        world.seller.plans = sold
        eve = world.person("eve@example.test", (ws.workspace_id, Role.ADMIN))
        assert buy(world, world.sign_in(eve, ws.workspace_id)).status == 200

    def test_two_contracts_are_spoken_of(self, world: World, ws: Provisioned, owner: str) -> None:
        """Both are charged, and people are to end one of them."""
        buy(world, owner)
        for event in life(world)[:5]:
            tell(world, event)
        found = shown(world, ws)
        assert (len(found["contracts"]), found["warning"]) == (1, None)
        another = stripe(9, "customer.subscription.created", 2, price="price_starter")
        another["data"]["object"] |= {"customer": customer(world), "id": "sub_another"}
        tell(world, another)
        found = shown(world, ws)
        assert (found["plan"]["code"], found["warning"]) == ("business", "several_contracts")
        assert sorted(each["plan"] for each in found["contracts"]) == ["business", "starter"]
        page = world.browse(owner, "GET /account/subscription", headers={"accept": "text/html"}).text
        assert "2 plans are charged for" in page

    @pytest.mark.parametrize("plan", ["trial", "free", ""])
    def test_only_plans_that_are_sold(self, world: World, owner: str, plan: str) -> None:
        assert buy(world, owner, plan).status == 422

    def test_no_key_buys_anything(self, world: World, ws: Provisioned) -> None:
        body = {"plan": "starter"}
        assert world.call(ws.api_key, "POST /v1/subscription/checkout", body=body).status == 403

    def test_while_the_provider_is_down_nothing_is_noted(self, world: World, owner: str) -> None:
        world.seller.is_down = True
        assert buy(world, owner).status == 503
        assert world.items("SUBSCRIPTION") == []

    def test_at_paddle_the_workspace_is_told_by_what_its_checkout_was_given(
        self, world: World, ws: Provisioned, owner: str
    ) -> None:
        sold = SETTINGS.model_copy(update={"plans_sold_by": "paddle"})
        bootstrap.install(bootstrap.assemble(sold, clock=world.clock, seller=world.seller))
        assert buy(world, owner).status == 200
        event = paddle(1, "subscription.created", 0, price="price_business")
        event["data"]["custom_data"] = {"workspace_id": ws.workspace_id}
        tell_of_paddle(world, event)
        assert (shown(world, ws)["provider"], shown(world, ws)["plan"]["code"]) == ("paddle", "business")


class TestWhereNothingIsSold:
    @pytest.fixture(autouse=True)
    def _for_oneself(self, world: World) -> None:
        sold = SETTINGS.model_copy(update={"plans_sold_by": ""})
        bootstrap.install(bootstrap.assemble(sold, clock=world.clock, mail=world.mail))

    def test_there_is_nothing_to_buy(self, world: World, owner: str) -> None:
        refused = buy(world, owner)
        assert (refused.status, refused.json["code"]) == (404, "plans_not_sold")

    def test_new_workspaces_have_no_limits(self, world: World) -> None:
        _make_workspace(world)
        assert world.items("SUBSCRIPTION") == []


def _make_workspace(world: World) -> str:
    token = world.sign_in(world.person("bob@example.test"))
    made = world.browse(token, "POST /v1/workspaces", body={"name": "New"})
    assert made.status == 201
    return token


def test_a_new_workspace_is_on_trial(world: World) -> None:
    token = _make_workspace(world)
    found = world.browse(token, "GET /v1/subscription").json
    assert (found["plan"]["code"], found["status"], found["left"]) == ("trial", "trialing", 50)
    assert found["trial_ends_at"] == "2026-12-04T09:30:00Z"


def test_whoever_sees_some_clients_only_sees_no_subscription(world: World, ws: Provisioned) -> None:
    limited = limited_key(world, ws, client(world, ws))
    assert world.call(limited, "GET /v1/subscription").status == 403


def test_from_full_to_read(world: World, ws: Provisioned, owner: str) -> None:
    """A file comes when there is no room; a plan is bought; the file is read."""
    document_id, landed = world.send(ws, UBL, "a.xml", "application/xml")
    subscribe(world, ws, None, used=PLANS[PlanCode.TRIAL].documents)
    assert world.receive(landed) == []
    assert world.document(ws, document_id)["failure"]["code"] == "quota_exhausted"
    buy(world, owner)
    for event in life(world):
        tell(world, event)
    world.round()
    world.resume()
    assert world.document(ws, document_id)["reading"] is not None


class TestMeteredUse:
    def test_what_goes_beyond_is_told_once(self, world: World, ws: Provisioned) -> None:
        subscribe(world, ws, PlanCode.BUSINESS, used=BUSINESS)
        world.round()
        assert world.seller.used == {}
        for more in (3, 0, 4):
            world.tick(minutes=15)
            subscribe(world, ws, PlanCode.BUSINESS, used=more)
            world.round()
            world.round()
        told = {key.removeprefix(ws.workspace_id): each.documents for key, each in world.seller.used.items()}
        assert told == {":2026-11:3": 3, ":2026-11:7": 4}

    def test_the_end_of_a_month_is_told_in_the_next(self, world: World, ws: Provisioned) -> None:
        subscribe(world, ws, PlanCode.BUSINESS, used=BUSINESS + 2)
        world.tick(days=12)
        world.round()
        assert list(world.seller.used) == [f"{ws.workspace_id}:2026-11:2"]

    def test_nothing_from_before_the_plan_is_charged(self, world: World, ws: Provisioned) -> None:
        subscribe(world, ws, None, used=BUSINESS + 2)
        world.tick(days=12)
        subscribe(world, ws, PlanCode.BUSINESS)
        world.round()
        assert world.seller.used == {}

    def test_what_a_larger_plan_covered_is_not_charged_by_a_smaller_one(
        self, world: World, ws: Provisioned
    ) -> None:
        """Neither in the month of the change nor, when it comes with the new month, in the one before."""
        subscribe(world, ws, PlanCode.SCALE, used=BUSINESS + 4000)
        world.round()
        world.tick(minutes=15)
        subscribe(world, ws, PlanCode.BUSINESS)
        world.round()
        assert world.seller.used == {}
        world.tick(minutes=15)
        subscribe(world, ws, PlanCode.BUSINESS, used=3)
        world.round()
        world.tick(days=12)
        world.round()
        assert [each.documents for each in world.seller.used.values()] == [3]

    def test_what_was_charged_is_not_covered_as_well(self, world: World, ws: Provisioned) -> None:
        for plan, more in (
            (PlanCode.BUSINESS, BUSINESS + 500),
            (PlanCode.SCALE, 100),
            (PlanCode.BUSINESS, 0),
            (PlanCode.BUSINESS, 20),
        ):
            world.tick(minutes=15)
            subscribe(world, ws, plan, used=more)
            world.round()
        assert [each.documents for each in world.seller.used.values()] == [500, 20]

    def test_a_month_that_is_over_keeps_its_quota(self, world: World, ws: Provisioned) -> None:
        subscribe(world, ws, PlanCode.SCALE, used=BUSINESS + 4000)
        world.round()
        world.tick(days=12)
        subscribe(world, ws, PlanCode.BUSINESS)
        world.round()
        assert world.seller.used == {}

    def test_stopped_after_it_was_told_it_counts_once(
        self, world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        subscribe(world, ws, PlanCode.BUSINESS, used=BUSINESS + 2)

        class Killed(BaseException):
            pass

        def killed(*_: object) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr("functions.subscription.round.note_report", killed)
            with pytest.raises(Killed):
                world.round()
        world.tick(minutes=15)
        subscribe(world, ws, PlanCode.BUSINESS, used=5)
        world.round()
        world.round()
        assert sum(each.documents for each in world.seller.used.values()) == 7

    def test_a_provider_that_is_down_is_told_later(self, world: World, ws: Provisioned) -> None:
        subscribe(world, ws, PlanCode.BUSINESS, used=BUSINESS + 2)
        world.seller.is_down = True
        with pytest.raises(RoundIncomplete):
            world.round()
        world.seller.is_down = False
        world.round()
        assert [each.documents for each in world.seller.used.values()] == [2]

    def test_no_room_for_time(self, world: World, ws: Provisioned) -> None:
        subscribe(world, ws, PlanCode.BUSINESS)
        assert world.round(milliseconds=1) == {"seen": 0, "left": 0}


class TestErasing:
    def test_an_erased_workspace_pays_no_more(self, world: World, ws: Provisioned, owner: str) -> None:
        subscribe(world, ws, PlanCode.BUSINESS)
        assert world.browse(owner, "PUT /v1/workspace/closing", body={"now": True}).status == 200
        world.seller.is_down = True
        with pytest.raises(Exception, match="1 workspaces"):
            world.erase_workspaces()
        assert world.items("SUBSCRIPTION") != []
        world.seller.is_down = False
        world.erase_workspaces()
        assert world.seller.cancelled == {"sub_bought"}
        assert world.items("SUBSCRIPTION") == []
        world.round()
        assert world.items("SUBSCRIPTION", SETTINGS.directory_table) == []

    def test_what_is_told_of_it_afterwards_brings_nothing_back(
        self, world: World, ws: Provisioned, owner: str
    ) -> None:
        buy(world, owner)
        told = life(world)
        world.browse(owner, "PUT /v1/workspace/closing", body={"now": True})
        world.erase_workspaces()
        for event in told:
            tell(world, event)
        assert world.items("SUBSCRIPTION") == []


class TestThePage:
    BROWSER: ClassVar = {"accept": "text/html"}
    FORM: ClassVar = {"content-type": "application/x-www-form-urlencoded", **BROWSER}

    def see(self, world: World, owner: str) -> str:
        reply = world.browse(owner, "GET /account/subscription", headers=self.BROWSER)
        assert reply.status == 200
        return reply.text

    def send(self, world: World, owner: str, page: str, **fields: str) -> Reply:
        event = events.http(
            "POST",
            f"/v1/subscription/{page}",
            headers={"origin": SETTINGS.origin, **self.FORM},
            cookies={SESSION_COOKIE: owner},
        )
        return world.serve(event | {"body": urlencode(fields)})

    def test_plans_are_chosen_on_it(self, world: World, ws: Provisioned, owner: str) -> None:
        subscribe(world, ws, None, used=7)
        page = self.see(world, owner)
        assert "7 of 50" in page
        assert "on trial" in page
        assert page.count("/v1/subscription/checkout") == 3
        left = self.send(world, owner, "checkout", plan="business")
        assert left.status == 200
        [url] = world.seller.checkouts
        assert f'href="{url}"' in left.text

    def test_what_was_bought_is_looked_after_elsewhere(
        self, world: World, ws: Provisioned, owner: str
    ) -> None:
        subscribe(world, ws, PlanCode.STARTER)
        page = self.see(world, owner)
        assert "/v1/subscription/checkout" not in page
        assert "/v1/subscription/portal" in page
        assert "https://portal.invalid" in self.send(world, owner, "portal").text

    def test_a_refusal_leads_back_and_says_why(self, world: World, ws: Provisioned, owner: str) -> None:
        world.seller.is_down = True
        reply = self.send(world, owner, "checkout", plan="business")
        assert (reply.status, reply.headers["location"]) == (
            303, "/account/subscription?problem=vendor_unavailable",
        )  # fmt: skip
        world.tick(minutes=11)
        reply = self.send(world, owner, "checkout", plan="business")
        assert reply.headers["location"] == "/account/confirm?next=%2Faccount%2Fsubscription"

    def test_the_workspace_s_page_leads_there(self, world: World, owner: str) -> None:
        reply = world.browse(owner, "GET /account/workspace", headers=self.BROWSER)
        assert 'href="/account/subscription"' in reply.text

    def test_where_nothing_is_sold_it_is_not_spoken_of(self, world: World, owner: str) -> None:
        sold = SETTINGS.model_copy(update={"plans_sold_by": ""})
        bootstrap.install(bootstrap.assemble(sold, clock=world.clock, mail=world.mail))
        assert "checkout" not in self.see(world, owner)
        reply = world.browse(owner, "GET /account/workspace", headers=self.BROWSER)
        assert "/account/subscription" not in reply.text
