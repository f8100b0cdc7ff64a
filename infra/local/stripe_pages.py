"""What people see of the Stripe double: checkout, customer portal, and a dashboard over all accounts."""

from __future__ import annotations

import time
from collections.abc import Mapping
from html import escape

from infra.local.http import Response
from infra.local.markup import button, form, page, table
from infra.local.objects import Object, Objects
from infra.local.stripe_subscriptions import period_end

_DECIMALS = {**dict.fromkeys(("jpy", "krw", "vnd", "clp", "xaf", "xof", "xpf"), 0),
             **dict.fromkeys(("bhd", "jod", "kwd", "omr", "tnd"), 3)}  # fmt: skip
_SHOWN = 30
NOT_HERE = "Nobody is asked for a card here."


def checkout(session: Object, notice: str = "") -> Response:
    address = escape(session["customer_email"] or "ada@example.com")
    lines = "".join(f"<p>{_line(line)}</p>" for line in session["_lines"])
    later = "" if session["mode"] == "subscription" else _choice("debit", "Pay by bank debit (settles later)")
    return page(
        "Checkout, on this machine",
        f"<h1>Stripe Checkout, on this machine</h1><p class='dim'>{NOT_HERE}</p>{lines}"
        f'<p class="sum">{money(session["amount_total"], session["currency"])}</p>'
        + (f'<p class="bad" role="alert">{escape(notice)}</p>' if notice else "")
        + '<div class="stack">'
        + form(
            f"/c/pay/{session['id']}",
            f'<p><label>Address <input name="email" type="email" value="{address}" required></label></p>'
            f'<button class="main" name="answer" value="pay">Pay</button>{later}'
            f"{_choice('decline', 'The card is declined')}{_choice('cancel', 'Back without paying')}",
        )
        + "</div>",
        narrow=True,
    )


def ended(session: Object) -> Response:
    told = "has been paid" if session["status"] == "complete" else "is not open any more"
    return page("Checkout", f"<h1>This checkout {told}.</h1>", status=410, narrow=True)


def portal(session: Object, subscriptions: list[Object], prices: list[Object], notice: str = "") -> Response:
    address = f"/p/session/{session['id']}"
    parts = [_subscribed(address, subscription, prices) for subscription in subscriptions]
    back = session["return_url"]
    return page(
        "Customer portal, on this machine",
        "<h1>Stripe customer portal, on this machine</h1>"
        + (f'<p role="status">{escape(notice)}</p>' if notice else "")
        + ("".join(parts) or "<p>No subscription.</p>")
        + (f'<p><a href="{escape(back)}">Back to Sheaf</a></p>' if back else ""),
        narrow=True,
    )


def dashboard(objects: Objects, panel: str, notice: str = "") -> Response:
    charges = [_charge(account, charge) for account, charge in objects.anywhere("charge")[:_SHOWN]]
    disputes = [_dispute(account, dispute) for account, dispute in objects.anywhere("dispute")[:_SHOWN]]
    subscribed = [_subscription(account, each) for account, each in objects.anywhere("subscription")[:_SHOWN]]
    return page(
        "Stripe, on this machine",
        "<h1>Stripe, on this machine</h1>"
        "<p>No money moves here. Any key <code>sk_test_local_&lt;name&gt;</code> opens an account of that "
        "name; ours is <code>sk_test_local</code>.</p>"
        + (f'<p class="bad" role="alert">{escape(notice)}</p>' if notice else "")
        + "<h2>Payments</h2>"
        + table(("Account", "Charge", "Amount", "State", ""), charges, empty="Nothing was paid yet.")
        + "<h2>Disputes</h2>"
        + table(("Account", "Dispute", "Amount", "State", ""), disputes, empty="Nobody disputes anything.")
        + "<h2>Subscriptions</h2>"
        + table(
            ("Account", "Subscription", "Customer", "State", ""), subscribed, empty="No subscriptions yet."
        )
        + panel,
    )


def money(amount: int, currency: str) -> str:
    decimals = _DECIMALS.get(currency, 2)
    return f"{amount / 10**decimals:,.{decimals}f} {escape(currency.upper())}"


def _line(line: Object) -> str:
    several = f"{line['quantity']} of " if line["quantity"] > 1 else ""
    return f"{several}{escape(line['description'])}"


def _choice(value: str, label: str) -> str:
    return f'<button name="answer" value="{value}" formnovalidate>{label}</button>'


def _subscribed(address: str, subscription: Object, prices: list[Object]) -> str:
    fields = {"subscription": subscription["id"]}
    ends = time.strftime("%Y-%m-%d", time.localtime(period_end(subscription)))
    present = subscription["items"]["data"][0]["price"]
    stops = subscription["cancel_at_period_end"]
    state = f"ends on {ends}" if stops else f"renews on {ends}"
    switches = "".join(
        button(address, f"Change to {_named(price)}", fields | {"answer": "switch", "price": price["id"]})
        for price in prices
        if price["id"] != present["id"]
    )
    cancels = ("resume", "Keep it") if stops else ("cancel", "Cancel at the end of the period")
    return (
        f"<h2>{escape(_named(present))}</h2><p>{escape(subscription['status'])}, {state}</p>"
        f'<div class="stack">{switches}{button(address, cancels[1], fields | {"answer": cancels[0]})}</div>'
    )


def _named(price: Object) -> str:
    name = price["nickname"] or price["id"]
    return f"{name} ({money(price['unit_amount'], price['currency'])})"


def _do(account: str, act: str, object_id: str, label: str, more: Mapping[str, str] | None = None) -> str:
    return button("/_local/act", label, {"account": account, "act": act, "id": object_id, **(more or {})})


def _charge(account: str, charge: Object) -> tuple[str, ...]:
    left = charge["amount"] - charge["amount_refunded"]
    acts = ""
    if charge["status"] == "pending":
        acts = _do(account, "settle", charge["payment_intent"], "Settle")
        acts += _do(account, "bounce", charge["payment_intent"], "Bounce")
    elif charge["status"] == "succeeded" and left and not charge["disputed"]:
        acts = _do(account, "refund", charge["id"], "Refund")
        acts += (
            _do(account, "refund", charge["id"], "Refund half", {"amount": str(left // 2)})
            if left > 1
            else ""
        )
        acts += _do(account, "dispute", charge["id"], "Dispute")
    refunded = charge["amount_refunded"]
    state = charge["status"] + (", disputed" if charge["disputed"] else "")
    state += f", {money(refunded, charge['currency'])} refunded" if refunded else ""
    return (*_named_row(account, charge), money(charge["amount"], charge["currency"]), escape(state), acts)


def _dispute(account: str, dispute: Object) -> tuple[str, ...]:
    acts = ""
    if dispute["status"] == "needs_response":
        acts = _do(account, "win", dispute["id"], "We win") + _do(account, "lose", dispute["id"], "We lose")
    amount = money(dispute["amount"], dispute["currency"])
    return (*_named_row(account, dispute), amount, escape(f"{dispute['status']} ({dispute['reason']})"), acts)


def _subscription(account: str, subscription: Object) -> tuple[str, ...]:
    acts = ""
    if subscription["status"] != "canceled":
        for act, label in (("renew", "Next period"), ("fail", "Payment fails"), ("end", "End it")):
            acts += _do(account, act, subscription["id"], label)
    return (
        *_named_row(account, subscription),
        escape(subscription["customer"]),
        subscription["status"],
        acts,
    )


def _named_row(account: str, thing: Object) -> tuple[str, str]:
    return escape(account), f"<small>{escape(thing['id'])}</small>"
