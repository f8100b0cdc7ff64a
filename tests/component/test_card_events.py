"""Whatever Stripe tells of a payment, in whatever order and however often, leaves the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.builders.billing import show
from tests.builders.paying import Shop, disputed, invoice, refunded, shop
from tests.builders.world import fresh_world

_CLEAN = 1000


def story(acme: Shop) -> tuple[str, list[dict[str, Any]]]:
    """Begun, charged, partly refunded at Stripe and here, disputed, won: everything Stripe tells of it."""
    world = acme.world
    made = invoice(acme)
    checkout_id = acme.begin(acme.link(made["id"]))
    payment_id = world.cards.pay(checkout_id)
    now = world.clock.now()
    told = [
        *acme.paid(checkout_id, payment_id),
        refunded("re_1", payment_id, "38.00", "pending", now + timedelta(seconds=1)),
        refunded("re_1", payment_id, "38.00", "succeeded", now + timedelta(seconds=2)),
        refunded("re_2", payment_id, "10.00", "succeeded", now + timedelta(seconds=2)),
        refunded("re_2", payment_id, "10.00", "failed", now + timedelta(seconds=3)),
        disputed("du_1", payment_id, "190.00", "needs_response", now + timedelta(seconds=4)),
        disputed("du_1", payment_id, "190.00", "lost", now + timedelta(seconds=5)),
    ]
    return made["id"], told


def state_of(acme: Shop, issued_id: str) -> dict[str, Any]:
    """All that is seen of it, but for how often it was written."""
    seen = show(acme.world, acme.ws, issued_id)
    wanted = ("status", "paid", "refunded", "disputed", "balance", "attention", "payments")
    return {name: seen[name] for name in wanted}


def comparable(state: dict[str, Any], seed: int) -> dict[str, Any]:
    """Ids follow from random ones."""
    payments = [
        {name: value for name, value in each.items() if name not in ("id", "recorded_at")}
        | {"reference": each["reference"].removesuffix(f"x{seed}")}
        for each in state["payments"]
    ]
    return state | {"payments": sorted(payments, key=lambda each: str(each["reference"]))}


@dataclass
class Town:
    """Tells the story of one invoice after the other."""

    acme: Shop

    def told(self, seed: int) -> tuple[str, list[dict[str, Any]]]:
        self.acme.world.cards.payments.clear()
        issued_id, told = story(self.acme)
        for each in told:
            about = each["data"]["object"]
            each["id"] = f"{each['id']}x{seed}"
            name = "id" if each["type"].startswith("payment_intent") else "payment_intent"
            about[name] = f"{about[name]}x{seed}"
        return issued_id, told

    def clean(self) -> dict[str, Any]:
        issued_id, told = self.told(_CLEAN)
        for each in told:
            self.acme.hear(each)
        return comparable(state_of(self.acme, issued_id), _CLEAN)

    def mixed(self, seed: int) -> dict[str, Any]:
        """In another order and some of it twice; so are its messages."""
        world, chance = self.acme.world, random.Random(seed)  # noqa: S311  # the same in every run
        issued_id, told = self.told(seed)
        told += chance.sample(told, chance.randint(0, len(told)))
        chance.shuffle(told)
        for each in told:
            assert self.acme.tell(each).status == 200
            if chance.random() < 0.3:
                self._work(chance)
        while world.reminders.webhooks:
            self._work(chance)
        world.tick(minutes=1)
        return comparable(state_of(self.acme, issued_id), seed)

    def _work(self, chance: random.Random) -> None:
        world = self.acme.world
        if world.reminders.webhooks:
            message = world.reminders.webhooks.pop(chance.randrange(len(world.reminders.webhooks)))
            assert world.react(message) == []
            if chance.random() < 0.2:
                assert world.react(message) == []


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with fresh_world() as world:
        yield Town(shop(world))


@pytest.fixture(scope="module")
def clean(town: Town) -> dict[str, Any]:
    return town.clean()


def test_one_clean_delivery(clean: dict[str, Any]) -> None:
    assert (clean["status"], clean["paid"]["amount"], clean["refunded"]["amount"]) == (
        "partially_paid",
        "238.00",
        "228.00",
    )
    states = {each["reference"]: each["status"] for each in clean["payments"]}
    assert states == {"pi_1": "done", "re_1": "done", "re_2": "failed", "du_1": "done"}


@pytest.mark.parametrize("seed", range(30))
def test_duplicated_and_reordered_deliveries_leave_what_one_clean_delivery_does(
    town: Town, clean: dict[str, Any], seed: int
) -> None:
    assert town.mixed(seed) == clean
