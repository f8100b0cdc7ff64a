"""Billing by the calendar on the embedded AWS, and the generator that reaches no table."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from infra.local.stack import LocalStack
from tests.builders.billing import BUYER, LINE, SETTINGS
from tests.e2e.client import Client, patiently

pytestmark = pytest.mark.xdist_group("stack")

FORM = {
    "seller-name": "Acme GmbH",
    "seller-country": "DE",
    "buyer-name": "Bakery Ltd",
    "buyer-country": "GB",
    "number": "2026-001",
    "issue_date": "2026-11-20",
    "line-0-description": "Consulting",
    "line-0-price": "100.00",
    "line-0-tax": "19",
}


def run(stack: LocalStack, as_of: date) -> None:
    """What the hourly run does when it is that day."""
    answer = stack.invoke("CalendarFunction", {"as_of": as_of.isoformat()})
    assert answer.error is None, answer.error


def test_an_invoice_recurs_and_is_mailed_and_reminded_of(stack: LocalStack, client: Client) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    settings = SETTINGS | {"reminders": [7]}
    status, said = client.call("PUT", "/v1/settings/billing", settings, **{"if-match": "*"})
    assert status == 200, said
    status, whom = client.call("POST", "/v1/customers", {"party": BUYER | {"email": email}})
    assert status == 201, whom
    today = datetime.now(UTC).date()
    plan = {
        "name": "Hosting",
        "customer_id": whom["id"],
        "first_date": str(today),
        "occurrences": 1,
        "then": "send",
        "template": {"lines": [LINE]},
    }
    status, recurring = client.call("POST", "/v1/recurring-invoices", plan)
    assert status == 201, recurring

    for day in (today, today, today + timedelta(days=21)):
        run(stack, day)

    _, listed = client.call("GET", "/v1/issued-documents")
    [invoice] = listed["items"]
    for _ in patiently():
        _, shown = client.call("GET", f"/v1/issued-documents/{invoice['id']}")
        if [mail["state"] for mail in shown["mails"]] == ["delivered"] * 2:
            break
    assert sorted(mail["purpose"] for mail in shown["mails"]) == ["document", "reminder"]
    assert {mail["to"] for mail in shown["mails"]} == {email}


def test_the_generator_answers_with_a_file(stack: LocalStack, client: Client) -> None:
    made = client.http.request("POST", f"{stack.url}/tools/invoice", fields=FORM, encode_multipart=False)
    assert (made.status, made.headers["content-type"]) == (200, "application/pdf")
    assert made.data.startswith(b"%PDF-")
    again = client.http.request(
        "POST", f"{stack.url}/tools/invoice", fields=FORM | {"number": ""}, encode_multipart=False
    )
    assert (again.status, b'id="number-problem"' in again.data) == (422, True)
