"""Something begun in a browser that must end in the same one: a passkey's challenge, a trip to a provider.

The browser keeps a token in a cookie, the table its hash and what was begun. Whatever else the protocol asks
for (state, nonce, code verifier, challenge) follows from the token: there is no secret in the table.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

COOKIE = "__Host-challenge"
OPENID_COOKIE = "__Host-openid"
CROSS_SITE_COOKIE = "__Host-openid-cross-site"
"""For the provider that answers with a form of its own page."""

LIFETIME = timedelta(minutes=10)


class Challenge(BaseModel):
    """``user_id``: whose account it is about, when somebody is signed in already, in ``session_id``."""

    model_config = ConfigDict(frozen=True)

    digest: str
    purpose: str
    user_id: str | None = None
    session_id: str | None = None
    return_to: str | None = None
    ends_at: datetime


def derived_bytes(token: str, purpose: str) -> bytes:
    """256 bits that only whoever has the token can know."""
    return hmac.digest(token.encode(), purpose.encode(), hashlib.sha256)


def derived(token: str, purpose: str) -> str:
    """The same in URL-safe base 64, 43 characters: the length RFC 7636 asks of a code verifier."""
    return base64.urlsafe_b64encode(derived_bytes(token, purpose)).rstrip(b"=").decode()
