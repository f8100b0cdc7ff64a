"""Stripe on this machine: its API for the SDK, its pages for people, its webhooks for us.

An account is known by its key: ``sk_test_local`` is ours, ``sk_test_local_<name>`` anybody's. What was asked
with an Idempotency-Key is answered once and remembered: https://docs.stripe.com/api/idempotent_requests
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path

from infra.local import stripe_api, stripe_pages, stripe_payments, stripe_subscriptions
from infra.local.control import Control
from infra.local.http import Request, Response
from infra.local.markup import back, fields
from infra.local.objects import Object, Objects
from infra.local.prices import Price
from infra.local.signatures import stripe as sign
from infra.local.stripe_books import Books, public
from infra.local.stripe_forms import Parameters, StripeError, parsed
from infra.local.webhooks import Event, Webhooks

BODY_LIMIT = 1 << 20
API_KEY = "sk_test_local"
ACCOUNT = "acct_local"
_KEY = re.compile(r"(?:sk|rk)_test_local(_[a-z0-9_]{1,40})?")
_API = "/v1/"
_CHECKOUT = "/c/pay/"
_PORTAL = "/p/session/"
_ACT = "/_local/act"
_LOSE = "/_local/lose"


class Stripe:
    """``url`` is where it answers. The next ``lose`` answers to a POST get lost after it was done."""

    def __init__(
        self, folder: Path, *, url: str = "", scale: float = 1.0, now: Callable[[], float] = time.time
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.url = url
        self.lose = 0
        self.objects = Objects(folder / "objects.db")
        self.webhooks = Webhooks(sign, folder / "webhooks", scale=scale)
        self._now = now
        self._control = Control(self.webhooks)
        self._under_way: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._places: dict[str, Callable[[Request], Response]] = {
            _API: self._api,
            _CHECKOUT: self._checkout,
            _PORTAL: self._portal,
            _ACT: self._act,
            _LOSE: self._lose_some,
        }

    def start(self) -> None:
        self.webhooks.start()

    def stop(self) -> None:
        self.webhooks.stop()
        self.objects.close()

    def offer(self, prices: Mapping[str, Price]) -> None:
        """The prices of our own plans, by id; made once."""
        with self._books(ACCOUNT) as books:
            for price_id, price in prices.items():
                if self.objects.get(ACCOUNT, "price", price_id) is None:
                    stripe_subscriptions.make_price(books, _priced(price), price_id=price_id)

    def listen(self, url: str, secret: str) -> None:
        """Where our own account's events go: one address, whatever it was before."""
        with self._books(ACCOUNT) as books:
            for endpoint in books.of("webhook_endpoint"):
                books.delete(endpoint)
            books.new("webhook_endpoint", url=url, enabled_events=["*"], status="enabled", _secret=secret)

    def answer(self, request: Request) -> Response:
        for prefix, answer in self._places.items():
            if request.path.startswith(prefix):
                return answer(request)
        if (request.method, request.path) == ("GET", "/"):
            return stripe_pages.dashboard(self.objects, self._control.panel())
        return self._control.answer(request) or Response(
            404, b'{"error":{"message":"There is nothing here."}}'
        )

    def _lose_some(self, request: Request) -> Response:
        self.lose = int(fields(request).get("times", "1"))
        return Response(204)

    @contextmanager
    def _books(self, account: str) -> Iterator[Books]:
        """Kept if nothing goes wrong, and told to whoever listens."""
        books = Books(self.objects, account, self._now, self.url)
        with self.objects.changing():
            yield books
            endpoints = books.of("webhook_endpoint", status="enabled")
        for event in books.told:
            self._tell(event, endpoints)

    def _tell(self, event: Object, endpoints: Iterable[Object]) -> None:
        body = json.dumps(public(event))
        for endpoint in endpoints:
            if any(fnmatch(event["type"], wanted) for wanted in endpoint["enabled_events"]):
                self.webhooks.send(
                    Event(event["id"], event["type"], endpoint["url"], endpoint["_secret"], body)
                )

    def _api(self, request: Request) -> Response:
        try:
            account = _account(request)
            key = request.header("idempotency-key")
            if request.method != "POST" or not key:
                return self._called(account, request)
            with self._alone(account, key):
                return self._once(account, key, request)
        except StripeError as error:
            return _json(error.status, json.dumps(error.body))

    def _called(self, account: str, request: Request) -> Response:
        asked = parsed(request.body.decode() if request.method == "POST" else request.query)
        with self._books(account) as books:
            path = request.path.removeprefix(_API)
            document = stripe_api.call(books, request.method, path, asked)
        return _json(200, json.dumps(document))

    def _once(self, account: str, key: str, request: Request) -> Response:
        asked = hashlib.sha256(request.path.encode() + b"?" + request.body).hexdigest()
        known = self.objects.answered(account, key)
        if known is not None:
            if known[0] != asked:
                raise StripeError(
                    "Keys for idempotent requests can only be used with the same parameters they were first "
                    f"used with. Try using a key other than '{key}' if you meant another request.",
                    kind="idempotency_error",
                )
            return _json(known[1], known[2], ("idempotent-replayed", "true"))
        response = self._called(account, request)
        self.objects.remember(account, key, asked, response.status, response.body.decode())
        if self.lose > 0:
            self.lose -= 1
            return _json(500, '{"error":{"type":"api_error","message":"Lost on the way."}}')
        return response

    @contextmanager
    def _alone(self, account: str, key: str) -> Iterator[None]:
        with self._lock:
            if (account, key) in self._under_way:
                raise StripeError(
                    "There is currently another in-progress request using this Idempotency Key.",
                    status=409,
                    kind="idempotency_error",
                    code="idempotency_key_in_use",
                )
            self._under_way.add((account, key))
        try:
            yield
        finally:
            with self._lock:
                self._under_way.discard((account, key))

    def _checkout(self, request: Request) -> Response:
        name = request.path.removeprefix(_CHECKOUT)
        found = self.objects.find("checkout.session", name)
        if found is None:
            return Response(404)
        with self._books(found[0]) as books:
            session = books.get("checkout.session", name)
            if session["status"] == "open" and session["expires_at"] < books.now:
                session = stripe_payments.expire(books, session)
            if session["status"] != "open":
                return stripe_pages.ended(session)
            if request.method == "GET":
                return stripe_pages.checkout(session)
            return _decided(books, session, fields(request))

    def _portal(self, request: Request) -> Response:
        found = self.objects.find("billing_portal.session", request.path.removeprefix(_PORTAL))
        if found is None:
            return Response(404)
        account, session = found
        form = fields(request)
        with self._books(account) as books:
            if request.method == "POST":
                subscription = books.get("subscription", form.get("subscription", ""))
                asked: dict[str, object] = {"cancel_at_period_end": str(form.get("answer") == "cancel")}
                if form.get("answer") == "switch":
                    asked["items"] = [{"price": form["price"]}]
                stripe_subscriptions.update(books, subscription, asked)
            mine = books.of("subscription", customer=session["customer"])
            prices = [price for price in books.of("price", active=True) if _is_plan(price)]
        living = [subscription for subscription in mine if subscription["status"] != "canceled"]
        return stripe_pages.portal(session, living, prices, "Changed." if form else "")

    def _act(self, request: Request) -> Response:
        """What happens of its own accord, or in Stripe's dashboard."""
        form = fields(request)
        act, name, account = form.get("act"), form.get("id", ""), form.get("account", ACCOUNT)
        with suppress(StripeError), self._books(account) as books:
            match act:
                case "settle" | "bounce":
                    intent = books.get("payment_intent", name)
                    stripe_payments.settle(books, intent, succeeds=act == "settle")
                case "refund":
                    amount = {"amount": form["amount"]} if "amount" in form else {}
                    stripe_payments.refund(books, {"charge": name, **amount})
                case "dispute":
                    stripe_payments.dispute(books, books.get("charge", name))
                case "win" | "lose":
                    stripe_payments.close_dispute(books, books.get("dispute", name), won=act == "win")
                case "renew" | "fail":
                    subscription = books.get("subscription", name)
                    stripe_subscriptions.renew(books, subscription, paid=act == "renew")
                case "end":
                    stripe_subscriptions.cancel(books, books.get("subscription", name))
            return back("/")
        return stripe_pages.dashboard(self.objects, self._control.panel(), "That cannot be done any more.")


