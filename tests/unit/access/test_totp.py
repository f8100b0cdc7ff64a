"""Codes of an app as RFC 6238 has them, taken once; recovery codes with all of their 120 bits."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from sheaf.access.totp import (
    KIND,
    PURPOSE,
    SealedTotp,
    enrolment_uri,
    new_recovery_codes,
    new_secret,
    recovery_digest,
    step_of,
)

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The ``12345678901234567890`` of the standard's appendix B."""

AT = datetime.fromtimestamp(1111111109, UTC)
CODE, STEP = "081804", 37037036


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_of_the_standard(seconds: int, code: str) -> None:
    assert step_of(SECRET, code, datetime.fromtimestamp(seconds, UTC), after=0) == seconds // 30


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_an_app_may_be_a_step_ahead_or_behind(steps: int, is_taken: bool) -> None:
    found = step_of(SECRET, CODE, AT + timedelta(seconds=30 * steps), after=0)
    assert found == (STEP if is_taken else None)


def test_a_code_is_taken_once_and_none_before_it_afterwards() -> None:
    assert step_of(SECRET, CODE, AT, after=STEP - 1) == STEP
    assert step_of(SECRET, CODE, AT, after=STEP) is None
    assert step_of(SECRET, CODE, AT, after=STEP + 1) is None
    assert SealedTotp(secret=b"sealed").last_step == 0, "none was taken yet"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "81804",
        "0081804",
        "081804\n",
        " 081804",
        "081 804",
        "٠٨١٨٠٤",
        "\uff10\uff18\uff11\uff18\uff10\uff14",
        "é",
        "x" * 6,
    ],
)
def test_six_digits_and_nothing_else(code: str) -> None:
    assert step_of(SECRET, code, AT, after=0) is None


def test_what_an_app_reads_from_the_picture() -> None:
    uri = enrolment_uri(SECRET, "ada@example.com")
    assert uri == f"otpauth://totp/Sheaf:ada%40example.com?secret={SECRET}&issuer=Sheaf"


def test_a_secret_has_160_bits() -> None:
    assert re.fullmatch("[A-Z2-7]{32}", new_secret())
    assert new_secret() != new_secret()


def test_every_character_of_a_recovery_code_is_random() -> None:
    codes = [code for _ in range(20) for code in new_recovery_codes()]
    assert len(set(codes)) == 200, "ten each time"
    assert all(re.fullmatch(r"([0-9a-hjkmnp-tv-z]{6}-){3}[0-9a-hjkmnp-tv-z]{6}", code) for code in codes)
    for characters in zip(*(code.replace("-", "") for code in codes), strict=True):
        assert len(set(characters)) > 16


def test_how_it_is_typed_does_not_matter() -> None:
    [code, other, *_] = new_recovery_codes()
    assert recovery_digest(f" {code.upper().replace('-', ' ')} ") == recovery_digest(code)
    assert recovery_digest(code) != recovery_digest(other)
    assert recovery_digest(code[:-1]) is None


@pytest.mark.parametrize("code", ["", "~" * 24, "u" * 24, "0" * 23, "0" * 25, f"{'0' * 24}~"])
def test_what_cannot_be_a_recovery_code(code: str) -> None:
    assert recovery_digest(code) is None
    assert recovery_digest("0" * 24) is not None


def test_what_stands_in_the_tables_keeps_its_name() -> None:
    """Another one would open no secret that was sealed before."""
    assert (KIND, PURPOSE) == ("totp", "totp")
