"""Sheaf on moto with everything to sign in with: keys to seal with, and a provider on the loopback."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from infra.local.http import HttpServer
from infra.local.openid import BODY_LIMIT, OpenIdProvider
from infra.local.openid_tokens import Keys
from sheaf import bootstrap
from sheaf.settings import Settings
from tests.builders.world import SETTINGS, World

KEYS = Keys()
"""Made once: an RSA key takes its time."""

SEALING_KEYS = {key_id: b64encode(key_id.encode() * 8).decode() for key_id in ("k001", "k002")}


def configured(world: World, **settings: Any) -> None:
    """Those settings, on top of the world's own."""
    chosen = Settings.model_validate(SETTINGS.model_dump() | settings)
    world.app = bootstrap.assemble(
        chosen,
        clock=world.clock,
        mail=world.mail,
        seller=world.seller,
        cards=lambda _key: world.cards,
    )
    bootstrap.install(world.app)


@contextmanager
def serving_provider(world: World) -> Iterator[OpenIdProvider]:
    def now() -> float:
        return world.clock.at.timestamp()

    provider = OpenIdProvider(now=now, keys=KEYS)
    server = HttpServer(provider.answer, port=0, body_limit=BODY_LIMIT)
    provider.url = server.url
    server.start()
    try:
        yield provider
    finally:
        server.stop()
