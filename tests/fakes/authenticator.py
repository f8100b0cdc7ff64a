"""An authenticator in software: makes passkeys and answers challenges as a device and its browser do.

https://www.w3.org/TR/webauthn-3/#sctn-authenticator-model
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Credential:
    id: bytes
    key: EllipticCurvePrivateKey
    user_handle: bytes
    count: int = 0


@dataclass
class Authenticator:
    """``origin`` is the page's, ``host`` the relying party's; ``flags`` what the device saw of its owner.

    ``counts``: whether it counts its signatures, or says 0 for ever, as synced passkeys do.
    """

    origin: str
    host: str
    flags: int = PRESENT | VERIFIED
    counts: bool = True
    credentials: list[Credential] = field(default_factory=list)

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        credential = Credential(
            id=secrets.token_bytes(32),
            key=generate_private_key(SECP256R1()),
            user_handle=base64url_to_bytes(options["user"]["id"]),
        )
        self.credentials.append(credential)
        attested = bytes(16) + len(credential.id).to_bytes(2) + credential.id + _cose(credential.key)
        data = self._data(self.flags | ATTESTED, credential.count) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return _answer(
            credential,
            clientDataJSON=self._client_data("webauthn.create", options["challenge"]),
            attestationObject=attestation,
        )

    def get(self, options: dict[str, Any], credential: Credential | None = None) -> dict[str, Any]:
        chosen = credential or self.credentials[-1]
        chosen.count += self.counts
        data = self._data(self.flags, chosen.count)
        client_data = self._client_data("webauthn.get", options["challenge"])
        signature = chosen.key.sign(data + hashlib.sha256(client_data).digest(), ECDSA(SHA256()))
        return _answer(
            chosen,
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=signature,
            userHandle=chosen.user_handle,
        )

    def _data(self, flags: int, count: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + count.to_bytes(4)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()


def _answer(credential: Credential, **response: bytes) -> dict[str, Any]:
    named = bytes_to_base64url(credential.id)
    encoded = {name: bytes_to_base64url(value) for name, value in response.items()}
    return {"id": named, "rawId": named, "type": "public-key", "response": encoded}


def _cose(key: EllipticCurvePrivateKey) -> bytes:
    """RFC 9053, section 7.1.1: EC2, ES256, P-256."""
    numbers = key.public_key().public_numbers()
    return encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
