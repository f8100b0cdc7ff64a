"""The whole way of a sale on the running system: an estimate, its invoice, the mail, the card, the receipt,
the credit note, the money back, and what the audit log says of it.
"""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
from urllib3 import PoolManager

from infra.local.stack import LocalStack
from tests.builders.billing import BUYER, LINE
from tests.builders.billing import SETTINGS as BILLING
from tests.e2e.client import Client
from tests.e2e.test_payments import ANY, made, until
from tests.e2e.test_sign_in import Browser

pytestmark = pytest.mark.xdist_group("stack")

_HTTP = PoolManager(retries=False, timeout=60)
_STORY = [
    "payment_account.connected",
    "billing_settings.changed",
    "draft.created",
    "issued_document.issued",
    "mail.requested",
    "estimate.accepted",
    "estimate.converted",  # the estimate
    "estimate.converted",  # into the draft of an invoice
    "issued_document.issued",
    "payment_link.created",
    "mail.requested",
    "payment.begun",
    "payment.recorded",
    "mail.requested",  # the receipt, which nobody has to ask for
    "invoice.credited",
    "issued_document.issued",
    "refund.recorded",  # asked for
    "refund.recorded",  # carried out
]
_IN_ITS_OWN_TIME = {"issued_document.frozen", "mail.dispatched", "mail.told"}
"""A mail's first news is the dispatcher's or the provider's, whichever is there first."""

_OF_THE_MACHINE = {"provisioning", "resend", "dispatcher", "payer", "stripe-of-workspace"}


def mailed(stack: LocalStack, to: str) -> list[Any]:
    """What was mailed to somebody, the first mail first."""
    mails = _HTTP.request("GET", f"{stack.mail_url}/emails").json()["data"]
    return [mail for mail in reversed(mails) if mail["to"] == [to]]


def pay(stack: LocalStack, url: str) -> None:
    """As whoever has got the link."""
    payer = Browser(stack.url)
    page = payer("GET", url).data.decode()
    [action] = re.findall(r'<form method="post" action="([^"]+)">', page)
    checkout = payer("POST", action, form={}, origin="null")
    back = payer("POST", checkout.headers["location"], form={"answer": "pay", "email": "ada@example.com"})
    assert back.status == 303


def test_from_the_estimate_to_the_money_back(stack: LocalStack) -> None:
    client, buyer = Client.of(stack, "A sale"), f"{uuid.uuid4().hex}@example.com"
    owner = Browser(stack.url)
    assert owner("GET", stack.sign_in_url(str(client.local["workspace_id"]))).status == 303
    key = {"secret_key": "sk_test_local_of_a_sale"}
    assert owner("PUT", "/v1/settings/payments/stripe", form=key).status == 200
    made(client, "PUT", "/v1/settings/billing", BILLING, **ANY)

    asked = {"kind": "estimate", "buyer": BUYER | {"email": buyer}, "lines": [LINE]}
    estimate = f"/v1/issued-documents/{made(client, 'POST', '/v1/issued-documents', asked)['id']}"
    made(client, "POST", f"{estimate}/issue", **ANY)
    assert client.call("POST", f"{estimate}/send", {}, **ANY)[0] == 202
    until(client, estimate, lambda seen: [mail["state"] for mail in seen["mails"]] == ["delivered"])
    made(client, "POST", f"{estimate}/accept", **ANY)
    invoice = f"/v1/issued-documents/{made(client, 'POST', f'{estimate}/convert', **ANY)['id']}"
    assert client.call("POST", f"{estimate}/convert", **ANY)[1]["code"] == "already_converted"

    made(client, "POST", f"{invoice}/issue", **ANY)
    link = made(client, "POST", f"{invoice}/payment-links", {})["url"]
    assert client.call("POST", f"{invoice}/send", {"payment_link": link}, **ANY)[0] == 202
    sent = until(client, invoice, lambda seen: [mail["state"] for mail in seen["mails"]] == ["delivered"])
    assert sent["status"] == "sent"
    assert link in mailed(stack, buyer)[-1]["text"]

    pay(stack, urlsplit(link).path)
    paid = until(client, invoice, lambda seen: seen["status"] == "paid")
    assert Browser(stack.url)("GET", urlsplit(link).path).status == 410

    until(client, invoice, lambda seen: [mail["state"] for mail in seen["mails"]] == ["delivered"] * 2)
    assert mailed(stack, buyer)[-1]["subject"].startswith("Payment received")

    credit_note = f"/v1/issued-documents/{made(client, 'POST', f'{invoice}/credit', **ANY)['id']}"
    made(client, "POST", f"{credit_note}/issue", **ANY)
    owed = made(client, "GET", invoice)
    assert owed["balance"]["amount"] == "-238.00"
    body = {"amount": "238.00", "payment_id": paid["payments"][0]["id"]}
    made(client, "POST", f"{invoice}/refunds", body, **ANY)
    settled = until(client, invoice, lambda seen: seen["payments"][-1]["status"] == "done")
    assert settled["balance"]["amount"] == "0.00"
    assert stack.doubles.stripe.webhooks.settle(60)

    events = made(client, "GET", "/v1/audit-events?limit=200")["items"]
    told = [each["action"] for each in reversed(events) if each["action"] not in _IN_ITS_OWN_TIME]
    assert told[-len(_STORY) :] == _STORY
    machine = {each["actor"]["id"] for each in events if each["actor"]["kind"] == "system"}
    assert machine == _OF_THE_MACHINE
