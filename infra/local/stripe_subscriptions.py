"""Subscriptions at Stripe: begun by a checkout, changed by the portal or the API, renewed, metered.

https://docs.stripe.com/api/subscriptions, /prices, /billing_portal/sessions, /billing/meter-event
"""

from __future__ import annotations

from infra.local.objects import Object
from infra.local.stripe_books import MONTH, Books, listed
from infra.local.stripe_forms import Parameters, StripeError, integer, known, mapping, required

_DAY = 24 * 3600
_PRICE = frozenset((
    "active", "currency", "lookup_key", "metadata", "nickname", "product", "product_data", "recurring",
    "unit_amount",
))  # fmt: skip
_CUSTOMER = frozenset(("address", "description", "email", "metadata", "name", "phone", "preferred_locales"))
_UPDATE = frozenset(("cancel_at_period_end", "items", "metadata", "proration_behavior"))
_METER_EVENT = frozenset(("event_name", "identifier", "payload", "timestamp"))
_METER_REACH = 35 * _DAY


def make_customer(books: Books, asked: Parameters) -> Object:
    known(asked, _CUSTOMER)
    made = books.new(
        "customer",
        email=asked.get("email"),
        name=asked.get("name"),
        description=asked.get("description"),
        metadata=mapping(asked, "metadata"),
        delinquent=False,
    )
    books.tell("customer.created", made)
    return made


def change_customer(books: Books, customer: Object, asked: Parameters) -> Object:
    changed = books.change(
        customer, **known(asked, _CUSTOMER), metadata=customer["metadata"] | mapping(asked, "metadata")
    )
    books.tell("customer.updated", changed)
    return changed


def make_product(books: Books, asked: Parameters) -> Object:
    known(asked, frozenset(("active", "description", "id", "metadata", "name")))
    return books.new(
        "product",
        id=asked.get("id"),
        name=required(asked, "name"),
        active=True,
        description=asked.get("description"),
        metadata=mapping(asked, "metadata"),
    )


def make_price(books: Books, asked: Parameters, *, price_id: str | None = None) -> Object:
    """``price_id`` is for those that are there from the start."""
    known(asked, _PRICE)
    product = asked.get("product") or make_product(books, mapping(asked, "product_data"))["id"]
    recurring = mapping(asked, "recurring")
    return books.new(
        "price",
        id=price_id,
        product=books.get("product", product)["id"],
        active=True,
        currency=str(required(asked, "currency")).lower(),
        unit_amount=integer(required(asked, "unit_amount"), "unit_amount"),
        lookup_key=asked.get("lookup_key"),
        nickname=asked.get("nickname"),
        recurring={"interval": "month", "interval_count": 1, "usage_type": "licensed"} | recurring
        if recurring
        else None,
        type="recurring" if recurring else "one_time",
        metadata=mapping(asked, "metadata"),
    )


def begin(books: Books, session: Object, details: Object) -> Object:
    """What a paid checkout in the mode ``subscription`` makes; a trial takes no money yet."""
    told = session["_subscription_data"]
    customer = session["customer"] or make_customer(books, {"email": details["email"]})["id"]
    trial = integer(told.get("trial_period_days", 0), "subscription_data[trial_period_days]")
    ends = books.now + (trial * _DAY or MONTH)
    subscription = books.new(
        "subscription",
        customer=customer,
        currency=session["currency"],
        metadata=mapping(told, "metadata"),
        status="trialing" if trial else "active",
        start_date=books.now,
        trial_start=books.now if trial else None,
        trial_end=ends if trial else None,
        cancel_at=None,
        cancel_at_period_end=False,
        canceled_at=None,
        ended_at=None,
        collection_method="charge_automatically",
    )
    priced = [line for line in session["_lines"] if line["price"]]
    items = [_item(books, subscription["id"], line["price"], line["quantity"], ends) for line in priced]
    subscription = books.change(subscription, items=listed(items, "/v1/subscription_items"))
    invoice = _invoice(
        books, subscription, "subscription_create", amount=0 if trial else session["amount_total"]
    )
    subscription = books.change(subscription, latest_invoice=invoice["id"])
    session = books.change(
        session,
        status="complete",
        payment_status="no_payment_required" if trial else "paid",
        customer=customer,
        customer_details=details,
        subscription=subscription["id"],
        invoice=invoice["id"],
        url=None,
    )
    books.tell("customer.subscription.created", subscription)
    books.tell("invoice.paid", invoice)
    books.tell("checkout.session.completed", session)
    return session


