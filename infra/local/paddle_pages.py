"""What people see of Paddle's double."""

from __future__ import annotations

from html import escape

from infra.local.http import Response
from infra.local.markup import button, page, table
from infra.local.objects import Object, Objects

_SHOWN = 30


def checkout(transaction: Object, notice: str = "") -> Response:
    address = f"/pay?_ptxn={transaction['id']}"
    amount = int(transaction["details"]["totals"]["total"]) / 100
    lines = "".join(f"<p>{escape(str(item['price']['name']))}</p>" for item in transaction["items"])
    choices = (("pay", "Pay"), ("decline", "The payment is declined"), ("cancel", "Back without paying"))
    buttons = "".join(button(address, label, {"answer": name}, main=name == "pay") for name, label in choices)
    return page(
        "Checkout, on this machine",
        "<h1>Paddle's checkout, on this machine</h1><p class='dim'>Nobody is asked for a card here.</p>"
        f'{lines}<p class="sum">{amount:,.2f} {escape(transaction["currency_code"])}</p>'
        + (f'<p class="bad" role="alert">{escape(notice)}</p>' if notice else "")
        + f'<div class="stack">{buttons}</div>',
        narrow=True,
    )


def portal(address: str, subscriptions: list[Object]) -> Response:
    parts = "".join(_kept(address, subscription) for subscription in subscriptions)
    return page(
        "Customer portal, on this machine",
        f"<h1>Paddle's customer portal, on this machine</h1>{parts or '<p>No subscription.</p>'}",
        narrow=True,
    )


def dashboard(objects: Objects, panel: str) -> Response:
    rows = [_row(each) for _, each in objects.anywhere("subscription")[:_SHOWN]]
    return page(
        "Paddle, on this machine",
        "<h1>Paddle, on this machine</h1><p>No money moves here.</p><h2>Subscriptions</h2>"
        + table(("Subscription", "Customer", "State", ""), rows, empty="No subscriptions yet.")
        + panel,
    )


def _kept(address: str, subscription: Object) -> str:
    name = escape(str(subscription["items"][0]["price"]["name"]))
    planned = bool(subscription["scheduled_change"])
    answer, label = ("keep", "Keep it") if planned else ("cancel", "Cancel at the end of the period")
    choice = button(address, label, {"answer": answer, "id": subscription["id"]})
    ended = subscription["status"] == "canceled"
    return f"<h2>{name}</h2><p>{escape(subscription['status'])}</p>{'' if ended else choice}"


def _row(subscription: Object) -> tuple[str, ...]:
    acts = ""
    if subscription["status"] != "canceled":
        for act, label in (("renew", "Next period"), ("fail", "Payment fails"), ("end", "End it")):
            acts += button("/_local/act", label, {"act": act, "id": subscription["id"]})
    name = f"<small>{escape(subscription['id'])}</small>"
    return name, escape(str(subscription["customer_id"])), escape(subscription["status"]), acts
