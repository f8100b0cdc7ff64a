"""What happens at Paddle: customers, transactions, what is bought with them, and what comes after.

https://developer.paddle.com/build/subscriptions
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra.local.objects import Object
from infra.local.paddle_books import MONTH, Books, PaddleError, new_id, stamp

_CUSTOMER = frozenset(("custom_data", "email", "locale", "name"))
_TRANSACTION = frozenset((
    "address_id", "business_id", "checkout", "collection_mode", "currency_code", "custom_data", "customer_id",
    "discount_id", "items",
))  # fmt: skip
_OPEN = ("ready", "draft")
_CHARGE = frozenset(("effective_from", "items", "on_payment_failure"))


def make_price(books: Books, price_id: str, name: str, cents: int) -> Object:
    product = books.new("product", name=name, tax_category="saas", status="active", description=None)
    return books.new(
        "price",
        id=price_id,
        product_id=product["id"],
        name=name,
        description=name,
        status="active",
        billing_cycle={"interval": "month", "frequency": 1},
        unit_price={"amount": str(cents), "currency_code": "EUR"},
    )


def make_customer(books: Books, asked: Mapping[str, Any]) -> Object:
    """An address is one customer's."""
    _known(asked, _CUSTOMER, needed=("email",))
    for other in books.of("customer", email=asked["email"]):
        raise PaddleError(
            "customer_already_exists", f"customer email conflicts with customer of id {other['id']}", 409
        )
    made = books.new("customer", name=None, locale="en", status="active", marketing_consent=False)
    made = books.change(made, **asked)
    books.tell("customer.created", made)
    return made


def make_transaction(books: Books, asked: Mapping[str, Any], checkout: str) -> Object:
    """``checkout`` is the default payment link: where Paddle.js would be."""
    _known(asked, _TRANSACTION, needed=("items",))
    customer = asked.get("customer_id")
    if customer:
        books.get("customer", customer)
    made = books.new(
        "transaction",
        status="ready" if customer else "draft",
        customer_id=customer,
        collection_mode=asked.get("collection_mode", "automatic"),
        custom_data=asked.get("custom_data"),
        origin="api",
        subscription_id=None,
        **_priced(books, asked["items"]),
    )
    link = (asked.get("checkout") or {}).get("url") or checkout
    made = books.change(made, checkout={"url": f"{link}?_ptxn={made['id']}"})
    books.tell("transaction.created", made)
    return made


def change_transaction(books: Books, transaction: Object, asked: Mapping[str, Any]) -> Object:
    """Until it is paid; the items are all that there are then."""
    _known(asked, _TRANSACTION)
    if transaction["status"] not in _OPEN:
        raise PaddleError("transaction_immutable", "Cannot update immutable transaction")
    priced = _priced(books, asked["items"]) if asked.get("items") else {}
    changed = books.change(transaction, **(dict(asked) | priced))
    books.tell("transaction.updated", changed)
    return changed


def pay(books: Books, transaction: Object) -> Object:
    """The first payment of what recurs makes a subscription."""
    if transaction["status"] not in _OPEN:
        raise PaddleError("transaction_immutable", "The transaction is over.")
    starts, ends = books.now, books.now + MONTH
    items = [_subscribed(item, starts) for item in transaction["items"]]
    subscription = books.new(
        "subscription",
        status="active",
        customer_id=transaction["customer_id"],
        collection_mode="automatic",
        currency_code=transaction["currency_code"],
        custom_data=transaction["custom_data"],
        billing_cycle={"interval": "month", "frequency": 1},
        items=items,
        scheduled_change=None,
        started_at=stamp(starts),
        first_billed_at=stamp(starts),
        canceled_at=None,
        paused_at=None,
        _charges=[],
        **_period(starts, ends),
    )
    paid = books.change(
        transaction, status="completed", billed_at=stamp(starts), subscription_id=subscription["id"]
    )
    books.tell("transaction.paid", paid | {"status": "paid"})
    books.tell("subscription.created", subscription | {"transaction_id": paid["id"]})
    books.tell("subscription.activated", subscription)
    books.tell("transaction.completed", paid)
    return subscription


def decline(books: Books, transaction: Object) -> None:
    books.tell("transaction.payment_failed", transaction)


def charge(books: Books, subscription: Object, asked: Mapping[str, Any]) -> Object:
    """Once, with the next bill."""
    _known(asked, _CHARGE, needed=("effective_from", "items"))
    _still_there(subscription)
    if asked["effective_from"] != "next_billing_period":
        raise PaddleError("invalid_field", "This double charges with the next bill only.")
    items = [_item(books, item) for item in asked["items"]]
    return books.change(subscription, _charges=[*subscription["_charges"], *items])


