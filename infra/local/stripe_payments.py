"""Checkout, and the life of a payment after it: charged, settled later, refunded, disputed.

https://docs.stripe.com/api/checkout/sessions, /payment_intents, /charges, /refunds, /disputes
"""

from __future__ import annotations

from typing import Any

from infra.local import stripe_subscriptions as subscriptions
from infra.local.objects import Object
from infra.local.stripe_books import Books, listed
from infra.local.stripe_forms import Parameters, StripeError, integer, known, mapping, required

_DAY = 24 * 3600
_SOONEST = 30 * 60
_MOST = 99_999_999
_LEAST = {"eur": 50, "usd": 50, "gbp": 30}
_STEPS = {
    **dict.fromkeys(("bhd", "jod", "kwd", "omr", "tnd"), 10),
    **dict.fromkeys(("isk", "ugx"), 100),
}
"""Amounts that Stripe takes in a finer unit than it settles. https://docs.stripe.com/currencies"""

_SESSION = frozenset((
    "adaptive_pricing", "allow_promotion_codes", "automatic_tax", "billing_address_collection", "cancel_url",
    "client_reference_id", "customer", "customer_creation", "customer_email", "customer_update",
    "expires_at", "line_items", "locale", "metadata", "mode", "payment_intent_data",
    "payment_method_collection", "payment_method_types", "submit_type", "subscription_data",
    "success_url", "tax_id_collection",
))  # fmt: skip
_REFUND = frozenset(("amount", "charge", "metadata", "payment_intent", "reason"))
_REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def open_checkout(books: Books, asked: Parameters) -> Object:
    known(asked, _SESSION)
    mode = required(asked, "mode")
    if mode not in ("payment", "subscription"):
        raise StripeError(f"Invalid mode: {mode}", param="mode")
    required(asked, "success_url")
    lines = [_line(books, line) for line in required(asked, "line_items")]
    currency, total = _sum(lines)
    if asked.get("customer"):
        books.get("customer", asked["customer"])
    session = books.new(
        "checkout.session",
        adaptive_pricing=_adaptive_pricing(asked),
        mode=mode,
        status="open",
        payment_status="unpaid",
        amount_subtotal=total,
        amount_total=total,
        currency=currency,
        cancel_url=asked.get("cancel_url"),
        success_url=asked["success_url"],
        client_reference_id=asked.get("client_reference_id"),
        customer=asked.get("customer"),
        customer_email=asked.get("customer_email"),
        customer_details=None,
        expires_at=_expiry(books, asked),
        locale=asked.get("locale"),
        metadata=mapping(asked, "metadata"),
        payment_intent=None,
        payment_method_types=asked.get("payment_method_types") or ["card", "sepa_debit"],
        subscription=None,
        invoice=None,
        ui_mode="hosted_page",
        _lines=lines,
        _payment_intent_data=mapping(asked, "payment_intent_data"),
        _subscription_data=mapping(asked, "subscription_data"),
    )
    return books.change(session, url=f"{books.url}/c/pay/{session['id']}")


def _adaptive_pricing(asked: Parameters) -> Object:
    """What is not said is the account's own setting, which is on by default."""
    said = mapping(asked, "adaptive_pricing")
    known(said, frozenset(("enabled",)))
    return {"enabled": said.get("enabled", "true") == "true"}


def expire(books: Books, session: Object) -> Object:
    if session["status"] != "open":
        raise StripeError(
            f'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session['status']}."
        )
    session = books.change(session, status="expired", url=None)
    books.tell("checkout.session.expired", session)
    return session