def _is_plan(price: Object) -> bool:
    return bool(price["recurring"]) and price["recurring"].get("usage_type") == "licensed"


def _priced(price: Price) -> Parameters:
    usage = "metered" if price.metered else "licensed"
    return {
        "currency": "eur",
        "unit_amount": price.cents,
        "recurring": {"interval": "month", "usage_type": usage},
        "product_data": {"name": price.name},
        "nickname": price.name,
    }


def _decided(books: Books, session: Object, form: Mapping[str, str]) -> Response:
    """What somebody chose on the page of a checkout."""
    match form.get("answer"):
        case "pay" | "debit" as answer:
            method = "card" if answer == "pay" else "sepa_debit"
            stripe_payments.pay(books, session, email=form.get("email", ""), method=method)
            return back(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))
        case "cancel":
            return back(session["cancel_url"] or session["success_url"])
    stripe_payments.decline(books, session)
    return stripe_pages.checkout(session, "Your card was declined. Try another one.")


def _account(request: Request) -> str:
    key = request.header("authorization").removeprefix("Bearer ")
    match = _KEY.fullmatch(key)
    if match is None:
        raise StripeError(f"Invalid API Key provided: {key[:8]}***", status=401)
    return ACCOUNT if match[1] is None else f"acct{match[1]}"


def _json(status: int, body: str, *more: tuple[str, str]) -> Response:
    return Response(status, body.encode(), (("content-type", "application/json"), *more))
