"""Bearer secrets of our own making: sessions, sign-in links, invitations, payment links.

256 random bits in URL-safe base 64 (43 characters). There is nothing to guess, so a plain SHA-256 is what is
kept; whoever reads the table cannot use what is in it.
"""

from __future__ import annotations

import hashlib
import re
import secrets

SESSION_COOKIE = "__Host-session"
_BYTES = 32
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    return secrets.token_urlsafe(_BYTES)


def is_token(text: str) -> bool:
    """Whether it can be one: what cannot is refused before any look-up."""
    return _SHAPE.fullmatch(text) is not None


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
