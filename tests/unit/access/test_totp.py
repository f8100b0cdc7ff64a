"""Recovery codes: all of their 120 bits are in what a person is given."""

from __future__ import annotations

import re

from sheaf.access.totp import new_recovery_codes, recovery_digest


def test_every_character_of_a_recovery_code_is_random() -> None:
    codes = [code for _ in range(20) for code in new_recovery_codes()]
    assert len(set(codes)) == 200
    assert all(re.fullmatch(r"([0-9a-hjkmnp-tv-z]{6}-){3}[0-9a-hjkmnp-tv-z]{6}", code) for code in codes)
    for characters in zip(*(code.replace("-", "") for code in codes), strict=True):
        assert len(set(characters)) > 16


def test_how_it_is_typed_does_not_matter() -> None:
    [code, other, *_] = new_recovery_codes()
    assert recovery_digest(f" {code.upper().replace('-', ' ')} ") == recovery_digest(code)
    assert recovery_digest(code) != recovery_digest(other)
    assert recovery_digest(code[:-1]) is None
