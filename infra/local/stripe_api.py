"""Stripe's API, as far as it is used: which address does what.

https://docs.stripe.com/api
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from infra.local import stripe_payments as payments
from infra.local import stripe_subscriptions as subscriptions
from infra.local.objects import Object
from infra.local.signatures import new_secret
from infra.local.stripe_books import API_VERSION, Books, listed, public
from infra.local.stripe_forms import Parameters, StripeError, known, mapping, required

_COLLECTIONS = {
    "billing/meter_events": "billing.meter_event",
    "charges": "charge",
    "checkout/sessions": "checkout.session",
    "customers": "customer",
    "disputes": "dispute",
    "events": "event",
    "invoices": "invoice",
    "payment_intents": "payment_intent",
    "prices": "price",
    "products": "product",
    "refunds": "refund",
    "subscriptions": "subscription",
    "webhook_endpoints": "webhook_endpoint",
}
_FILTERS = ("active", "charge", "customer", "payment_intent", "status", "subscription", "type")
_MOST_LISTED = 100
_MOST_ENDPOINTS = 16

Make = Callable[[Books, Parameters], Object]
Act = Callable[[Books, Object, Parameters], Object]


def _register(books: Books, asked: Parameters) -> Object:
    """The secret is told now and never again."""
    known(asked, frozenset(("api_version", "description", "enabled_events", "metadata", "url")))
    events = required(asked, "enabled_events")
    if len(books.of("webhook_endpoint")) >= _MOST_ENDPOINTS:
        raise StripeError(f"You have reached the maximum of {_MOST_ENDPOINTS} test webhook endpoints.")
    endpoint = books.new(
        "webhook_endpoint",
        url=required(asked, "url"),
        enabled_events=events,
        api_version=asked.get("api_version", API_VERSION),
        description=asked.get("description"),
        metadata=mapping(asked, "metadata"),
        status="enabled",
        _secret=new_secret(),
    )
    return endpoint | {"secret": endpoint["_secret"]}


def _change_endpoint(books: Books, endpoint: Object, asked: Parameters) -> Object:
    allowed = known(asked, frozenset(("description", "disabled", "enabled_events", "metadata", "url")))
    values = {name: value for name, value in allowed.items() if name != "disabled"}
    status = "disabled" if allowed.get("disabled") == "true" else "enabled"
    return books.change(endpoint, **values, status=status)


MAKE: dict[str, Make] = {
    "billing/meter_events": subscriptions.report,
    "billing_portal/sessions": subscriptions.open_portal,
    "checkout/sessions": payments.open_checkout,
    "customers": subscriptions.make_customer,
    "prices": subscriptions.make_price,
    "products": subscriptions.make_product,
    "refunds": payments.refund,
    "webhook_endpoints": _register,
}
ACT: dict[tuple[str, str, str], Act] = {
    ("POST", "checkout/sessions", "expire"): lambda books, session, _: payments.expire(books, session),
    ("GET", "checkout/sessions", "line_items"): lambda _books, session, _: payments.lines_of(session),
    ("POST", "customers", ""): subscriptions.change_customer,
    ("POST", "subscriptions", ""): subscriptions.update,
    ("DELETE", "subscriptions", ""): lambda books, subscription, _: subscriptions.cancel(books, subscription),
    ("POST", "webhook_endpoints", ""): _change_endpoint,
    ("DELETE", "webhook_endpoints", ""): lambda books, endpoint, _: books.delete(endpoint),
    ("DELETE", "customers", ""): lambda books, customer, _: books.delete(customer),
}


def call(books: Books, method: str, path: str, asked: Parameters) -> Object:
    """``path`` without ``/v1/``."""
    if (method, path) == ("GET", "account"):
        return _account(books)
    if method == "POST" and path in MAKE:
        return public(MAKE[path](books, asked))
    if method == "GET" and path in _COLLECTIONS:
        return _list(books, path, asked)
    collection, object_id, action = _split(path)
    if collection is None:
        raise StripeError(f"Unrecognized request URL ({method}: /v1/{path}).", status=404, code="url_invalid")
    thing = books.get(_COLLECTIONS[collection], unquote(object_id))
    if (method, action) == ("GET", ""):
        return public(thing)
    act = ACT.get((method, collection, action))
    if act is None:
        raise StripeError(f"Unrecognized request URL ({method}: /v1/{path}).", status=404, code="url_invalid")
    return public(act(books, thing, asked))


def _split(path: str) -> tuple[str | None, str, str]:
    for collection in _COLLECTIONS:
        if path.startswith(f"{collection}/"):
            object_id, _, action = path.removeprefix(f"{collection}/").partition("/")
            return collection, object_id, action
    return None, "", ""


def _list(books: Books, collection: str, asked: Parameters) -> Object:
    wanted = {name: asked[name] for name in _FILTERS if name in asked and asked[name] not in ("true", "all")}
    found = books.of(_COLLECTIONS[collection], **wanted)
    if asked.get("lookup_keys"):
        found = [thing for thing in found if thing["lookup_key"] in asked["lookup_keys"]]
    if asked.get("starting_after"):
        place = [thing["id"] for thing in found].index(asked["starting_after"])
        found = found[place + 1 :]
    limit = min(int(asked.get("limit", 10)), _MOST_LISTED)
    return listed(found[:limit], f"/v1/{collection}", more=len(found) > limit)


def _account(books: Books) -> Object:
    return {
        "id": books.account,
        "object": "account",
        "business_profile": {"name": books.account.removeprefix("acct_").replace("_", " ").title()},
        "charges_enabled": True,
        "payouts_enabled": True,
        "country": "DE",
        "default_currency": "eur",
        "details_submitted": True,
        "email": "owner@example.com",
        "type": "standard",
    }
