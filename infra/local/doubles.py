"""The vendors on this machine: who mails, who charges cards, who sells our plans, who knows people."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from infra.local import mail, openid, paddle, stripe
from infra.local.directory import Directory
from infra.local.http import Request, Response
from infra.local.mail import Outbox
from infra.local.openid import OpenIdProvider
from infra.local.paddle import Paddle
from infra.local.plans import by_plan, prices
from infra.local.signatures import new_secret
from infra.local.stripe import Stripe

Serve = Callable[[str, Callable[[Request], Response], int], str]
"""A name, what answers, the longest body → where it answers from now on."""

_SECRETS = "webhooks.json"


class Doubles:
    """Each answers at an address of its own, and keeps what it knows for the next start."""

    def __init__(self, directory: Directory, serve: Serve, running: ExitStack) -> None:
        self.mail = Outbox(directory.mail)
        self.stripe = Stripe(directory.root / "stripe")
        self.paddle = Paddle(directory.root / "paddle")
        for double in (self.mail, self.stripe, self.paddle):
            running.callback(double.stop)
        self.mail_url = serve("mail", self.mail.answer, mail.BODY_LIMIT)
        self.stripe.url = serve("stripe", self.stripe.answer, stripe.BODY_LIMIT)
        self.stripe.offer(prices("price"))
        self.paddle.url = serve("paddle", self.paddle.answer, paddle.BODY_LIMIT)
        self.paddle.offer(prices("pri"))
        self.openid = OpenIdProvider()
        self.openid.url = serve("openid", self.openid.answer, openid.BODY_LIMIT)
        self._signing = directory.read(_SECRETS)
        if not self._signing:
            self._signing = {name: new_secret() for name in ("stripe", "resend", "paddle")}
            directory.write(_SECRETS, self._signing)

    @property
    def parameters(self) -> dict[str, str]:
        """Of the template: plans are for sale."""
        return {"PlansSoldBy": "stripe", "PlanPrices": json.dumps(by_plan("price", metered=True))}

    @property
    def secrets(self) -> dict[str, str]:
        """As an administrator would put them into the parameter store."""
        return {
            "resend-api-key": mail.API_KEY,
            "openid-clients": json.dumps(self.openid.clients()),
            "seller-api-key": stripe.API_KEY,
            **{f"{name}-webhook-secrets": json.dumps([secret]) for name, secret in self._signing.items()},
        }

    @property
    def environment(self) -> dict[str, str]:
        """Where the functions find them."""
        return {
            "SHEAF_RESEND_URL": self.mail_url,
            "SHEAF_STRIPE_URL": self.stripe.url,
            "SHEAF_PADDLE_URL": self.paddle.url,
        }

    def describe(self) -> dict[str, Any]:
        return {
            "mail_url": self.mail_url,
            "stripe_url": self.stripe.url,
            "paddle_url": self.paddle.url,
        }

    def tell(self, origin: str, paths: frozenset[str]) -> None:
        """From now on; their webhooks go to those of ``paths`` that there are."""
        for name, double in (("stripe", self.stripe), ("resend", self.mail), ("paddle", self.paddle)):
            path = f"/webhooks/{name}"
            if path in paths:
                double.listen(f"{origin}{path}", self._signing[name])
            double.start()
