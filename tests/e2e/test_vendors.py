"""The vendors on this machine, and what they tell the running system: signed for real, refused if forged."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

import pytest
from urllib3 import PoolManager

from infra.local import mail, paddle, stripe
from infra.local.stack import LocalStack
from infra.local.webhooks import Fault, Spoiled, Webhooks

pytestmark = pytest.mark.xdist_group("stack")

_HTTP = PoolManager(retries=False, timeout=60)
_SECONDS = 90.0


def post(url: str, key: str, content: str, kind: str = "application/json") -> None:
    headers = {"authorization": f"Bearer {key}", "content-type": kind}
    assert _HTTP.request("POST", url, body=content, headers=headers).status < 300


def tell_of_a_customer(stack: LocalStack) -> Webhooks:
    form = "application/x-www-form-urlencoded"
    post(f"{stack.doubles.stripe.url}/v1/customers", stripe.API_KEY, "name=Ada", form)
    return stack.doubles.stripe.webhooks


def tell_of_a_buyer(stack: LocalStack) -> Webhooks:
    buyer = json.dumps({"email": f"{uuid.uuid4().hex}@example.com"})
    post(f"{stack.doubles.paddle.url}/customers", paddle.API_KEY, buyer)
    return stack.doubles.paddle.webhooks


def tell_of_a_mail(stack: LocalStack) -> Webhooks:
    asked = {"from": "a@example.com", "to": "delayed@example.com", "subject": "s", "text": "t"}
    post(f"{stack.mail_url}/emails", mail.API_KEY, json.dumps(asked))
    return stack.doubles.mail.webhooks


@pytest.mark.parametrize("tell", [tell_of_a_customer, tell_of_a_buyer, tell_of_a_mail])
def test_a_vendors_word_is_taken_and_a_forgers_is_not(
    stack: LocalStack, tell: Callable[[LocalStack], Webhooks]
) -> None:
    webhooks = tell(stack)
    assert webhooks.settle(_SECONDS)
    for fault, expected in (
        (Fault.FORGE, [(200, ""), (400, "forged")]),
        (Fault.DUPLICATE, [(200, ""), (200, "")]),
    ):
        webhooks.spoil(Spoiled(fault))
        before = len(webhooks.deliveries)
        tell(stack)
        assert webhooks.settle(_SECONDS)
        new = webhooks.deliveries[: len(webhooks.deliveries) - before]
        assert [(delivery.status, delivery.note) for delivery in new] == expected
