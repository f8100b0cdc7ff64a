"""Secrets we must be able to read again, encrypted at rest: AES-256-GCM, with a key for each owner.

    0x01 ‖ key id (4) ‖ nonce (12) ‖ ciphertext and tag

The additional data name the owner, the purpose and the record: a sealed secret that is moved to another place
does not open there. https://csrc.nist.gov/pubs/sp/800/38/d/final
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

_VERSION = b"\x01"
_KEY_ID = 4
_NONCE = 12
_KEY = 32


class Unsealable(Exception):
    """Not sealed here, for something else, or with a key that is gone."""


@dataclass(frozen=True)
class Place:
    """``owner``: a workspace, or a user, whose key it is."""

    owner: str
    purpose: str
    record: str


class KeyRing:
    """Master keys by their ids of four characters; the last one seals, all of them open."""

    def __init__(self, masters: Mapping[str, bytes]) -> None:
        for key_id, master in masters.items():
            if len(key_id.encode()) != _KEY_ID or len(master) != _KEY:
                raise ValueError(f"{key_id}: a key has an id of {_KEY_ID} characters and {_KEY} bytes")
        self._masters = dict(masters)

    def seal(self, secret: bytes, place: Place) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if not self._masters:
            raise Unsealable("there is no key to seal with")
        key_id = next(reversed(self._masters))
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self._key(key_id, place.owner)).encrypt(nonce, secret, _additional(place, key_id))
        return _VERSION + key_id.encode() + nonce + sealed

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Raises Unsealable."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        version, rest = sealed[:1], sealed[1:]
        key_id = rest[:_KEY_ID].decode("latin-1")
        nonce, ciphertext = rest[_KEY_ID : _KEY_ID + _NONCE], rest[_KEY_ID + _NONCE :]
        if version != _VERSION or key_id not in self._masters:
            raise Unsealable("not sealed with a key of this ring")
        try:
            return AESGCM(self._key(key_id, place.owner)).decrypt(
                nonce, ciphertext, _additional(place, key_id)
            )
        except (InvalidTag, ValueError) as error:
            raise Unsealable("not what was sealed here") from error

    def _key(self, key_id: str, owner: str) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), length=_KEY, salt=None, info=f"sheaf|{owner}".encode()).derive(
            self._masters[key_id]
        )


def _additional(place: Place, key_id: str) -> bytes:
    parts = ("v1", place.owner, place.purpose, place.record, key_id)
    if any("|" in part for part in parts):
        raise ValueError("a bar would make two places one")
    return "|".join(parts).encode()
