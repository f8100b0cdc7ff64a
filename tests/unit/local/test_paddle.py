"""Paddle's double tells what happens as Paddle does."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.paddle import API_KEY, Paddle
from infra.local.prices import Price
from tests.builders.doubles import HTTP, Listener, listening, paddle_running, submit

SECRET = "pdl_ntfset_local"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Paddle, Listener]]:
    with listening() as listener, paddle_running(tmp_path_factory.mktemp("paddle")) as double:
        double.offer({"pri_starter": Price("Starter", 1900)})
        double.listen(listener.url, SECRET)
        yield double, listener


@pytest.fixture
def paddle(running: tuple[Paddle, Listener]) -> Paddle:
    assert running[0].webhooks.settle()
    running[1].heard.clear()
    return running[0]


@pytest.fixture
def listener(running: tuple[Paddle, Listener]) -> Listener:
    return running[1]


def call(paddle: Paddle, method: str, path: str, asked: Any = None, key: str = API_KEY) -> tuple[int, Any]:
    answer = HTTP.request(
        method,
        f"{paddle.url}/{path}",
        headers={"authorization": f"Bearer {key}"},
        body=None if asked is None else json.dumps(asked),
    )
    document = json.loads(answer.data)
    return answer.status, document.get("data", document.get("error"))


def bought(paddle: Paddle) -> Any:
    asked = {
        "items": [{"price_id": "pri_starter", "quantity": 1}],
        "custom_data": {"workspace_id": "ws_1", "success_url": "https://sheaf.invalid/done"},
    }
    status, transaction = call(paddle, "POST", "transactions", asked)
    assert status == 201
    back = submit(transaction["checkout"]["url"], answer="pay")
    assert back.headers["location"] == "https://sheaf.invalid/done"
    assert submit(transaction["checkout"]["url"], answer="pay").status == 410
    return call(paddle, "GET", f"transactions/{transaction['id']}")[1]


def heard(paddle: Paddle, listener: Listener) -> list[Any]:
    """Each verified as https://developer.paddle.com/webhooks/signature-verification says."""
    assert paddle.webhooks.settle()
    for request in listener.heard:
        at, signature = request.header("paddle-signature").split(";")
        signed = at.removeprefix("ts=").encode() + b":" + request.body
        assert signature == f"h1={hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()}"
    return [json.loads(request.body) for request in listener.heard]


def test_only_with_the_key(paddle: Paddle) -> None:
    assert call(paddle, "GET", "customers", key="pdl_other") == (
        403,
        {
            "type": "request_error",
            "code": "invalid_token",
            "detail": "The API key is not valid.",
            "documentation_url": "https://developer.paddle.com/v1/errors/shared/invalid_token",
        },
    )


def test_a_payment_makes_a_subscription_and_tells_of_it(paddle: Paddle, listener: Listener) -> None:
    transaction = bought(paddle)
    events = heard(paddle, listener)
    assert [event["event_type"] for event in events] == [
        "transaction.created",
        "transaction.paid",
        "subscription.created",
        "subscription.activated",
        "transaction.completed",
    ]
    subscription = events[3]["data"]
    assert subscription["id"] == transaction["subscription_id"]
    assert subscription["custom_data"]["workspace_id"] == "ws_1"
    assert subscription["current_billing_period"]["ends_at"].endswith("Z")
    assert len({event["event_id"] for event in events}) == len(events)


def test_an_address_is_one_customer(paddle: Paddle) -> None:
    asked = {"email": "ada@example.com", "name": "Ada"}
    assert call(paddle, "POST", "customers", asked)[0] == 201
    status, error = call(paddle, "POST", "customers", asked)
    assert (status, error["code"]) == (409, "customer_already_exists")


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("renew", ["transaction.completed", "subscription.updated"]),
        ("fail", ["transaction.payment_failed", "subscription.updated", "subscription.past_due"]),
        ("end", ["subscription.canceled"]),
    ],
)
def test_time_goes_by_on_demand(paddle: Paddle, listener: Listener, act: str, expected: list[str]) -> None:
    name = bought(paddle)["subscription_id"]
    heard(paddle, listener)
    listener.heard.clear()
    submit(f"{paddle.url}/_local/act", act=act, id=name)
    assert [event["event_type"] for event in heard(paddle, listener)] == expected


def test_what_has_ended_is_not_charged(paddle: Paddle) -> None:
    name = bought(paddle)["subscription_id"]
    assert call(paddle, "POST", f"subscriptions/{name}/cancel", {"effective_from": "immediately"})[0] == 201
    asked = {"effective_from": "next_billing_period", "items": [{"price_id": "pri_starter", "quantity": 1}]}
    status, error = call(paddle, "POST", f"subscriptions/{name}/charge", asked)
    assert (status, error["code"]) == (400, "subscription_update_when_canceled")


def test_people_end_it_at_the_portal_and_think_again(paddle: Paddle) -> None:
    _, customer = call(paddle, "POST", "customers", {"email": "bob@example.com"})
    asked = {"items": [{"price_id": "pri_starter"}], "customer_id": customer["id"]}
    _, transaction = call(paddle, "POST", "transactions", asked)
    submit(transaction["checkout"]["url"], answer="pay")
    [subscribed] = [
        bill["subscription_id"]
        for bill in call(paddle, "GET", f"transactions?customer_id={customer['id']}")[1]
    ]
    _, session = call(paddle, "POST", f"customers/{customer['id']}/portal-sessions", {})
    portal = session["urls"]["general"]["overview"]
    assert submit(portal, answer="cancel", id=subscribed).status == 200
    assert call(paddle, "GET", f"subscriptions/{subscribed}")[1]["scheduled_change"]["action"] == "cancel"
    submit(portal, answer="keep", id=subscribed)
    assert call(paddle, "GET", f"subscriptions/{subscribed}")[1]["scheduled_change"] is None


def test_the_dashboard_shows_what_there_is(paddle: Paddle) -> None:
    name = bought(paddle)["subscription_id"]
    assert name in HTTP.request("GET", f"{paddle.url}/").data.decode()
