"""Webhooks as vendors send them, signed as their pages say."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from datetime import datetime

STRIPE_SECRET = "whsec_5f2c1e9a7b3d4c6e8f0a1b2c3d4e5f60"
SVIX_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PADDLE_SECRET = "pdl_ntfset_01hv8wt8nffez4p2t6typn4a5j_Yz1"


def stripe(body: bytes, at: datetime, secret: str = STRIPE_SECRET) -> dict[str, str]:
    seconds = int(at.timestamp())
    return {"stripe-signature": f"t={seconds},v1={_hex(secret, b'%d.' % seconds + body)}"}


def svix(body: bytes, at: datetime, secret: str = SVIX_SECRET, event_id: str = "msg_1") -> dict[str, str]:
    seconds = int(at.timestamp())
    key = b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{event_id}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return {
        "svix-id": event_id,
        "svix-timestamp": str(seconds),
        "svix-signature": f"v1,{b64encode(mac).decode()}",
    }


def paddle(body: bytes, at: datetime, secret: str = PADDLE_SECRET) -> dict[str, str]:
    seconds = int(at.timestamp())
    return {"paddle-signature": f"ts={seconds};h1={_hex(secret, b'%d:' % seconds + body)}"}


def _hex(secret: str, content: bytes) -> str:
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
