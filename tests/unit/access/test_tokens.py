"""Secrets of our own making: 256 random bits, told from anything else before anybody is asked."""

from __future__ import annotations

import base64
import hashlib

import pytest

from sheaf.access.tokens import SESSION_COOKIE, digest_of, is_token, new_token


def test_a_token_has_256_bits_and_is_like_no_other() -> None:
    made = {new_token() for _ in range(100)}
    assert len(made) == 100
    assert all(len(base64.urlsafe_b64decode(f"{token}=")) == 32 for token in made)
    assert all(is_token(token) for token in made)


@pytest.mark.parametrize(
    "text",
    ["", "A" * 42, "A" * 44, "A" * 42 + "~", "A" * 43 + "~", "A" * 42 + "=", "A" * 42 + "+", "A" * 43 + "\n"],
)
def test_what_cannot_be_one(text: str) -> None:
    assert not is_token(text)


def test_what_is_kept_is_its_sha_256() -> None:
    assert digest_of("A" * 43) == hashlib.sha256(b"A" * 43).hexdigest()


def test_the_cookie_is_this_hosts_alone() -> None:
    assert SESSION_COOKIE == "__Host-session"