def update(books: Books, subscription: Object, asked: Parameters) -> Object:
    known(asked, _UPDATE)
    _still_there(subscription)
    ends = period_end(subscription)
    stops = asked.get("cancel_at_period_end", str(subscription["cancel_at_period_end"])).lower() == "true"
    items = subscription["items"]
    if asked.get("items"):
        item, *_ = asked["items"]
        quantity = integer(item.get("quantity", 1), "items[0][quantity]")
        changed_item = _item(books, subscription["id"], required(item, "price"), quantity, ends)
        items = listed([changed_item | {"id": items["data"][0]["id"]}], items["url"])
    changed = books.change(
        subscription,
        items=items,
        cancel_at_period_end=stops,
        cancel_at=ends if stops else None,
        canceled_at=books.now if stops else None,
        metadata=subscription["metadata"] | mapping(asked, "metadata"),
    )
    previous = {name: subscription[name] for name in changed if subscription.get(name) != changed[name]}
    books.tell("customer.subscription.updated", changed, previous)
    return changed


def cancel(books: Books, subscription: Object) -> Object:
    _still_there(subscription)
    ended = books.change(subscription, status="canceled", canceled_at=books.now, ended_at=books.now)
    books.tell("customer.subscription.deleted", ended)
    return ended


def renew(books: Books, subscription: Object, *, paid: bool = True) -> Object:
    """The next period begins: what cancels at its end ends; what cannot be paid is past due."""
    _still_there(subscription)
    if subscription["cancel_at_period_end"]:
        return cancel(books, subscription)
    ends = period_end(subscription) + MONTH
    items = [
        item | {"current_period_start": ends - MONTH, "current_period_end": ends}
        for item in subscription["items"]["data"]
    ]
    amount = sum(item["price"]["unit_amount"] * (item["quantity"] or 0) for item in items)
    invoice = _invoice(books, subscription, "subscription_cycle", amount=amount, paid=paid)
    changed = books.change(
        subscription,
        items=listed(items, subscription["items"]["url"]),
        status="active" if paid else "past_due",
        latest_invoice=invoice["id"],
    )
    books.tell("invoice.paid" if paid else "invoice.payment_failed", invoice)
    books.tell("customer.subscription.updated", changed, {"status": subscription["status"]})
    return changed


def open_portal(books: Books, asked: Parameters) -> Object:
    known(asked, frozenset(("configuration", "customer", "locale", "return_url")))
    customer = books.get("customer", required(asked, "customer"))
    session = books.new("billing_portal.session", customer=customer["id"], return_url=asked.get("return_url"))
    return books.change(session, url=f"{books.url}/p/session/{session['id']}")


def report(books: Books, asked: Parameters) -> Object:
    """``identifier`` is taken once; the customer is named in the payload."""
    known(asked, _METER_EVENT)
    payload = mapping(asked, "payload")
    books.get("customer", required(payload, "stripe_customer_id"))
    required(payload, "value")
    at = integer(asked.get("timestamp", books.now), "timestamp")
    if not books.now - _METER_REACH <= at <= books.now + 300:
        raise StripeError("The timestamp must be within the past 35 days.", code="timestamp_too_far_in_past")
    identifier = asked.get("identifier")
    if identifier and books.of("billing.meter_event", identifier=identifier):
        raise StripeError(
            f"An event already exists with identifier {identifier}.", code="resource_already_exists"
        )
    return books.new(
        "billing.meter_event",
        event_name=required(asked, "event_name"),
        identifier=identifier,
        payload=payload,
        timestamp=at,
    )


def period_end(subscription: Object) -> int:
    return int(subscription["items"]["data"][0]["current_period_end"])


def _still_there(subscription: Object) -> None:
    if subscription["status"] == "canceled":
        raise StripeError(
            f"No such subscription: '{subscription['id']}'", status=404, code="resource_missing", param="id"
        )


def _item(books: Books, subscription_id: str, price_id: str, quantity: int, ends: int) -> Object:
    price = books.get("price", price_id)
    return books.new(
        "subscription_item",
        subscription=subscription_id,
        price=price,
        quantity=None if price["recurring"].get("usage_type") == "metered" else quantity,
        current_period_start=books.now,
        current_period_end=ends,
    )


def _invoice(books: Books, subscription: Object, reason: str, *, amount: int, paid: bool = True) -> Object:
    """Since 2025 the subscription stands in ``parent``."""
    parent = {
        "type": "subscription_details",
        "subscription_details": {"subscription": subscription["id"], "metadata": subscription["metadata"]},
    }
    return books.new(
        "invoice",
        customer=subscription["customer"],
        currency=subscription["currency"],
        billing_reason=reason,
        amount_due=amount,
        amount_paid=amount if paid else 0,
        total=amount,
        parent=parent,
        period_start=books.now,
        period_end=books.now,
        status="paid" if paid else "open",
    )