def pay(books: Books, session: Object, *, email: str, method: str = "card") -> Object:
    """``method`` ``sepa_debit`` completes the checkout now and is settled later."""
    details = {"email": session["customer_email"] or email, "name": None, "address": None}
    if session["mode"] == "subscription":
        return subscriptions.begin(books, session, details)
    paid_now = method == "card"
    intent = _intent(books, session, status="succeeded" if paid_now else "processing")
    charge = _charge(books, intent, details, method, status="succeeded" if paid_now else "pending")
    intent = books.change(intent, latest_charge=charge["id"])
    session = books.change(
        session,
        status="complete",
        payment_status="paid" if paid_now else "unpaid",
        payment_intent=intent["id"],
        customer_details=details,
        url=None,
    )
    if paid_now:
        books.tell("charge.succeeded", charge)
        books.tell("payment_intent.succeeded", intent)
    else:
        books.tell("charge.pending", charge)
        books.tell("payment_intent.processing", intent)
    books.tell("checkout.session.completed", session)
    return session


def decline(books: Books, session: Object) -> None:
    """The card is refused; the checkout stays open."""
    error = {"code": "card_declined", "type": "card_error", "message": "Your card was declined."}
    intent = _intent(books, session, status="requires_payment_method", last_payment_error=error)
    books.tell("payment_intent.payment_failed", intent)


def settle(books: Books, intent: Object, *, succeeds: bool) -> None:
    """What became of a debit, days later."""
    if intent["status"] != "processing":
        raise StripeError("This PaymentIntent is not processing.", code="payment_intent_unexpected_state")
    charge = books.get("charge", intent["latest_charge"])
    [session] = books.of("checkout.session", payment_intent=intent["id"])
    if succeeds:
        charge = books.change(charge, status="succeeded", paid=True)
        intent = books.change(intent, status="succeeded", amount_received=intent["amount"])
        session = books.change(session, payment_status="paid")
    else:
        charge = books.change(charge, status="failed", failure_code="insufficient_funds")
        intent = books.change(intent, status="requires_payment_method")
    books.tell(f"charge.{'succeeded' if succeeds else 'failed'}", charge)
    books.tell(f"payment_intent.{'succeeded' if succeeds else 'payment_failed'}", intent)
    books.tell(f"checkout.session.async_payment_{'succeeded' if succeeds else 'failed'}", session)


