"""An invoice paid on Stripe's page, on the running system: its webhooks come by themselves."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.stack import LocalStack
from infra.local.webhooks import Fault, Spoiled
from tests.builders.billing import BUYER, LINE
from tests.builders.billing import SETTINGS as BILLING
from tests.e2e.client import Client, patiently
from tests.e2e.test_sign_in import Browser

pytestmark = pytest.mark.xdist_group("stack")

ANY = {"if-match": "*"}


def made(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    status, answer = client.call(method, path, body, **headers)
    assert status in (200, 201), answer
    return answer


def until(client: Client, path: str, is_so: Any) -> Any:
    for _ in patiently():
        seen = made(client, "GET", path)
        if is_so(seen):
            return seen
    raise AssertionError(f"never so: {seen}")


def test_paid_by_card_and_given_back(stack: LocalStack) -> None:
    client = Client.of(stack, "Paid by card")
    browser = Browser(stack.url)
    assert browser("GET", stack.sign_in_url(str(client.local["workspace_id"]))).status == 303
    key = {"secret_key": "sk_test_local_paid_by_card"}
    assert browser("PUT", "/v1/settings/payments/stripe", form=key).status == 200
    made(client, "PUT", "/v1/settings/billing", BILLING, **ANY)
    draft = {"kind": "invoice", "buyer": BUYER, "lines": [LINE]}
    path = f"/v1/issued-documents/{made(client, 'POST', '/v1/issued-documents', draft)['id']}"
    made(client, "POST", f"{path}/issue", **ANY)
    url = urlsplit(made(client, "POST", f"{path}/payment-links", {})["url"]).path

    webhooks = stack.doubles.stripe.webhooks
    webhooks.spoil(Spoiled(Fault.REORDER))
    webhooks.spoil(Spoiled(Fault.DUPLICATE, times=2))
    payer = Browser(stack.url)
    page = payer("GET", url)
    assert (page.status, "€238.00" in page.data.decode()) == (200, True)
    [action] = re.findall(r'<form method="post" action="([^"]+)">', page.data.decode())
    checkout = payer("POST", action, form={}, origin="null")
    assert checkout.status == 303
    back = payer("POST", checkout.headers["location"], form={"answer": "pay", "email": "ada@example.com"})
    assert urlsplit(back.headers["location"]).path == f"{url}/done"
    assert payer("GET", back.headers["location"]).status == 200

    paid = until(client, path, lambda seen: seen["status"] == "paid")
    [payment] = paid["payments"]
    assert (payment["amount"]["amount"], payment["source"]) == ("238.00", "stripe")
    assert payer("GET", url).status == 410

    body = {"amount": "38.00", "payment_id": payment["id"]}
    made(client, "POST", f"{path}/refunds", body, **{"if-match": f'"{paid["version"]}"'})
    seen = until(client, path, lambda seen: seen["payments"][-1]["status"] == "done")
    assert (seen["balance"]["amount"], len(seen["payments"])) == ("38.00", 2)
    assert webhooks.settle(60)
    assert json.dumps(made(client, "GET", "/v1/audit-events")).count("payment.recorded") == 1
