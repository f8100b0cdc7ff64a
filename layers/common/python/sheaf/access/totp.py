"""One-time codes of an app (RFC 6238: SHA-1, 6 digits, 30 s), and codes for when the app is lost."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime

from pydantic import BaseModel, ConfigDict

ISSUER = "Sheaf"
KIND = "totp"
PURPOSE = "totp"
"""What its secret is sealed for."""

STEP = 30
_WINDOW = 1
_CODE = re.compile(r"[0-9]{6}")
_RECOVERY_CODES = 10
_RECOVERY_BYTES = 15
"""120 bits: nothing to guess, so a plain hash is what is kept."""

_RECOVERY_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_GROUP = 6
_RECOVERY = re.compile(rf"[{_RECOVERY_ALPHABET}]{{24}}")


class SealedTotp(BaseModel):
    """``last_step`` is the step of the code that was taken last: none of it or before is taken again."""

    model_config = ConfigDict(frozen=True)

    secret: bytes
    last_step: int = 0


def new_secret() -> str:
    """160 bits in base 32 (RFC 4226, section 4, R6)."""
    import pyotp

    return pyotp.random_base32()


def enrolment_uri(secret: str, account: str) -> str:
    """For a QR code. https://github.com/google/google-authenticator/wiki/Key-Uri-Format"""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def step_of(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """The step a code belongs to: this one, or its neighbour on either side; never one that is past
    ``after``, the last that was taken.
    """
    import pyotp

    if not _CODE.fullmatch(code):
        return None
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP
    steps = range(now - _WINDOW, now + _WINDOW + 1)
    matching = [step for step in steps if secrets.compare_digest(totp.generate_otp(step), code)]
    return next((step for step in matching if step > after), None)


def new_recovery_codes() -> list[str]:
    return [_spelt(int.from_bytes(secrets.token_bytes(_RECOVERY_BYTES))) for _ in range(_RECOVERY_CODES)]


def recovery_digest(code: str) -> str | None:
    """None for what cannot be a recovery code. Case, blanks and dashes do not matter."""
    plain = re.sub(r"[\s-]", "", code).lower()
    return hashlib.sha256(plain.encode()).hexdigest() if _RECOVERY.fullmatch(plain) else None


def _spelt(number: int) -> str:
    digits = "".join(_RECOVERY_ALPHABET[(number >> 5 * place) & 31] for place in range(24))
    return "-".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))
