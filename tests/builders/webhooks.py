"""Webhooks as vendors send them, signed as their pages say."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

from tests.builders import events

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


def of_mail(kind: str, mail_id: str, issued_id: str, at: datetime) -> dict[str, Any]:
    """The request by which Resend tells of a mail that was handed to its fake."""
    tags = {"sheaf": mail_id, "document": issued_id}
    told = {"email_id": f"mail-{mail_id}", "to": ["customer@example.com"], "tags": tags}
    body = json.dumps({"type": kind, "created_at": at.isoformat(), "data": told}).encode()
    event = events.http("POST", "/webhooks/resend", headers=svix(body, at))
    return event | {"body": b64encode(body).decode(), "isBase64Encoded": True}


def paddle(body: bytes, at: datetime, secret: str = PADDLE_SECRET) -> dict[str, str]:
    seconds = int(at.timestamp())
    return {"paddle-signature": f"ts={seconds};h1={_hex(secret, b'%d:' % seconds + body)}"}


def _hex(secret: str, content: bytes) -> str:
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
