"""A browser on our own pages: keeps the cookies it is given, and sends them back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sheaf.access.tokens import SESSION_COOKIE
from tests.builders import events
from tests.builders.world import SETTINGS, Reply, World


@dataclass
class Browser:
    world: World
    cookies: dict[str, str] = field(default_factory=dict)

    def __call__(self, route: str, **request: Any) -> Reply:
        method, _, path = route.partition(" ")
        headers = {"origin": SETTINGS.origin, **request.pop("headers", {})}
        reply = self.world.serve(
            events.http(method, path, headers=headers, cookies=dict(self.cookies), **request)
        )
        for name, value in reply.cookies.items():
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return reply

    def form(self, route: str, *, headers: dict[str, str] | None = None, **fields: str) -> Reply:
        """As a page without script sends it."""
        from urllib.parse import urlencode

        headers = {"content-type": "application/x-www-form-urlencoded", **(headers or {})}
        return self(route, headers=headers, body=urlencode(fields))

    @property
    def session(self) -> str | None:
        return self.cookies.get(SESSION_COOKIE)

    def sign_in(self, email: str) -> Reply:
        """By a mailed link."""
        assert self("POST /v1/sign-in/email", body={"email": email}).status == 202
        token = self.world.mail.latest_token(email)
        return self("POST /v1/sign-in/email/confirm", body={"token": token})
