"""How vendors sign what they send us. Written from their pages, not from our own verification."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable

Sign = Callable[[str, str, bytes, int], dict[str, str]]
"""secret, id of the event, raw body, seconds since 1970 → the headers that go with it."""


def stripe(secret: str, event_id: str, body: bytes, at: int) -> dict[str, str]:
    """https://docs.stripe.com/webhooks#verify-manually. The secret is used as it is, ``whsec_`` and all."""
    del event_id
    return {"stripe-signature": f"t={at},v1={_hex(secret, f'{at}.'.encode() + body)}"}


def svix(secret: str, event_id: str, body: bytes, at: int) -> dict[str, str]:
    """https://docs.svix.com/receiving/verifying-payloads/how-manual"""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{event_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "svix-id": event_id,
        "svix-timestamp": str(at),
        "svix-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def paddle(secret: str, event_id: str, body: bytes, at: int) -> dict[str, str]:
    """https://developer.paddle.com/webhooks/signature-verification"""
    del event_id
    return {"paddle-signature": f"ts={at};h1={_hex(secret, f'{at}:'.encode() + body)}"}


def new_secret() -> str:
    """Fits all three."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _hex(secret: str, content: bytes) -> str:
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
