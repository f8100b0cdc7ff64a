"""Paddle on this machine: what of its API sells subscriptions, a checkout, a portal, notifications."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from infra.local import paddle_billing as billing
from infra.local import paddle_pages
from infra.local.control import Control
from infra.local.http import Request, Response
from infra.local.markup import answer, back, fields, page
from infra.local.objects import Object, Objects
from infra.local.paddle_books import ACCOUNT, Books, PaddleError, public
from infra.local.prices import Price
from infra.local.signatures import paddle as sign
from infra.local.webhooks import Event, Webhooks

BODY_LIMIT = 1 << 20
API_KEY = "pdl_sdbx_apikey_local"
_PAY = "/pay"
_PORTAL = "/portal/"
_ACT = "/_local/act"
_FILTERS = ("email", "subscription_id", "customer_id")


class Paddle:
    """``url`` is where it answers."""

    def __init__(
        self, folder: Path, *, url: str = "", scale: float = 1.0, now: Callable[[], float] = time.time
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.url = url
        self.objects = Objects(folder / "objects.db")
        self.webhooks = Webhooks(sign, folder / "webhooks", scale=scale)
        self._now = now
        self._control = Control(self.webhooks)
        self._listener: tuple[str, str] | None = None

    def start(self) -> None:
        self.webhooks.start()

    def stop(self) -> None:
        self.webhooks.stop()
        self.objects.close()

    def offer(self, prices: Mapping[str, Price]) -> None:
        """By id; made once."""
        with self._books() as books:
            for price_id, price in prices.items():
                if self.objects.get(ACCOUNT, "price", price_id) is None:
                    billing.make_price(books, price_id, price.name, price.cents)

    def listen(self, url: str, secret: str) -> None:
        self._listener = url, secret

    def answer(self, request: Request) -> Response:
        path = request.path
        if request.header("authorization"):
            return self._api(request)
        if (request.method, path) == ("GET", "/"):
            return paddle_pages.dashboard(self.objects, self._control.panel())
        if path == _ACT and request.method == "POST":
            return self._act(fields(request))
        if path == _PAY:
            return self._checkout(request)
        if path.startswith(_PORTAL):
            return self._portal(request)
        return self._control.answer(request) or _failed(PaddleError("authentication_missing", "No key.", 401))

    @contextmanager
    def _books(self) -> Iterator[Books]:
        books = Books(self.objects, self._now)
        with self.objects.changing():
            yield books
        if self._listener is None:
            return
        url, secret = self._listener
        for event in books.told:
            self.webhooks.send(Event(event["event_id"], event["event_type"], url, secret, json.dumps(event)))

    def _api(self, request: Request) -> Response:
        if request.header("authorization") != f"Bearer {API_KEY}":
            return _failed(PaddleError("invalid_token", "The API key is not valid.", 403))
        try:
            asked = json.loads(request.body or b"{}")
            with self._books() as books:
                told = self._called(books, request, asked)
        except PaddleError as error:
            return _failed(error)
        except ValueError:
            return _failed(PaddleError("invalid_json", "That is no JSON."))
        status = 201 if request.method == "POST" else 200
        return answer({"data": told, "meta": {"request_id": "local"}}, status)

    def _called(self, books: Books, request: Request, asked: Mapping[str, Any]) -> Any:
        match (request.method, *request.path.strip("/").split("/")):
            case ("GET", ("customers" | "transactions") as kind):
                query = dict(parse_qsl(request.query))
                wanted = {name: query[name] for name in _FILTERS if name in query}
                return [public(thing) for thing in books.of(kind[:-1], **wanted)]
            case ("GET", ("customers" | "transactions" | "subscriptions" | "prices") as kind, name):
                thing = books.get(kind[:-1], name)
                wants_next = "include=next_transaction" in request.query
                more = {"next_transaction": billing.next_transaction(thing)} if wants_next else {}
                return public(thing) | more
            case ("POST", "customers", name, "portal-sessions"):
                return self._session(books.get("customer", name))
            case ("PATCH", "transactions", name):
                return public(billing.change_transaction(books, books.get("transaction", name), asked))
            case ("POST", *path):
                return public(self._done(books, path, asked))
        raise PaddleError("not_found", "There is nothing here.", 404)

    def _done(self, books: Books, path: list[str], asked: Mapping[str, Any]) -> Object:
        match path:
            case ["customers"]:
                return billing.make_customer(books, asked)
            case ["transactions"]:
                return billing.make_transaction(books, asked, f"{self.url}{_PAY}")
            case ["subscriptions", name, "charge"]:
                return billing.charge(books, books.get("subscription", name), asked)
            case ["subscriptions", name, "cancel"]:
                return billing.cancel(books, books.get("subscription", name), asked)
        raise PaddleError("not_found", "There is nothing here.", 404)

    def _session(self, customer: Object) -> Object:
        overview = {"overview": f"{self.url}{_PORTAL}{customer['id']}"}
        return {"customer_id": customer["id"], "urls": {"general": overview, "subscriptions": []}}

    def _checkout(self, request: Request) -> Response:
        """Where Paddle.js would open the transaction."""
        name = dict(parse_qsl(request.query)).get("_ptxn", "")
        with suppress(PaddleError), self._books() as books:
            transaction = books.get("transaction", name)
            if transaction["status"] not in ("ready", "draft"):
                return page("Checkout", "<h1>This checkout is over.</h1>", status=410, narrow=True)
            if request.method == "GET":
                return paddle_pages.checkout(transaction)
            return _decided(books, transaction, fields(request).get("answer", ""))
        return Response(404)

    def _portal(self, request: Request) -> Response:
        with suppress(PaddleError), self._books() as books:
            customer = books.get("customer", request.path.removeprefix(_PORTAL))
            if request.method == "POST":
                form = fields(request)
                subscription = books.get("subscription", form.get("id", ""))
                if form.get("answer") == "keep":
                    billing.keep(books, subscription)
                else:
                    billing.cancel(books, subscription, {})
            return paddle_pages.portal(request.path, books.of("subscription", customer_id=customer["id"]))
        return Response(404)

    def _act(self, form: Mapping[str, str]) -> Response:
        with suppress(PaddleError), self._books() as books:
            subscription = books.get("subscription", form.get("id", ""))
            match form.get("act"):
                case "renew" | "fail" as act:
                    billing.renew(books, subscription, paid=act == "renew")
                case "end":
                    billing.cancel(books, subscription, {"effective_from": "immediately"})
        return back("/")


def _decided(books: Books, transaction: Object, choice: str) -> Response:
    told = transaction["custom_data"] or {}
    match choice:
        case "pay":
            billing.pay(books, transaction)
            return back(told.get("success_url", "/"))
        case "cancel":
            return back(told.get("cancel_url", "/"))
    billing.decline(books, transaction)
    return paddle_pages.checkout(transaction, "The payment was declined. Try again.")


def _failed(error: PaddleError) -> Response:
    told = {
        "type": "request_error",
        "code": error.code,
        "detail": error.detail,
        "documentation_url": f"https://developer.paddle.com/v1/errors/shared/{error.code}",
    }
    return answer({"error": told, "meta": {"request_id": "local"}}, error.status)
