"""Tokens that open a workspace's account at another vendor, at rest: Fernet, with keys that are renewed.

Fernet has no additional data, so what is encrypted begins with whose it is and which vendor's:

    v1|workspace|provider|token

A ciphertext that is moved to another workspace or provider does not open there.
https://cryptography.io/en/latest/fernet/#cryptography.fernet.MultiFernet
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hmac import compare_digest
from typing import TYPE_CHECKING

from sheaf.access.sealing import Unsealable

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class TokenRing:
    """Keys of 32 bytes by their ids; the last one seals, all of them open.

    The ids are for people: what is sealed does not name its key.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        from cryptography.fernet import Fernet, MultiFernet

        newest_first = [Fernet(urlsafe_b64encode(key)) for key in reversed(tuple(keys.values()))]
        self._ring: MultiFernet | None = MultiFernet(newest_first) if newest_first else None

    def seal(self, token: bytes, *, workspace_id: str, provider: str) -> bytes:
        return self._keys.encrypt(_owner(workspace_id, provider) + token)

    def open(self, sealed: bytes, *, workspace_id: str, provider: str) -> bytes:
        """Raises Unsealable."""
        from cryptography.fernet import InvalidToken

        try:
            content = self._keys.decrypt(sealed)
        except InvalidToken as error:
            raise Unsealable("no key of this ring opens it") from error
        owner = _owner(workspace_id, provider)
        found, token = content[: len(owner)], content[len(owner) :]
        if not compare_digest(found, owner):
            raise Unsealable("sealed for another workspace or provider")
        return token

    def rotate(self, sealed: bytes) -> bytes:
        """The same, sealed with the newest key, so that an old one can go. Raises Unsealable."""
        from cryptography.fernet import InvalidToken

        try:
            return self._keys.rotate(sealed)
        except InvalidToken as error:
            raise Unsealable("no key of this ring opens it") from error

    @property
    def _keys(self) -> MultiFernet:
        if self._ring is None:
            raise Unsealable("there is no key in this ring")
        return self._ring


def _owner(workspace_id: str, provider: str) -> bytes:
    if "|" in workspace_id + provider:
        raise ValueError("a bar would make two owners one")
    return f"v1|{workspace_id}|{provider}|".encode()
