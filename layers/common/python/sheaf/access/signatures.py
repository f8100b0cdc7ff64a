"""Whether a webhook is from whom it says: an HMAC-SHA256 over the raw bytes, with a secret only both know.

| Scheme | Headers | Signed | Written |
|---|---|---|---|
| Stripe | ``Stripe-Signature: t=…,v1=…`` | ``t.body`` | hex |
| Standard (Svix) | ``…-id``, ``…-timestamp``, ``…-signature: v1,…`` | ``id.timestamp.body`` | base 64 |
| Paddle | ``Paddle-Signature: ts=…;h1=…`` | ``ts:body`` | hex |

https://docs.stripe.com/webhooks#verify-manually
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
https://developer.paddle.com/webhooks/signature-verification

A sender that exchanges its secret signs with both for a while, and we know both: one match is enough.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sheaf.kernel.errors import BadSignature

_SECONDS = re.compile(r"[0-9]{1,11}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""Without the dot that separates what is signed: a body cannot be read as a part of the id."""


class Scheme(StrEnum):
    STRIPE = "stripe"
    STANDARD = "standard"
    PADDLE = "paddle"


TOLERANCE = {
    Scheme.STRIPE: timedelta(minutes=5),
    Scheme.STANDARD: timedelta(minutes=5),
    Scheme.PADDLE: timedelta(seconds=5),
}
"""How far the sender's clock may be behind ours or ahead: what was signed at another time is a replay."""


@dataclass(frozen=True)
class Claim:
    """What a webhook's headers say, of which nothing is believed before it is verified.

    ``prefix`` precedes the body in what was signed, ``macs`` are those that were sent, as they were written.
    ``event_id`` is None where the scheme has none.
    """

    scheme: Scheme
    seconds: int
    prefix: bytes
    macs: tuple[bytes, ...]
    event_id: str | None = None

    def verify(self, body: bytes, secrets: Sequence[str], *, now: datetime, within: timedelta) -> None:
        """``secrets`` as the provider shows them, ``whsec_`` included. Raises BadSignature, and ValueError
        for a secret that none of them would have shown.
        """
        if abs(now.timestamp() - self.seconds) > within.total_seconds():
            raise BadSignature("It was signed too long ago, or in the future.")
        expected = [self._mac(secret, body) for secret in secrets]
        matches = [hmac.compare_digest(ours, theirs) for ours in expected for theirs in self.macs]
        if not any(matches):
            raise BadSignature("The signature is not one of this body.")

    def _mac(self, secret: str, body: bytes) -> bytes:
        standard = self.scheme is Scheme.STANDARD
        key = b64decode(secret.removeprefix("whsec_"), validate=True) if standard else secret.encode()
        if not key:
            raise ValueError("with an empty secret anybody could sign")
        mac = hmac.digest(key, self.prefix + body, "sha256")
        return b64encode(mac) if standard else mac.hex().encode()


def claim(scheme: Scheme, headers: Mapping[str, str]) -> Claim:
    """``headers`` with names in lower case. Raises BadSignature when they do not make sense."""
    match scheme:
        case Scheme.STRIPE:
            parts = _parts(headers, "stripe-signature", ",")
            return _timed(scheme, parts, time="t", mac="v1", separator=".")
        case Scheme.PADDLE:
            parts = _parts(headers, "paddle-signature", ";")
            return _timed(scheme, parts, time="ts", mac="h1", separator=":")
        case Scheme.STANDARD:
            return _standard(headers)


def _timed(scheme: Scheme, parts: list[tuple[str, str]], *, time: str, mac: str, separator: str) -> Claim:
    times = [value for name, value in parts if name == time]
    if len(times) != 1:
        raise BadSignature("The signature says no time, or several.")
    macs = tuple(_bytes(value) for name, value in parts if name == mac)
    return Claim(scheme, _seconds(times[0]), f"{times[0]}{separator}".encode(), macs)


def _standard(headers: Mapping[str, str]) -> Claim:
    family = "svix" if "svix-signature" in headers else "webhook"
    event_id, time = _header(headers, f"{family}-id"), _header(headers, f"{family}-timestamp")
    if _ID.fullmatch(event_id) is None:
        raise BadSignature("The id of the event is none.")
    signed = [each.partition(",") for each in _header(headers, f"{family}-signature").split(" ")]
    macs = tuple(_bytes(mac) for version, _, mac in signed if version == "v1")
    return Claim(Scheme.STANDARD, _seconds(time), f"{event_id}.{time}.".encode(), macs, event_id)


def _parts(headers: Mapping[str, str], name: str, separator: str) -> list[tuple[str, str]]:
    found = [each.partition("=") for each in _header(headers, name).split(separator)]
    return [(key, value) for key, _, value in found]


def _header(headers: Mapping[str, str], name: str) -> str:
    if not (value := headers.get(name)):
        raise BadSignature(f"The header {name} is missing.")
    return value


def _bytes(mac: str) -> bytes:
    """Whatever a stranger sends can be compared."""
    return mac.encode(errors="replace")


def _seconds(text: str) -> int:
    if _SECONDS.fullmatch(text) is None:
        raise BadSignature("The time of the signature is none.")
    return int(text)