def refund(books: Books, asked: Parameters) -> Object:
    known(asked, _REFUND)
    charge = _charge_of(books, asked)
    left = charge["amount"] - charge["amount_refunded"]
    if charge["status"] != "succeeded":
        raise StripeError("This charge has not succeeded.", code="charge_not_refundable")
    if charge["disputed"]:
        raise StripeError("This charge has been charged back.", code="charge_disputed")
    if left == 0:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = integer(asked.get("amount", left), "amount")
    if amount <= 0:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise StripeError(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    if asked.get("reason") and asked["reason"] not in _REASONS:
        raise StripeError(f"Invalid reason: must be one of {', '.join(_REASONS)}", param="reason")
    made = books.new(
        "refund",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason=asked.get("reason"),
        status="succeeded",
        metadata=mapping(asked, "metadata"),
    )
    refunded = charge["amount_refunded"] + amount
    charge = books.change(charge, amount_refunded=refunded, refunded=refunded == charge["amount"])
    books.tell("refund.created", made)
    books.tell("charge.refunded", charge, {"amount_refunded": refunded - amount})
    return made


def dispute(books: Books, charge: Object, reason: str = "product_not_received") -> Object:
    """As the payer's bank does, of its own accord."""
    if charge["disputed"] or charge["status"] != "succeeded":
        raise StripeError("This charge cannot be disputed.")
    made = books.new(
        "dispute",
        amount=charge["amount"],
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="needs_response",
        is_charge_refundable=False,
        evidence={},
        evidence_details={"due_by": books.now + 7 * _DAY, "has_evidence": False, "submission_count": 0},
        balance_transactions=[],
    )
    books.change(charge, disputed=True)
    books.tell("charge.dispute.created", made)
    books.tell("charge.dispute.funds_withdrawn", made)
    return made


def close_dispute(books: Books, opened: Object, *, won: bool) -> Object:
    if opened["status"] in ("won", "lost"):
        raise StripeError("This dispute is closed.")
    closed = books.change(opened, status="won" if won else "lost")
    if won:
        books.tell("charge.dispute.funds_reinstated", closed)
    books.tell("charge.dispute.closed", closed)
    return closed


def lines_of(session: Object) -> Object:
    return listed(session["_lines"], f"/v1/checkout/sessions/{session['id']}/line_items")


def _line(books: Books, asked: Any) -> Object:
    """One of ``line_items``: of a price there is, or with its price told."""
    quantity = integer(asked.get("quantity", 1), "line_items[quantity]")
    if asked.get("price"):
        price = books.get("price", asked["price"])
        name = books.get("product", price["product"])["name"]
        metered = (price["recurring"] or {}).get("usage_type") == "metered"
        if metered and "quantity" in asked:
            raise StripeError("Quantity should not be specified where usage_type is `metered`.")
        unit, currency, price_id = 0 if metered else price["unit_amount"], price["currency"], price["id"]
    else:
        told = mapping(asked, "price_data")
        name = required(mapping(told, "product_data"), "name")
        unit, price_id = integer(required(told, "unit_amount"), "line_items[price_data][unit_amount]"), None
        currency = str(required(told, "currency")).lower()
    return {
        "object": "item",
        "description": name,
        "quantity": quantity,
        "currency": currency,
        "amount_total": unit * quantity,
        "price": price_id,
    }


def _sum(lines: list[Object]) -> tuple[str, int]:
    currencies = {line["currency"] for line in lines}
    if len(currencies) != 1:
        raise StripeError("All line items must have the same currency.", param="line_items")
    currency = currencies.pop()
    total = sum(line["amount_total"] for line in lines)
    if total < 0 or total > _MOST:
        raise StripeError(
            f"The Checkout Session's total amount must be no more than {_MOST}.", code="amount_too_large"
        )
    if total % _STEPS.get(currency, 1):
        raise StripeError(
            f"Amounts in {currency} must be a multiple of {_STEPS[currency]}.",
            code="parameter_invalid_integer",
        )
    if 0 < total < _LEAST.get(currency, 1):
        raise StripeError(
            f"The Checkout Session's total amount must convert to at least {_LEAST[currency]} {currency}.",
            code="amount_too_small",
        )
    return currency, total


def _expiry(books: Books, asked: Parameters) -> int:
    ends = integer(asked.get("expires_at", books.now + _DAY), "expires_at")
    if not books.now + _SOONEST - 60 <= ends <= books.now + _DAY + 60:
        raise StripeError(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.",
            param="expires_at",
        )
    return ends


def _intent(books: Books, session: Object, *, status: str, **more: Any) -> Object:
    told = session["_payment_intent_data"]
    return books.new(
        "payment_intent",
        amount=session["amount_total"],
        amount_received=session["amount_total"] if status == "succeeded" else 0,
        currency=session["currency"],
        customer=session["customer"],
        description=told.get("description"),
        metadata=mapping(told, "metadata"),
        latest_charge=None,
        status=status,
        **more,
    )


def _charge(books: Books, intent: Object, details: Object, method: str, *, status: str) -> Object:
    return books.new(
        "charge",
        amount=intent["amount"],
        amount_refunded=0,
        currency=intent["currency"],
        customer=intent["customer"],
        billing_details=details,
        captured=True,
        description=intent["description"],
        disputed=False,
        metadata=intent["metadata"],
        paid=status == "succeeded",
        payment_intent=intent["id"],
        payment_method_details={"type": method},
        receipt_url=None,
        refunded=False,
        status=status,
    )


def _charge_of(books: Books, asked: Parameters) -> Object:
    if asked.get("charge"):
        return books.get("charge", asked["charge"])
    intent = books.get("payment_intent", required(asked, "payment_intent"))
    if not intent["latest_charge"]:
        raise StripeError(
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
        )
    return books.get("charge", intent["latest_charge"])
