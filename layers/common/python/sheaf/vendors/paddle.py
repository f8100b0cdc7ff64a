"""Paddle, where our plans can be bought as well. Eleven calls, by hand: its SDK is 960 modules of entities.

Paddle has no idempotency keys. What may not happen twice is looked for before it is done.

https://developer.paddle.com/api-reference
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sheaf.access.users import folded_address
from sheaf.kernel.errors import CredentialsRefused, VendorRefused, VendorUnavailable
from sheaf.kernel.money import exponent
from sheaf.subscription.ports import Checkout, CheckoutOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheaf.subscription.ports import Subscriber, Usage

_LIVE = "https://api.paddle.com"
_SECONDS = 8
_KNOWN_EMAIL = "customer_already_exists"
_MISSING = "not_found"
_RECENT = 10
_OPEN = ("draft", "ready")
_BOUGHT = ("paid", "completed")


class PaddleSubscriptions:
    """``prices`` are a plan's, by Paddle's ids, the monthly one first. ``base_url`` is a double's, or the
    sandbox's.
    """

    def __init__(self, api_key: str, *, prices: Mapping[str, Sequence[str]], base_url: str = "") -> None:
        self._api_key = api_key
        self._prices = prices
        self._base_url = base_url or _LIVE

    def create_customer(self, *, workspace_id: str, name: str, email: str, key: str) -> str:
        """At Paddle an address is one customer, who may have several subscriptions."""
        del key  # the address does what a key would
        asked = {"email": email, "name": name, "custom_data": {"workspace_id": workspace_id}}
        try:
            return str(self._call("POST", "customers", asked)["id"])
        except VendorRefused as refusal:
            if refusal.reason != _KNOWN_EMAIL:
                raise
        [known] = self._call("GET", f"customers?{urlencode({'email': email, 'per_page': 1})}")
        return str(known["id"])

    def checkout(
        self,
        customer_id: str,
        plan: str,
        *,
        workspace_id: str,
        success_url: str,
        cancel_url: str,
        key: str,
        instead_of: str | None = None,
    ) -> Checkout:
        """At the address of the default payment link. A transaction without an address of its customer is a
        draft, which cannot be cancelled: it becomes the other one, and can be paid once.
        """
        del key  # asked for twice there are two, and one that nobody pays harms nobody
        if not self._prices.get(plan):
            raise VendorRefused(f"The plan {plan} is not for sale here.", reason="no_price")
        told = {
            "workspace_id": workspace_id,
            "plan": plan,
            "success_url": success_url,
            "cancel_url": cancel_url,
        }
        asked = {
            "items": [{"price_id": self._prices[plan][0], "quantity": 1}],
            "customer_id": customer_id,
            "custom_data": told,
        }
        method, path = ("PATCH", f"transactions/{instead_of}") if instead_of else ("POST", "transactions")
        transaction = self._call(method, path, asked)
        return Checkout(str(transaction["id"]), str(transaction["checkout"]["url"]))

    def outcome_of(self, checkout_id: str) -> CheckoutOutcome:
        try:
            transaction = self._call("GET", f"transactions/{checkout_id}")
        except VendorRefused as refusal:
            if refusal.reason != _MISSING:
                raise
            return CheckoutOutcome()
        return CheckoutOutcome(
            is_open=transaction["status"] in _OPEN,
            is_bought=transaction["status"] in _BOUGHT,
            customer_id=transaction["customer_id"],
            plan=(transaction["custom_data"] or {}).get("plan"),
            subscription_id=transaction.get("subscription_id"),
        )

    def is_looked_after_by(self, customer_id: str, email: str) -> bool:
        known = self._call("GET", f"customers/{customer_id}")
        return folded_address(str(known["email"])) == folded_address(email)

    def portal(self, subscriber: Subscriber, *, return_url: str) -> str:
        del return_url  # one of Paddle's own settings
        asked = {"subscription_ids": [subscriber.subscription_id]}
        session = self._call("POST", f"customers/{subscriber.customer_id}/portal-sessions", asked)
        return str(session["urls"]["general"]["overview"])

    def report_usage(self, subscriber: Subscriber, usage: Usage) -> None:
        """As a charge of its own, with the next bill."""
        if usage.key in self._charged(subscriber.subscription_id):
            return
        product = {
            "name": "Documents beyond the plan",
            "tax_category": "saas",
            "custom_data": {"key": usage.key},
        }
        price = {
            "name": "Document",
            "description": "Documents beyond the plan",
            "unit_price": {
                "amount": _minor(usage.unit_price, usage.currency),
                "currency_code": usage.currency,
            },
            "quantity": {"minimum": 1, "maximum": max(usage.documents, 100)},
            "product": product,
        }
        asked = {
            "effective_from": "next_billing_period",
            "items": [{"quantity": usage.documents, "price": price}],
        }
        self._call("POST", f"subscriptions/{subscriber.subscription_id}/charge", asked)

    def cancel(self, subscriber: Subscriber, *, key: str) -> None:
        del key  # what has ended cannot end again
        path = f"subscriptions/{subscriber.subscription_id}"
        try:
            self._call("POST", f"{path}/cancel", {"effective_from": "immediately"})
        except VendorRefused as refusal:
            if refusal.reason != _MISSING and self._call("GET", path)["status"] != "canceled":
                raise

    def _charged(self, subscription_id: str) -> Iterator[str]:
        """The keys of what is on the next bill, and on the last ones: the period may have just ended."""
        subscription = self._call("GET", f"subscriptions/{subscription_id}?include=next_transaction")
        recent = urlencode({"subscription_id": subscription_id, "per_page": _RECENT})
        bills = [subscription.get("next_transaction"), *self._call("GET", f"transactions?{recent}")]
        for bill in filter(None, bills):
            for line in bill["details"]["line_items"]:
                yield (line["product"].get("custom_data") or {}).get("key", "")

    def _call(self, method: str, path: str, asked: Mapping[str, Any] | None = None) -> Any:
        """What is in ``data``."""
        import urllib3

        headers = {"authorization": f"Bearer {self._api_key}", "content-type": "application/json"}
        body = None if asked is None else json.dumps(asked)
        try:
            answer = urllib3.request(
                method,
                f"{self._base_url}/{path}",
                headers=headers,
                body=body,
                timeout=_SECONDS,
                retries=False,
                redirect=False,
            )
            document = json.loads(answer.data)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise VendorUnavailable("Paddle cannot be reached at the moment.") from error
        if HTTPStatus(answer.status).is_success:
            return document["data"]
        raise _refusal(answer.status, document.get("error", {}))


def _refusal(status: int, error: Mapping[str, Any]) -> VendorRefused | VendorUnavailable:
    """https://developer.paddle.com/errors/overview"""
    reason = str(error.get("code", ""))
    if status == HTTPStatus.TOO_MANY_REQUESTS or HTTPStatus(status).is_server_error:
        return VendorUnavailable("Paddle cannot be reached at the moment.")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return CredentialsRefused("Paddle does not accept the key.", reason=reason)
    return VendorRefused(str(error.get("detail", "Paddle refused.")), reason=reason)


def _minor(amount: Decimal, currency: str) -> str:
    """In the smallest unit, as a string."""
    minor = amount.scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        raise VendorRefused(f"{amount} {currency} has too many decimals.", reason="amount_unsupported")
    return str(int(minor))
