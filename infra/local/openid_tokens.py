"""ID tokens of the local identity provider, and, on demand, tokens that nobody may believe."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

_LIFE_SECONDS = 3600
_HOUR = 3600


class Fault(StrEnum):
    """What is wrong with the next token, or with how it comes."""

    ISSUER = "iss"
    AUDIENCE = "aud"
    AUDIENCES = "several audiences"
    PARTY = "azp"
    NONCE = "nonce"
    NO_NONCE = "no nonce"
    NO_SUBJECT = "no sub"
    TENANT = "tid"
    EXPIRED = "expired"
    NO_EXPIRY = "no exp"
    FUTURE = "from the future"
    NO_ALGORITHM = "alg none"
    HMAC = "alg HS256, keyed with the public key"
    FOREIGN_KEY = "signed by somebody else"
    TAMPERED = "changed after signing"
    UNKNOWN_KEY = "unknown kid"
    NO_KEY = "no kid"
    NO_TOKEN = "no token"  # noqa: S105 - not a secret


@dataclass(frozen=True)
class Account:
    """Somebody at the provider. ``vouched``: whether it says that the address is proven."""

    email: str
    name: str = ""
    subject: str = ""
    vouched: bool = True
    tenant: str = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"

    @property
    def id(self) -> str:
        return self.subject or hashlib.sha256(self.email.encode()).hexdigest()[:24]


class Keys:
    """The provider's own; the last one signs. ``rotate`` takes the others away."""

    def __init__(self) -> None:
        self._made: list[RSAKey] = []

    @property
    def signing(self) -> RSAKey:
        if not self._made:
            self.rotate()
        return self._made[-1]

    def rotate(self) -> None:
        self._made = [RSAKey.generate_key(2048, auto_kid=True)]

    def public(self) -> dict[str, Any]:
        key = self.signing.as_dict(private=False, alg="RS256", use="sig")
        return {"keys": [key]}

    @cached_property
    def foreign(self) -> RSAKey:
        return RSAKey.generate_key(2048)


_WRONG: dict[Fault | None, dict[str, Any]] = {
    Fault.ISSUER: {"iss": "https://evil.test"},
    Fault.AUDIENCE: {"aud": "another-client"},
    Fault.AUDIENCES: {"aud": ["sheaf", "another-client"]},
    Fault.PARTY: {"azp": "another-client"},
    Fault.NONCE: {"nonce": "another"},
    Fault.TENANT: {"tid": "../evil"},
}
_LEFT_OUT = {Fault.NO_NONCE: "nonce", Fault.NO_SUBJECT: "sub", Fault.NO_EXPIRY: "exp"}
_SHIFTED = {Fault.EXPIRED: -2 * _HOUR, Fault.FUTURE: _HOUR}


def id_token(
    keys: Keys, claims: Mapping[str, Any], now: Callable[[], float], fault: Fault | None
) -> str | None:
    """``claims`` without their times."""
    issued = int(now()) + (_SHIFTED.get(fault, 0) if fault else 0)
    whole = {**claims, "iat": issued, "exp": issued + _LIFE_SECONDS} | _WRONG.get(fault, {})
    if fault in _LEFT_OUT:
        del whole[_LEFT_OUT[fault]]
    kid = "unknown" if fault is Fault.UNKNOWN_KEY else keys.signing.kid
    header = {"alg": "RS256"} | ({} if fault is Fault.NO_KEY else {"kid": kid})
    match fault:
        case Fault.NO_TOKEN:
            return None
        case Fault.NO_ALGORITHM:
            return f"{_part({**header, 'alg': 'none'})}.{_part(whole)}."
        case Fault.HMAC:
            return _hmac_signed({**header, "alg": "HS256"}, whole, keys.signing)
        case Fault.TAMPERED:
            head, _, signature = jwt.encode(header, whole, keys.signing).split(".")
            return f"{head}.{_part({**whole, 'sub': 'somebody-else'})}.{signature}"
    return jwt.encode(header, whole, keys.foreign if fault is Fault.FOREIGN_KEY else keys.signing)


def _hmac_signed(header: Mapping[str, Any], claims: Mapping[str, Any], key: RSAKey) -> str:
    """What a library believes that takes whatever key there is for whatever the header says."""
    signed = f"{_part(header)}.{_part(claims)}"
    secret = key.as_pem(private=False)
    return f"{signed}.{_base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def _part(document: Mapping[str, Any]) -> str:
    return _base64url(json.dumps(document).encode())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
