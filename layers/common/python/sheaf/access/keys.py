"""API keys: ``shf_live_``, 30 random base62 characters, 6 that check the rest.

The random part carries 178 bits, so a plain SHA-256 is what is stored: there is nothing to guess. The
checksum (CRC-32) lets a mistyped key be refused, and a leaked one be recognised, with no look-up.
"""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sheaf.access.roles import Permission, Role

PREFIX = "shf_live_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM = 30
_CHECK = 6
_LENGTH = len(PREFIX) + _RANDOM + _CHECK
USED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """What is kept of a key. ``display`` is its beginning, for people to recognise it by.

    ``role`` is the most it may do; ``scopes`` narrow that (None: they do not). ``clients`` are those whose
    documents it sees (None: all).
    """

    id: str
    workspace_id: str
    name: str
    display: str
    role: Role
    scopes: frozenset[Permission] | None = None
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    used_at: datetime | None = None
    """To the hour: a use is noted at most once in that time."""

    clients: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class KeyGrant:
    """What a request needs to know of the key it was sent with."""

    key_id: str
    workspace_id: str
    role: Role
    scopes: frozenset[Permission] | None
    expires_at: datetime | None
    used_at: datetime | None
    clients: frozenset[str] | None

    def is_valid(self, at: datetime) -> bool:
        return self.expires_at is None or at < self.expires_at

    def is_to_be_noted(self, at: datetime) -> bool:
        return self.used_at is None or at - self.used_at >= USED_EVERY


def new_secret() -> str:
    body = PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return body + _checksum(body)


def is_well_formed(secret: str) -> bool:
    return (
        len(secret) == _LENGTH
        and secret.isascii()
        and secret.startswith(PREFIX)
        and secret[-_CHECK:] == _checksum(secret[:-_CHECK])
    )


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def display_of(secret: str) -> str:
    return secret[: len(PREFIX) + 4]


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    digits = []
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