def next_transaction(subscription: Object) -> Object:
    items = [*subscription["items"], *subscription["_charges"]]
    return {
        "billing_period": subscription["current_billing_period"],
        "details": _details(items),
        "adjustments": [],
    }


def renew(books: Books, subscription: Object, *, paid: bool = True) -> Object:
    """The next period: a bill of its own, and what is to end with the last one ends."""
    _still_there(subscription)
    if subscription["scheduled_change"]:
        return end(books, subscription)
    items = [*subscription["items"], *subscription["_charges"]]
    starts = datetime.fromisoformat(subscription["current_billing_period"]["ends_at"])
    bill = books.new(
        "transaction",
        status="completed" if paid else "past_due",
        customer_id=subscription["customer_id"],
        collection_mode="automatic",
        custom_data=subscription["custom_data"],
        currency_code=subscription["currency_code"],
        items=items,
        origin="subscription_recurring",
        subscription_id=subscription["id"],
        details=_details(items),
        billed_at=stamp(books.now),
        checkout=None,
    )
    changed = books.change(
        subscription,
        status="active" if paid else "past_due",
        _charges=[],
        **_period(starts, starts + MONTH),
    )
    books.tell("transaction.completed" if paid else "transaction.payment_failed", bill)
    books.tell("subscription.updated", changed)
    if not paid:
        books.tell("subscription.past_due", changed)
    return changed


def cancel(books: Books, subscription: Object, asked: Mapping[str, Any]) -> Object:
    _known(asked, frozenset(("effective_from",)))
    _still_there(subscription)
    if asked.get("effective_from") == "immediately":
        return end(books, subscription)
    at = subscription["current_billing_period"]["ends_at"]
    planned = {"action": "cancel", "effective_at": at, "resume_at": None}
    changed = books.change(subscription, scheduled_change=planned)
    books.tell("subscription.updated", changed)
    return changed


def keep(books: Books, subscription: Object) -> Object:
    _still_there(subscription)
    changed = books.change(subscription, scheduled_change=None)
    books.tell("subscription.updated", changed)
    return changed


def end(books: Books, subscription: Object) -> Object:
    ended = books.change(
        subscription,
        status="canceled",
        canceled_at=stamp(books.now),
        scheduled_change=None,
        current_billing_period=None,
        next_billed_at=None,
    )
    books.tell("subscription.canceled", ended)
    return ended


def total(items: list[Object]) -> int:
    return sum(int(item["price"]["unit_price"]["amount"]) * item["quantity"] for item in items)


def _known(asked: Mapping[str, Any], names: frozenset[str], needed: tuple[str, ...] = ()) -> None:
    wrong = sorted(set(asked) - names) + [name for name in needed if not asked.get(name)]
    if wrong:
        raise PaddleError("bad_request", f"Invalid request: {', '.join(wrong)}")


def _still_there(subscription: Object) -> None:
    if subscription["status"] == "canceled":
        raise PaddleError(
            "subscription_update_when_canceled", "cannot update subscription, as subscription is canceled"
        )


def _item(books: Books, asked: Mapping[str, Any]) -> Object:
    """Of the catalogue, or with a price of its own, which becomes one that is not in it."""
    if "price_id" in asked:
        price = books.get("price", asked["price_id"])
        product = books.get("product", price["product_id"])
    else:
        told = dict(asked["price"])
        product = books.new("product", **told.pop("product"), status="active", type="custom")
        price = books.new("price", **told, product_id=product["id"], status="active", type="custom")
    return {"price": price, "product": product, "quantity": int(asked.get("quantity", 1))}


def _priced(books: Books, asked: list[Mapping[str, Any]]) -> Object:
    items = [_item(books, item) for item in asked]
    currency = items[0]["price"]["unit_price"]["currency_code"]
    return {"items": items, "currency_code": currency, "details": _details(items)}


def _subscribed(item: Object, starts: datetime) -> Object:
    return item | {"status": "active", "recurring": True, "created_at": stamp(starts)}


def _period(starts: datetime, ends: datetime) -> Object:
    period = {"starts_at": stamp(starts), "ends_at": stamp(ends)}
    return {"current_billing_period": period, "next_billed_at": period["ends_at"]}


def _details(items: list[Object]) -> Object:
    """Before tax, which is Paddle's own business."""
    lines = [
        {
            "id": new_id("transaction").replace("txn_", "txnitm_"),
            "price_id": item["price"]["id"],
            "quantity": item["quantity"],
            "product": item["product"],
            "totals": {"total": str(total([item]))},
        }
        for item in items
    ]
    return {"line_items": lines, "totals": {"total": str(total(items)), "grand_total": str(total(items))}}
