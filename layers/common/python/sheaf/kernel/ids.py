"""Identifiers: a prefix that names the kind, then a time-ordered value.

The value is a UUIDv7 (RFC 9562) in lower-case Crockford base 32, 26 characters: ids sort by creation
time, so they serve as sort keys and cursors.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PATTERN = re.compile(r"[a-z]{2,4}_[0-7][0-9a-hjkmnp-tv-z]{25}")
_LENGTH = 26
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(prefix: str, at: datetime) -> str:
    return _encode(prefix, at, secrets.token_bytes(10))


def derived_id(prefix: str, at: datetime, *facts: str) -> str:
    """The same facts at the same time give the same id: how a redelivered event finds its own work."""
    digest = hashlib.sha256("\x00".join(facts).encode()).digest()
    return _encode(prefix, at, digest[:10])


def is_id(value: str, prefix: str) -> bool:
    return value.startswith(f"{prefix}_") and _PATTERN.fullmatch(value) is not None


def created_at(identifier: str) -> datetime:
    """The time an id carries, to the millisecond."""
    number = 0
    for character in identifier.rpartition("_")[2]:
        number = number * 32 + _ALPHABET.index(character)
    return _EPOCH + timedelta(milliseconds=number >> 80)


def floor_id(prefix: str, at: datetime) -> str:
    """The smallest id of that millisecond: where a range of time begins."""
    return _text(prefix, _milliseconds(at) << 80)


def _encode(prefix: str, at: datetime, entropy: bytes) -> str:
    rand = int.from_bytes(entropy) & ((1 << 74) - 1)
    rand_a, rand_b = rand >> 62, rand & ((1 << 62) - 1)
    return _text(prefix, _milliseconds(at) << 80 | 7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)


def _milliseconds(at: datetime) -> int:
    return max((at - _EPOCH) // timedelta(milliseconds=1), 0)


def _text(prefix: str, number: int) -> str:
    digits = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))
    return f"{prefix}_{digits}"
